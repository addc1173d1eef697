"""The names in a config, and what they stand for: models, tests, strategies, ..."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from aftershock.config.document import Document, dotted
from aftershock.config.fields import (
    as_fraction,
    fields_of,
    is_required,
    refusal_of,
    unread_kind,
)
from aftershock.config.kinds import Loc
from aftershock.config.model import from_config, matches, workspace_of
from aftershock.config.problems import Problem, unknown, without_commas
from aftershock.registry import family, shipped, suggest
from aftershock.registry.reading import is_there, leaves

Classes = Mapping[str, type[Any]]


def models() -> Classes:
    """Return the return models by name."""
    from aftershock.models.base import ReturnModel

    return family("aftershock.models", ReturnModel)


def tests() -> Classes:
    """Return the significance tests by the rows they add to the table of tests."""
    from aftershock.significance.base import SignificanceTest

    found = family("aftershock.significance", SignificanceTest)
    return {row: cls for cls in found.values() for row in cls.rows}


def sources() -> Classes:
    """Return the price sources by name."""
    from aftershock.sources.base import PriceSource

    return family("aftershock.sources", PriceSource)


def pages(workspace: Path | None = None) -> Classes:
    """Return the report pages by name: the workspace's win over the shipped.

    Raises
    ------
    AftershockError
        When a file cannot be imported; the file is named.
    """
    from aftershock.report import known_pages

    return known_pages(workspace)


def designs() -> Classes:
    """Return what tests can be calibrated on: the own panel, and designs by name."""
    from aftershock.calibration import DESIGNS, Design, OwnPanel

    return {"own": OwnPanel, **dict.fromkeys(DESIGNS, Design)}


def strategies(workspace: Path | None = None) -> Classes:
    """Return the strategies by class name: the workspace's win over the shipped.

    Raises
    ------
    StrategyError
        When a file cannot be imported; the file is named.
    """
    from aftershock.strategy import known_strategies

    return known_strategies(workspace)


def check_names(document: Document) -> Iterator[Problem]:
    """Yield what is wrong with the names and parameters of a config."""
    workspace = workspace_of(document.path)
    yield from _one(document, ("study", "model"), models)
    yield from _one(document, ("prices", "source"), sources)
    yield from _several(document, ("study", "tests"), tests)
    yield from _several(document, ("study", "robustness", "models"), models)
    yield from _several(document, ("report", "pages"), lambda: pages(workspace))
    yield from _several(document, ("calibration", "designs"), designs)
    entries = document.values.get("strategies")
    for index in range(len(entries) if isinstance(entries, list) else 0):
        yield from _one(
            document, ("strategies", index), lambda: strategies(workspace), {"label"}
        )


def check_files(document: Document) -> Iterator[Problem]:
    """Yield the files of a config that are not there."""
    for loc in (("events", "files"), ("claims",)):
        written = document.value(loc)
        for index, text in enumerate(written if isinstance(written, list) else []):
            if isinstance(text, str):
                yield from _of_workspace(document, (*loc, index), text)
    factors = document.value(("study", "factors", "path"))
    for text in factors if isinstance(factors, list) else [factors]:
        if isinstance(text, str) and not is_there(from_config(document.path, text)):
            yield _absent(document, ("study", "factors", "path"), text)
    path = document.value(("prices", "source", "path"))
    if isinstance(path, str) and not is_there(from_config(document.path, path)):
        yield _absent(document, ("prices", "source", "path"), path)


def _of_workspace(document: Document, loc: Loc, text: str) -> Iterator[Problem]:
    """Yield why a file of events or claims cannot be read from where it is named.

    A path from the root is the user's own choice of a place; a relative one belongs to
    the workspace, and so does what a symbolic link in it stands for.
    """
    workspace = workspace_of(document.path)
    files = matches(from_config(document.path, text), workspace)
    homes = (workspace, shipped("data"))
    if not files:
        yield _absent(document, loc, text)
    elif Path(text).is_absolute() or text.startswith("~"):
        return
    elif any(all(leaves(file, home) for home in homes) for file in files):
        found = f"'{text}', which leads out of the workspace"
        allowed = f"files inside {workspace}, or a path from the root"
        yield Problem(document.where(loc), dotted(loc), found, allowed)


def _one(
    document: Document,
    loc: Loc,
    known: Callable[[], Classes],
    apart: frozenset[str] | set[str] = frozenset(),
) -> Iterator[Problem]:
    """Yield the problems of one ``{name: ..., parameter: ...}``."""
    value = document.value(loc)
    if isinstance(value, dict) and "name" not in value:
        yield _nameless(document, loc, value, known(), apart)
        return
    if not isinstance(value, dict) or not isinstance(value["name"], str):
        return
    name, classes = value["name"], known()
    if name not in classes:
        yield _unknown_name(document, (*loc, "name"), name, classes)
        return
    given = {k: v for k, v in value.items() if k != "name" and k not in apart}
    yield from _parameters(document, loc, classes[name], given)


def _nameless(
    document: Document,
    loc: Loc,
    value: dict[str, Any],
    classes: Classes,
    apart: frozenset[str] | set[str],
) -> Problem:
    """Return the problem of an entry without `name`: the key that was meant, if any.

    It is one that holds a name that there is, or one spelled like it.
    """
    named = [k for k in value if isinstance(value[k], str) and value[k] in classes]
    meant = named or [k for k in value if suggest(k, ["name"])]
    names = ", ".join(sorted(classes))
    if not meant:
        place = dotted((*loc, "name"))
        return Problem(document.where(loc), place, "nothing", f"one of {names}")
    inner = (*loc, meant[0])
    allowed = f"name, as one of {names}"
    if named:
        allowed = ", ".join(
            ["name", *sorted({*fields_of(classes[value[named[0]]]), *apart})]
        )
    where = document.where(inner, key=True)
    said = "Did you mean 'name'?"
    return Problem(where, dotted(inner), f"'{meant[0]}'", allowed, said)


def _parameters(
    document: Document, loc: Loc, cls: type[Any], given: Mapping[str, Any]
) -> Iterator[Problem]:
    """Yield unknown, missing and wrong parameters of one class."""
    if not dataclasses.is_dataclass(cls):
        place = (*loc, "name")
        said = "a frozen dataclass: write @dataclass(frozen=True) above the class"
        yield Problem(document.where(place), dotted(place), cls.__name__, said)
        return
    if unread := unread_kind(cls) if given else "":
        place = (*loc, "name")
        said = "kinds that are imported where the class is run, not for checkers alone"
        yield Problem(document.where(place), dotted(place), unread, said)
        return
    fields = fields_of(cls)
    for name, value in given.items():
        inner = (*loc, name)
        if name not in fields:
            where = document.where(inner, key=True)
            yield unknown(where, dotted(inner), name, fields)
        elif said := refusal_of(cls, name, value):
            where = document.where(inner)
            hint = as_fraction(cls, name, value) or without_commas(value)
            yield Problem(where, dotted(inner), repr(value), said, hint)
    for name, field in fields.items():
        if name not in given and is_required(field):
            where = document.where((*loc, "name"))
            yield Problem(where, dotted((*loc, name)), "nothing", "the key is required")


def _several(
    document: Document, loc: Loc, known: Callable[[], Classes]
) -> Iterator[Problem]:
    """Yield the problems of a list of names."""
    names = document.value(loc)
    if not isinstance(names, list):
        return
    classes = known()
    for index, name in enumerate(names):
        if isinstance(name, str) and name not in classes:
            yield _unknown_name(document, (*loc, index), name, classes)


def _unknown_name(document: Document, loc: Loc, name: str, known: Classes) -> Problem:
    """Return the problem of a name that nothing has."""
    return unknown(document.where(loc), dotted(loc), name, known)


def _absent(document: Document, loc: Loc, text: str) -> Problem:
    hint = "Paths are relative to the config file."
    found = f"{text!r}, which is not there"
    return Problem(document.where(loc), dotted(loc), found, hint=hint, absent=True)
