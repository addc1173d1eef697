"""From split-adjusted bars to one basis: dividends inside the prices or beside."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.prices import BARS

_MOST_DECIMALS = 8
_LEAST_YIELD = 2e-5


def adjusted(bars: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Return bars on one basis: open, high, low, close, volume, dividends, splits.

    ``total_return``: prices times ``adj_close / close``, no dividend. ``split``: prices
    as given; the dividends of the source, else those that `adj_close` implies.
    """
    kept = bars.drop(columns="adj_close")
    if basis == "total_return":
        factor = bars["adj_close"] / bars["close"]
        scaled = {name: bars[name] * factor for name in BARS}
        return kept.assign(**scaled, dividends=0.0, adjustment=factor)
    kept = kept.assign(adjustment=1.0)
    if bars["dividends"].isna().all():
        return kept.assign(dividends=implied_dividends(bars))
    return kept


def implied_dividends(bars: pd.DataFrame) -> pd.Series:
    """Return the cash per share that the adjusted closes imply, by ex-session.

    With f = adj_close / close, a dividend D on session t makes
    ``f[t-1] / f[t] = 1 - D / close[t-1]`` (the usual back-adjustment), which is solved
    for D. What rounding of `adj_close` can produce (one unit of its last decimal on
    either side) is not taken for a dividend, nor less than 0.002 % of the price.
    """
    known = bars[["close", "adj_close"]].dropna()
    before = known.shift(1)
    ratio = (before["adj_close"] / before["close"]) * (
        known["close"] / known["adj_close"]
    )
    unit = 10.0 ** -decimals_of(known["adj_close"].to_numpy())
    noise = unit * (1 / known["adj_close"] + 1 / before["adj_close"])
    cash = before["close"] * (1.0 - ratio)
    return (
        cash.where(1.0 - ratio > np.maximum(noise, _LEAST_YIELD), 0.0)
        .reindex(bars.index)
        .fillna(0.0)
    )


def decimals_of(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> int:
    """Return how many decimals a vendor wrote, at most eight."""
    for decimals in range(_MOST_DECIMALS):
        if np.allclose(values, np.round(values, decimals), rtol=0, atol=1e-9):
            return decimals
    return _MOST_DECIMALS
