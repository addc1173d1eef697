"""Records of which only some keys could be read, and checks between their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

from aftershock.registry import suggest


class UnreadError(AttributeError):
    """A check asks for a key whose value is itself wrong."""


class Partial(SimpleNamespace):
    """What could be read of a record: asking for anything else raises `UnreadError`."""

    def __getattr__(self, name: str) -> Any:
        raise UnreadError(name)


def found_by(check: Callable[..., Iterable[Any]], *about: Any) -> list[Any]:
    """Return what a check between keys finds; nothing where one of them is wrong."""
    try:
        return list(check(*about))
    except UnreadError:
        return []


def meant_by(unknown: Iterable[str], known: Iterable[str]) -> set[str]:
    """Return the known names for which unknown ones may be slips.

    Their values are then not what a record has by default, and not known either.
    """
    names = list(known)
    return {name for slip in unknown for name in names if suggest(slip, [name])}
