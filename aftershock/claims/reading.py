"""From the lines of a claims file to claims; every problem is noted, none is raised."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from aftershock.claims.records import EQUIVALENT, MEASURES, Among, Claim, Group
from aftershock.errors import EventError
from aftershock.events.moments import window_of
from aftershock.events.nodes import Fields, Rows
from aftershock.events.reading import SLUG, Reader
from aftershock.events.vocabulary import ROLES, TAGS

COMMON = (
    "id", "text", "source", "said_by", "said_at", "measure", "event", "tags",
    "symbols", "basket", "role", "window", "rival", "notes",
)  # fmt: skip
OWN: dict[str, tuple[str, ...]] = {
    "ar": ("expected", "bound"),
    "car": ("expected", "bound"),
    "mean_ar": ("expected", "bound"),
    "spread": ("expected", "bound", "against"),
    "slope": ("expected", "field", "runup"),
    "rank_correlation": ("expected", "field", "runup"),
    "placebo_rank": ("expected", "bound", "among"),
    "reversal": ("expected", "first", "runup"),
    "reported_move": ("reported", "tolerance"),
}
"""The keys of each measure beside the common ones."""
ANY = tuple(dict.fromkeys(key for keys in OWN.values() for key in keys))
NEEDED: dict[str, tuple[str, ...]] = {
    "spread": ("against",),
    "placebo_rank": ("bound",),
    "reversal": ("first", "runup"),
    "reported_move": ("reported", "tolerance"),
}
SIGNS = ("+1", "-1")
ONE_EVENT = ("rank_correlation", "placebo_rank", "reversal", "reported_move")
ONE_SESSION = ("ar", "placebo_rank")
GROUP_KEYS = ("symbols", "basket", "role")


FRACTION = "a fraction from -1 to 5: 0.088 is 8.8 %"


def _is_move(value: float) -> bool:
    """Tell whether a number can be a move as a fraction: no share falls below -1."""
    return -1 <= value <= 5


class ClaimReader(Reader):
    """Reads the claims of one file."""

    def claim(self, record: Any) -> Claim | None:
        """Return the claim that a record states, or None where it cannot be read."""
        if not isinstance(record, Fields):
            self.tell(getattr(record, "line", 1), "a claim should be a mapping")
            return None
        before = len(self.problems.found)
        measure = self._measure(record)
        known = [*COMMON, *OWN.get(measure, ANY)]
        self.problems.check_keys(self.file, record, known)
        values = {
            **self._said(record),
            **self._about(record, measure),
            **self._expectation(record, measure),
            "measure": measure,
        }
        self._check_needed(record, measure)
        broken = len(self.problems.found) > before
        return None if broken else Claim(**values, file=self.file, line=record.line)

    def _measure(self, record: Fields) -> str:
        written = self.text(record, "measure")
        if not written:
            self.tell(record.line, f"no measure; known: {', '.join(MEASURES)}")
        else:
            self.problems.check_word(self.file, "measure", written, MEASURES)
        return str(written)

    def _said(self, record: Fields) -> dict[str, Any]:
        """Read who said what, and when."""
        id_, source = self.text(record, "id"), self._source(record)
        if not SLUG.fullmatch(id_):
            found = f"'{id_}' is no id: letters, digits, . _ -" if id_ else "no id"
            self.tell(id_.line, found)
        for key in ("text", "said_by"):
            if not self.text(record, key):
                self.tell(record.line, f"the claim '{id_}' has no {key}")
        if not source.url:
            self.tell(record.line, f"the claim '{id_}' has no source with a url")
        return {
            "id": str(id_),
            "text": str(self.text(record, "text")),
            "said_by": str(self.text(record, "said_by")),
            "source": source,
            "said_at": self._said_at(record),
            "rival": str(self.text(record, "rival")),
            "notes": str(self.text(record, "notes")),
        }

    def _said_at(self, record: Fields) -> pd.Timestamp | None:
        """Read the latest moment at which it can have been said; a date: its end."""
        written = self.text(record, "said_at")
        if not written:
            self.tell(record.line, "no said_at: when was it said?")
            return None
        try:
            return window_of({"published": str(written)}, "")[0][1]
        except EventError as error:
            self.tell(written.line, f"said_at: {error.found}")
            return None

    def _about(self, record: Fields, measure: str) -> dict[str, Any]:
        """Read events, symbols and windows."""
        events, tags = self.texts(record, "event"), self.texts(record, "tags")
        if bool(events) == bool(tags):
            self.tell(record.line, "a claim names its event, or tags")
        if measure in ONE_EVENT and (tags or len(events) > 1):
            self.tell(record.line, f"{measure} is about one event")
        for tag in tags:
            self.problems.check_word(self.file, "tag", tag, TAGS)
        window = self._window(record, "window")
        if measure in ONE_SESSION and window and window[0] != window[1]:
            self.tell(record.line, f"{measure} has a window of one session, as [0, 0]")
        first = self._window(record, "first")
        if first and window and first[1] >= window[0]:
            self.tell(record.line, "first ends before window begins")
        return {
            "events": tuple(map(str, events)),
            "tags": tuple(map(str, tags)),
            "group": self._group(record, record, measure),
            "against": self._against(record),
            "window": window or (0, 0),
            "first": first,
        }

    def _group(self, fields: Fields, record: Fields, measure: str) -> Group:
        """Read the one key that names symbols."""
        given = [key for key in GROUP_KEYS if key in fields]
        if len(given) != 1:
            self.tell(fields.line, f"name one of {', '.join(GROUP_KEYS)}")
        symbols = self.texts(fields, "symbols")
        for symbol in symbols:
            self._check_symbol(symbol)
        if measure == "mean_ar" and given == ["symbols"] and len(symbols) < 2:
            self.tell(record.line, "mean_ar needs two symbols or more")
        if measure == "reported_move" and len(symbols) != 1:
            self.tell(record.line, "reported_move needs one symbol")
        basket, role = self.text(fields, "basket"), self.text(fields, "role")
        if basket:
            self.problems.check_word(self.file, "basket", basket, self.lexicon.baskets)
        if role:
            self.problems.check_word(self.file, "role", role, ROLES)
        return Group(tuple(map(str, symbols)), str(basket), str(role))

    def _against(self, record: Fields) -> Group | None:
        found = self._fields(record, "against")
        if found is None:
            return None
        self.problems.check_keys(self.file, found, GROUP_KEYS)
        return self._group(found, record, "")

    def _window(self, record: Fields, key: str) -> tuple[int, int] | None:
        """Read two offsets; the key `window` has to be there."""
        rows = record.get(key)
        if rows is None:
            if key == "window":
                self.tell(record.line, "no window, such as [0, 0]")
            return None
        line = getattr(rows, "line", record.line)
        try:
            start, end = (int(row) for row in rows if isinstance(rows, Rows))
        except (TypeError, ValueError):
            self.tell(line, f"{key} should be two whole numbers, as [0, 0]")
            return None
        if start > end:
            self.tell(line, f"{key} [{start}, {end}] ends before it starts")
        return start, end

    def _expectation(self, record: Fields, measure: str) -> dict[str, Any]:
        """Read what is expected, and every number of it."""
        positive: Callable[[float], bool] = lambda x: x > 0  # noqa: E731
        return {
            "expected": self._expected(record, measure),
            "bound": self._number(record, "bound", positive, "above 0"),
            "reported": self._number(record, "reported", _is_move, FRACTION),
            "tolerance": self._number(record, "tolerance", positive, "above 0"),
            "runup": self._runup(record),
            "field": self._field(record),
            "among": self._among(record),
        }

    def _expected(self, record: Fields, measure: str) -> str:
        if measure == "reported_move":
            return "reported"
        known: Sequence[str] = SIGNS
        if measure == "placebo_rank":
            known = ("usual", "unusual")
        elif "bound" in OWN.get(measure, ()):
            known = (*SIGNS, *EQUIVALENT)
        written = self.text(record, "expected")
        if written not in known:
            found = f"expected: '{written}'" if written else "no expected"
            self.tell(written.line, f"{found}; allowed: {', '.join(known)}")
        if written in EQUIVALENT and "bound" not in record:
            self.tell(written.line, f"expected {written} needs a bound, as 0.02")
        if written in SIGNS and "bound" in record:
            self.tell(written.line, f"a bound goes with {', '.join(EQUIVALENT)}")
        return str(written)

    def _number(
        self,
        record: Fields,
        key: str,
        sound: Callable[[float], bool] = math.isfinite,
        wanted: str = "a number",
    ) -> float | None:
        """Read a fraction."""
        if key not in record:
            return None
        written = self.text(record, key)
        try:
            value = float(written)
        except ValueError:
            value, wanted = math.nan, "a number"
        if not (math.isfinite(value) and sound(value)):
            self.tell(written.line, f"{key} '{written}' is not {wanted}")
        return value

    def _runup(self, record: Fields) -> int | None:
        if "runup" not in record:
            return None
        written = self.text(record, "runup")
        if not (written.isascii() and written.isdigit()) or int(written) < 1:
            self.tell(written.line, f"runup '{written}' is no number of sessions")
            return None
        return int(written)

    def _field(self, record: Fields) -> dict[str, float]:
        found = self._fields(record, "field")
        if found is None:
            return {}
        values = {name: self._number(found, str(name)) for name in found.names}
        for name in found.names:
            self._check_symbol(name)
        return {str(k): v for k, v in values.items() if v is not None}

    def _among(self, record: Fields) -> Among | None:
        found = self._fields(record, "among")
        if found is None:
            return None
        self.problems.check_keys(self.file, found, ("symbol", "sar_above"))
        symbol = self.text(found, "symbol")
        limit = self._number(found, "sar_above")
        if not symbol or limit is None:
            self.tell(found.line, "among reads {symbol: SOXX, sar_above: 3}")
            return None
        self._check_symbol(symbol)
        return Among(str(symbol), limit)

    def _fields(self, record: Fields, key: str) -> Fields | None:
        """Return a mapping inside a record, or None."""
        found = record.get(key)
        if found is None or isinstance(found, Fields):
            return found
        self.tell(getattr(found, "line", record.line), f"{key} should be a mapping")
        return None

    def _check_needed(self, record: Fields, measure: str) -> None:
        """Name the keys that the measure lacks."""
        for key in NEEDED.get(measure, ()):
            if key not in record:
                self.tell(record.line, f"{measure} needs the key {key}")
        either = ("field" in record) == ("runup" in record)
        if measure in ("slope", "rank_correlation") and either:
            self.tell(record.line, f"{measure} needs either field or runup")
