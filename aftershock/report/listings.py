"""A run's tables as a reader of the HTML wants them: rounded, short, sortable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from aftershock.pages.telling import Listing
from aftershock.tables import MINUS, NONE, is_missing

MOST = 120
"""Rows given of one table: the whole one lies beside the report."""


@dataclass(frozen=True)
class DataListing:
    """A table of the run, at most `MOST` rows of it."""

    name: str
    rows: int
    listing: Listing

    @property
    def shown(self) -> int:
        """Rows given."""
        return len(self.listing.rows)


def data_listings(
    tables: Mapping[str, pd.DataFrame], names: Sequence[str]
) -> Iterator[DataListing]:
    """Return the tables of these names that hold anything."""
    for name in names:
        table = tables.get(name)
        if table is not None and len(table):
            yield DataListing(name, len(table), _listing(name, table.head(MOST)))


def _listing(name: str, table: pd.DataFrame) -> Listing:
    """Return a table's columns that are not empty, as words."""
    blank = [c for c in table if all(is_missing(value) for value in table[c])]
    kept = table.drop(columns=blank)
    right = [
        pd.api.types.is_numeric_dtype(kept[c]) and kept[c].dtype != bool for c in kept
    ]
    columns = [[_cell(value) for value in kept[c]] for c in kept]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Listing(name, [str(c).replace("_", " ") for c in kept], right, rows)


def _cell(value: Any) -> str:
    """Return a cell to four significant digits, a session as its date."""
    if is_missing(value):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return value.isoformat()[:10]
    if isinstance(value, int | float):
        short = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
        return short.replace("-", MINUS)
    return str(value)
