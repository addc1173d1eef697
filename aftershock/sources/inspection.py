"""From the rows a vendor gave to bars one can trust, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import numpy as np
import pandas as pd

from aftershock.calendar import YEARS, TradingCalendar
from aftershock.prices import BARS
from aftershock.sources.activity import traded, weigh_last
from aftershock.sources.base import COLUMNS, Date, Fetched, covering, provenance_of
from aftershock.sources.findings import RULES, Inspection
from aftershock.sources.seams import without_seams
from aftershock.sources.splits import split_like
from aftershock.sources.tables import CUT_OFF
from aftershock.sources.units import FAR, in_one_unit, under_their_names

_MISSING = frozenset({"", "nan", "null", "none", "na", "n/a", "-"})
_ISO = r"\d{4}-\d{2}-\d{2}(?:[T ].*)?"
_NAMED = 20
SETTLED = pd.Timedelta("15min")
"""How long after the close a vendor's bar may still change."""


def inspect(
    symbol: str,
    rows: pd.DataFrame,
    start: Date = None,
    end: Date = None,
    *,
    fetched_at: pd.Timestamp | None = None,
    calendar: TradingCalendar | None = None,
) -> tuple[pd.DataFrame, Inspection]:
    """Return the bars of one symbol between two dates, and what was wrong with them.

    Only the span asked for is judged: what lies outside it harms nothing. A row whose
    date cannot be read may belong to it.

    Parameters
    ----------
    symbol : str
    rows : DataFrame
        Column ``date`` and any of `COLUMNS`, as text or numbers.
    start, end : str, Timestamp or None
    fetched_at : Timestamp, optional
        Aware; bars of sessions that had not closed by then are left out.
    calendar : TradingCalendar, optional
    """
    found = Inspection(symbol)
    dates = _dates(rows["date"], found)
    asked = dates.isna() | _between(dates, start, end)
    dates = _past(dates, asked, fetched_at, found)
    for day in dates[asked & rows[CUT_OFF].to_numpy()] if CUT_OFF in rows else ():
        found.note("short_row", None if pd.isna(day) else day, "")
    last = dates.max()
    inside = dates.notna() & _between(dates, start, end)
    rows, dates = rows.loc[inside.to_numpy()], dates[inside]
    numbers = np.array([_numbers(name, rows, dates, found) for name in COLUMNS])
    index = pd.DatetimeIndex(dates, name="session").as_unit("us")
    bars = pd.DataFrame(numbers.T, index, list(COLUMNS))
    bars = _in_order(bars, found)
    if bars.empty:
        return bars, found
    known = covering(calendar, bars.index[0], bars.index[-1])
    bars = _on_sessions(bars, known, fetched_at, found)
    bars = _one_per_session(bars, found)
    given = bars["close"]
    for check in _CHECKS:
        bars = check(bars, found)
    _find_holes(bars, known, found)
    if fetched_at is None and last in bars.index[-1:]:
        weigh_last(bars, known, found)
    found.place(given)
    return bars, found


def examined(
    symbol: str,
    source: str,
    rows: pd.DataFrame | None,
    start: Date = None,
    end: Date = None,
    *,
    fetched_at: pd.Timestamp | None = None,
    note: str = "",
) -> Fetched:
    """Return what rows of one symbol are worth: used, refused or missing."""
    if rows is None:
        return Fetched({}, missing={symbol: "no_prices"})
    bars, found = inspect(symbol, rows, start, end, fetched_at=fetched_at)
    when = None if fetched_at is None else fetched_at.isoformat()
    origin = (provenance_of(symbol, source, bars, when, note),)
    judged = Fetched({}, warnings=tuple(found.warnings), defects=tuple(found.defects))
    if found.refused:
        missing = {symbol: "price_defect"}
        return replace(
            judged, missing=missing, provenance=origin, refused={symbol: bars}
        )
    if bars["close"].notna().sum() == 0:
        return replace(judged, missing={symbol: "no_prices"})
    return replace(judged, bars={symbol: bars}, provenance=origin)


def unreadable(symbol: str, source: str, why: str) -> Fetched:
    """Return the refusal of a symbol whose file is broken; it cannot be accepted."""
    found = Inspection(symbol)
    found.note("corrupt_file", None, why)
    defects = tuple(found.defects)
    return Fetched({}, missing={symbol: "price_defect"}, defects=defects)


def _dates(column: pd.Series, found: Inspection) -> pd.Series:
    """Return naive midnights in microseconds; NaT, and a defect, for anything else."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("America/New_York").dt.tz_localize(None)
    if not pd.api.types.is_datetime64_dtype(column):
        text = column.astype(str).str.strip()
        iso = text.where(text.str.fullmatch(_ISO)).str.slice(0, 10)
        column = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce")
        for value in text[column.isna()].head(1):
            found.note("not_a_date", None, repr(value))
    days = column.dt.normalize().dt.as_unit("us")
    return cast("pd.Series", days.reset_index(drop=True))


def _past(
    dates: pd.Series,
    asked: pd.Series[bool],
    fetched_at: pd.Timestamp | None,
    found: Inspection,
) -> pd.Series:
    """Leave out days that are still to come, and tell of those that were asked for.

    A vendor's sessions that are not over are another rule's: `_on_sessions`.
    """
    today = pd.Timestamp.now("America/New_York").tz_localize(None).normalize()
    late = dates > (today if fetched_at is None else pd.Timestamp(YEARS[1], 12, 31))
    for day in dates[late & asked].head(_NAMED):
        found.note("future_row", day, "")
    early = dates < pd.Timestamp(YEARS[0], 1, 1)
    for day in dates[early].head(1):
        found.note("not_a_date", None, f"'{str(day)[:10]}'")
    return dates.mask(late | early) if late.any() or early.any() else dates


def _between(dates: pd.Series, start: Date, end: Date) -> pd.Series:
    """Say which dates lie in a span, both ends included."""
    first = dates.min() if start is None else pd.Timestamp(start)
    last = dates.max() if end is None else pd.Timestamp(end)
    return (dates >= first) & (dates <= last)


def _numbers(
    name: str, rows: pd.DataFrame, dates: pd.Series, found: Inspection
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return a column as floats; NaN, and a defect, where there is text."""
    if name not in rows:
        return np.full(len(rows), np.nan)
    column = rows[name]
    values = pd.to_numeric(column, errors="coerce").to_numpy(
        np.float64, na_value=np.nan
    )
    if pd.api.types.is_numeric_dtype(column) and not np.isinf(values).any():
        return values
    blank = column.isna() | column.astype(str).str.strip().str.lower().isin(_MISSING)
    wrong = (np.isnan(values) & ~blank.to_numpy()) | np.isinf(values)
    for at in np.flatnonzero(wrong):
        found.note("not_a_number", dates.iloc[at], f"{name} {column.iloc[at]!r}")
    return np.where(wrong, np.nan, values)


def _in_order(bars: pd.DataFrame, found: Inspection) -> pd.DataFrame:
    """Sort the rows by date; the first one that came too late is named."""
    late = np.diff(bars.index.to_numpy()) < np.timedelta64(0)
    if late.any():
        found.tell("unsorted", bars.index[1:][late][:1])
    return bars.sort_index(kind="stable")


def _on_sessions(
    bars: pd.DataFrame,
    calendar: TradingCalendar,
    fetched_at: pd.Timestamp | None,
    found: Inspection,
) -> pd.DataFrame:
    """Leave out rows on days without session, and of sessions not yet closed."""
    traded = bars.index.isin(calendar.sessions)
    if not traded.all():
        left = bars.loc[~traded, "close"]
        left = left[~left.index.duplicated()]
        found.tell("holiday_row", left.index, [f"close {x:g}" for x in left])
        bars = bars[traded]
    if fetched_at is None:
        return bars
    done = calendar.closes(pd.DatetimeIndex(bars.index)) + SETTLED <= fetched_at
    found.tell("partial_bar", bars.index[~done])
    return bars if done.all() else bars[done]


def _one_per_session(bars: pd.DataFrame, found: Inspection) -> pd.DataFrame:
    """Keep one of equal rows; rows that disagree are a severe defect, the last kept."""
    if bars.index.is_unique:
        return bars
    doubled = bars[bars.index.duplicated(keep=False)]
    for session, group in doubled.groupby(level=0):
        if len(group.drop_duplicates()) > 1:
            closes = " and ".join(f"{value:g}" for value in group["close"])
            found.note("duplicate_rows", session, f"close {closes}")
        else:
            found.tell("repeated_rows", group.index[:1])
    return bars[~bars.index.duplicated(keep="last")]


def _positive(bars: pd.DataFrame, found: Inspection) -> pd.DataFrame:
    """Refuse prices <= 0 and volumes < 0; where accepted, they count as missing."""
    priced = bars[[*BARS, "adj_close"]].to_numpy()
    if not (priced <= 0).any() and not (bars["volume"].to_numpy() < 0).any():
        return bars
    for name in (*BARS, "adj_close"):
        for session, value in bars.loc[bars[name] <= 0, name].items():
            found.note("not_positive", session, f"{name} {value:g}")
    for session, value in bars.loc[bars["volume"] < 0, "volume"].items():
        found.note("negative_volume", session, f"{value:g}")
    kept = {name: bars[name].where(bars[name] > 0) for name in (*BARS, "adj_close")}
    return bars.assign(**kept, volume=bars["volume"].where(bars["volume"] >= 0))


def _ranged(bars: pd.DataFrame, found: Inspection) -> pd.DataFrame:
    """Refuse a high below the low; mention an open or a close outside both."""
    high, low = bars["high"].to_numpy(), bars["low"].to_numpy()
    for at in np.flatnonzero(high < low).tolist():
        value = f"high {high[at]:g}, low {low[at]:g}"
        found.note("high_below_low", bars.index[at], value)
    ends = bars[["open", "close"]].to_numpy().T
    beyond = np.fmax(ends / high, low / ends).max(axis=0)
    outside = (beyond > 1.005) & (high >= low)
    for at in np.flatnonzero(outside & (beyond > _FAR_OUTSIDE)).tolist():
        value = f"by {100 * (beyond[at] - 1):.1f}\u2009%"
        found.note("outside_range", bars.index[at], value)
    if outside.any():
        found.tell("outside_range", bars.index[outside & (beyond <= _FAR_OUTSIDE)])
    return bars


def _unsplit(bars: pd.DataFrame, found: Inspection) -> pd.DataFrame:
    """Refuse a jump of the price that looks like a split nobody adjusted for.

    An index (``^``) has no shares to split.
    """
    jumps = () if found.symbol.startswith("^") else split_like(bars)
    told = found.has("wrong_units") or found.has("swapped_columns")
    for session, ratio, jump in jumps:
        if told and abs(np.log1p(jump)) > FAR:
            continue  # said already, and better
        by = f"{100 * jump:+.1f}\u2009%"
        found.note("unadjusted_split", session, f"{ratio} for 1, close {by}")
    return bars


def _adjusting(bars: pd.DataFrame, found: Inspection) -> pd.DataFrame:
    """Let close stand for an adjusted close that is nowhere given."""
    if bars["close"].notna().any() and bars["adj_close"].isna().all():
        found.warnings.append(f"{found.symbol}: {RULES['no_adj_close']}")
        found.note("no_adj_close", None, "", "minor")
        return bars.assign(adj_close=bars["close"])
    return bars


def _find_holes(
    bars: pd.DataFrame, calendar: TradingCalendar, found: Inspection
) -> None:
    """Name the sessions inside the history that have no close."""
    closes = pd.DatetimeIndex(bars["close"].dropna().index)
    if len(closes):
        sessions = calendar.sessions
        first, last = sessions.searchsorted(closes[[0, -1]])
        if last - first + 1 > len(closes):
            span = sessions[first : last + 1]
            found.tell("missing_session", span.difference(closes))


_FAR_OUTSIDE = 1.05
_CHECKS: tuple[Callable[[pd.DataFrame, Inspection], pd.DataFrame], ...] = (
    _positive,
    in_one_unit,
    under_their_names,
    _ranged,
    without_seams,
    traded,
    _adjusting,
    _unsplit,
)
