"""The proof of event files: what is wrong, what to ask about, how many of what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd

from aftershock.calendar import NEW_YORK, PRECISIONS, TradingCalendar
from aftershock.errors import EventError
from aftershock.events import Event, EventSet
from aftershock.events.expansion import lines_of, sessions_of
from aftershock.events.gathering import Gathered
from aftershock.events.nodes import Problems
from aftershock.events.repeats import repeats
from aftershock.events.writing import NEW_EVENT
from aftershock.registry import suggest
from aftershock.registry.partial import Partial, found_by

Sessions = tuple[pd.Timestamp, ...]
Check = Callable[[EventSet, Any], Iterator[str]]
"""Yields what is wrong with an event, or with what could be read of one."""


def proof_of(
    events: EventSet, *, strict: bool, read: Gathered | None = None
) -> dict[str, Any]:
    """Return what was checked, and the warnings; whatever is wrong is one error.

    Parameters
    ----------
    strict : bool
        A missing source and a symbol that is not in ``instruments.yaml`` are wrong,
        as in a catalogue that others rely on; else they are warnings.
    read : Gathered, optional
        The files of the events: what is wrong with them, and the records that are no
        events for it. Their keys that could be read are checked as well.

    Raises
    ------
    EventError
        With every problem, each at its file and line.
    """
    files = [event.file for event in events.events if event.file]
    read = read or Gathered(list(events.events), [], events.lexicon, Problems(), files)
    asked = repeats(events.events)
    every: list[Event | Partial] = [*events.events, *read.parts]
    told = [
        (event, found)
        for event in every
        for found in (*_found(DOUBTS, events, event), asked.get(event.id, ""))
        if found
    ]
    wrong = [(e, found) for e in every for found in _found(FAULTS, events, e)]
    for event, found in [*wrong, *(told if strict else [])]:
        read.problems.found.append(f"{_placed(event)}: {found}")
        read.problems.files[event.file] = None
    read.problems.found.sort(key=_line)
    read.problems.stop_if_any(read.again())
    warnings = [] if strict else [f"{_placed(event)}: {found}" for event, found in told]
    return {**_counts(events, TradingCalendar.load()), "warnings": warnings}


def _found(checks: Iterable[Check], events: EventSet, event: Any) -> list[str]:
    """Return what checks find; each is silent where a key it needs is wrong itself."""
    return [found for check in checks for found in found_by(check, events, event)]


def _line(told: str) -> tuple[str, int]:
    """Return where a problem stands, to tell them in the order of the files."""
    place = re.match(r"(.*?):(\d+): ", told)
    return (place[1], int(place[2])) if place else ("", 0)


def _placed(event: Any) -> str:
    """Return where an event is written, and its id; without a file it is still new."""
    place = event.where if event.file else NEW_EVENT
    return f"{place}: {event.id}" if event.id else place


def _told_too_early(_: EventSet, event: Event) -> Iterator[str]:
    """Refuse a record that says that what lay ahead of it had happened.

    New York days are compared, and one day is let pass: dates come from other zones.
    """
    if event.status != "occurred" or event.recorded_at is None:
        return
    recorded = event.recorded_at.tz_convert(NEW_YORK).date()
    if (event.earliest.date() - recorded).days > 1:
        yield (
            f"published {event.earliest:%Y-%m-%d}, later than its recorded_at "
            f"({event.recorded_at:%Y-%m-%d}), but its status is 'occurred'; allowed: "
            "status scheduled, or a publication up to recorded_at"
        )


def _unplaced(_: EventSet, event: Event) -> Iterator[str]:
    try:
        sessions_of(event, TradingCalendar.load(), "next")
    except EventError as error:
        yield f"{error.found}, allowed: {error.allowed}"


def _sessions(event: Event) -> Sessions | None:
    """Return the sessions of an event; None where that itself is wrong."""
    try:
        return sessions_of(event, TradingCalendar.load(), "next")
    except EventError:
        return None


def _other_session(_: EventSet, event: Event) -> Iterator[str]:
    stated, sessions = event.first_us_session, _sessions(event)
    if stated is not None and sessions is not None and stated not in sessions[-1:]:
        leads = f"{sessions[-1]:%Y-%m-%d}" if sessions else "no session"
        yield f"first_us_session is {stated:%Y-%m-%d}, but its time leads to {leads}"


def _no_member(events: EventSet, event: Event) -> Iterator[str]:
    for session in _sessions(event) or ():
        if not lines_of(event, session, events.lexicon):
            yield "its baskets have no member on its session"
            return


def _known_late(_: EventSet, event: Event) -> Iterator[str]:
    if event.scheduled_since and event.scheduled_since >= event.earliest:
        yield "scheduled_since is not earlier than the event"


def _no_source(_: EventSet, event: Event) -> Iterator[str]:
    if not event.source.url and event.status != "placebo":
        yield "no source address (source: {url: ...})"


def _odd_clock(_: EventSet, event: Event) -> Iterator[str]:
    if event.slip:
        yield event.slip


def _no_instrument(events: EventSet, event: Event) -> Iterator[str]:
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


FAULTS: tuple[Check, ...] = (
    _told_too_early,
    _unplaced,
    _other_session,
    _no_member,
    _known_late,
)
"""What is wrong wherever it stands."""
DOUBTS: tuple[Check, ...] = (_no_source, _odd_clock, _no_instrument)
"""What is wrong in the catalogue alone."""


def _counts(events: EventSet, calendar: TradingCalendar) -> dict[str, str]:
    pairs = events.pairs(calendar)
    exposures = [e for event in events.events for e in event.exposures]
    signs = [sum(e.expected == sign for e in exposures) for sign in (1, -1, 0)]
    stated = sum(event.first_us_session is not None for event in events.events)
    days = f"{pairs['session'].nunique()}, all of them trading days"
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
        "sessions": f"{days}; {stated} as first_us_session states" if stated else days,
    }
