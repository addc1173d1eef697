"""The rules by which prices are checked, and what was found about one symbol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

import numpy as np
import pandas as pd

from aftershock.prices import Defect
from aftershock.sources.base import first_few

RULES: dict[str, str] = {
    "corrupt_file": "the file cannot be read",
    "not_a_date": "a date that is none",
    "not_a_number": "text or an infinite value where a number belongs",
    "duplicate_rows": "two rows of one session that disagree",
    "not_positive": "a price that is zero or negative",
    "negative_volume": "a volume below zero",
    "high_below_low": "the high of a session is below its low",
    "unadjusted_split": "the price jumps by the ratio of a split",
    "future_row": "a row of a day that is still to come: left out",
    "short_row": "a row with fewer cells than the header: was the file cut off?",
    "wrong_units": "prices of another magnitude than their neighbours",
    "swapped_columns": "columns that stand under each other's name",
    "adjustment_seam": "the basis of the adjusted closes changes",
    "unsorted": "rows out of order: sorted",
    "holiday_row": "a row on a day without session: left out",
    "repeated_rows": "the same row twice: one kept",
    "outside_range": "open or close outside low to high by more than 0.5\u2009%",
    "flat_bar": "no trade: one price all day and no volume",
    "volume_units": "the volume changes its magnitude",
    "missing_session": "a session without a close inside the history",
    "no_adj_close": "no dividend-adjusted close: close stands for it",
    "thin_last_bar": "the last volume is under a quarter of the usual: perhaps saved "
    "before the close",
    "partial_bar": "a bar fetched before its session had closed: left out",
}
"""Every rule by which prices are checked, with one sentence each."""


LONGEST = 200
"""Characters of a value that a message repeats."""


@dataclass
class Inspection:
    """The findings about one symbol while its rows are being read."""

    symbol: str
    warnings: list[str] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)

    @property
    def refused(self) -> bool:
        """Whether a severe defect was found."""
        return any(d.severity == "severe" for d in self.defects)

    def has(self, rule: str) -> bool:
        """Tell whether a rule has found anything."""
        return any(d.rule == rule for d in self.defects)

    def note(
        self,
        rule: str,
        session: object,
        value: object,
        severity: Literal["severe", "minor"] = "severe",
    ) -> None:
        """Record a defect; its id names symbol, session and rule."""
        at = None if session is None else pd.Timestamp(cast("pd.Timestamp", session))
        day = "file" if at is None else f"{at:%Y-%m-%d}"
        value = str(value)
        value = value if len(value) <= LONGEST else value[:LONGEST] + " ..."
        what = f" ({value})" if value else ""
        text = f"{self.symbol} {day}: {RULES[rule]}{what}"
        name = f"{self.symbol}:{day}:{rule}"
        if name not in self._ids:
            self._ids.add(name)
            found = Defect(name, self.symbol, at, rule, value, severity, text)
            self.defects.append(found)

    def tell(self, rule: str, sessions: pd.Index, values: Sequence[str] = ()) -> None:
        """Record minor defects of many sessions, with one warning for all."""
        if len(sessions):
            days = [f"{day:%Y-%m-%d}" for day in sessions]
            self.warnings.append(f"{self.symbol} {first_few(days)}: {RULES[rule]}")
        told = values or [""] * len(sessions)
        for session, value in zip(sessions, told, strict=True):
            self.note(rule, session, value, "minor")

    def place(self, closes: pd.Series) -> None:
        """Tell for each defect the closes before and after its session."""
        known = closes.dropna()
        self.defects = [
            d if d.session is None else replace(d, neighbours=_around(known, d.session))
            for d in self.defects
        ]


def _around(closes: pd.Series, session: pd.Timestamp) -> str:
    """Return the last close before a session and the first one after it."""
    index = pd.DatetimeIndex(closes.index)
    before = int(index.searchsorted(session)) - 1
    after = int(index.searchsorted(session, side="right"))
    values = closes.to_numpy(np.float64)
    return ", ".join(
        f"{word} {index[at]:%Y-%m-%d} {values[at]:g}"
        for word, at in (("before", before), ("after", after))
        if 0 <= at < len(index)
    )
