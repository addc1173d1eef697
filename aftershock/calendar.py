"""Sessions of the New York exchange, and the session to which a moment belongs.

A moment before the close of a session belongs to that session, a later one to the
next: the first whose closing price can hold the news. Half days close at 13:00.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from aftershock.errors import EventError

NEW_YORK = ZoneInfo("America/New_York")
POLICIES = ("next", "previous", "drop", "error")
FIRST = "1990-01-01"
"""Before autumn 1985 sessions had other hours than those that are known here."""
PRECISIONS: dict[str, str] = {
    "exact": "the time of publication is known to the minute or better",
    "session": "only a window inside one trading session is known",
    "day": "only the New York day is known",
    "approximate": "day and session are an informed guess",
    "month": "only the month is known: kept in the catalogue, never studied",
}
YEARS = (1885, 2200)
"""No calendar of sessions is older; what lies later is a slip of the pen."""
Date = str | datetime | pd.Timestamp


@dataclass(frozen=True, eq=False)
class TradingCalendar:
    """The sessions of XNYS between two dates; see `load`.

    Attributes
    ----------
    sessions, opening, closing : DatetimeIndex
        Naive midnights; UTC aware moments, one for each session. Unit ``us``.
    start, end : Timestamp
        The dates between which it knows every session; naive midnights.
    """

    sessions: pd.DatetimeIndex
    opening: pd.DatetimeIndex
    closing: pd.DatetimeIndex
    start: pd.Timestamp
    end: pd.Timestamp

    @classmethod
    def load(cls, start: Date = FIRST, end: Date | None = None) -> TradingCalendar:
        """Return the calendar between two dates; the same object for the same dates.

        Without an end it knows the year after this one too.
        """
        last = f"{datetime.now(NEW_YORK).year + 1}-12-31" if end is None else end
        return _load(str(pd.Timestamp(start).date()), str(pd.Timestamp(last).date()))

    def is_session(self, date: Date) -> bool:
        """Tell whether the exchange trades on a date (the time of day is ignored)."""
        return label(date) in self.sessions

    def roll_forward(self, date: Date) -> pd.Timestamp:
        """Return the first session on or after a date.

        Raises
        ------
        EventError
            Outside the calendar; also before its start, whose sessions it lacks.
        """
        return self._at(int(self.sessions.searchsorted(self._known(date))), date)

    def roll_back(self, date: Date) -> pd.Timestamp:
        """Return the last session on or before a date; raises as `roll_forward`."""
        return self._at(
            int(self.sessions.searchsorted(self._known(date), side="right")) - 1, date
        )

    def shift(self, session: Date, n: int) -> pd.Timestamp:
        """Return the session `n` sessions later, or earlier where `n` is negative."""
        return self._at(self._position(session) + n, session)

    def open_at(self, session: Date) -> pd.Timestamp:
        """Return the moment at which a session opens, New York time."""
        return self.opening[self._position(session)].tz_convert(NEW_YORK)

    def close_at(self, session: Date) -> pd.Timestamp:
        """Return the moment at which a session closes: 16:00, or 13:00 on half days."""
        return self.closing[self._position(session)].tz_convert(NEW_YORK)

    def is_half_day(self, session: Date) -> bool:
        """Tell whether a session closes before 16:00."""
        return bool(self.close_at(session).hour < 16)

    def opens(self, index: pd.DatetimeIndex) -> pd.DatetimeIndex:
        """Return the opening moments of many sessions, UTC."""
        return self.opening[self._positions(index)]

    def closes(self, index: pd.DatetimeIndex) -> pd.DatetimeIndex:
        """Return the closing moments of many sessions, UTC."""
        return self.closing[self._positions(index)]

    def session_of(
        self, moment: pd.Timestamp, policy: str = "next"
    ) -> pd.Timestamp | None:
        """Return the session whose close is the first that could know of a moment.

        Parameters
        ----------
        moment : Timestamp
            Aware.
        policy : {"next", "previous", "drop", "error"}
            For moments on a day without a session; None is returned for ``drop``.

        Raises
        ------
        EventError
            For policy ``error`` and one that is not known, and outside the calendar.
        """
        if policy not in POLICIES:
            raise EventError(
                f"no policy is named '{policy}'",
                where="policy",
                allowed=", ".join(POLICIES),
                do="name one of them",
            )
        local = moment.tz_convert(NEW_YORK)
        self._known(local)
        if not self.is_session(local):
            return self._off_session(local, policy)
        session = label(local)
        return session if local < self.close_at(session) else self.shift(session, 1)

    def _off_session(self, date: pd.Timestamp, policy: str) -> pd.Timestamp | None:
        if policy == "drop":
            return None
        if policy == "error":
            raise EventError(
                f"{date:%A %Y-%m-%d} is not a session and the policy is 'error'",
                allowed="policy next, previous or drop",
            )
        return self.roll_back(date) if policy == "previous" else self.roll_forward(date)

    def _position(self, session: Date) -> int:
        at = int(self.sessions.searchsorted(day := label(session)))
        here = (self.sessions[at : at + 1] == day).any()
        return at if here else int(self._positions(pd.DatetimeIndex([day]))[0])

    def _positions(self, index: pd.DatetimeIndex) -> npt.NDArray[np.intp]:
        found = cast("npt.NDArray[np.intp]", self.sessions.get_indexer(index))
        if (found < 0).any():
            date = index[int(np.argmax(found < 0))]
            raise EventError(
                f"{date:%Y-%m-%d} ({date:%A}) is not a session of the exchange",
                allowed=self._span(),
                do="roll the date forward first",
            )
        return found

    def _known(self, date: Date) -> pd.Timestamp:
        """Return the label of a date for which the calendar was loaded."""
        day = label(date)
        if not self.start <= day <= self.end:
            raise self._outside(date)
        return day

    def _at(self, position: int, asked: Date) -> pd.Timestamp:
        if not 0 <= position < len(self.sessions):
            raise self._outside(asked)
        return self.sessions[position]

    def _outside(self, asked: Date) -> EventError:
        return EventError(
            f"{label(asked):%Y-%m-%d} leads outside the exchange calendar",
            allowed=self._span(),
            do="mend the date, or leave out what lies so far away",
        )

    def _span(self) -> str:
        return f"sessions from {self.sessions[0].date()} to {self.sessions[-1].date()}"


@lru_cache(maxsize=8)
def _load(start: str, end: str) -> TradingCalendar:
    """Read XNYS once; its bounds are given, since its defaults move with today."""
    import exchange_calendars

    with warnings.catch_warnings():
        # its own affair, and nothing a user's tests could mend
        warnings.filterwarnings("ignore", "Series.values", DeprecationWarning)
        read = exchange_calendars.get_calendar("XNYS", start=start, end=end)
        schedule = read.schedule
    return TradingCalendar(
        pd.DatetimeIndex(schedule.index.to_numpy(dtype="datetime64[us]")),
        pd.DatetimeIndex(schedule["open"].array).as_unit("us"),
        pd.DatetimeIndex(schedule["close"].array).as_unit("us"),
        pd.Timestamp(start),
        pd.Timestamp(end),
    )


def label(date: Date) -> pd.Timestamp:
    """Return the naive midnight that labels a date; aware moments count in New York."""
    stamp = pd.Timestamp(date)
    if stamp.tzinfo is not None:
        stamp = stamp.tz_convert(NEW_YORK).tz_localize(None)
    return stamp.normalize().as_unit("us")


def covers_day(earliest: pd.Timestamp, latest: pd.Timestamp) -> bool:
    """Tell whether a window says no more than its New York day."""
    first, last = earliest.tz_convert(NEW_YORK), latest.tz_convert(NEW_YORK)
    whole = first == first.normalize() and last >= end_of_day(first)
    return bool(first == last or (whole and label(first) == label(last)))


def end_of_day(moment: pd.Timestamp) -> pd.Timestamp:
    """Return 23:59:59 of the New York day of a moment."""
    last = label(moment) + timedelta(hours=23, minutes=59, seconds=59)
    return last.tz_localize(NEW_YORK).as_unit("us")


def event_sessions(
    earliest: pd.Timestamp,
    latest: pd.Timestamp,
    precision: str,
    calendar: TradingCalendar,
    policy: str = "next",
) -> tuple[pd.Timestamp, ...]:
    """Return the event session, or both where the window spans two.

    Parameters
    ----------
    earliest, latest : Timestamp
        Aware; equal where the moment is known.
    precision : str
        One of `PRECISIONS`. Where only the day is known the session is that day,
        rolled forward; ``month`` has no session.
    policy : {"next", "previous", "drop", "error"}
        What to do with a `latest` on a day without a session.

    Returns
    -------
    tuple of Timestamp
        In order of time; empty for ``month`` and for policy ``drop``.

    Raises
    ------
    EventError
        For policy ``error``, and where the window spans more than two sessions.
    """
    if precision == "month":
        return ()
    guessed = precision == "approximate" and earliest < latest
    if (precision == "day" or guessed) and covers_day(earliest, latest):
        earliest = latest = label(latest).tz_localize(NEW_YORK)
    last = calendar.session_of(latest, policy)
    first = calendar.session_of(earliest, "next")
    if last is None:
        return ()
    if first is None or first >= last:
        return (last,)
    if calendar.shift(first, 1) < last:
        raise EventError(
            f"the window {earliest:%Y-%m-%d %H:%M} to {latest:%Y-%m-%d %H:%M} "
            "spans more than two sessions",
            do="narrow it, or write 'precision: month' to keep it out of studies",
        )
    return (first, last)


def knowable_at(latest: pd.Timestamp, precision: str) -> pd.Timestamp:
    """Return the moment from which an event counts as known for trading.

    That is `latest`. Where only the day is known it is the end of that New York
    day, so that nothing fills before the open of the next session.
    """
    return end_of_day(latest) if precision == "day" else latest.tz_convert(NEW_YORK)
