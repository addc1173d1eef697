"""One claim: who said what and when, and the statement that prices can answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from aftershock.events.records import Source

MEASURES: dict[str, str] = {
    "ar": "The mean abnormal return of a group on one session.",
    "car": "The mean cumulative abnormal return of a group over a window.",
    "mean_ar": "The same for two symbols or more, over a window of any length.",
    "spread": "The mean of one group less the mean of another.",
    "slope": "How much more a symbol moves for each unit of a field.",
    "rank_correlation": "Whether the order of moves is the order of a field.",
    "placebo_rank": "The share of ordinary sessions that moved a group as much.",
    "reversal": "A group takes back its first move, which grew with the run-up.",
    "reported_move": "A return from close to close that a page gave as a figure.",
}
"""Every measure, with what it is: a closed list."""

EXPECTATIONS: dict[str, str] = {
    "+1": "above 0",
    "-1": "below 0",
    "0": "about 0",
    "0 or below": "about 0 or below",
    "0 or above": "about 0 or above",
    "usual": "no rarer than the bound",
    "unusual": "rarer than the bound",
    "reported": "as reported",
}
"""What a claim can expect of its value, in words."""

EQUIVALENT = ("0", "0 or below", "0 or above")
"""Expectations that need a bound to be told from "no evidence of anything"."""


@dataclass(frozen=True)
class Group:
    """The symbols of a claim: by name, by basket, or by their role in the event."""

    symbols: tuple[str, ...] = ()
    basket: str = ""
    role: str = ""

    def __str__(self) -> str:
        return self.basket or self.role or ", ".join(self.symbols)


@dataclass(frozen=True)
class Among:
    """Reference sessions on which |SAR| of a symbol was above a limit."""

    symbol: str
    sar_above: float


@dataclass(frozen=True)
class Claim:
    """A claim with its test.

    Parameters
    ----------
    text : str
        What was said, in our own words.
    said_at : Timestamp
        Aware; the latest moment at which it can have been said.
    measure : str
        One of `MEASURES`.
    events, tags : tuple of str
        The events it is about, by id or by tag.
    window : (int, int)
        Inclusive offsets in sessions.
    expected : str
        One of `EXPECTATIONS`.
    bound : float, optional
        For "about 0": what still counts as 0, a fraction; for `placebo_rank`: the
        share of sessions below which a move is rare.
    against : Group, optional
        The other side of a `spread`.
    first : (int, int), optional
        The move that a `reversal` takes back.
    runup : int, optional
        The field is the return over that many sessions before the event session.
    field : mapping of float
        Symbol to number, for `slope` and `rank_correlation`.
    among : Among, optional
        Narrows the sessions of a `placebo_rank`.
    reported, tolerance : float, optional
        Of a `reported_move`: the figure, and how far a measured one may lie from it.
    rival : str
        Id of the claim that says otherwise.
    """

    id: str
    text: str
    source: Source
    said_by: str
    said_at: pd.Timestamp
    measure: str
    group: Group
    window: tuple[int, int]
    expected: str
    events: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    bound: float | None = None
    against: Group | None = None
    first: tuple[int, int] | None = None
    runup: int | None = None
    field: Mapping[str, float] = field(default_factory=dict)
    among: Among | None = None
    reported: float | None = None
    tolerance: float | None = None
    rival: str = ""
    notes: str = ""
    file: str = ""
    line: int = 0

    @property
    def named(self) -> set[str]:
        """Symbols that the claim names itself."""
        sides = [self.group, *([self.against] if self.against else [])]
        named = {symbol for side in sides for symbol in side.symbols}
        return named | set(self.field) | ({self.among.symbol} if self.among else set())

    def plain(self) -> dict[str, Any]:
        """Return what it says, without where it is written."""
        fields = {**asdict(self), "said_at": self.said_at.isoformat()}
        return {k: v for k, v in fields.items() if k not in ("file", "line")}
