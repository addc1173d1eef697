"""Events to pairs: one row for each event, symbol and session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from aftershock.calendar import TradingCalendar, event_sessions
from aftershock.errors import EventError
from aftershock.events.baskets import Lexicon
from aftershock.events.records import Event, Exposure

COLUMNS = [
    "event_id",
    "symbol",
    "role",
    "expected",
    "session",
    "published",
    "earliest",
    "precision",
    "tags",
    "status",
    "via",
    "proxy",
    "declared",
    "foreseen",
    "flags",
]
VAGUE = {"day": "day_precision", "approximate": "approximate_precision"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """An exposure to one symbol, and how it came about."""

    symbol: str
    exposure: Exposure
    via: str = ""
    proxy: str = ""

    @property
    def rank(self) -> tuple[bool, bool]:
        """A direct line comes before a basket's, and that before a proxy's."""
        return bool(self.proxy), bool(self.via)


def lines_of(event: Event, session: pd.Timestamp, lexicon: Lexicon) -> list[Line]:
    """Return one line per symbol of an event, as things stood at a session.

    Where a symbol is named directly, through a basket and as a proxy, the direct
    line wins over the basket's, and that over the proxy's.
    """
    found = [
        line
        for exposure in event.exposures
        for line in _named(exposure, session, lexicon)
    ]
    best: dict[str, Line] = {}
    for line in sorted(found, key=lambda line: line.rank):
        best.setdefault(line.symbol, line)
    order = {line.symbol: place for place, line in reversed(list(enumerate(found)))}
    return sorted(best.values(), key=lambda line: order[line.symbol])


def _named(
    exposure: Exposure, session: pd.Timestamp, lexicon: Lexicon
) -> Iterator[Line]:
    via = exposure.basket or ""
    symbols = [exposure.symbol]
    if via:
        symbols = (
            list(lexicon.baskets[via].on(session)) if via in lexicon.baskets else []
        )
    for symbol in symbols:
        proxy = lexicon.proxy(symbol)
        original = symbol if proxy else exposure.proxy_for or ""
        yield Line(proxy or symbol, exposure, via, original)


def sessions_of(
    event: Event, calendar: TradingCalendar, policy: str
) -> tuple[pd.Timestamp, ...]:
    """Return the sessions of an event; an error names the event and its line."""
    try:
        return event_sessions(
            event.earliest, event.latest, event.precision, calendar, policy
        )
    except EventError as error:
        where = f"{event.where} ({event.id})" if event.file else event.id
        raise EventError(
            error.found, where=where, allowed=error.allowed, do=error.do
        ) from error


def pairs_of(
    events: Iterable[Event], lexicon: Lexicon, calendar: TradingCalendar, policy: str
) -> pd.DataFrame:
    """Return the pairs of events that are in order of (published, id)."""
    rows: list[Row] = []
    for event in events:
        sessions = sessions_of(event, calendar, policy)
        for session in sessions:
            rows += _rows(event, session, lexicon, two=len(sessions) > 1)
    _flag_duplicates(rows)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame["flags"] = ["; ".join(flags) for flags in frame["flags"]]
    return _typed(frame)


def _rows(
    event: Event, session: pd.Timestamp, lexicon: Lexicon, *, two: bool
) -> list[Row]:
    flags = [VAGUE[event.precision]] if event.precision in VAGUE else []
    flags += ["two_sessions"] if two else []
    return [
        {
            "event_id": event.id,
            "symbol": line.symbol,
            "role": line.exposure.role,
            "expected": line.exposure.expected,
            "session": session,
            "published": event.published,
            "earliest": event.earliest,
            "precision": event.precision,
            "tags": event.tags,
            "status": event.status,
            "via": line.via,
            "proxy": line.proxy,
            "declared": line.exposure.declared,
            "foreseen": event.foreseen,
            "flags": [*flags, *(["proxy"] if line.proxy else [])],
        }
        for line in lines_of(event, session, lexicon)
    ]


def _flag_duplicates(rows: Iterable[Row]) -> None:
    """Flag every row after the first of a symbol and session."""
    seen: set[tuple[str, pd.Timestamp]] = set()
    for row in rows:
        key = (row["symbol"], row["session"])
        if key in seen:
            row["flags"].append("same_session_duplicate")
        seen.add(key)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    zoned = "datetime64[us, America/New_York]"
    return frame.astype(
        {
            "expected": "int64",
            "session": "datetime64[us]",
            "published": zoned,
            "earliest": zoned,
            "foreseen": zoned,
        }
    )
