"""Prices in another unit than their neighbours, and columns under the wrong name."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aftershock.prices import BARS
from aftershock.sources.findings import Inspection

FAR = np.log(7.0)
"""No session moves so far; the smallest slip of a unit is a factor of ten."""
UNITS = (10.0, 100.0, 1000.0, 10_000.0, 1_000_000.0)
_BLOCK = 60
_TOO_WIDE, _TOO_WIDE_ALL = 1.5, 1.25
_OFTEN, _MANY = 0.2, 5
Floats = NDArray[np.float64]


def in_one_unit(bars: pd.DataFrame, found: Inspection) -> pd.DataFrame:
    """Refuse rows whose columns, or whose neighbours, are of another magnitude.

    A row counts whose open, high or low is more than seven times or less than a seventh
    of its close, and a stretch of rows that leaves the level by as much and comes back
    to it. Where the volume fits between low and high, and the close does not, the
    columns are named as swapped.
    """
    apart = _apart(bars)
    for first, count in _stretches(apart):
        _note_row(bars, first, count, found)
    for first, count in _excursions(np.where(apart, np.nan, bars["close"])):
        _note_stretch(bars, first, count, found)
    return bars


def _apart(bars: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell for each row whether its prices are of more than one magnitude."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(bars[list(BARS)].to_numpy(np.float64))
    if not len(logs) or np.isnan(logs).all():
        return np.zeros(len(logs), dtype=bool)
    spread = np.fmax.reduce(logs, axis=1) - np.fmin.reduce(logs, axis=1)
    return np.asarray(spread > FAR)


def _stretches(marked: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield start and length of each run of marked rows."""
    at = np.flatnonzero(marked)
    if len(at):
        for run in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1):
            yield int(run[0]), len(run)


def _note_row(bars: pd.DataFrame, first: int, count: int, found: Inspection) -> None:
    """Record rows whose own columns do not fit each other."""
    row = bars.iloc[first]
    least, most = row[list(BARS)].min(), row[list(BARS)].max()
    level = row[["open", "high", "low"]].median()
    odd = not level / 7 < row["close"] < level * 7
    swapped = odd and level / 2 < row["volume"] < level * 2
    name = "swapped_columns" if swapped else "wrong_units"
    what = (
        f"close {row['close']:g}, volume {row['volume']:g}: exchanged?"
        if swapped
        else f"from {least:g} to {most:g} in one row"
    )
    found.note(name, bars.index[first], what + _more(count))


def _excursions(closes: Floats) -> Iterator[tuple[int, int]]:
    """Yield start and length of stretches far off the level that come back to it."""
    known = np.flatnonzero(np.isfinite(closes))
    moves = np.diff(np.log(closes[known]))
    jumps = np.flatnonzero(np.abs(moves) > FAR)
    while len(jumps):
        here, rest = jumps[0], jumps[1:]
        back = [j for j in rest if abs(moves[j] + moves[here]) < np.log(2.5)]
        if back:
            start, end = known[here + 1], known[back[0]]
            yield int(start), int(end - start + 1)
            rest = rest[rest > back[0]]
        elif _unit(moves[here]) >= UNITS[2]:
            yield int(known[here + 1]), 1
        jumps = rest


def _note_stretch(
    bars: pd.DataFrame, first: int, count: int, found: Inspection
) -> None:
    """Record a stretch at another level than the rows before it."""
    before = bars["close"].to_numpy()[:first]
    last = before[np.isfinite(before)][-1]
    close = float(bars["close"].iloc[first])
    fits = abs(np.log(max(bars["volume"].iloc[first], 1e-9) / last)) < np.log(2.5)
    if fits:
        what = f"volume {bars['volume'].iloc[first]:g}, close {close:g}: exchanged?"
        found.note("swapped_columns", bars.index[first], what + _more(count))
        return
    unit = _unit(float(np.log(close / last)))
    times = f"{unit:g} times" if close > last else f"1/{unit:g} of"
    what = f"close {close:g} after {last:g}: about {times} its level"
    found.note("wrong_units", bars.index[first], what + _more(count))


def _unit(move: float) -> float:
    """Return the power of ten that a log move is nearest to."""
    return min(UNITS, key=lambda unit: abs(abs(move) - np.log(unit)))


def _more(count: int) -> str:
    return f", and {count - 1} rows more" if count > 1 else ""


def under_their_names(bars: pd.DataFrame, found: Inspection) -> pd.DataFrame:
    """Refuse columns that stand under each other's name over many rows."""
    _ends_exchanged(bars, found)
    _range_exchanged(bars, found)
    _adjusted_exchanged(bars, found)
    return bars


def _ends_exchanged(bars: pd.DataFrame, found: Inspection) -> None:
    """Find open and close exchanged, by what lies between sessions.

    From one close to the next open is one night; from one open to the close of the
    session after it are a night and two days. The typical distance of the first is
    therefore smaller in every market: where it is larger, the names are exchanged.
    Blocks of 60 rows (by 1.5 times) and the whole (by 1.25 times) are compared.
    """
    known = bars[["open", "close"]].dropna()
    if len(known) <= _BLOCK:
        return
    opened, closed = np.log(known.to_numpy(np.float64)).T
    night, long = np.abs(opened[1:] - closed[:-1]), np.abs(closed[1:] - opened[:-1])
    sessions = known.index[1:]
    if np.median(night) > _TOO_WIDE_ALL * np.median(long):
        found.note("swapped_columns", sessions[0], "open and close, all rows")
        return
    whole = len(night) // _BLOCK * _BLOCK
    nights, longs = (
        np.median(x[len(x) - whole :].reshape(-1, _BLOCK), axis=1)
        for x in (night, long)
    )
    for at, _ in _stretches(nights > _TOO_WIDE * longs):
        session = sessions[len(night) - whole + at * _BLOCK]
        found.note("swapped_columns", session, "open and close, about here")


def _range_exchanged(bars: pd.DataFrame, found: Inspection) -> None:
    """Find open or close exchanged with high or low, by prices outside the range."""
    for end in ("open", "close"):
        for name, sign in (("high", 1.0), ("low", -1.0)):
            beyond = sign * (bars[end] - bars[name]).to_numpy(np.float64) > 0
            if beyond.sum() < _MANY:
                continue
            at = np.flatnonzero(beyond)
            near = at[_MANY - 1 :] - at[: 1 - _MANY] < _MANY / _OFTEN
            if near.any():
                session = bars.index[at[np.flatnonzero(near)[0]]]
                what = f"{end} and {name}, {beyond.sum()} rows"
                found.note("swapped_columns", session, what)


def _adjusted_exchanged(bars: pd.DataFrame, found: Inspection) -> None:
    """Find close and adj_close exchanged: dividends make the past cheaper."""
    factor = (bars["adj_close"] / bars["close"]).to_numpy(np.float64)
    factor = factor[np.isfinite(factor)]
    if len(factor) < 2 or factor.min() < 1 - 1e-6 or factor.max() > 2:
        return
    steps = np.flatnonzero(np.diff(factor) < -1e-3)  # one alone is a seam
    if len(steps) > 1:
        what = f"close and adj_close: adjusted up to {factor.max():.4g} times the close"
        found.note("swapped_columns", None, what)
