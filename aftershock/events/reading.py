"""From the lines of a file to events; every problem is noted, none is raised."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.calendar import PRECISIONS, label
from aftershock.errors import EventError
from aftershock.events.baskets import SYMBOL, Lexicon
from aftershock.events.columns import (
    EVENT_KEYS,
    EXPOSURE_KEYS,
    MOMENT_KEYS,
    SOURCE_KEYS,
)
from aftershock.events.moments import day_or_moment, offset_slip, window_of
from aftershock.events.nodes import Fields, Problems, Rows, Text, read_yaml
from aftershock.events.records import Event, Exposure, Source
from aftershock.events.rows import csv_records
from aftershock.events.vocabulary import DECLARED, ROLES, SELECTED_BY, STATUSES, TAGS
from aftershock.registry import suggest

SIGNS = {"+1": 1, "1": 1, "+": 1, "0": 0, "?": 0, "-1": -1, "-": -1}
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_HEADLINE = 300
TAG_LISTER = "aftershock events tags"


@dataclass(frozen=True)
class Reader:
    """Reads the records of one file.

    Parameters
    ----------
    file : str
        Its name, for messages.
    lexicon : Lexicon
        The baskets and instruments that a record can name.
    problems : Problems
        Where everything that is wrong is noted.
    """

    file: str
    lexicon: Lexicon
    problems: Problems

    def event(self, record: Any) -> Event | None:
        """Return the event that a record states, or None where it cannot be read."""
        if not isinstance(record, Fields):
            self.tell(getattr(record, "line", 1), "an event should be a mapping")
            return None
        self.problems.check_keys(self.file, record, EVENT_KEYS)
        before = len(self.problems.found)
        values = {
            **self._identity(record),
            **self._time(record),
            "first_us_session": self._first_session(record),
            "tags": self._tags(record),
            "exposures": self._exposures(record),
            **self._provenance(record),
        }
        self._check_signs(record, values)
        broken = len(self.problems.found) > before
        return None if broken else Event(**values, file=self.file, line=record.line)

    def _check_signs(self, record: Fields, values: dict[str, Any]) -> None:
        """Refuse signs that were declared before the news by a record made after it."""
        recorded, latest = values["recorded_at"], values.get("latest")
        early = any(exposure.declared == "before" for exposure in values["exposures"])
        if early and recorded and latest and recorded > latest:
            late = (
                "a sign is declared 'before', but recorded_at is later than the event"
            )
            self.tell(self.text(record, "recorded_at").line, late)

    def tell(self, line: int, message: str) -> None:
        """Note a problem."""
        self.problems.add(self.file, line, message)

    def word(self, fields: Fields, key: str, known: Iterable[str], default: str) -> str:
        """Return a word of a closed list."""
        written = self.text(fields, key)
        if not written:
            return default
        kind = key.replace("_", " ")
        self.problems.check_word(self.file, kind, written, known)
        return str(written)

    def text(self, fields: Fields, key: str) -> Text:
        """Return a text, or an empty one."""
        written = fields.get(key, Text("", fields.line))
        if isinstance(written, Text):
            return written
        self.tell(written.line, f"{key} should be one text")
        return Text("", written.line)

    def texts(self, fields: Fields, key: str) -> tuple[Text, ...]:
        """Return a list of texts."""
        written = fields.get(key, ())
        if isinstance(written, Text):
            return (written,)
        listed = not isinstance(written, Fields)
        if listed and all(isinstance(item, Text) for item in written):
            return tuple(written)
        self.tell(fields.line, f"{key} should be a list of texts")
        return ()

    def _identity(self, record: Fields) -> dict[str, Any]:
        name, headline = self.text(record, "id"), self.text(record, "headline")
        if not SLUG.fullmatch(name):
            found = f"'{name}' is no id: letters, digits, . _ -" if name else "no id"
            self.tell(name.line, found)
        if not headline:
            self.tell(record.line, f"the event '{name}' has no headline")
        if len(headline) > LONGEST_HEADLINE:
            long = f"the headline has {len(headline)} characters"
            self.tell(headline.line, f"{long}, at most {LONGEST_HEADLINE} are allowed")
        return {"id": str(name), "headline": str(headline)}

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

    def _exposures(self, record: Fields) -> tuple[Exposure, ...]:
        rows = record.get("exposures", Rows([], record.line))
        if not isinstance(rows, Rows) or not rows:
            self.tell(rows.line, "an event needs a list of exposures")
            return ()
        read = [(row, self._exposure(row)) for row in rows]
        named: set[str] = set()
        for row, exposure in read:
            name = exposure and (exposure.basket or exposure.symbol)
            if name and name in named:
                self.tell(row.line, f"'{name}' is named twice")
            named.add(name or "")
        return tuple(exposure for _, exposure in read if exposure)

    def _exposure(self, row: Any) -> Exposure | None:
        if not isinstance(row, Fields):
            line = getattr(row, "line", 1)
            self.tell(line, "an exposure reads {symbol: X, role: r, expected: +1}")
            return None
        self.problems.check_keys(self.file, row, EXPOSURE_KEYS)
        symbol, basket = self.text(row, "symbol"), self.text(row, "basket")
        if bool(symbol) == bool(basket):
            self.tell(row.line, "an exposure names a symbol or a basket")
        if symbol:
            self._check_symbol(symbol)
        if basket:
            self.problems.check_word(self.file, "basket", basket, self.lexicon.baskets)
        if not self.text(row, "role"):
            self.tell(row.line, f"the exposure of {symbol or basket} has no role")
        return Exposure(
            symbol=str(symbol),
            role=self.word(row, "role", ROLES, ""),
            expected=self._sign(row),
            basket=str(basket) or None,
            declared=self.word(row, "declared", DECLARED, "unknown"),
        )

    def _check_symbol(self, symbol: Text) -> None:
        if SYMBOL.fullmatch(symbol):
            return
        meant = self.lexicon.meant(symbol)
        known = [*self.lexicon.instruments, symbol.upper()]
        hint = f" Did you mean '{meant}'?" if meant else suggest(symbol, known)
        self.tell(symbol.line, f"'{symbol}' is not a symbol.{hint}")

    def _sign(self, row: Fields) -> int:
        written = self.text(row, "expected")
        if written not in SIGNS:
            found = f"expected: '{written}'" if written else "no expected sign"
            self.tell(written.line, f"{found}; allowed: +1, 0 (no prior), -1")
        return SIGNS.get(str(written), 0)

    def _provenance(self, record: Fields) -> dict[str, Any]:
        return {
            "source": self._source(record),
            "extra_sources": tuple(map(str, self.texts(record, "extra_sources"))),
            "confounders": tuple(map(str, self.texts(record, "confounders"))),
            "notes": str(self.text(record, "notes")),
            "confidence": self._confidence(record),
            "date_verified": self._verified(record),
            "status": self.word(record, "status", STATUSES, "occurred"),
            "selected_by": self.word(record, "selected_by", SELECTED_BY, "unknown"),
            "recorded_at": self._moment(record, "recorded_at"),
            "scheduled_since": self._moment(record, "scheduled_since"),
        }

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


def read_events(path: Path, lexicon: Lexicon, problems: Problems) -> list[Event]:
    """Return the events of one YAML or CSV file; problems are noted."""
    reader = Reader(str(path), lexicon, problems)
    records = _records(path, problems)
    return [event for event in map(reader.event, records) if event]


def _records(path: Path, problems: Problems) -> list[Any]:
    if path.suffix.lower() == ".csv":
        return csv_records(path, problems)
    content = read_yaml(path, problems)
    if isinstance(content, Rows):
        return list(content)
    if content is not None:
        problems.add(str(path), content.line, "the file should be a list of events")
    return []
