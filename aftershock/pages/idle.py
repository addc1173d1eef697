"""Of the page "Trading it": the strategies that made no trade, on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from aftershock.pages.account_rows import asked, own, parameter_words
from aftershock.pages.cautions import run_sources
from aftershock.pages.listing import Column, set_rows
from aftershock.pages.sheet import Sheet
from aftershock.tables import listed, percent, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from aftershock.results import RunResult

COLUMNS = (
    Column("strategy", 1.1, wraps=True),
    Column("what came of its plans", 2.9, wraps=True),
    Column("parameters", 2.0, wraps=True),
    Column("on other dates", 1.9, wraps=True),
)
WHY = (
    "An account without a trade has no result to hold against luck: no p-value, no "
    "picture, no ladder of costs is drawn."
)


def made_trades(result: RunResult, label: str) -> bool:
    """Return whether a strategy entered anything."""
    return bool(own(result, "trades", label)["entry_session"].notna().any())


def idle_sheets(result: RunResult, labels: Sequence[str], paper: str) -> list[Figure]:
    """Return the sheets that list strategies without a trade."""
    rows = [_row(result, label) for label in labels]
    figures: list[Figure] = []
    while rows:
        sheet = Sheet(result.manifest, paper)
        more = "  ·  continued" if figures else ""
        title = f"{listed(labels, 3)} made no trade"
        sheet.heading(f"Trading it{more}", title, [] if figures else [WHY])
        top = sheet.y + 0.16
        count, _ = set_rows(sheet, COLUMNS, rows, top, sheet.bottom - 0.05)
        rows = rows[count:]
        sheet.source(f"{run_sources(result.manifest)}.")
        figures.append(sheet.figure)
    return figures


def _row(result: RunResult, label: str) -> list[str]:
    """Return what is known of one of them."""
    entries = result.manifest.get("strategies") or []
    entry: Mapping[str, Any] = next((e for e in entries if e.get("label") == label), {})
    why = _told(result, label) or unfilled(own(result, "trades", label))
    return [
        label,
        f"{why}{asked(result, label)}",
        ", ".join(parameter_words(entry.get("parameters"))),
        other_dates(own(result, "chance", label)["total_return"].to_numpy(float)),
    ]


def _told(result: RunResult, label: str) -> str:
    """Return what the run warned of where nothing was planned."""
    start = f"{label}: nothing is planned"
    warned = [words(w) for w in result.manifest.get("warnings") or []]
    found = [w for w in warned if w.startswith(start)]
    return f"N{found[0].removeprefix(f'{label}: n')}." if found else ""


def unfilled(trades: pd.DataFrame) -> str:
    """Say why no plan became a trade."""
    if trades.empty:
        return "It made no plan on any of the events."
    if len(trades) == 1:
        return f"Its one plan was not filled: {_plain(trades['exit_reason'].iloc[0])}."
    counts = trades["exit_reason"].value_counts().sort_index()
    told = ", ".join(f"{_plain(why)} {n}" for why, n in counts.items())
    return f"None of its {len(trades)} plans was filled: {told}."


def _plain(reason: object) -> str:
    """Return a reason in words."""
    return words(reason).replace("_", " ")


def other_dates(drawn: np.ndarray) -> str:
    """Say on how many sets of other dates its account moved, and how far."""
    moved = drawn[drawn != 0]
    if not len(drawn):
        return "none to draw"
    if not len(moved):
        return f"no trade on any of {len(drawn)} sets either"
    reach = f"{percent(moved.min())} to {percent(moved.max())}"
    return f"it traded on {len(moved)} of {len(drawn)} sets: {reach}"
