"""Find the classes that a config can name: one file, one class, found by name.

Shipped families live in a folder of the package; a user's own live in the
workspace. Nothing is registered by hand: adding the file is enough.
"""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from aftershock.errors import AftershockError, StrategyError
from aftershock.registry.reading import MEGABYTE, check_file, refuse_outside, shown

CLOSE = 0.65
"""Share of matching characters from which a name can be a slip for another."""
LONGEST = 500
"""Letters of an error, or of a line of code, that a message repeats."""
USER_MODULE = "aftershock_user_"
"""How the names of modules begin that come from a user's workspace."""


def shipped(folder: str) -> Path:
    """Return a shipped folder: inside the wheel, or beside the package in a checkout.

    Parameters
    ----------
    folder : {"backtests", "strategies", "data"}
    """
    package = Path(str(files("aftershock")))
    inside = package / "shipped" / folder
    return inside if inside.is_dir() else package.parent / folder


def is_shipped(file: str | Path, folder: str) -> bool:
    """Tell whether a file lies in a shipped folder; others are somebody's own."""
    return Path(file).resolve().is_relative_to(shipped(folder).resolve())


def look_up(folder: str, name: str, workspace: Path | None) -> Path | None:
    """Return the file `name` of a workbench folder: the workspace first, then ours.

    One of the workspace's may end in ``.yml`` in place of ``.yaml``.

    Raises
    ------
    AftershockError
        When the workspace's is a symbolic link that leads out of it, or is there with
        both endings.
    """
    own = _spelled(workspace / folder / name) if workspace else None
    if own and workspace:
        refuse_outside(own, workspace)
        return own
    ours = shipped(folder) / name
    return ours if ours.is_file() else None


def _spelled(path: Path) -> Path | None:
    """Return a file as it is there, ``.yml`` for ``.yaml``; None where it is not."""
    names = [path, *([path.with_suffix(".yml")] if path.suffix == ".yaml" else [])]
    there = [name for name in names if name.is_file()]
    if len(there) > 1:
        raise AftershockError(
            f"{there[1].name} stands beside it",
            where=str(path),
            allowed="one of the two",
            do="join them in one file, and take the other away",
        )
    return there[0] if there else None


def engine() -> str:
    """Return name and version of this program."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"aftershock {version('aftershock')}"
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "aftershock (not installed)"


def suggest(name: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'X'?"`` for a known name that is truly close, or nothing.

    The share of matching characters is 0.65 or more: two letters exchanged in a word of
    three pass, ``pricing`` for ``financing`` does not.
    """
    names = {known_name.casefold(): known_name for known_name in known}
    close = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=CLOSE)
    return f" Did you mean '{names[close[0]]}'?" if close else ""


def family(package: str, base: type) -> dict[str, type[Any]]:
    """Return the concrete subclasses of `base` in a plug-in package, by name.

    The folders are read again when something was added to them or taken away.
    """
    folders = [(f, Path(f)) for f in importlib.import_module(package).__path__]
    state = tuple((f, p.stat().st_mtime_ns if p.is_dir() else 0) for f, p in folders)
    return dict(_family(package, base, state))


@lru_cache
def _family(
    package: str, base: type, folders: tuple[tuple[str, int], ...]
) -> dict[str, type[Any]]:
    """Return a family as it is while its folders are what they were."""
    found: dict[str, type[Any]] = {}
    paths = [folder for folder, _ in folders]
    for module in sorted(m.name for m in pkgutil.iter_modules(paths)):
        found |= _subclasses(importlib.import_module(f"{package}.{module}"), base)
    return found


def load_file(path: Path, base: type) -> dict[str, type[Any]]:
    """Import one user's file and return the subclasses of `base` defined in it.

    Raises
    ------
    StrategyError
        When the file is too large, or raises while it is imported; it is named.
    """
    check_file(path, StrategyError, most=MEGABYTE)
    name = f"{USER_MODULE}{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise StrategyError("the file is not Python", where=str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses resolve their types through sys.modules
    try:
        spec.loader.exec_module(module)
    except AftershockError:
        raise
    except (Exception, SystemExit, GeneratorExit) as error:  # whatever ends it
        sys.modules.pop(name, None)
        line = line_in(error, path)
        raise StrategyError(
            f"importing the file failed: {type(error).__name__}: {_said(error)}",
            where=f"{shown(path)}{line}",
            allowed="a Python file that can be imported",
            do="mend the file, or move it out of this folder",
        ) from error
    return _subclasses(module, base)


def _said(error: BaseException) -> str:
    """Return what an error says; one of the user's own may fail at that, too."""
    if isinstance(error, SyntaxError) and error.text:
        return f"{error.msg}: `{error.text.strip()[:LONGEST]}`"
    try:
        return str(error)[:LONGEST]
    except Exception:
        return "it cannot be told"


def load_folder(folder: Path, base: type) -> dict[str, type[Any]]:
    """Import every file of a folder, in order of name, and return its subclasses.

    Raises
    ------
    StrategyError
        When a file cannot be imported, when it is a symbolic link that leads out of
        the workspace, or when two files define a class of one name.
    """
    found: dict[str, type[Any]] = {}
    for path in sorted(folder.glob("*.py")):
        if path.name.startswith("_"):
            continue
        refuse_outside(path, folder.parent, StrategyError)
        own = load_file(path, base)
        for name in sorted(own.keys() & found.keys()):
            other = Path(inspect.getfile(found[name])).name
            raise StrategyError(
                f"'{name}' is defined here and in {other}",
                where=str(path),
                allowed="one class of a name in a folder",
                do="rename one of them",
            )
        found |= own
    return found


def choose(kind: str, name: str, known: Mapping[str, type[Any]]) -> type[Any]:
    """Return the class called `name`, or fail with the closest name.

    Raises
    ------
    AftershockError
        ``No <kind> is named 'X'. Did you mean 'Y'?``
    """
    if name in known:
        return known[name]
    error = StrategyError if kind == "strategy" else AftershockError
    raise error(
        f"No {kind} is named '{name}'.{suggest(name, known)}",
        allowed=", ".join(sorted(known)),
    )


def build(kind: str, cls: type[Any], parameters: Mapping[str, Any]) -> Any:
    """Make an instance from plain parameters; a wrong one is named with the closest.

    Raises
    ------
    AftershockError
        For a parameter that the class does not have; for a strategy a StrategyError.
    """
    known, is_strategy = parameters_of(cls), kind == "strategy"
    error = StrategyError if is_strategy else AftershockError
    shown = f"`aftershock strategies show {cls.__name__}` tells what each means"
    for parameter in parameters:
        if parameter not in known:
            raise error(
                f"The {kind} '{cls.__name__}' has no parameter '{parameter}'."
                f"{suggest(parameter, known)}",
                allowed=", ".join(known) or "no parameters",
                do=shown if is_strategy else "name one of these, or take it out",
            )
    return cls(**parameters)


def parameters_of(made: Any) -> list[str]:
    """Return the names of the parameters of a class, or of an instance.

    Raises
    ------
    StrategyError
        For what is no dataclass, and so has none that could be told.
    """
    if not dataclasses.is_dataclass(made):
        cls = made if isinstance(made, type) else type(made)
        raise StrategyError(
            f"{cls.__name__} is no dataclass",
            allowed="a frozen dataclass",
            do="write @dataclass(frozen=True) above the class",
        )
    return [field.name for field in dataclasses.fields(made) if field.init]


def _subclasses(module: Any, base: type) -> dict[str, type[Any]]:
    """Return the concrete subclasses of `base` that a module itself defines."""
    return {
        getattr(cls, "name", None) or cls.__name__: cls
        for cls in vars(module).values()
        if inspect.isclass(cls)
        and issubclass(cls, base)
        and cls.__module__ == module.__name__
        and not inspect.isabstract(cls)
        and cls is not base
    }


def line_in(error: BaseException, path: Path) -> str:
    """Return ``":line"`` of the last frame of a traceback that lies in `path`."""
    if isinstance(error, SyntaxError):
        return f":{error.lineno}"
    traceback, line = error.__traceback__, ""
    while traceback:
        if Path(traceback.tb_frame.f_code.co_filename) == path:
            line = f":{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return line
