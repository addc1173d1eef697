"""Events for other programs: CSV for a spreadsheet, iCalendar for a calendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import pandas as pd

from aftershock.errors import EventError
from aftershock.events.cells import guarded
from aftershock.events.columns import BETWEEN, CSV_KEYS
from aftershock.events.records import Event, Exposure

DAYS = ("day", "approximate", "month")
"""Precisions of which a calendar shows days, not hours."""
LONGEST_LINE = 75
"""Bytes of a line before it is folded (RFC 5545, 3.1)."""
SIGNS = {1: "+1", 0: "0", -1: "-1"}


def events_csv(events: Iterable[Event]) -> str:
    """Return events as CSV, one row for each exposure; `load_events` reads them back.

    Text that a spreadsheet would take for a formula is `guarded`.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_KEYS, lineterminator="\r\n")
    writer.writeheader()
    for event in events:
        whole = _cells(event)
        for exposure in event.exposures:
            row = whole | _exposed(exposure)
            writer.writerow({key: guarded(cell) for key, cell in row.items()})
    return out.getvalue()


def _cells(event: Event) -> dict[str, str]:
    """Return what an event says, whatever it is exposed to."""
    exact = event.precision == "exact"
    moments = {"published": event.latest} if exact else {
        "earliest": event.earliest, "latest": event.latest,
    }  # fmt: skip
    stamps = {
        "recorded_at": event.recorded_at,
        "scheduled_since": event.scheduled_since,
    }
    first, verified = event.first_us_session, event.date_verified
    return {
        "id": event.id,
        "headline": event.headline,
        "precision": event.precision,
        "tags": ";".join(event.tags),
        "status": event.status,
        "selected_by": event.selected_by,
        "notes": event.notes,
        "source": event.source.name,
        "url": event.source.url,
        "extra_sources": _joined(event, event.extra_sources),
        "confounders": _joined(event, event.confounders),
        "first_us_session": "" if first is None else f"{first:%Y-%m-%d}",
        "confidence": "" if event.confidence is None else f"{event.confidence:g}",
        "date_verified": "" if verified is None else str(verified).lower(),
        **{k: v.isoformat() for k, v in (moments | stamps).items() if v is not None},
    }


def _joined(event: Event, texts: tuple[str, ...]) -> str:
    """Return several texts as one cell."""
    if any(BETWEEN in text for text in texts):
        raise EventError(
            f"a text holds '{BETWEEN}', which stands between texts in CSV",
            where=event.where,
            do="write it with another mark",
        )
    return BETWEEN.join(texts)


def _exposed(exposure: Exposure) -> dict[str, str]:
    return {
        "symbol": exposure.symbol,
        "basket": exposure.basket or "",
        "role": exposure.role,
        "expected": SIGNS[exposure.expected],
        "declared": exposure.declared,
    }


def events_ical(events: Iterable[Event], now: pd.Timestamp) -> str:
    """Return events as an iCalendar file (RFC 5545), moments in UTC.

    An event of which only the day is known is an all-day entry. None of them makes
    its owner busy.

    Parameters
    ----------
    events : iterable of Event
    now : Timestamp
        Aware: when the file is made, which every entry has to say.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//aftershock//events//EN",
        "CALSCALE:GREGORIAN",
        *(line for event in events for line in _entry(event, now)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _entry(event: Event, now: pd.Timestamp) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.id}@aftershock"
    yield f"DTSTAMP:{_utc(now)}"
    if event.precision in DAYS:
        yield f"DTSTART;VALUE=DATE:{event.earliest:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.latest + pd.Timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART:{_utc(event.earliest)}"
        if event.latest > event.earliest:
            yield f"DTEND:{_utc(event.latest)}"
    yield f"SUMMARY:{_escaped(event.headline)}"
    yield f"DESCRIPTION:{_escaped(_described(event))}"
    if event.tags:
        yield f"CATEGORIES:{','.join(map(_escaped, event.tags))}"
    if event.source.url:
        yield f"URL:{event.source.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _described(event: Event) -> str:
    """Return what it means for which symbol, and what is to be known."""
    signs = [
        f"{e.basket or e.symbol} ({e.role}, expected {SIGNS[e.expected]})"
        for e in event.exposures
    ]
    return "\n".join(text for text in ("; ".join(signs), event.notes) if text)


def _utc(moment: pd.Timestamp) -> str:
    return f"{moment.tz_convert('UTC'):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Return a text as a value (RFC 5545, 3.3.11)."""
    for mark in "\\;,":
        text = text.replace(mark, f"\\{mark}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> Iterator[str]:
    """Return a line in parts of at most 75 bytes, no letter torn; a blank leads on."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > LONGEST_LINE:
            yield part
            part = " "
        part += letter
    yield part
