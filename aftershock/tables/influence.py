"""Whether a mean over sessions hangs on one of them, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aftershock.tables.findings import ALPHA
from aftershock.tables.numbers import listed, percent, probability

MOST = 2
"""Events of a session that are named."""


def influence_sentence(manifest: Mapping[str, Any]) -> str:
    """Say what the leading test says without the one session that tells most.

    Empty where `clustered` does not lead, and beside a verdict that it did not bring:
    its own p is small and a check's is not.
    """
    headline = manifest["headline"]
    found = headline.get("without_one")
    moved = headline.get("verdict") == "moved"
    if not found or (found["own"] < ALPHA) != moved:
        return ""
    n, of = found["changed"], found["of"]
    alone = headline["start"] == headline["end"]
    unit = "sessions" if alone else "clusters of sessions"
    one = "that one" if n == 1 else "any one of them"
    p, mean = probability(found["pvalue"]), percent(found["estimate"])
    most = f"{p} and a mean of {mean} for {_which(found)}"
    if moved and n:
        return (
            f"It hangs on {n} of {of} {unit}: without {one} its own p is 0.05 or "
            f"more, up to {most}."
        )
    if moved:
        return f"It hangs on none of {of} {unit}: without any its own p is {p} at most."
    if n:
        return (
            f"It hangs on {n} of {of} {unit}: without {one} its own p is below 0.05, "
            f"down to {most}, which is no reason to leave one out."
        )
    return f"Without any one of {of} {unit} its own p is 0.05 or more, too."


def _which(found: Mapping[str, Any]) -> str:
    """Name a session, or the sessions of a cluster, and their events."""
    first, last = found["first_session"], found["last_session"]
    when = first if first == last else f"{first} to {last}"
    return f"{when} ({listed(found['event_ids'], MOST)})"
