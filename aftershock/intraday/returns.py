"""Bars -> returns by slot."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.abnormal import FloatArray
from aftershock.errors import StudyError
from aftershock.intraday.slots import GAP, Slots
from aftershock.prices.bars import Bars


def bar_returns(bars: Bars, slots: Slots) -> pd.DataFrame:
    """Return simple returns, slots x symbols; NaN where either price is missing.

    Notes
    -----
    gap = open of the first bar / close of the last bar of the session before - 1;
    first bar = close / open - 1; other bars = close / close of the bar before - 1.
    Nothing is filled and no missing bar is spanned, so that the returns of a session
    with all its bars compound to last close / last close before - 1.

    A bar starts with its first trade, which need not be the opening auction, and ends
    with its last, which is not the closing auction. On mornings of news the two opens
    may differ by a per cent: how a move divides between gap and first bar is less sure
    than their sum, so that a window [0, 1] belongs beside [0, 0].
    """
    _check_size(bars, slots)
    opens, closes = _matrix(bars, slots, "open"), _matrix(bars, slots, "close")
    before, after = _shifted(closes, 1), _shifted(opens, -1)
    number = slots.number[:, None]
    start = np.where(number == GAP + 1, opens, before)
    end = np.where(number == GAP, after, closes)
    return pd.DataFrame(end / start - 1, index=slots.labels, columns=list(bars.frames))


def bar_volume(bars: Bars, slots: Slots) -> pd.DataFrame:
    """Return the shares traded, slots x symbols; NaN for gaps and missing bars.

    A volume of zero in a bar whose price moved is a vendor's hole, not a count: NaN.
    """
    _check_size(bars, slots)
    volume, high, low = (_matrix(bars, slots, c) for c in ("volume", "high", "low"))
    told = np.where((volume == 0) & (high > low), np.nan, volume)
    return pd.DataFrame(told, index=slots.labels, columns=list(bars.frames))


def _matrix(bars: Bars, slots: Slots, column: str) -> FloatArray:
    """Return one column of all symbols on the slots, (T, K)."""
    taken = [
        frame[column].tz_localize(None).reindex(slots.labels).to_numpy(dtype=float)
        for frame in bars.frames.values()
    ]
    return np.column_stack(taken) if taken else np.empty((len(slots), 0))


def _shifted(values: FloatArray, by: int) -> FloatArray:
    """Return the values of the slot before (1) or after (-1), NaN at the ends."""
    moved = np.roll(values, by, axis=0)
    moved[0 if by > 0 else -1] = np.nan
    return moved


def _check_size(bars: Bars, slots: Slots) -> None:
    """Bars of one size on slots of another would be mostly missing, silently."""
    if bars.size != slots.size:
        raise StudyError(
            f"bars of {bars.size} on slots of {slots.size}",
            where="frequency",
            allowed="bars and slots of one size",
            do="name the same frequency for both",
        )
