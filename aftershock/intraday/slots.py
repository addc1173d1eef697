"""The calendar of bars: every session cut into slots, the overnight gap first.

Slot 0 of a session is its gap, the move from the close before to the open. Slots
1, 2, ... are its bars. A regular session of 5-minute bars has 1 + 78 slots, one of
60-minute bars 1 + 7, the last of them 30 minutes long.

A slot is labelled by the moment at which its bar starts, in UTC without zone. The gap
has no bar; it is labelled one microsecond before the open, so that it sorts before
the first bar, after all of yesterday's, and is seen to lie on no grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.abnormal import IntArray
from aftershock.calendar import Date, TradingCalendar
from aftershock.errors import EventError, StudyError
from aftershock.prices.bars import bar_size

GAP = 0
_BEFORE_OPEN = pd.Timedelta(1, unit="us")
_SESSION = pd.Timedelta("390min")


@dataclass(frozen=True, eq=False)
class Slots:
    """The slots of consecutive sessions, T of them.

    Attributes
    ----------
    labels : DatetimeIndex (T,)
        Start of each bar, UTC without zone, unit us; see the module on the gap.
    ends : DatetimeIndex (T,)
        The moment at which a slot is over: the end of the bar, never after the close.
    sessions : DatetimeIndex (T,)
        The session of each slot, naive midnight.
    number : (T,) integers
        Slot of the day: 0 = gap, 1 = first bar.
    size : Timedelta
    """

    labels: pd.DatetimeIndex
    ends: pd.DatetimeIndex
    sessions: pd.DatetimeIndex
    number: IntArray
    size: pd.Timedelta

    def __len__(self) -> int:
        return len(self.labels)


def bar_slots(
    first: Date, last: Date, frequency: str, calendar: TradingCalendar | None = None
) -> Slots:
    """Return all slots of the sessions from `first` to `last`, both included.

    Half days have fewer slots; summer time moves labels, not slots.
    """
    exchange, size = calendar or TradingCalendar.load(), bar_size(frequency)
    begin, end = exchange.roll_forward(first), exchange.roll_back(last)
    if end < begin:
        raise StudyError(
            f"no session between {first} and {last}",
            where="bars",
            allowed="two dates with a session between them",
            do="widen the dates",
        )
    sessions = exchange.sessions[exchange.sessions.slice_indexer(begin, end)]
    opens = exchange.opens(sessions).tz_localize(None)
    closes = exchange.closes(sessions).tz_localize(None)
    length = np.asarray((closes - opens) / size, dtype=float)
    per_session = 1 + np.ceil(length).astype(np.int64)
    at = np.repeat(np.arange(len(sessions)), per_session)
    first_row = np.cumsum(per_session) - per_session
    number = np.arange(len(at)) - first_row[at]
    starts = opens[at] + (number - 1) * size
    gap = number == GAP
    labels = starts.where(~gap, opens[at] - _BEFORE_OPEN)
    ends = (starts + size).where(~gap, opens[at])
    ends = ends.where(ends <= closes[at], closes[at])
    return Slots(labels.as_unit("us"), ends.as_unit("us"), sessions[at], number, size)


def event_bars(
    moments: Sequence[pd.Timestamp] | pd.DatetimeIndex, slots: Slots
) -> pd.DatetimeIndex:
    """Return the label of the slot in which the market could first answer.

    That is the bar [start, end) that holds the moment, since the answer can begin
    inside it; what was traded in the bar before the news is in its return too. News
    outside the session (before the open, at or after the close, on days without one)
    belongs to the next gap. A moment on the boundary of two bars belongs to the later
    one, the moment of the open to the first bar, the moment of the close to the gap.

    Parameters
    ----------
    moments : sequence of Timestamp
        Aware.

    Returns
    -------
    DatetimeIndex
        NaT for a moment before the first slot or after the last.

    Raises
    ------
    EventError
        For a moment without a zone.
    """
    for moment in moments:
        if moment.tzinfo is None:
            raise EventError(
                f"the moment {moment} has no time zone",
                where="events",
                allowed="aware moments",
                do="localise it: moment.tz_localize('America/New_York')",
            )
    utc = [m.tz_convert("UTC").tz_localize(None) for m in moments]
    wanted = pd.DatetimeIndex(utc, dtype="datetime64[us]")
    at = np.asarray(slots.labels.searchsorted(wanted, side="right")) - 1
    over = wanted >= slots.ends[np.maximum(at, 0)]
    found = at + np.asarray(over, dtype=np.int64)
    known = (at >= 0) & (found < len(slots))
    return pd.DatetimeIndex(slots.labels[np.where(known, found, 0)].where(known))


@dataclass(frozen=True)
class BarDesign:
    """Windows and estimation counted in slots, for one bar size.

    Attributes
    ----------
    windows : tuple of (start, end)
        The slot of the news alone; with half an hour, an hour and a session after it.
        Windows that come out equal (long bars) stand once.
    estimation : (start, end)
        `sessions` whole sessions, one session before the news left out.
    min_obs : int
        Half of the estimation rows.
    """

    windows: tuple[tuple[int, int], ...]
    estimation: tuple[int, int]
    min_obs: int

    @classmethod
    def of(cls, frequency: str, sessions: int = 20) -> BarDesign:
        """Return the default design of a bar size.

        `sessions` = 20 leaves 20 rows for the scale of each slot; ten is the least.
        """
        size = bar_size(frequency)
        per_session = 1 + int(np.ceil(_SESSION / size))
        spans = ("0min", "30min", "60min", "390min")
        ends = [int(np.ceil(pd.Timedelta(s) / size)) for s in spans]
        rows = sessions * per_session
        return cls(
            windows=tuple((0, end) for end in dict.fromkeys(ends)),
            estimation=(-rows - per_session, -per_session - 1),
            min_obs=rows // 2,
        )
