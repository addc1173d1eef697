"""What `events show` says of one event, and what `events check` proves of many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from aftershock.calendar import NEW_YORK, PRECISIONS, TradingCalendar, knowable_at
from aftershock.errors import EventError
from aftershock.events import SELECTED_BY, Event, EventSet
from aftershock.events.catalogue import check_again, plain
from aftershock.events.expansion import lines_of, sessions_of
from aftershock.events.repeats import repeats
from aftershock.events.writing import NEW_EVENT
from aftershock.registry import suggest

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


def proof_of(events: EventSet, *, strict: bool) -> dict[str, Any]:
    """Return what was checked, and the warnings; whatever is wrong is one error.

    Parameters
    ----------
    strict : bool
        A missing source and a symbol that is not in ``instruments.yaml`` are wrong,
        as in a catalogue that others rely on; else they are warnings.

    Raises
    ------
    EventError
        With every problem, each at its file and line.
    """
    calendar = TradingCalendar.load()
    asked = repeats(events.events)
    told = [
        (event, found)
        for event in events.events
        for found in (*_doubts(events, event), asked.get(event.id, ""))
        if found
    ]
    doubts = [f"{_placed(event)}: {found}" for event, found in told]
    faults = [
        (event, found)
        for event in events.events
        for found in _faults(events, event, calendar)
    ]
    wrong = [*faults, *(told if strict else [])]
    if wrong:
        count = "1 problem" if len(wrong) == 1 else f"{len(wrong)} problems"
        lines = [f"  {_placed(event)}: {found}" for event, found in wrong]
        again = check_again(event.file for event, _ in wrong if event.file)
        raise EventError("\n".join([f"{count}:", *lines]), do=again)
    return {**_counts(events, calendar), "warnings": [] if strict else doubts}


def _placed(event: Event) -> str:
    """Return where an event is written, and its id; without a file it is still new."""
    return f"{event.where if event.file else NEW_EVENT}: {event.id}"


def _faults(events: EventSet, event: Event, calendar: TradingCalendar) -> Iterator[str]:
    if _is_told_too_early(event):
        yield (
            f"published {event.earliest:%Y-%m-%d}, later than its recorded_at "
            f"({event.recorded_at:%Y-%m-%d}), but its status is 'occurred'; allowed: "
            "status scheduled, or a publication up to recorded_at"
        )
    try:
        sessions = sessions_of(event, calendar, "next")
    except EventError as error:
        yield f"{error.found}, allowed: {error.allowed}"
        return
    stated = event.first_us_session
    if stated is not None and stated not in sessions[-1:]:
        leads = f"{sessions[-1]:%Y-%m-%d}" if sessions else "no session"
        yield f"first_us_session is {stated:%Y-%m-%d}, but its time leads to {leads}"
    if any(not lines_of(event, session, events.lexicon) for session in sessions):
        yield "its baskets have no member on its session"
    if event.scheduled_since and event.scheduled_since >= event.earliest:
        yield "scheduled_since is not earlier than the event"


def _is_told_too_early(event: Event) -> bool:
    """Tell whether a record says that what lay ahead of it had happened.

    New York days are compared, and one day is let pass: dates come from other zones.
    """
    if event.recorded_at is None or event.status != "occurred":
        return False
    recorded = event.recorded_at.tz_convert(NEW_YORK).date()
    return (event.earliest.date() - recorded).days > 1


def _doubts(events: EventSet, event: Event) -> Iterator[str]:
    if not event.source.url and event.status != "placebo":
        yield "no source address (source: {url: ...})"
    if event.slip:
        yield event.slip
    for exposure in event.exposures:
        if exposure.symbol and exposure.symbol not in events.instruments:
            yield _unknown(exposure.symbol, events)


def _unknown(symbol: str, events: EventSet) -> str:
    """Say what to do about a symbol that no list names: it may be a slip, or right."""
    told = f"the symbol {symbol} is not in instruments.yaml."
    if symbol.casefold() in events.baskets:
        return f"{told} A basket has this name: write {{basket: {symbol.casefold()}}}"
    meant = events.lexicon.meant(symbol)
    told += (
        f" Did you mean '{meant}'?" if meant else suggest(symbol, events.instruments)
    )
    return (
        f"{told} Prices are asked for by this name; if it is right, name it in "
        f"data/instruments.yaml: '{symbol}: {{name: ...}}', with 'proxy: ...' if it "
        "cannot be traded"
    )


def _counts(events: EventSet, calendar: TradingCalendar) -> dict[str, str]:
    pairs = events.pairs(calendar)
    exposures = [e for event in events.events for e in event.exposures]
    signs = [sum(e.expected == sign for e in exposures) for sign in (1, -1, 0)]
    written = sum(event.first_us_session is not None for event in events.events)
    precisions = [event.precision for event in events.events]
    spread = [f"{precisions.count(p)} {p}" for p in PRECISIONS if p in precisions]
    return {
        "events": f"{len(events)}, every id used once",
        "times": ", ".join(spread) or "none",
        "sources": f"{sum(bool(e.source.url) for e in events.events)} with an address",
        "exposures": f"{len(exposures)}: {signs[0]} up, {signs[1]} down, "
        f"{signs[2]} without a sign",
        "pairs": f"{len(pairs)} of event, symbol and session",
        "symbols": str(pairs["symbol"].nunique()),
        "sessions": f"{pairs['session'].nunique()}, all of them trading days; "
        f"{written} as first_us_session states",
    }
