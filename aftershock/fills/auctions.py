"""Opens and closes in order of time, and the first that an order can reach.

Half-sessions number the auctions of a panel: ``2 i`` is the open of its session
`i`, ``2 i + 1`` the close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aftershock.calendar import NEW_YORK, TradingCalendar
from aftershock.fills.account import Account

Moments = NDArray[np.int64]
NO_DELAY = timedelta(0)
_HALF_DAY_NOTICE = 10 * 60 * 1_000_000


@dataclass(frozen=True, eq=False)
class Auctions:
    """The auctions of a panel's sessions.

    Attributes
    ----------
    times : (2 T,) int64
        Microseconds UTC of open, close, open, close...
    cutoffs : (2 T,) int64
        From here on an order misses the auction.
    """

    times: Moments
    cutoffs: Moments

    @classmethod
    def of(
        cls, sessions: pd.DatetimeIndex, calendar: TradingCalendar, account: Account
    ) -> Auctions:
        """Return the auctions of some sessions under an account's cut-offs.

        A day that the exchange does not know (a user's own frames) opens at 09:30 and
        closes at 16:00.
        """
        opens, closes = _clock(sessions, "09:30"), _clock(sessions, "16:00")
        known = calendar.sessions.get_indexer(sessions)
        at = known >= 0
        opens[at] = microseconds(calendar.opening[known[at]])
        usual = closes.copy()
        closes[at] = microseconds(calendar.closing[known[at]])
        by_close = _clock(sessions, account.close_cutoff)
        half = closes < usual
        by_close[half] = closes[half] - _HALF_DAY_NOTICE
        by_open = _clock(sessions, account.open_cutoff)
        return cls(_interleave(opens, closes), _interleave(by_open, by_close))

    def entry(
        self,
        decided: pd.Timestamp,
        fill: str,
        lag: int = 0,
        delay: timedelta = NO_DELAY,
    ) -> int:
        """Return the half-session at which an order fills; ``2 T`` or more: never.

        Parameters
        ----------
        decided : pandas.Timestamp
            Aware. A fill lies strictly after it.
        fill : {"next_open", "next_close"}
            The auction that is wanted. An order too late for its cut-off takes the
            next bar: after a missed open the close of that session, after a missed
            close the next open.
        lag : int
            Sessions to wait beyond that.
        delay : timedelta
            From the decision to the order.
        """
        moment = microseconds(pd.DatetimeIndex([decided]))
        wanted = np.array([int(fill == "next_close")])
        late = int(delay.total_seconds() * 1e6)
        return int(self.entries(moment, wanted, late)[0]) + 2 * lag

    def entries(self, decided: Moments, wanted: Moments, delay: int) -> Moments:
        """Return for many orders the half-session at which each fills, (P,).

        Parameters
        ----------
        decided : (P,) int64
            Microseconds UTC.
        wanted : (P,) int64
            0 for an open, 1 for a close; see `entry`.
        delay : int
            Microseconds from the decision to the order.
        """
        first = np.searchsorted(self.times, decided, side="right")
        first = first + ((first % 2) != wanted)
        open_to = self._open_to(first, decided + delay)
        return np.where(open_to, first, self._reachable(decided + delay))

    def reachable(self, known: pd.Timestamp) -> int:
        """Return the first half-session, open or close, that an order can reach."""
        return int(self._reachable(microseconds(pd.DatetimeIndex([known])))[0])

    def _reachable(self, moments: Moments) -> Moments:
        first = np.searchsorted(self.times, moments, side="right")
        return np.asarray(first + ~self._open_to(first, moments))

    def _open_to(self, half: Moments, moments: Moments) -> NDArray[np.bool_]:
        """Tell whether orders of some moments reach their auctions."""
        if not len(self.times):
            return np.ones(len(half), dtype=bool)
        at = np.minimum(half, len(self.times) - 1)
        in_time = moments < np.minimum(self.cutoffs[at], self.times[at])
        return np.asarray((half >= len(self.times)) | in_time)


def _clock(sessions: pd.DatetimeIndex, clock: str) -> Moments:
    """Return a New York clock time of each session, microseconds UTC."""
    text = clock if clock.count(":") == 2 else f"{clock}:00"
    local = pd.DatetimeIndex(sessions + pd.Timedelta(text)).tz_localize(NEW_YORK)
    return microseconds(local)


def microseconds(moments: pd.DatetimeIndex) -> Moments:
    """Return aware moments as microseconds UTC, (T,)."""
    utc = moments.as_unit("us").tz_convert("UTC").tz_localize(None)
    return np.asarray(utc.to_numpy().astype(np.int64)).copy()


def _interleave(first: Moments, second: Moments) -> Moments:
    pairs: Sequence[Moments] = (first, second)
    return np.ravel(np.column_stack(pairs))
