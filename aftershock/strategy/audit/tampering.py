"""Whether a strategy changes the engine that asks it."""

from __future__ import annotations

import builtins
import math
import random
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pandas as pd

_OTHERS: tuple[Any, ...] = (
    builtins, math, random, np, pd, pd.DataFrame, pd.Series, pd.Timestamp
)  # fmt: skip
_UNWATCHED = ("__warningregistry__", "__annotations__", "__doc__", "__builtins__")
_MISSING = object()


class Engine:
    """What the engine's names stand for, so that a change can be named and undone.

    Names that a module gains are left out: they are how Python keeps submodules that
    are imported late. Classes and built-ins must gain none.
    """

    def __init__(self) -> None:
        self._kept = [(owner, dict(vars(owner))) for owner in _owners()]
        self._codes = [(f, f.__code__, f.__defaults__) for f in self._functions()]

    def restore(self) -> tuple[str, ...]:
        """Put back what was changed, and name it."""
        changed = [
            f"{_named(owner)}.{name}"
            for owner, before in self._kept
            for name in _changes(owner, before)
        ]
        for owner, before in self._kept:
            for name in list(_changes(owner, before)):
                _put(owner, name, before.get(name, _MISSING))
        for function, code, defaults in self._codes:
            if function.__code__ is not code or function.__defaults__ is not defaults:
                changed.append(f"{function.__module__}.{function.__qualname__}")
                function.__code__, function.__defaults__ = code, defaults
        return tuple(dict.fromkeys(changed))

    def _functions(self) -> Iterator[FunctionType]:
        for owner, before in self._kept:
            if not _named(owner).startswith("aftershock"):
                continue
            for value in before.values():
                inner = getattr(value, "__func__", getattr(value, "fget", value))
                if isinstance(inner, FunctionType):
                    yield inner


def _owners() -> Iterator[Any]:
    """Yield the engine's modules, the classes they define, and what it computes with.

    The audit itself is left out: it keeps notes.
    """
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "aftershock" and module is not None:
            yield module
            for value in list(vars(module).values()):
                if isinstance(value, type) and value.__module__ == name:
                    yield value
    yield from _OTHERS


def _named(owner: Any) -> str:
    if isinstance(owner, ModuleType):
        return owner.__name__
    return f"{owner.__module__}.{owner.__qualname__}"


def _changes(owner: Any, before: dict[str, Any]) -> Iterator[str]:
    """Yield the names that stand for something else than before."""
    now = vars(owner)
    for name, value in before.items():
        if name not in _UNWATCHED and now.get(name, _MISSING) is not value:
            yield name
    closed = isinstance(owner, type) or owner is builtins
    for name in now.keys() - before.keys() if closed else ():
        if not name.startswith("_"):  # abstract classes keep caches in such names
            yield name


def _put(owner: Any, name: str, value: Any) -> None:
    if value is _MISSING:
        delattr(owner, name)
    else:
        setattr(owner, name, value)
