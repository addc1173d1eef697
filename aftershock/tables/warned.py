"""Warnings as they are read: what holds of several strategies is said once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aftershock.tables.numbers import listed


def run_warnings(manifest: Mapping[str, Any], most: int | None = None) -> list[str]:
    """Return the warnings of a run, from its run.json."""
    labels = [str(s.get("label")) for s in manifest.get("strategies") or []]
    return said_once(map(str, manifest.get("warnings") or []), labels, most)


def said_once(
    warnings: Iterable[str], labels: Iterable[str], most: int | None = None
) -> list[str]:
    """Return warnings in their order, those of the same words joined.

    Parameters
    ----------
    warnings : iterable of str
        Those of a strategy begin with its label and a colon.
    labels : iterable of str
        Of the run's strategies.
    most : int, optional
        Labels that are named before the rest are counted; default all.
    """
    known, whose = set(labels), dict[str, list[str]]()
    for warning in warnings:
        label, _, rest = warning.partition(": ")
        mine = label in known and bool(rest)
        whose.setdefault(rest if mine else warning, []).extend([label] if mine else [])
    return [_led(told, names, most) for told, names in whose.items()]


def _led(told: str, names: Sequence[str], most: int | None) -> str:
    """Put the labels before what is said of them."""
    return f"{listed(names, most or len(names))}: {told}" if names else told
