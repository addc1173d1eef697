"""Seven invented events and random walks, as known on 12 June 2026."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from aftershock.calendar import NEW_YORK, TradingCalendar
from aftershock.events import Event, EventSet, Exposure
from aftershock.precedents import Precedents, find_precedents
from aftershock.prices import PricePanel

CALENDAR = TradingCalendar.load()
SESSIONS = CALENDAR.sessions[
    CALENDAR.sessions.slice_indexer(
        pd.Timestamp("2025-01-02"), pd.Timestamp("2026-06-30")
    )
]
NOW = pd.Timestamp("2026-06-12 16:30", tz=NEW_YORK).as_unit("us")
SYMBOLS = ["SPY", "AAA", "BBB", "CCC"]


def panel(seed: int = 5) -> PricePanel:
    """Random walks; AAA and BBB follow the market."""
    rng = np.random.default_rng(seed)
    n = len(SESSIONS)
    market = rng.normal(0, 0.01, n)
    own = rng.normal(0, 0.02, (n, 3)) + market[:, None]
    close = 100 * np.cumprod(1 + np.column_stack([market, own]), axis=0)
    frame = pd.DataFrame(close, index=SESSIONS, columns=SYMBOLS)
    opened = frame.shift(1).bfill() * np.exp(rng.normal(0, 0.01, close.shape))
    top = np.maximum(opened, frame) * 1.001
    low = np.minimum(opened, frame) * 0.999
    return PricePanel(open=opened, high=top, low=low, close=frame)


def event(day: str, *lines: tuple[str, str, int], **more: Any) -> Event:
    """An event before the open of a day."""
    moment = pd.Timestamp(f"{day} 08:00", tz=NEW_YORK).as_unit("us")
    exposures = tuple(Exposure(s, r, e, declared="after") for s, r, e in lines)
    fields = {"precision": "exact", "tags": ("macro",), **more}
    return Event(f"e-{day}", "H", moment, moment, exposures=exposures, **fields)


PAIR = (("AAA", "actor", 1), ("BBB", "peer", -1), ("CCC", "peer", -1))
EVENTS = EventSet(
    (
        event("2026-03-02", *PAIR),
        event("2026-04-01", *PAIR),
        event("2026-05-04", ("BBB", "actor", 1), ("GONE", "peer", 1)),
        event("2026-06-10", *PAIR),
        event("2026-06-15", *PAIR),
        event("2026-06-02", *PAIR, precision="month"),
        event("2026-06-03", *PAIR, status="scheduled"),
    )
)


def found(events: EventSet = EVENTS, prices: PricePanel | None = None) -> Precedents:
    return find_precedents(events, prices or panel(), NOW, CALENDAR, "SPY")
