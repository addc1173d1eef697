"""The texts of a record, and its exposures; every problem is noted, none is raised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aftershock.events.baskets import SYMBOL, Lexicon
from aftershock.events.columns import EXPOSURE_KEYS
from aftershock.events.nodes import Fields, Problems, Rows, Text
from aftershock.events.records import Exposure
from aftershock.events.vocabulary import DECLARED, ROLES
from aftershock.registry import suggest

SIGNS = {"+1": 1, "1": 1, "+": 1, "0": 0, "?": 0, "-1": -1, "-": -1}


@dataclass(frozen=True)
class ExposureReader:
    """Reads texts and exposures of the records of one file.

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

    def exposures(self, record: Fields) -> tuple[Exposure, ...]:
        """Return the exposures that a record lists."""
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
