"""Page 12: how often each test rejects where nothing happened. Made when asked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from aftershock.pages.base import Page
from aftershock.pages.cautions import run_sources
from aftershock.pages.listing import Column, set_rows
from aftershock.pages.sheet import Sheet
from aftershock.tables import listed, percent, records, window_name, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

COLUMNS = (
    Column("design", 1.3),
    Column("test", 1.5),
    Column("window", 0.8),
    Column("draws", 0.6, right=True),
    Column("valid", 0.6, right=True),
    Column("rejects", 0.8, right=True),
    Column("allowed", 1.1, right=True),
    Column("power", 0.7, right=True),
    Column("verdict", 3.2, wraps=True),
)


class Calibration(Page):
    """Rejection rates of every test under the null, and its power."""

    name: ClassVar[str] = "calibration"
    title: ClassVar[str] = "Calibration"
    order: ClassVar[int] = 12
    tables: ClassVar[tuple[str, ...]] = ("calibration",)

    def applies(self, result: RunResult) -> bool:
        """Return whether the tests were calibrated."""
        return "calibration" in result.tables

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return as many sheets as the tests need."""
        # here: most reports lack this page, and loading it takes a second
        from aftershock.calibration.rates import NOT_COMPUTED

        table = result.tables["calibration"]
        table = table[table["verdict"] != NOT_COMPUTED]
        rows = [_cells(r) for r in records(table)]
        figures: list[Figure] = []
        while not figures or rows:
            sheet = Sheet(result.manifest, paper)
            more = "  ·  continued" if figures else ""
            sheet.heading(f"Calibration{more}", _title(table), _standfirst(table))
            until = sheet.bottom - 0.05
            count, _ = set_rows(sheet, COLUMNS, rows, sheet.y + 0.16, until)
            rows = rows[count:] if count else []
            sheet.source(f"{run_sources(result.manifest)}. Nominal level 5 %.")
            figures.append(sheet.figure)
        return figures


def _title(table: pd.DataFrame) -> str:
    """Say whether what is called valid holds."""
    from aftershock.calibration.rates import DEFECTS, NEARLY_ALWAYS

    valid = table[table["share_valid"] >= NEARLY_ALWAYS]
    wrong = valid[valid["verdict"].isin(DEFECTS)]
    if wrong.empty:
        return f"All {len(valid)} valid tests reject as often as they say"
    return f"{len(wrong)} of {len(valid)} valid tests reject too often or too seldom"


def _standfirst(table: pd.DataFrame) -> list[str]:
    """Say what was drawn, and which tests must not be used here."""
    from aftershock.calibration.rates import INVALID

    drawn = [f"{name}: {text}" for name, text in _designs(table)]
    invalid = sorted(set(table.loc[table["verdict"] == INVALID, "test"]))
    said = [f"Panels without news were drawn; {'; '.join(drawn)}."] if drawn else []
    return said + ([f"Not valid here: {listed(invalid)}."] if invalid else [])


def _designs(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the designs in words."""
    once = table.drop_duplicates("design")
    return [(str(r.design), words(r.words)) for r in records(once)]


def _cells(row: Any) -> list[str]:
    """Return the cells of one test in one window."""
    from aftershock.calibration.rates import NEARLY_ALWAYS

    valid = row.share_valid >= NEARLY_ALWAYS
    low, high = (percent(v, signed=False) for v in (row.low, row.high))
    reason = words(row.reason).replace("_", " ")
    return [
        str(row.design),
        str(row.test).replace("_", " "),
        window_name(row.start, row.end),
        str(row.replications),
        percent(row.share_valid, 0, signed=False),
        percent(row.rate_valid if valid else row.rate, signed=False),
        f"{low} to {high}" if valid and not math.isnan(row.low) else "",
        percent(row.power, 0, signed=False),
        words(row.verdict) + (f": {reason}" if not valid and reason else ""),
    ]
