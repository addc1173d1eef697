"""YAML to a checked, frozen RunConfig; every mistake is named with its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aftershock.config.document import Document, read_document
from aftershock.config.kinds import Loc
from aftershock.config.model import RunConfig, from_config, matches, workspace_of
from aftershock.config.names import check_files, check_names
from aftershock.config.parts import (
    build_account,
    build_model,
    build_source,
    build_strategies,
)
from aftershock.config.problems import Problem, error_of, raise_together
from aftershock.config.validation import validate
from aftershock.errors import StrategyError
from aftershock.registry.reading import settled

__all__ = [
    "RunConfig",
    "build_account",
    "build_model",
    "build_source",
    "build_strategies",
    "find_files",
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
    outside, broken = _outside(document)
    wrong = error_of([*document.problems, *problems, *outside])
    raise_together([error for error in (wrong, broken) if error])
    assert config is not None  # validate gives a config or problems
    config._path, config._places = settled(document.path), document.places
    return config


def find_files(
    path: str | Path, overrides: Sequence[str] = (), *, of: Loc = ("events", "files")
) -> list[Path]:
    """Return the files that a config names, however wrong the rest of it is.

    Parameters
    ----------
    path, overrides
        As `load_config` takes them.
    of : tuple
        The key that names them: ``("claims",)`` for claims.
    """
    document = read_document(Path(path), overrides)
    written = document.value(of)
    workspace = workspace_of(document.path)
    texts = (
        [t for t in written if isinstance(t, str)] if isinstance(written, list) else []
    )
    found = [
        f for t in texts for f in matches(from_config(document.path, t), workspace)
    ]
    return list(dict.fromkeys(found))


def _outside(document: Document) -> tuple[list[Problem], StrategyError | None]:
    """Return what is wrong with names and files, and a file that cannot be imported."""
    problems = list(check_files(document))
    try:
        for problem in check_names(document):
            problems.append(problem)
    except StrategyError as error:
        return problems, error
    return problems, None
