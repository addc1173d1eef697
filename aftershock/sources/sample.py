"""The embedded sample: simulated prices in which press-reported moves are real.

Real daily bars may not be shipped, so these are drawn from a fixed seed. A market, a
semiconductor and a neocloud factor and each symbol's own noise are Student t with
GARCH(1,1) volatility; a symbol's return is its drift plus betas times factors plus
noise. Where a public page reported a close-to-close move, the return is that figure;
on days on which a move of SPY or of a semiconductor fund was reported, the market or
the semiconductor factor is the one that the fund implies, so that the others move
with them. Everything else about the bars, gaps included, is simulated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.events.baskets import Instrument, load_lexicon
from aftershock.events.moves import read_reported_moves
from aftershock.events.nodes import Problems
from aftershock.sources.base import COLUMNS, Date, Fetched, PriceSource, provenance_of

SEED = 20260701
FIRST, LAST, ANCHOR = "2024-08-01", "2026-07-31", "2026-07-01"
STATEMENT = "Sample data: simulated except for {} press-reported moves"
FREEDOM = 5.0
"""Degrees of freedom of every draw: the fat tails of daily returns."""
SHOCK, MEMORY = 0.08, 0.88
"""GARCH(1,1): yesterday's square and yesterday's variance in today's variance."""
DRIFT = 0.0004
"""The market's mean daily return, about 10 % a year."""
OVERNIGHT, OVERNIGHT_ON_NEWS = 0.35, 0.8
"""Share of a move that happens before the open: usually, and on reported days."""
DECIMALS = 10
"""Prices are rounded here."""
SETTLED = 8
"""Decimals of powers, logarithms and cosines: their last bits differ by processor."""
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Profile:
    """How a symbol moves: betas to the factors, own daily volatility, usual volume."""

    market: float
    semiconductors: float
    neoclouds: float
    noise: float
    volume: float


FACTORS = {"market": 0.0095, "semiconductors": 0.0130, "neoclouds": 0.0270}
"""Daily volatility of each factor."""
PROFILES = {
    "META": Profile(1.20, 0.10, 0.0, 0.0140, 14e6),
    "CRWV": Profile(1.80, 0.60, 1.0, 0.0340, 22e6),
    "NBIS": Profile(1.80, 0.60, 1.0, 0.0310, 13e6),
    "NVDA": Profile(1.60, 0.95, 0.0, 0.0120, 190e6),
    "AMD": Profile(1.50, 0.95, 0.0, 0.0210, 45e6),
    "AVGO": Profile(1.40, 0.90, 0.0, 0.0180, 25e6),
    "MU": Profile(1.35, 1.10, 0.0, 0.0220, 24e6),
    "TSM": Profile(1.25, 0.90, 0.0, 0.0120, 13e6),
    "ASML": Profile(1.20, 0.90, 0.0, 0.0150, 1.6e6),
    "SNDK": Profile(1.35, 1.15, 0.0, 0.0350, 8e6),
    "SMH": Profile(1.45, 1.00, 0.0, 0.0025, 8e6),
    "SOXX": Profile(1.45, 1.00, 0.0, 0.0035, 5e6),
    "SPY": Profile(1.00, 0.00, 0.0, 0.0003, 65e6),
    "QQQ": Profile(1.20, 0.15, 0.0, 0.0025, 45e6),
    "MSFT": Profile(0.95, -0.05, 0.0, 0.0100, 21e6),
    "GOOGL": Profile(1.05, 0.00, 0.0, 0.0130, 28e6),
}
"""The symbols of the sample."""
WITHOUT_CLOSE = {"META": 612.91}
"""Close at the anchor where the page gave none; 100 for all others."""


@dataclass(frozen=True)
class SampleSource(PriceSource):
    """Simulated bars from 2024-08 to 2026-07, offline and the same on every machine."""

    name: ClassVar[str] = "sample"

    def symbols(self) -> tuple[str, ...]:
        """Return the symbols of the sample, sorted."""
        return tuple(sorted(PROFILES))

    def fetch(self, symbols: Sequence[str], start: Date, end: Date) -> Fetched:
        """Return the bars of some symbols; `simulated` says what they are.

        Parameters
        ----------
        symbols : sequence of str
        start, end : str, Timestamp or None
            Inclusive; None: as far as the sample goes.

        Returns
        -------
        Fetched
            ``adj_close`` is ``close``: no dividends and no splits are simulated.
        """
        known = [symbol for symbol in dict.fromkeys(symbols) if symbol in PROFILES]
        bars = {symbol: _bars(symbol).loc[start:end] for symbol in known}
        had = {symbol: frame for symbol, frame in bars.items() if len(frame)}
        statement = STATEMENT.format(sum(map(_reported_in, had, had.values())))
        return Fetched(
            bars=had,
            missing={symbol: "no_prices" for symbol in symbols if symbol not in had},
            provenance=tuple(
                provenance_of(symbol, self.name, frame, note=statement)
                for symbol, frame in had.items()
            ),
            simulated=statement,
        )


@lru_cache(maxsize=1)
def sample_sessions() -> pd.DatetimeIndex:
    """Return the sessions of the sample."""
    every = TradingCalendar.load().sessions
    return every[every.slice_indexer(pd.Timestamp(FIRST), pd.Timestamp(LAST))]


@lru_cache(maxsize=1)
def _instruments() -> Mapping[str, Instrument]:
    return load_lexicon(None, Problems()).instruments


def _closing_moves() -> pd.DataFrame:
    """Return the reported moves from close to close; others prove nothing here."""
    moves = read_reported_moves()
    return moves[moves["note"].str.startswith("close")]


@lru_cache(maxsize=1)
def pinned_moves() -> pd.DataFrame:
    """Return the reported moves that the sample keeps.

    Only rows whose note starts with ``close`` and that state a percentage. Of several
    for one symbol and day the one with most decimals counts, then the first of the
    file. The row of an index moves its proxy where the proxy has no row of its own.

    Returns
    -------
    DataFrame
        symbol, date, ret (fraction); one row per symbol and day.
    """
    moves = _closing_moves()
    usable = moves[moves["pct"].notna()]
    proxies = {s: i.proxy for s, i in _instruments().items() if i.proxy}
    usable = usable.assign(
        indirect=usable["symbol"].isin(list(proxies)),
        symbol=usable["symbol"].replace(proxies),
        ret=usable["pct"] / 100.0,
    )
    usable = usable[usable["symbol"].isin(list(PROFILES))]
    best = usable.sort_values(
        ["indirect", "decimals"], ascending=[True, False], kind="stable"
    ).drop_duplicates(["symbol", "date"])
    kept = best[best["date"].isin(sample_sessions())].sort_values(["symbol", "date"])
    return kept[["symbol", "date", "ret"]].reset_index(drop=True)


def _pinned(symbol: str) -> Array:
    """Return the reported returns of a symbol by session, NaN where there is none."""
    moves = pinned_moves()
    own = moves[moves["symbol"] == symbol].set_index("date")["ret"]
    return own.reindex(sample_sessions()).to_numpy(np.float64)


def _reported_in(symbol: str, bars: pd.DataFrame) -> int:
    """Count the returns inside some bars that are reported figures."""
    moves = pinned_moves()
    dates = moves.loc[moves["symbol"] == symbol, "date"]
    return int(dates.isin(bars.index[1:]).sum())


def _uniforms(stream: str, shape: tuple[int, ...]) -> Array:
    """Draw uniforms in (0, 1] from a stream of its own: no symbol disturbs another."""
    digest = hashlib.sha256(f"{SEED}/{stream}".encode()).digest()
    bits = np.random.PCG64(int.from_bytes(digest[:16], "big"))
    return 1.0 - np.random.Generator(bits).random(shape)


def _settled(values: Array) -> Array:
    """Round what two machines' mathematical functions may tell apart.

    Sums, products, quotients and square roots are the same everywhere (IEEE 754), so
    that bars made of these and of settled values are too.
    """
    return np.round(values, SETTLED)


def _student(stream: str, n: int) -> Array:
    """Draw Student t variates of unit variance.

    From two uniforms by R. W. Bailey, Polar generation of random variates with the
    t-distribution, Mathematics of Computation 62 (1994): stable over versions of
    numpy, whose own t draws are not promised to be.
    """
    u, v = _uniforms(stream, (2, n))
    t = np.sqrt(FREEDOM * (np.power(u, -2.0 / FREEDOM) - 1.0)) * np.cos(2.0 * np.pi * v)
    return _settled(t * np.sqrt((FREEDOM - 2.0) / FREEDOM))


def _clustered(stream: str, n: int) -> Array:
    """Draw a series of unit variance whose volatility comes in clusters (GARCH)."""
    shocks, variance = _student(stream, n), 1.0
    series = np.empty(n)
    for i, shock in enumerate(shocks):
        series[i] = np.sqrt(variance) * shock
        square = series[i] * series[i]
        variance = (1.0 - SHOCK - MEMORY) + SHOCK * square + MEMORY * variance
    return series


@lru_cache(maxsize=1)
def _factors() -> dict[str, Array]:
    """Draw the factors, and let reported moves of the funds speak for them."""
    n = len(sample_sessions())
    drawn = {name: vol * _clustered(name, n) for name, vol in FACTORS.items()}
    spy = _pinned("SPY")
    drawn["market"] = np.where(np.isnan(spy), DRIFT + drawn["market"], spy)
    for fund in ("SMH", "SOXX"):
        profile, reported = PROFILES[fund], _pinned(fund)
        implied = (reported - profile.market * drawn["market"]) / profile.semiconductors
        drawn["semiconductors"] = np.where(
            np.isnan(reported), drawn["semiconductors"], implied
        )
    return drawn


def _returns(symbol: str) -> Array:
    """Return the close-to-close returns of a symbol over all sessions."""
    profile, factors = PROFILES[symbol], _factors()
    own = profile.noise * _clustered(f"{symbol}/noise", len(sample_sessions()))
    drawn = (
        profile.market * factors["market"]
        + profile.semiconductors * factors["semiconductors"]
        + profile.neoclouds * factors["neoclouds"]
        + own
    )
    reported = _pinned(symbol)
    return np.where(np.isnan(reported), np.maximum(drawn, -0.6), reported)


def _anchor(symbol: str) -> float:
    """Return the close on the anchor day: as reported, or as good as any."""
    moves = _closing_moves()
    told = moves[(moves["symbol"] == symbol) & (moves["date"] == pd.Timestamp(ANCHOR))]
    given = told["close"].dropna().to_list()
    return float(given[0]) if given else WITHOUT_CLOSE.get(symbol, 100.0)


def _bars(symbol: str) -> pd.DataFrame:
    """Return the bars of a symbol from its listing on."""
    returns, sessions = _returns(symbol), sample_sessions()
    growth = np.cumprod(1.0 + returns)
    close = _anchor(symbol) * growth / growth[sessions.get_loc(ANCHOR)]
    bars = pd.DataFrame(
        {"close": close, **_around(symbol, close, returns)}, index=sessions
    )
    bars = bars.round(DECIMALS).assign(dividends=0.0, splits=0.0)
    bars = bars.assign(adj_close=bars["close"])[list(COLUMNS)]
    listed = _instruments()[symbol].listed
    return bars if listed is None else bars[bars.index >= listed]


def _around(symbol: str, close: Array, returns: Array) -> dict[str, Any]:
    """Draw open, high, low and volume around closes.

    Given the whole move, the part before the open is that of a Brownian bridge.
    """
    n, daily = len(close), float(np.std(returns))
    reported = ~np.isnan(_pinned(symbol))
    share = np.where(reported, OVERNIGHT_ON_NEWS, OVERNIGHT)
    bridge = 0.5 * daily * np.sqrt(share * (1.0 - share))
    gap = share * np.log1p(returns) + bridge * _student(f"{symbol}/gap", n)
    opened = close / (1.0 + returns) * _settled(np.exp(gap))
    above, below = 0.4 * daily * np.abs(-np.log(_uniforms(f"{symbol}/range", (2, n))))
    crowd = _settled(np.exp(0.3 * _student(f"{symbol}/volume", n)))
    pace = 0.6 + 0.5 * np.abs(returns) / daily
    return {
        "open": opened,
        "high": np.maximum(opened, close) * _settled(np.exp(above)),
        "low": np.minimum(opened, close) * _settled(np.exp(-below)),
        "volume": np.rint(PROFILES[symbol].volume * crowd * pace),
    }
