"""What a strategy wants to do, and when it decided so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal

import pandas as pd

from aftershock.errors import StrategyError

_FRACTIONS = ("stop_loss", "take_profit", "trailing_stop")
_ON_LONGS, _ON_SHORTS = ("stop_loss", "trailing_stop"), ("take_profit",)
_BOUND = {1: "long, which loses 100 %", -1: "short, which gains 100 %"}
"""What prices that end at 0 leave out of reach."""
MOST_SESSIONS = 100_000
"""Longest wait and hold: four centuries, and no number that overflows a counter."""
_LARGEST = 1e18


class PlanError(StrategyError):
    """A plan with a field that holds what cannot be meant.

    Attributes
    ----------
    name : str
        The field.
    value : object
        What it holds.
    """

    def __init__(
        self, symbol: str, name: str, value: object, allowed: str, do: str
    ) -> None:
        self.name, self.value = name, value
        super().__init__(
            f"{name}={value!r}",
            where=f"TradePlan of {symbol}",
            allowed=allowed,
            do=do,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what makes it anew in another process."""
        symbol = self.where.removeprefix("TradePlan of ")
        return type(self), (symbol, self.name, self.value, self.allowed, self.do)


@dataclass(frozen=True)
class TradePlan:
    """One trade that a strategy wants: what, how much, when in, when out.

    Parameters
    ----------
    symbol : str
    weight : float, optional
        Fraction of equity at entry; its sign is the side. Or `notional`.
    notional : float, optional
        Money at entry; its sign is the side.
    entry : {"next_open", "next_close"}, optional
        The auction to enter at; the account's `fill` when left out.
    lag : int
        Sessions to wait beyond the first auction that can be reached.
    hold : int, optional
        Sessions to hold: entered at an open it leaves at an open, entered at a close
        at a close.
    stop_loss, take_profit : float, optional
        Fractions of the entry price: 0.1 is 10 %. A short cannot gain 1 or more, a
        long not lose it.
    trailing_stop : float, optional
        Fraction of the best price that earlier bars showed since the entry.
    until : str, optional
        Leave at the first auction after a later event with this tag was known.
    group : str, optional
        Linked legs share a name: all of them fill, at one moment, or none does.

    Raises
    ------
    StrategyError
        For a plan that cannot be meant; the field is named.
    """

    symbol: str
    weight: float | None = None
    notional: float | None = None
    entry: Literal["next_open", "next_close"] | None = None
    lag: int = 0
    hold: int | None = None
    stop_loss: float | None = None
    take_profit: float | None = None
    trailing_stop: float | None = None
    until: str | None = None
    group: str | None = None

    def __post_init__(self) -> None:
        named = isinstance(self.symbol, str) and self.symbol != ""
        self._check(named, "symbol", "the name of a symbol")
        for word in ("until", "group"):
            text = getattr(self, word)
            self._check(text is None or isinstance(text, str), word, "a word, or None")
        name, size = ("notional", self.notional)
        if self.notional is None:
            name, size = ("weight", self.weight)
        self._check(size is not None, "weight", "a weight or a notional")
        self._check((self.weight is None) != (self.notional is None), name, "only one")
        self._check(_sized(size), name, "a number that is not 0, up to 1e18")
        fills = (None, "next_open", "next_close")
        self._check(self.entry in fills, "entry", "next_open, next_close")
        most = f"and at most {MOST_SESSIONS:,}"
        self._check(whole(self.lag, 0), "lag", f"whole sessions >= 0, {most}")
        held = self.hold is None or whole(self.hold, 1)
        self._check(held, "hold", f"whole sessions >= 1, {most}")
        for rule in _FRACTIONS:
            value = getattr(self, rule)
            self._check(value is None or _above(value), rule, "a fraction > 0")
        for rule in _ON_LONGS if self.side > 0 else _ON_SHORTS:
            self._check(
                (getattr(self, rule) or 0) < 1,
                rule,
                f"a fraction above 0 and below 1 on a {_BOUND[self.side]} at most",
                "write it as a fraction: 0.1 is 10 %",
            )

    @property
    def side(self) -> int:
        """Return +1 for long, -1 for short."""
        size = self.weight if self.weight is not None else self.notional
        return 1 if size is not None and size > 0 else -1

    def _check(self, holds: bool, name: str, allowed: str, do: str = "") -> None:
        if not holds:
            raise PlanError(self.symbol, name, getattr(self, name), allowed, do)


def whole(value: object, least: int) -> bool:
    """Tell whether a value is a number of sessions that a plan can have."""
    counted = isinstance(value, Integral) and not isinstance(value, bool)
    return counted and least <= int(value) <= MOST_SESSIONS  # type: ignore[call-overload]


def _sized(value: object) -> bool:
    """Tell whether a value is a number that a position can have as its size."""
    real = isinstance(value, Real) and not isinstance(value, bool)
    return real and 0 < abs(float(value)) <= _LARGEST  # type: ignore[arg-type]


def _above(value: object) -> bool:
    """Tell whether a value is a finite number above 0."""
    real = isinstance(value, Real) and not isinstance(value, bool)
    return real and 0 < float(value) < math.inf  # type: ignore[arg-type]


@dataclass(frozen=True)
class DecidedPlan:
    """A plan with the event that caused it and the moment of decision.

    Attributes
    ----------
    plan : TradePlan
    event_id : str
    published : pandas.Timestamp
        Aware; orders plans that fill at the same moment.
    decided : pandas.Timestamp
        Aware; nothing fills at or before it.
    until : pandas.Timestamp or None
        Aware; when the first later event with the tag `plan.until` was known.
    session : pandas.Timestamp or None
        The event session; in a frame an event may have several, each decided on alone.
    """

    plan: TradePlan
    event_id: str
    published: pd.Timestamp
    decided: pd.Timestamp
    until: pd.Timestamp | None = None
    session: pd.Timestamp | None = None
