"""What `events show` says of one event, and what `events check` proves of many."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aftershock.calendar import NEW_YORK, PRECISIONS, TradingCalendar, knowable_at
from aftershock.events import SELECTED_BY, Event, EventSet
from aftershock.events.catalogue import plain
from aftershock.events.expansion import sessions_of

MOMENT = "%a %Y-%m-%d %H:%M:%S"


def facts_of(events: EventSet, name: str) -> dict[str, Any]:
    """Return everything that is known of one event, as JSON can hold it."""
    event, calendar = events[name], TradingCalendar.load()
    alone = EventSet((event,), events.lexicon)
    sessions = sessions_of(event, calendar, "next")
    pairs = alone.pairs(calendar).drop(columns=["event_id", "tags", "foreseen"])
    return {
        **_as_written(event),
        "window": _window(event),
        "sessions": [f"{session:%Y-%m-%d}" for session in sessions],
        "session_said": _sessions_said(sessions, calendar),
        **_first_fill(event, sessions, calendar),
        "pairs": [_pair(row) for row in pairs.to_dict("records")],
        "without_session": alone.without_session(calendar).to_dict("records"),
    }


def _as_written(event: Event) -> dict[str, Any]:
    keys = ("id", "headline", "earliest", "latest", "precision", "status", "tags")
    more = ("extra_sources", "confounders", "notes", "confidence", "selected_by")
    found = {key: plain(getattr(event, key)) for key in (*keys, *more)}
    return found | {
        "date_verified": event.date_verified,
        "recorded_at": plain(event.recorded_at),
        "scheduled_since": plain(event.scheduled_since),
        "source": {"name": event.source.name, "url": event.source.url},
        "precision_means": PRECISIONS[event.precision],
        "selected_by_means": SELECTED_BY[event.selected_by],
        "written_in": event.where,
    }


def _pair(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): plain(value) for key, value in row.items()} | {
        "session": f"{row['session']:%Y-%m-%d}"
    }


def _window(event: Event) -> str:
    if event.precision == "month":
        return f"{event.latest:%B %Y}"
    if event.earliest == event.latest:
        return f"{event.latest:{MOMENT}} New York"
    same = event.earliest.date() == event.latest.date()
    last = event.latest.strftime("%H:%M:%S" if same else MOMENT)
    return f"{event.earliest:{MOMENT}} to {last} New York"


def _sessions_said(
    sessions: tuple[pd.Timestamp, ...], calendar: TradingCalendar
) -> str:
    said = [
        f"{s:%a %Y-%m-%d}{' (half day)' if calendar.is_half_day(s) else ''}"
        for s in sessions
    ]
    if len(said) > 1:
        return " and ".join(said) + ": its window spans both, each is reported"
    return said[0] if said else "none: kept in the catalogue, left out of studies"


def _first_fill(
    event: Event, sessions: tuple[pd.Timestamp, ...], calendar: TradingCalendar
) -> dict[str, Any]:
    """Return when it counts as known, and the auction that a trade can first reach."""
    if not sessions:
        return {"known_at": None, "first_fill": None, "first_fill_said": "none"}
    from aftershock.fills import Account, Auctions

    known = knowable_at(event.latest, event.precision)
    auctions = Auctions.of(calendar.sessions, calendar, Account())
    place = auctions.reachable(known)
    microseconds = int(auctions.times[place])
    moment = pd.Timestamp(microseconds, unit="us", tz="UTC").tz_convert(NEW_YORK)
    auction = ("open", "close")[place % 2]
    return {
        "known_at": known.isoformat(),
        "first_fill": moment.isoformat(),
        "first_fill_said": f"at the {auction} of {moment:%a %Y-%m-%d, %H:%M}: "
        f"it counts as known from {known:{MOMENT}}",
    }
