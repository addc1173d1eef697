"""The rules that the frames of a panel keep, each with one clear message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from aftershock.errors import PriceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

BARS = ("open", "high", "low", "close")
FRAMES = (*BARS, "volume", "dividends", "splits", "adjustment")
_LEFT_OUT = {"dividends": 0.0, "splits": 0.0, "adjustment": 1.0}


def canonical_bytes(values: NDArray[np.float64]) -> bytes:
    """Return little-endian bytes of floats that are the same in every process."""
    plain = np.where(np.isnan(values), np.nan, values) + 0.0
    return np.ascontiguousarray(plain).astype("<f8").tobytes()


def frozen(
    values: NDArray[np.float64], index: pd.Index, columns: pd.Index
) -> pd.DataFrame:
    """Return a frame over an array that can no longer be written to."""
    values.setflags(write=False)
    return pd.DataFrame(values, index=index, columns=columns, copy=False)


def axes(name: str, frame: object) -> tuple[pd.DatetimeIndex, pd.Index]:
    """Return the sessions and the symbols of a frame, checked."""
    if not isinstance(frame, pd.DataFrame):
        raise PriceError(
            f"{type(frame).__name__} where prices are needed",
            where=name,
            allowed="a DataFrame, sessions x symbols",
        )
    odd = next((c for c in frame.columns if not isinstance(c, str) or not c), None)
    if odd is not None:
        raise PriceError(
            f"the column {odd!r} is no symbol",
            where=name,
            allowed="strings: write 'ON', not True",
        )
    if not frame.columns.is_unique:
        doubled = frame.columns[frame.columns.duplicated()][0]
        raise PriceError(f"the symbol '{doubled}' is there twice", where=name)
    return _session_index(name, frame.index), pd.Index(frame.columns, name="symbol")


def _session_index(name: str, index: pd.Index) -> pd.DatetimeIndex:
    """Return an index of dates as naive midnights in microseconds."""
    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    if pd.api.types.is_numeric_dtype(index):
        raise PriceError(
            f"the index holds numbers ({index[:1].tolist()}), no dates", where=name
        )
    try:
        form = "ISO8601" if index.inferred_type == "string" else None
        dates = pd.DatetimeIndex(pd.to_datetime(index, format=form))
    except (ValueError, TypeError) as error:
        raise PriceError(f"the index holds no dates: {error}", where=name) from error
    sessions = dates.tz_localize(None).as_unit("us").rename("session")
    if sessions.hasnans:
        raise PriceError("the index holds a missing date", where=name)
    _check_sessions(name, sessions)
    return sessions


def _check_sessions(name: str, sessions: pd.DatetimeIndex) -> None:
    """Refuse times of day, doubled and unsorted sessions."""
    timed = sessions[sessions != sessions.normalize()]
    if len(timed):
        raise PriceError(
            f"{timed[0]} is a time, not a date",
            where=name,
            allowed="one row per session, labelled with its date",
        )
    if not sessions.is_unique:
        doubled = sessions[sessions.duplicated()][0]
        raise PriceError(f"the session {doubled:%Y-%m-%d} is there twice", where=name)
    if not sessions.is_monotonic_increasing:
        steps = np.diff(sessions.to_numpy()) < np.timedelta64(0)
        late = sessions[1:][steps][0]
        raise PriceError(
            f"the sessions are not in order: {late:%Y-%m-%d} comes too late",
            where=name,
            do="frame.sort_index()",
        )


def values(
    name: str, frame: pd.DataFrame | None, index: pd.DatetimeIndex, columns: pd.Index
) -> NDArray[np.float64]:
    """Return a frame's numbers as a fresh array, its axes equal to those of close."""
    if frame is None:
        return np.full((len(index), len(columns)), _LEFT_OUT.get(name, np.nan))
    own_index, own_columns = axes(name, frame)
    for what, own, expected in (
        ("sessions", own_index, index),
        ("symbols", own_columns, columns),
    ):
        if not own.equals(expected):
            differing = pd.Index(own).symmetric_difference(pd.Index(expected))
            first = (
                f", first {next(iter(differing))}" if len(differing) else " in order"
            )
            raise PriceError(
                f"its {what} differ from those of close{first}", where=name
            )
    try:
        return np.array(frame.to_numpy(dtype=np.float64, na_value=np.nan))
    except (ValueError, TypeError) as error:
        raise _not_a_number(name, frame) from error


def _not_a_number(name: str, frame: pd.DataFrame) -> PriceError:
    """Return the error that names the first cell that is no number."""
    for symbol, column in frame.items():
        odd = pd.to_numeric(column, errors="coerce").isna() & column.notna()
        if odd.any():
            row = frame.index[int(odd.to_numpy().argmax())]
            return PriceError(
                f"{column[odd].iloc[0]!r} is no number",
                where=f"{name}, {symbol}, {row}",
            )
    return PriceError("the values are no numbers", where=name)


def check_values(
    name: str,
    values: NDArray[np.float64],
    index: pd.DatetimeIndex,
    columns: pd.Index,
    trusted: NDArray[np.bool_],
) -> None:
    """Refuse infinite values, prices <= 0 and negative amounts."""
    positive = name in (*BARS, "adjustment")
    low = values <= 0 if positive else values < 0
    wrong = (low & ~trusted) | np.isinf(values)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        bound = "> 0" if positive else ">= 0"
        raise PriceError(
            f"the value {values[row, column]:g} is not possible",
            where=f"{name}, {columns[column]}, {index[row]:%Y-%m-%d}",
            allowed=f"finite numbers {bound}; NaN where there is none",
        )


def check_range(
    high: pd.DataFrame, low: pd.DataFrame, trusted: NDArray[np.bool_]
) -> None:
    """Refuse a bar whose high is below its low."""
    top, bottom = high.to_numpy(), low.to_numpy()
    wrong = (top < bottom) & ~trusted
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise PriceError(
            f"high {top[row, column]:g} is below low {bottom[row, column]:g}",
            where=f"{high.columns[column]}, {high.index[row]:%Y-%m-%d}",
        )
