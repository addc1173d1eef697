"""YAML to a checked, frozen RunConfig; every mistake is named with its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aftershock.config.document import Document, read_document
from aftershock.config.model import RunConfig, from_config, matches, workspace_of
from aftershock.config.names import check_files, check_names
from aftershock.config.parts import (
    build_account,
    build_model,
    build_source,
    build_strategies,
)
from aftershock.config.problems import Problem, raise_all
from aftershock.config.validation import validate
from aftershock.errors import StrategyError
from aftershock.registry.reading import settled

__all__ = [
    "RunConfig",
    "build_account",
    "build_model",
    "build_source",
    "build_strategies",
    "find_event_files",
    "load_config",
    "workspace_of",
]


def load_config(path: str | Path, overrides: Sequence[str] = ()) -> RunConfig:
    """Read a config, apply ``a.b.c=value`` overrides, and check all of it.

    Parameters
    ----------
    path : str or Path
        The YAML file.
    overrides : sequence of str
        Values are YAML; paths in them are relative to the config as well.

    Returns
    -------
    RunConfig

    Raises
    ------
    ConfigError
        Listing every mistake as ``file:line:column key: found ..., allowed: ...``.
    StrategyError
        When a file in `strategies/` cannot be imported.
    DataUnavailable
        When only files are missing: the config itself, events, prices.
    """
    document = read_document(Path(path), overrides)
    config, problems = validate(document)
    raise_all([*document.problems, *problems, *_outside(document)])
    assert config is not None  # validate gives a config or problems
    config._path, config._places = settled(document.path), document.places
    return config


def find_event_files(path: str | Path, overrides: Sequence[str] = ()) -> list[Path]:
    """Return the event files that a config names, however wrong the rest of it is."""
    document = read_document(Path(path), overrides)
    written = document.value(("events", "files"))
    workspace = workspace_of(document.path)
    texts = (
        [t for t in written if isinstance(t, str)] if isinstance(written, list) else []
    )
    found = [
        f for t in texts for f in matches(from_config(document.path, t), workspace)
    ]
    return list(dict.fromkeys(found))


def _outside(document: Document) -> list[Problem]:
    """Return what is wrong with names and files; a broken strategy file is one."""
    problems = list(check_files(document))
    try:
        problems += check_names(document)
    except StrategyError as error:
        problems.append(Problem(error.where, "", error.found))
    return problems
