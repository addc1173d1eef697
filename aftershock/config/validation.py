"""Values of a config against its sections: pydantic's errors, said our way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aftershock.config.between import between, section_in
from aftershock.config.document import Document, dotted
from aftershock.config.kinds import BETWEEN, Loc
from aftershock.config.model import RunConfig
from aftershock.config.problems import Problem, unknown, without_commas
from aftershock.registry import suggest

ALLOWED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys",
    "model_type": "a mapping of keys",
    "greater_than": "a number above {gt:g}",
    "less_than": "below {lt:g}",
    "greater_than_equal": "{ge:g} or more",
    "too_short": "at least {min_length} entries",
    "too_long": "{max_length} entries",
    "string_too_short": "text that is not empty",
}
"""What to say is allowed, by kind of pydantic error."""


def validate(document: Document) -> tuple[RunConfig | None, list[Problem]]:
    """Return the config, or every mistake in its keys and values."""
    try:
        return _with_text(document), []
    except ValidationError as error:
        return None, [*_problems(document, error), *_between(document)]


def _with_text(document: Document) -> RunConfig:
    """Validate; where text is wanted, a bare 2026 or true is taken as written."""
    try:
        return RunConfig.model_validate(document.values)
    except ValidationError as error:
        bare = [
            loc
            for details in error.errors()
            if details["type"] == "string_type"
            and (loc := _present(document, details["loc"])) in document.texts
            and document.value(loc) is not None
        ]
        for loc in bare:
            document.replace(loc, document.texts[loc])
        if not bare:
            raise
    return RunConfig.model_validate(document.values)


def _problems(document: Document, error: ValidationError) -> list[Problem]:
    """Return one problem per place; a union's many errors become one."""
    found: dict[Loc, list[ErrorDetails]] = {}
    for details in error.errors():
        if not _is_nameless(details) and details["type"] != BETWEEN:
            found.setdefault(_loc(document, details), []).append(details)
    inner = {loc[:depth] for loc in found for depth in range(1, len(loc))}
    return [
        _problem(document, loc, several)
        for loc, several in found.items()
        if not (loc in inner and _is_kind_only(several))
    ]


def _between(document: Document) -> Iterator[Problem]:
    """Yield what does not fit other keys: pydantic asks only where each is right."""
    for loc, allowed in between(RunConfig, document.values):
        found = _short(document.value(loc))
        yield Problem(document.where(loc), dotted(loc), found, allowed)


def _is_nameless(details: ErrorDetails) -> bool:
    """Return True for an entry without `name`: `check_names` knows what it can be."""
    return details["type"] == "missing" and details["loc"][-1] == "name"


def _is_kind_only(several: list[ErrorDetails]) -> bool:
    """Return True for what is said better by the error inside the value."""
    kinds = ("_type", "literal_error", "too_short")
    return all(details["type"].endswith(kinds) for details in several)


def _problem(document: Document, loc: Loc, several: list[ErrorDetails]) -> Problem:
    """Return the problem of one place from all that pydantic says about it."""
    kind, key = several[0]["type"], dotted(loc)
    if kind == "extra_forbidden":
        where = document.where(loc, key=True)
        return unknown(where, key, str(loc[-1]), _keys_of(loc[:-1]))
    if kind == "missing":
        return Problem(document.where(loc), key, "nothing", "the key is required")
    value = document.value(loc)
    allowed = " or ".join(dict.fromkeys(allowed_by(details) for details in several))
    hint = suggest(value, _choices(several)) if isinstance(value, str) else ""
    hint = hint.strip() or without_commas(value)
    return Problem(document.where(loc), key, _short(value), allowed, hint)


def _loc(document: Document, details: ErrorDetails) -> Loc:
    """Return where an error sits in the file: without the names of union branches."""
    loc = details["loc"]
    if details["type"] == "missing":
        return (*_present(document, loc[:-1]), loc[-1])
    return _present(document, loc)


def _present(document: Document, loc: Loc) -> Loc:
    """Return the parts of `loc` that exist in the file."""
    present: Loc = ()
    for part in loc:
        holder = document.value(present)
        if isinstance(holder, list) and isinstance(part, int):
            there = part < len(holder)
        else:
            there = isinstance(holder, dict) and part in holder
        present = (*present, part) if there else present
    return present


def allowed_by(details: ErrorDetails) -> str:
    """Say in words what pydantic wanted."""
    context = details.get("ctx") or {}
    kind = details["type"]
    if kind == "literal_error":
        return str(context["expected"]).replace("'", "")
    if "allowed" in context:
        return str(context["allowed"])
    if kind == "string_pattern_mismatch":
        return 'a time such as "09:28"'
    if kind.startswith("date"):
        return "a date such as 2026-06-01"
    return ALLOWED[kind].format(**context) if kind in ALLOWED else details["msg"]


def _choices(several: list[ErrorDetails]) -> list[str]:
    """Return the words of a closed list."""
    expected = [(d.get("ctx") or {}).get("expected", "") for d in several]
    return [w.strip("' ") for e in expected for w in e.replace(" or ", ",").split(",")]


def _keys_of(loc: Loc) -> Iterator[str]:
    """Yield the keys that the section at `loc` has."""
    section: Any = RunConfig
    for part in loc:
        if isinstance(part, str):
            section = section_in(section.model_fields[part].annotation)
    yield from section.model_fields


def _short(value: Any) -> str:
    """Show a value in one short line."""
    text = f"'{value}'" if isinstance(value, str) else repr(value)
    if isinstance(value, dt.date):
        text = str(value)
    if value is None:
        text = "nothing"
    return text if len(text) <= 60 else text[:57] + "..."
