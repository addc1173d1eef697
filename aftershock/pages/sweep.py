"""A page of a sweep: every setting, the luck of the best, and what choosing brought."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from aftershock.pages.base import Page
from aftershock.pages.cautions import run_sources
from aftershock.pages.listing import Column, set_rows
from aftershock.pages.sheet import Sheet, fit
from aftershock.plots import BODY, GREY, INK, LEAD, SMALL
from aftershock.plots.trades import plot_grid
from aftershock.tables import (
    NONE,
    OUTCOME,
    best_setting,
    day,
    forward_sentence,
    grid_names,
    nothing_to_choose_by,
    number,
    percent,
    same_sweeps,
    same_trades,
    setting_value,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

FORWARD = ("fold", "first_session", "events", "past_events", "in_sample")
BEST = 8


class SweepPage(Page):
    """One sheet for each strategy: heatmap, best settings, walk-forward."""

    name: ClassVar[str] = "sweep"
    title: ClassVar[str] = "The settings"
    order: ClassVar[int] = 13
    tables: ClassVar[tuple[str, ...]] = ("sweep", "walk_forward")

    def applies(self, result: RunResult) -> bool:
        """Return whether settings were tried."""
        return "sweep" in result.tables

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return a sheet for each strategy."""
        table = result.tables["sweep"]
        return [
            _sheet(result, str(label), part.reset_index(drop=True), paper)
            for label, part in table.groupby("strategy", sort=False)
        ]


def _sheet(result: RunResult, label: str, swept: pd.DataFrame, paper: str) -> Figure:
    """Set one strategy's sheet."""
    sheet = Sheet(result.manifest, paper)
    names = [n for n in grid_names(swept) if swept[n].notna().any()]
    forward = result.tables["walk_forward"]
    forward = forward[forward["strategy"] == label]
    sheet.heading(
        "The settings",
        best_setting(label, swept),
        [*_standfirst(forward, swept), *_twins(result, label)],
    )
    height = (sheet.bottom - sheet.y) * 0.58
    left, wide = sheet.column(1, 6)
    right, narrow = sheet.column(7, 12)
    _heatmap(sheet, swept, names, (left, sheet.y, wide, height))
    _best(sheet, swept, names, (right, sheet.y, narrow, height))
    _forward(sheet, forward, names, sheet.y + height + 0.3)
    sheet.source(f"{run_sources(result.manifest)}. Sharpe: daily, 252 sessions.")
    return sheet.figure


def _standfirst(forward: pd.DataFrame, swept: pd.DataFrame) -> list[str]:
    """Say what choosing on the past brought, and which settings are one."""
    lines = [f"{line[0].upper()}{line[1:]}." for line in same_trades(swept)]
    alike = [" ".join(lines)] if lines else []
    told = forward_sentence(forward)
    if not told:
        return ["Too few events to choose on some and trade the others.", *alike]
    return [f"{told} The best setting of all was not known to anyone.", *alike]


def _twins(result: RunResult, label: str) -> list[str]:
    """Say which strategies are one with this one under the grid."""
    entries = result.manifest.get("strategies") or []
    given = {str(e["label"]): e.get("parameters") or {} for e in entries}
    table = result.tables["sweep"]
    twins = [
        name
        for name, part in table.groupby("strategy", sort=False)
        if same_sweeps(table[table["strategy"].isin([label, name])], given)
    ]
    mine = table[table["strategy"].isin([label, *twins])]
    return [f"{line}." for line in same_sweeps(mine, given)]


def _heatmap(
    sheet: Sheet,
    swept: pd.DataFrame,
    names: list[str],
    box: tuple[float, float, float, float],
) -> None:
    """Draw the Sharpe ratio over two names, the others as in the best setting."""
    x, y, width, height = box
    sheet.text(x, y + 0.14, "Sharpe ratio", LEAD, weight="semibold")
    axes = [n for n in names if len(set(swept[n].map(setting_value))) > 1][:2]
    top = int(np.argmax(swept["sharpe"].fillna(-np.inf)))
    best = swept.to_dict("records")[top]
    held = [n for n in names if n not in axes]
    same = np.ones(len(swept), dtype=bool)
    for name in held:
        # as text: what a rule without a value holds is not equal to itself
        same &= (swept[name].map(setting_value) == setting_value(best[name])).to_numpy()
    said = ", ".join(f"{n} = {setting_value(best[n])}" for n in held)
    if said:
        told = fit(f"with {said}, as in the best", width - 1.3, SMALL)
        sheet.text(x + 1.2, y + 0.14, told, SMALL, color=GREY)
    if not axes:
        sheet.text(x, y + 0.5, "A single setting.", BODY, color=GREY)
        return
    inner = (x + 0.75, y + 0.34, width - 0.9, height - 0.9)
    grid = _cells(swept[same], axes)
    plot_grid(grid, sheet.axes(*inner))


def _cells(part: pd.DataFrame, axes: list[str]) -> pd.DataFrame:
    """Return Sharpe ratios, first name down and second across, as the grid orders."""
    down = axes[0]
    across = axes[1] if len(axes) > 1 else "all"
    shown = part.assign(all="")
    rows = list(dict.fromkeys(shown[down].map(setting_value)))
    columns = list(dict.fromkeys(shown[across].map(setting_value)))
    table = pd.DataFrame(np.nan, index=rows, columns=columns)
    for row in shown.to_dict("records"):
        table.loc[setting_value(row[down]), setting_value(row[across])] = row["sharpe"]
    table.index.name, table.columns.name = down, "" if across == "all" else across
    return table


def _best(
    sheet: Sheet,
    swept: pd.DataFrame,
    names: list[str],
    box: tuple[float, float, float, float],
) -> None:
    """Set the best settings, and how sure each is to beat luck."""
    x, y, width, height = box
    sheet.text(
        x, y + 0.14, "The best settings, by Sharpe ratio", LEAD, weight="semibold"
    )
    best = swept.sort_values("sharpe", ascending=False, kind="stable").head(BEST)
    shown = names[:4]
    heads = (
        *[name.replace("_", " ") for name in shown],
        "return",
        "Sharpe",
        "trades",
        "beats luck",
    )
    top = y + 0.42
    _set_row(sheet, (x, top, width), heads, len(shown), GREY)
    sheet.rule(x, top + 0.07, width)
    for i, row in enumerate(best.to_dict("records")):
        cells = (
            *[setting_value(row[name]) for name in shown],
            percent(row["total_return"]),
            number(row["sharpe"]),
            number(row["n_trades"], 0),
            percent(row["deflated_sharpe"], 0, signed=False),
        )
        _set_row(sheet, (x, top + 0.27 + 0.21 * i, width), cells, len(shown), INK)
    note = (
        "A setting with a lower return can stand above one with more. Beats luck: "
        "probability that the true Sharpe ratio is above that of the luckiest of all "
        "settings (deflated Sharpe ratio)."
    )
    sheet.paragraph(x, y + height - 0.32, width, note, SMALL, color=GREY)


def _set_row(
    sheet: Sheet,
    place: tuple[float, float, float],
    cells: tuple[str, ...],
    names: int,
    color: str,
) -> None:
    """Set cells of equal width; the first `names` to the left, figures to the right."""
    x, y, width = place
    step = width / len(cells)
    for k, cell in enumerate(cells):
        right = k >= names
        at = x + step * (k + 1) - 0.04 if right else x + step * k
        text = fit(cell, step - 0.08, SMALL)
        sheet.text(at, y, text, SMALL, color=color, ha="right" if right else "left")


def _forward(sheet: Sheet, forward: pd.DataFrame, names: list[str], top: float) -> None:
    """Set the choices of the walk-forward."""
    bare, blocks = nothing_to_choose_by(forward)
    none = bare == blocks and blocks > 0
    title = "Nothing to choose by in the past" if none else "Chosen on the past"
    sheet.text(sheet.left, top, title, LEAD, weight="semibold")
    if forward.empty:
        return
    folds = forward[forward["fold"] != OUTCOME]
    chosen = [n for n in names if n in folds]
    columns = [
        Column("from", 1.0),
        Column("events", 0.6, right=True),
        Column("learned from", 0.9, right=True),
        Column("Sharpe there", 0.9, right=True),
        *[Column(n.replace("_", " "), 0.9, right=True) for n in chosen],
    ]
    rows = [
        [
            day(row["first_session"]),
            number(row["events"], 0),
            number(row["past_events"], 0),
            number(row["in_sample"]) if np.isfinite(row["in_sample"]) else NONE,
            *[setting_value(row[n]) for n in chosen],
        ]
        for row in folds.to_dict("records")
    ]
    set_rows(sheet, columns, rows, top + 0.26, sheet.bottom - 0.05)
