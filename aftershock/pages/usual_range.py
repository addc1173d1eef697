"""Abnormal returns by symbol and session, against what each symbol usually does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from aftershock.pages.days_around import offset_name
from aftershock.tables import number, percent, role_order, words

if TYPE_CHECKING:
    from aftershock.abnormal import BoolArray, FloatArray

USUAL = 1.96
MOST = 120


@dataclass(frozen=True)
class Heat:
    """What one map shows, rows in the order in which they are set.

    Attributes
    ----------
    rows : DataFrame
        role, symbol, n (sessions averaged), usual (the half width of the usual range).
    values : array (rows, offsets)
        Abnormal returns as fractions; NaN where there is none.
    offsets : array (offsets,)
        Sessions from the news.
    event : str
        Its id; empty for the mean over events.
    follows : str
        Role of the row before the first, on the sheet before; empty on the first.
    """

    rows: pd.DataFrame
    values: FloatArray
    offsets: FloatArray
    event: str
    follows: str = ""

    @property
    def unusual(self) -> BoolArray:
        """Which values lie outside the usual range of their row."""
        beyond = np.abs(self.values) > self.rows["usual"].to_numpy(float)[:, None]
        return np.asarray(beyond, dtype=bool)

    @property
    def judged(self) -> BoolArray:
        """Which values have a usual range to be held against."""
        known = np.isfinite(self.rows["usual"].to_numpy(float))[:, None]
        return np.asarray(np.isfinite(self.values) & known, dtype=bool)

    def part(self, first: int, last: int) -> Heat:
        """Return some of the rows."""
        some = self.rows.iloc[first:last]
        before = str(self.rows["role"].iloc[first - 1]) if first else ""
        values = self.values[first:last]
        return replace(self, rows=some, values=values, follows=before)


def cells_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the abnormal returns of symbols around their news, with their sigma."""
    paths = tables["paths"]
    paths = paths[(paths["symbol"].map(words) != "") & paths["ar"].notna()]
    pairs = tables["pairs"][["event_id", "symbol", "session", "role", "sigma"]]
    keys = {"session": "event_session"}
    named = pairs.rename(columns=keys).drop_duplicates(
        ["event_id", "symbol", "event_session"]
    )
    found = paths.merge(named, on=["event_id", "symbol", "event_session"], how="inner")
    return found.assign(
        ar=found["ar"].astype(float), offset=found["offset"].astype(int)
    )


def heat_of(cells: pd.DataFrame, event: str) -> Heat:
    """Return the map of one event, its first session; or of the mean over all.

    A symbol that two events name on one session counts there once. The usual range of
    a mean of n sessions is that of independent ones: 1.96 sqrt(sum of variances) / n.
    """
    if event:
        cells = cells[cells["event_id"] == event]
        cells = cells[cells["event_session"] == cells["event_session"].min()]
    cells = cells.drop_duplicates(["role", "symbol", "event_session", "offset"])
    keys = ["role", "symbol"]
    table = cells.pivot_table(index=keys, columns="offset", values="ar", aggfunc="mean")
    drawn = cells.drop_duplicates([*keys, "event_session"])
    squared = drawn.assign(variance=drawn["sigma"].astype(float) ** 2)
    sums = squared.groupby(keys)["variance"].agg(lambda v: v.sum(skipna=False))
    count = drawn.groupby(keys).size()
    rows = pd.DataFrame({"n": count, "usual": USUAL * np.sqrt(sums) / count})
    rows = rows.reindex(table.index).reset_index()
    return _ordered(rows, table, event)


def _ordered(rows: pd.DataFrame, table: pd.DataFrame, event: str) -> Heat:
    """Order rows by role, then by their move on the session of the news."""
    values = table.to_numpy(dtype=float)
    offsets = table.columns.to_numpy(dtype=float)
    here = np.flatnonzero(offsets == 0)
    size = np.abs(values[:, here[0]]) if len(here) else np.zeros(len(rows))
    size = np.where(np.isfinite(size), size, -1.0)
    rank = {role: i for i, role in enumerate(role_order(list(rows["role"])))}
    kept = rows.assign(_rank=rows["role"].map(rank), _size=-size, _at=range(len(rows)))
    kept = kept.sort_values("_size", kind="stable").head(MOST)
    kept = kept.sort_values(["_rank", "_size", "symbol"], kind="stable")
    order = kept["_at"].to_numpy(dtype=int)
    return Heat(rows.iloc[order].reset_index(drop=True), values[order], offsets, event)


def title_of(heat: Heat) -> str:
    """Say how many symbols left their usual range with the news, and how often else."""
    news = heat.offsets == 0
    judged, unusual = heat.judged, heat.unusual & heat.judged
    here, there = int(judged[:, news].sum()), int(judged[:, ~news].sum())
    if not here:
        return "No usual range is known for the session of the news"
    moved = int(unusual[:, news].sum()) or "None"
    kind = "symbol" if heat.event else "mean by symbol"
    if here > 1:
        kind = "symbols" if heat.event else "means by symbol"
    said = f"{moved} of {here} {kind} left the usual range with the news"
    if not there:
        return said
    # of as many as have a value with the news, so that both are counts of one whole
    usually = here * unusual[:, ~news].sum() / there
    mean = number(usually, 1 if usually >= 0.1 else 2) if usually else "none"
    return f"{said}, {mean} on other sessions"


def standfirst(heat: Heat, total: int, *, alpha_kept: bool = False) -> list[str]:
    """Say what a row is, what bold means, and that this is no test.

    Where the fitted alpha is kept here alone, figures differ from those of page 1.
    """
    if heat.event:
        what = (
            "Abnormal return of each symbol on each session, in percent, counted from "
            "the first session that could answer the news."
        )
    else:
        what = (
            "Mean abnormal return of each symbol over its events, in percent; n: "
            "sessions it rests on."
        )
    bold = (
        "Bold: outside the symbol’s usual range, 1.96 standard deviations of its "
        "estimation sessions, which about one ordinary value in twenty leaves. Symbols "
        "move together: nothing here is a test."
    )
    cut = f" Shown: the {MOST} largest of {total} rows." if total > MOST else ""
    apart = " A fitted alpha is kept here, on page 1 taken off." if alpha_kept else ""
    return [what + cut, f"{_largest(heat)}{apart} {bold}".strip()]


def _largest(heat: Heat) -> str:
    """Name the largest value, and the session on which it stands."""
    if not np.isfinite(heat.values).any():
        return ""
    row, column = np.unravel_index(np.nanargmax(np.abs(heat.values)), heat.values.shape)
    at = int(heat.offsets[column])
    when = "the news session" if at == 0 else f"session {offset_name(at)}"
    value = percent(float(heat.values[row, column]))
    return f"Largest: {heat.rows['symbol'].iloc[row]} {value} on {when}."
