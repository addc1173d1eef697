"""Events of one symbol that share sessions: kept and flagged, merged, or dropped."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.results import columns
from aftershock.windows import EventWindow, clusters


def settle_overlaps(
    pairs: pd.DataFrame, calendar: TradingCalendar, mode: str, window: EventWindow
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Treat overlapping windows of one symbol as `mode`, `events.overlap`, says.

    `keep` flags them; `merge` keeps the first pair of each run of windows that share
    a session; `drop` keeps none of them.

    Returns
    -------
    pairs, dropped : DataFrame
        Of what is dropped the session, too: an event may lose one of its two.
    """
    pairs = pairs.copy()
    runs = pairs.groupby([pairs["symbol"], _clusters(pairs, calendar, window)])
    crowded = runs["event_id"].transform("nunique") > 1
    first, last = (runs["event_id"].transform(end) for end in ("first", "last"))
    pairs["flags"] = [
        "; ".join(filter(None, [flags, "overlap" if together else ""]))
        for flags, together in zip(pairs["flags"], crowded, strict=True)
    ]
    lost = crowded & (mode != "keep")
    if mode == "merge":
        lost &= pairs["event_id"] != first
    dropped = pd.DataFrame(
        {
            "event_id": pairs["event_id"],
            "symbol": pairs["symbol"],
            "reason": "merged" if mode == "merge" else "overlap",
            "detail": "shares sessions with "
            + first.where(first != pairs["event_id"], last),
            "session": pairs["session"],
        },
        columns=[*columns("dropped"), "session"],
    )
    return pairs[~lost].reset_index(drop=True), dropped[lost].reset_index(drop=True)


def _clusters(
    pairs: pd.DataFrame, calendar: TradingCalendar, window: EventWindow
) -> pd.Series:
    """Label runs of windows that share a session, symbol by symbol."""
    position = calendar.sessions.searchsorted(pairs["session"])
    labels = np.zeros(len(pairs), dtype=np.int64)
    for _, rows in pairs.groupby("symbol"):
        where = pairs.index.get_indexer(rows.index)
        labels[where] = clusters(position[where], window.length)
    return pd.Series(labels, index=pairs.index)
