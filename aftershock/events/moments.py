"""When an event was published: from what a record says to earliest and latest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from aftershock.calendar import (
    NEW_YORK,
    PRECISIONS,
    YEARS,
    TradingCalendar,
    end_of_day,
    event_sessions,
    label,
)
from aftershock.errors import EventError

SECOND = pd.Timedelta(seconds=1)
WIDE = pd.Timedelta(hours=24)
HOUR = timedelta(hours=1)
Window = tuple[pd.Timestamp, pd.Timestamp]


def window_of(record: Mapping[str, str], where: str) -> tuple[Window, str]:
    """Return the window of a record, and its precision.

    Parameters
    ----------
    record : mapping
        Of `published`, `earliest`, `latest` and `precision` what is written.
        A window wins over `published`, save for precision ``exact``.
    where : str
        File and line, for messages.

    Raises
    ------
    EventError
        Where the time is missing, unreadable, or contradicts itself.
    """
    for key in ("published", "earliest", "latest"):
        _refuse_far(record.get(key, ""), where)
    given = record.get("published", "")
    precision = record.get("precision") or _precision_of(given)
    window = _own_window(record, where)
    if precision == "exact":
        return _exact(given, window, where), precision
    if window is None and not given:
        raise EventError(
            "no time is given",
            where=where,
            do="write published, or earliest and latest",
        )
    if window is None:
        window = _widened(given, precision, where)
    _refuse_too_wide(window, precision, where)
    return window, precision


def offset_slip(record: Mapping[str, str]) -> str:
    """Return what to look at where an offset is an hour off New York's of that day.

    That is what a clock of the other half of the year gives; other offsets are those of
    authors elsewhere, and a zone that is named keeps its own clock.
    """
    for key in ("published", "earliest", "latest"):
        moment = _with_offset(record.get(key, ""))
        if moment is None:
            continue
        there = moment.astimezone(NEW_YORK)
        if abs(moment.replace(tzinfo=None) - there.replace(tzinfo=None)) == HOUR:
            given, usual = (stamp.isoformat()[-6:] for stamp in (moment, there))
            return (
                f"{key} has {given}, New York {usual} on {there:%Y-%m-%d}: is it "
                "meant? If so, name its zone instead, as 'America/Chicago'"
            )
    return ""


def _with_offset(text: str) -> datetime | None:
    """Return a moment that is written with an offset in figures; else nothing."""
    if not re.search(r":.*[+-]\d\d(:?\d\d)?$", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # `published` beside a window is not read
        return None


def _precision_of(given: str) -> str:
    """Return the precision that a record without one must mean."""
    if re.fullmatch(r"\d{4}-\d{2}", given):
        return "month"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        return "day"
    return "exact" if given else "session"


def _refuse_far(text: str, where: str = "") -> None:
    """Refuse a year in which no share was traded that can be meant."""
    year = text[:4]
    if year.isascii() and year.isdigit() and not YEARS[0] <= int(year) <= YEARS[1]:
        raise EventError(
            f"'{text}' lies in the year {year}",
            where=where,
            allowed=f"years from {YEARS[0]} to {YEARS[1]}",
            do="mend the date",
        )


def _own_window(record: Mapping[str, str], where: str) -> Window | None:
    ends = [record.get("earliest"), record.get("latest")]
    if not any(ends):
        return None
    if not all(ends):
        raise EventError("earliest and latest belong together", where=where)
    earliest, latest = (parse_moment(str(end), where) for end in ends)
    if earliest > latest:
        raise EventError("earliest is later than latest", where=where)
    return earliest, latest


def _exact(given: str, window: Window | None, where: str) -> Window:
    if not given:
        raise EventError(
            "precision 'exact' needs published",
            where=where,
            do="write published, or 'precision: session' with earliest and latest",
        )
    if _precision_of(given) != "exact":
        raise EventError(f"'{given}' is no exact time", where=where)
    moment = parse_moment(given, where)
    if window and not window[0] <= moment <= window[1]:
        raise EventError("published lies outside earliest..latest", where=where)
    return moment, moment


def _widened(given: str, precision: str, where: str) -> Window:
    """Return what `published` stands for where it is less than exact."""
    if _precision_of(given) == "month":
        given += "-01"
    if _precision_of(given) == "day":
        parse_moment(f"{given}T00:00:00Z", where)
        moment = pd.Timestamp(given, tz=NEW_YORK).as_unit("us")
        return _month(moment) if precision == "month" else whole_day(moment)
    moment = parse_moment(given, where)
    if precision == "month":
        return _month(moment)
    return whole_day(moment) if precision == "day" else session_window(moment)


def _month(moment: pd.Timestamp) -> Window:
    first = moment.normalize().replace(day=1)
    return first, end_of_day(first + pd.offsets.MonthEnd(1))


def day_or_moment(text: str) -> pd.Timestamp:
    """Return a moment, or the end of the New York day that a text states.

    Raises
    ------
    EventError
        For a text that is neither.
    """
    _refuse_far(text)
    if _precision_of(text) == "day":
        parse_moment(f"{text}T00:00:00Z")
        return end_of_day(pd.Timestamp(text, tz=NEW_YORK))
    return parse_moment(text)


def whole_day(moment: pd.Timestamp) -> Window:
    """Return 00:00:00 to 23:59:59 of the New York day of a moment."""
    return moment.normalize(), end_of_day(moment)


def session_window(moment: pd.Timestamp) -> Window:
    """Return the part of the trading day in which a moment lies.

    Pre-market from 04:00:00 to 09:29:59, the session from the open to a second
    before the close, after-hours from the close to 20:00:00, the rest of the night
    before or after; on a day without a session the whole day.
    """
    calendar = TradingCalendar.load()
    day = moment.normalize()
    if not calendar.is_session(moment):
        return whole_day(moment)
    opened, closed = calendar.open_at(moment), calendar.close_at(moment)
    parts = [
        (day, day.replace(hour=4) - SECOND),
        (day.replace(hour=4), opened - SECOND),
        (opened, closed - SECOND),
        (closed, day.replace(hour=20)),
        (day.replace(hour=20) + SECOND, end_of_day(moment)),
    ]
    return next(part for part in parts if moment < part[1] + SECOND)


def _refuse_too_wide(window: Window, precision: str, where: str) -> None:
    """Refuse a window over three sessions now rather than in the middle of a study."""
    if precision not in PRECISIONS or window[1] - window[0] < WIDE:
        return
    calendar = TradingCalendar.load()
    if label(window[0]) < calendar.start or label(window[1]) > calendar.end:
        return  # whoever asks for its sessions is told; a filter may leave it out
    try:
        event_sessions(*window, precision, calendar)
    except EventError as error:
        raise EventError(
            error.found, where=where, allowed=error.allowed, do=error.do
        ) from error


def parse_moment(text: str, where: str = "") -> pd.Timestamp:
    """Return the moment that a text states, in New York time, unit ``us``.

    Parameters
    ----------
    text : str
        ISO 8601 with an offset (``2026-07-01T08:00:00-04:00``), or a wall-clock
        time (blank or ``T``) and its zone (``2026-07-01 08:00 America/New_York``).
    where : str, optional
        File and line, for the message.

    Raises
    ------
    EventError
        For a text without a zone, and for a wall-clock time that its zone skips
        or has twice when its clocks change.
    """
    clock, _, zone = text.strip().rpartition(" ")
    if "/" not in zone and zone != "UTC":
        clock, zone = text.strip(), ""
    try:
        moment = datetime.fromisoformat(clock)
    except ValueError as error:
        raise EventError(
            f"'{text}' is not a time",
            where=where,
            allowed="2026-07-01T08:00:00-04:00, 2026-07-01T08:00:00 America/New_York",
            do="write it like 2026-07-01T08:00:00-04:00, or a day alone: 2026-07-01",
        ) from error
    if zone and moment.tzinfo is None:
        moment = _localise(moment, zone, text, where)
    if moment.tzinfo is None:
        raise EventError(
            f"'{text}' has no time zone",
            where=where,
            do=f"write its offset, or its zone: '{clock} America/New_York'",
        )
    return pd.Timestamp(moment).tz_convert(NEW_YORK).as_unit("us")


def _localise(clock: datetime, zone: str, text: str, where: str) -> datetime:
    """Put a wall-clock time into its zone; a skipped or doubled one is an error."""
    try:
        tz = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise EventError(f"'{zone}' is not a time zone", where=where) from error
    early, late = clock.replace(tzinfo=tz, fold=0), clock.replace(tzinfo=tz, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    back = early.astimezone(ZoneInfo("UTC")).astimezone(tz).replace(tzinfo=None)
    fault = "happens twice" if back == clock else "does not exist"
    raise EventError(
        f"'{text}' {fault}: the clocks of {zone} change",
        where=where,
        do="write the offset from UTC",
    )
