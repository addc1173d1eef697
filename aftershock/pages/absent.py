"""What stands where numbers cannot: what is awaited, or why nothing was measured."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aftershock.pages.listing import Column, set_rows
from aftershock.pages.sheet import Sheet
from aftershock.results import RunResult
from aftershock.tables import day, number, percent, reason_and_detail, records, words

WAITING = (
    Column("symbol", 1.0),
    Column("beta", 0.8, right=True),
    Column("sigma now", 1.1, right=True),
    Column("noise explains up to", 1.7, right=True),
    Column("measurable from", 1.6, right=True),
)
LEFT_OUT = (Column("symbol", 1.0), Column("reason", 3.0), Column("detail", 4.0))


def set_absent(sheet: Sheet, result: RunResult, event: str, width: float) -> float:
    """Set what is known of an event without measured pairs; return where it ends.

    Parameters
    ----------
    event : str
        Its id.
    width : float
        Of the table, in inches.
    """
    waiting = _of(result.tables["pending"], event)
    columns: Sequence[Column] = WAITING
    rows = [
        [
            str(p.symbol),
            number(p.beta),
            percent(p.sigma_now, signed=False),
            f"± {percent(p.threshold, signed=False)}",
            day(p.measurable_from),
        ]
        for p in records(waiting)
    ]
    if not rows:
        columns = LEFT_OUT
        rows = [
            [str(d.symbol), *reason_and_detail(words(d.reason), words(d.detail))]
            for d in records(_of(result.tables["dropped"], event))
        ]
    if not rows:
        return sheet.y
    return set_rows(sheet, columns, rows, sheet.y + 0.35, sheet.bottom, width)[1]


def _of(table: pd.DataFrame, event: str) -> pd.DataFrame:
    """Return the rows of one event."""
    return table[table["event_id"] == event]
