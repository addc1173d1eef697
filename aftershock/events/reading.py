"""From the lines of a file to events; every problem is noted, none is raised."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.calendar import PRECISIONS, label
from aftershock.errors import EventError
from aftershock.events.baskets import Lexicon
from aftershock.events.columns import (
    EVENT_KEYS,
    MOMENT_KEYS,
    SOURCE_KEYS,
)
from aftershock.events.exposures import ExposureReader
from aftershock.events.moments import day_or_moment, offset_slip, window_of
from aftershock.events.nodes import Fields, Problems, Rows, read_yaml
from aftershock.events.records import Event, Source
from aftershock.events.rows import csv_records
from aftershock.events.vocabulary import SELECTED_BY, STATUSES, TAGS
from aftershock.registry.partial import Partial, meant_by

SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_HEADLINE = 300
TAG_LISTER = "aftershock events tags"


@dataclass(frozen=True)
class Reader(ExposureReader):
    """Reads the records of one file."""

    def event(self, record: Any) -> Event | None:
        """Return the event that a record states, or None where it cannot be read."""
        read = self.read(record)
        return read if isinstance(read, Event) else None

    def read(self, record: Any) -> Event | Partial | None:
        """Return the event that a record states, or what of it can be read, if any."""
        if not isinstance(record, Fields):
            self.tell(getattr(record, "line", 1), "an event should be a mapping")
            return None
        found = self.problems.found
        held: dict[str, Any] = {"file": self.file, "line": record.line}
        first = len(found)
        self.problems.check_keys(self.file, record, EVENT_KEYS)
        slips, told = meant_by(record.keys() - set(EVENT_KEYS), EVENT_KEYS), len(found)
        for part in self._parts(record):
            # a part with a problem is not known, nor is one whose key is misspelled
            sound = len(found) == told
            held |= {key: part[key] for key in part if sound and key not in slips}
            told = len(found)
        self._check_signs(record, held)
        if len(found) == first:
            return Event(**held)
        return Partial(**{"id": "", **held, "where": f"{self.file}:{record.line}"})

    def _parts(self, record: Fields) -> Iterator[dict[str, Any]]:
        """Yield what a record states, part by part: each is right or wrong."""
        yield {"id": self._id(record)}
        yield {"headline": self._headline(record)}
        yield self._time(record)
        yield {"first_us_session": self._first_session(record)}
        yield {"tags": self._tags(record)}
        yield {"exposures": self.exposures(record)}
        yield from self._provenance(record)

    def _check_signs(self, record: Fields, held: dict[str, Any]) -> None:
        """Refuse signs that were declared before the news by a record made after it."""
        recorded, latest = held.get("recorded_at"), self._latest(record, held)
        rows = [row for row in record.get("exposures", ()) if isinstance(row, Fields)]
        early = any(row.get("declared") == "before" for row in rows)
        if early and recorded and latest and recorded > latest:
            late = (
                "a sign is declared 'before', but recorded_at is later than the event"
            )
            self.tell(self.text(record, "recorded_at").line, late)

    def _latest(self, record: Fields, held: dict[str, Any]) -> pd.Timestamp | None:
        """Return until when it came out at most, also beside a time that is wrong."""
        if latest := held.get("latest"):
            return pd.Timestamp(latest)
        # what `published` alone stands for depends on a precision that is there
        known = record.get("precision", "") in ("", *PRECISIONS)
        written = record.get("latest", record.get("published", "") if known else "")
        try:
            return day_or_moment(str(written))
        except EventError:
            return None

    def _id(self, record: Fields) -> str:
        name = self.text(record, "id")
        if not SLUG.fullmatch(name):
            found = f"'{name}' is no id: letters, digits, . _ -" if name else "no id"
            self.tell(name.line, found)
        return str(name)

    def _headline(self, record: Fields) -> str:
        headline = self.text(record, "headline")
        if not headline:
            name = record.get("id", "")
            self.tell(record.line, f"the event '{name}' has no headline")
        if len(headline) > LONGEST_HEADLINE:
            long = f"the headline has {len(headline)} characters"
            self.tell(headline.line, f"{long}, at most {LONGEST_HEADLINE} are allowed")
        return str(headline)

    def _time(self, record: Fields) -> dict[str, Any]:
        self.word(record, "precision", PRECISIONS, "")
        given = {key: str(self.text(record, key)) for key in MOMENT_KEYS}
        lines = [key.line for key in record.names if key in MOMENT_KEYS]
        try:
            window, precision = window_of(given, "")
        except EventError as error:
            allowed = f", allowed: {error.allowed}" if error.allowed else ""
            hint = f" ({error.do})" if error.do else ""
            told = error.found + allowed + hint
            self.tell(min(lines, default=record.line), told)
            return {}
        return {
            "earliest": window[0],
            "latest": window[1],
            "precision": precision,
            "slip": offset_slip(given),
        }

    def _first_session(self, record: Fields) -> pd.Timestamp | None:
        written = self.text(record, "first_us_session")
        if not written:
            return None
        try:
            return label(pd.Timestamp(datetime.strptime(written, "%Y-%m-%d")))
        except ValueError:
            message = f"first_us_session: '{written}' is no date like 2026-07-01"
            self.tell(written.line, message)
            return None

    def _tags(self, record: Fields) -> tuple[str, ...]:
        tags = self.texts(record, "tags")
        if not tags:
            told = f"an event needs at least one tag; '{TAG_LISTER}' lists them"
            self.tell(record.line, told)
        for tag in tags:
            self.problems.check_word(self.file, "tag", tag, TAGS, TAG_LISTER)
        return tuple(dict.fromkeys(str(tag) for tag in tags))

    def _provenance(self, record: Fields) -> Iterator[dict[str, Any]]:
        yield {"source": self._source(record)}
        for key in ("extra_sources", "confounders"):
            yield {key: tuple(map(str, self.texts(record, key)))}
        yield {"notes": str(self.text(record, "notes"))}
        yield {"confidence": self._confidence(record)}
        yield {"date_verified": self._verified(record)}
        yield {"status": self.word(record, "status", STATUSES, "occurred")}
        yield {"selected_by": self.word(record, "selected_by", SELECTED_BY, "unknown")}
        for key in ("recorded_at", "scheduled_since"):
            yield {key: self._moment(record, key)}

    def _source(self, record: Fields) -> Source:
        source = record.get("source", Fields([], record.line))
        if isinstance(source, Rows):
            self.tell(source.line, "source should be {name: ..., url: ...} or a url")
            return Source()
        if not isinstance(source, Fields):
            return Source(url=str(source))
        self.problems.check_keys(self.file, source, SOURCE_KEYS)
        return Source(str(self.text(source, "name")), str(self.text(source, "url")))

    def _confidence(self, record: Fields) -> float | None:
        written = self.text(record, "confidence")
        if not written:
            return None
        try:
            value = float(written)
        except ValueError:
            value = math.nan
        if not 0 <= value <= 1:
            self.tell(written.line, f"confidence '{written}' is not from 0 to 1")
        return value

    def _verified(self, record: Fields) -> bool | None:
        word = self.word(record, "date_verified", ("true", "false"), "")
        return word == "true" if word else None

    def _moment(self, record: Fields, key: str) -> pd.Timestamp | None:
        """Return a moment; a day alone counts at its end."""
        written = self.text(record, key)
        if not written:
            return None
        try:
            return day_or_moment(written)
        except EventError as error:
            self.tell(written.line, f"{key}: {error.found}")
            return None


def read_events(
    path: Path, lexicon: Lexicon, problems: Problems
) -> list[Event | Partial]:
    """Return the events of one YAML or CSV file; problems are noted.

    Of a record with problems it is what could be read, for the checks between keys.
    """
    reader = Reader(str(path), lexicon, problems)
    records = _records(path, problems)
    return [event for event in map(reader.read, records) if event]


def _records(path: Path, problems: Problems) -> list[Any]:
    if path.suffix.lower() == ".csv":
        return csv_records(path, problems)
    content = read_yaml(path, problems)
    if isinstance(content, Rows):
        return list(content)
    if content is not None:
        problems.add(str(path), content.line, "the file should be a list of events")
    return []
