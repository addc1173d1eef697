"""The account: what it holds, what it may do, and what everything costs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from numbers import Integral, Real
from typing import Literal

import pandas as pd

from aftershock.errors import ConfigError
from aftershock.registry import suggest

_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_ABOVE_ZERO = ("cash", "max_gross", "max_weight")
"""With 0 of any of them nothing could be traded."""
_NEVER_NEGATIVE = (
    "fees_bps",
    "fees_per_share",
    "fees_min",
    "slippage_bps",
    "slippage_volume_share",
    "borrow_rate",
)

_OPTIONAL = ("max_weight", "slippage_bps", "slippage_volume_share")
_WHOLE_PRICE = 10_000
_MOST = 1e18


@dataclass(frozen=True)
class Account:
    """One strategy's account; the fields are the keys of `account` in a config.

    Parameters
    ----------
    cash : float
        Money at the start.
    max_gross : float
        Most that all positions together may be worth, over equity, right after an
        entry.
    max_weight : float, optional
        The same for one symbol; no cap when left out.
    max_positions : int, optional
        Most trades open at a time; no cap when left out.
    fees_bps : float
        Commission of each fill in basis points of its value.
    fees_per_share : float
        Commission in money per share, on top.
    fees_min : float
        Least commission of a fill.
    slippage_bps : float, optional
        Basis points lost on each fill. Left out, it is max(5 bps, 0.1 daily sigma),
        twice that at the opens of event sessions and on stops.
    slippage_by_symbol : mapping of str to float
        Basis points for single symbols, in place of all of that.
    slippage_volume_share : float, optional
        k of the square-root law: q shares move the price by k sigma sqrt(q / V), V
        the mean volume of the 20 sessions before; on top of the slippage above.
    borrow_rate : float
        Fee per year on the value of a short, where no dated row says more.
    borrow_by_symbol : mapping of str to float
        Fee per year for single symbols, in place of the dated table.
    cash_rate : float
        Interest per year on cash, without the proceeds of shorts.
    fill : {"next_open", "next_close"}
        The auction for plans that name none.
    latency : str or float
        Time between a decision and its order: ``"5min"``, or seconds.
    open_cutoff : str
        New York clock time from which on an order misses the opening auction.
    close_cutoff : str
        The same for the close; on half days it is ten minutes before the close.

    Raises
    ------
    ConfigError
        For a value that makes no sense; the key is named.
    """

    cash: float = 1_000_000.0
    max_gross: float = 1.0
    max_weight: float | None = None
    max_positions: int | None = None
    fees_bps: float = 1.0
    fees_per_share: float = 0.0
    fees_min: float = 0.0
    slippage_bps: float | None = None
    slippage_by_symbol: Mapping[str, float] = field(default_factory=dict)
    slippage_volume_share: float | None = None
    borrow_rate: float = 0.03
    borrow_by_symbol: Mapping[str, float] = field(default_factory=dict)
    cash_rate: float = 0.0
    fill: Literal["next_open", "next_close"] = "next_open"
    latency: str | float = 0.0
    open_cutoff: str = "09:28"
    close_cutoff: str = "15:50"

    def __new__(cls, *_: object, **given: object) -> Account:
        """Name a key that no account has, before the missing one is noticed."""
        keys = [key.name for key in dataclasses.fields(cls)]
        for name, value in given.items():
            hint = suggest(name, keys)
            _check(name in keys, name, value, f"{', '.join(keys)}.{hint}")
        return super().__new__(cls)

    def __post_init__(self) -> None:
        for name in (*_ABOVE_ZERO, *_NEVER_NEGATIVE):
            value, above = getattr(self, name), name in _ABOVE_ZERO
            sound = _amount(value) and (value > 0 or not above)
            absent = name in _OPTIONAL and value is None
            _check(absent or sound, name, value, f"a number {'>' if above else '>='} 0")
        for name in ("slippage_by_symbol", "borrow_by_symbol"):
            given = getattr(self, name)
            _check(isinstance(given, Mapping), name, given, "symbols and numbers")
            for symbol, rate in given.items():
                _check(isinstance(symbol, str), name, symbol, "symbols as text")
                _check(_amount(rate), f"{name}.{symbol}", rate, "a number >= 0")
        most = self.max_positions
        whole = isinstance(most, Integral) and not isinstance(most, bool)
        counted = most is None or (whole and most >= 1)
        _check(counted, "max_positions", most, "a whole number >= 1")
        _check(_real(self.cash_rate), "cash_rate", self.cash_rate, "a number")
        fills = ("next_open", "next_close")
        _check(self.fill in fills, "fill", self.fill, ", ".join(fills))
        for name in ("open_cutoff", "close_cutoff"):
            clock = getattr(self, name)
            told = isinstance(clock, str) and _CLOCK.fullmatch(clock)
            _check(bool(told), name, clock, "HH:MM")
        self._check_shares_of_price()
        _check(self.delay >= timedelta(0), "latency", self.latency, ">= 0")

    def _check_shares_of_price(self) -> None:
        """Refuse basis points that leave nothing of a price."""
        rates = {
            f"slippage_by_symbol.{s}": r for s, r in self.slippage_by_symbol.items()
        }
        rates |= {"slippage_bps": self.slippage_bps or 0.0, "fees_bps": self.fees_bps}
        for name, rate in rates.items():
            _check(rate < _WHOLE_PRICE, name, rate, "basis points below 10,000")

    @property
    def delay(self) -> timedelta:
        """The latency as a span of time."""
        number = isinstance(self.latency, (int, float))
        try:
            span = pd.Timedelta(self.latency, unit="s" if number else None)
            known = not pd.isna(span)
        except (ValueError, TypeError):
            known = False
        _check(known, "latency", self.latency, "seconds, or '5min'")
        return span.to_pytimedelta()

    def replace(self, **changes: object) -> Account:
        """Return an account with some fields changed."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]


def _real(value: object) -> bool:
    """Tell whether a value is a number of a size that can be counted with."""
    real = isinstance(value, Real) and not isinstance(value, bool)
    return real and abs(value) <= _MOST  # type: ignore[arg-type]


def _amount(value: object) -> bool:
    """Tell whether it is one, and not below 0."""
    return _real(value) and value >= 0  # type: ignore[operator]


def _check(holds: bool, key: str, found: object, allowed: str) -> None:
    if not holds:
        raise ConfigError(f"{found!r}", where=f"account.{key}", allowed=allowed)
