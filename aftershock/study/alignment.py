"""Frames on the study calendar: their sessions, volumes, and rows left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from aftershock.abnormal import BoolArray, FloatArray
from aftershock.errors import StudyError

if TYPE_CHECKING:
    from aftershock.study.panel import StudyPanel


def sessions_of(frame: pd.DataFrame, timed: bool) -> pd.DatetimeIndex:
    """Return the frame's sessions, or say what is wrong with its index."""
    try:
        calendar = _us(frame.index, timed)
    except (TypeError, ValueError) as error:
        raise StudyError(
            f"the index is not made of dates: {error}", where="returns or factors"
        ) from error
    if not calendar.is_monotonic_increasing or not calendar.is_unique:
        raise StudyError(
            "the sessions are not in order, or one stands twice",
            where="returns or factors",
            allowed="each session once, ascending",
            do="sort the frame and remove duplicates: frame.sort_index()",
        )
    return calendar


def _us(index: pd.Index, timed: bool) -> pd.DatetimeIndex:
    """Return an index without zone, in microseconds; without time unless `timed`."""
    # the same index where it serves: it knows already whether it is in order
    dates = index if isinstance(index, pd.DatetimeIndex) else pd.DatetimeIndex(index)
    if dates.tz is not None:
        dates = dates.tz_localize(None)
    if dates.unit != "us":
        dates = dates.as_unit("us")
    return dates if timed or dates.is_normalized else dates.normalize()


def log_volume(
    volume: pd.DataFrame | None, panel: StudyPanel, *, timed: bool = False
) -> FloatArray | None:
    """Return log volume on the panel's sessions and symbols, (T, K); NaN for none.

    Raises
    ------
    StudyError
        For an index that is not dates in order.
    """
    if volume is None:
        return None
    sessions_of(volume, timed)
    aligned = volume.set_axis(_us(volume.index, timed), axis=0)
    table = aligned.reindex(index=panel.calendar, columns=list(panel.symbols))
    values = table.to_numpy(dtype=float, na_value=np.nan)
    return np.log(np.where(values > 0, values, np.nan))


def excluded_rows(
    panel_symbols: Sequence[str],
    calendar: pd.DatetimeIndex,
    named: Sequence[tuple[str, pd.Timestamp]],
) -> BoolArray:
    """Mark -1 .. +1 sessions around each event that names the symbol itself, (T, K)."""
    marked = np.zeros((len(calendar), len(panel_symbols)), dtype=bool)
    index = {symbol: k for k, symbol in enumerate(panel_symbols)}
    for symbol, session in named:
        inside = len(calendar) and calendar[0] <= pd.Timestamp(session) <= calendar[-1]
        if symbol in index and inside:
            row = int(calendar.searchsorted(pd.Timestamp(session)))
            marked[max(row - 1, 0) : row + 2, index[symbol]] = True
    return marked
