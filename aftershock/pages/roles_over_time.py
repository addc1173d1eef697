"""The roles of many events: one panel for each over time, lone sessions in a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from aftershock.pages.days_around import small
from aftershock.pages.event_means import FEWEST, by_event, source, topic
from aftershock.pages.listing import Column, set_rows
from aftershock.pages.sheet import Sheet, evenly, fit, text_width
from aftershock.plots import GREY, LEAD, SMALL, Shade
from aftershock.plots.events import months_axis, plot_over_time
from aftershock.tables import listed, percent, records, role_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

PER_SHEET = 6
MOST = 8
"""Roles of one session that are listed: panels need their room."""
LONE = (
    Column("role", 2.2),
    Column("first session", 0.95),
    Column("mean", 0.7, right=True),
    Column("95\u2009% interval", 1.5, right=True),
    Column("n", 0.4, right=True),
)
LIMITS = ("ci_low", "ci_high")
Box = tuple[float, float, float, float]
"""Left, top, width and height, in inches."""


def role_sheets(
    result: RunResult,
    rows: pd.DataFrame,
    means: pd.DataFrame,
    shades: Mapping[str, Shade],
    paper: str,
) -> list[Figure]:
    """Set one panel for each role of several sessions; the others share a list.

    One dot alone shows no course over time. Without any role of several sessions there
    is nothing to draw that the lines of the events do not show.

    Parameters
    ----------
    rows : DataFrame
        The measured pairs.
    means : DataFrame
        Of their roles, from `by_role`.
    """
    several = means[means["sessions"] > 1]
    if several.empty:
        return []
    lone = means[means["sessions"] == 1]
    cells: list[Any] = [*records(several), *([lone] if len(lone) else [])]
    figures: list[Figure] = []
    for part in evenly(cells, PER_SHEET):
        sheet = Sheet(result.manifest, paper)
        more = "  ·  continued" if figures else ""
        lines = [] if figures else _role_standfirst(means)
        kicker = f"Across events, by role  ·  {topic(result)}{more}"
        sheet.heading(kicker, role_title(means), lines)
        for cell, box in zip(part, _boxes(sheet, part), strict=True):
            if isinstance(cell, pd.DataFrame):
                _list_lone(sheet, rows, cell, box)
            else:
                with sheet.panel(role_name(cell.role)):
                    _panel(sheet, rows, cell, box, shades[cell.role])
        sheet.source(source(result, len(rows)))
        figures.append(sheet.figure)
    return figures


def _boxes(sheet: Sheet, cells: Sequence[Any]) -> Iterator[Box]:
    """Yield left, top, width and height of cells, two a row; a last one has it all.

    A list that no cell beside a panel holds has a row of its own, as high as it is.
    """
    panels, room = len(cells), sheet.bottom - sheet.y - 0.1
    lone, need = cells[-1], 0.0
    if isinstance(lone, pd.DataFrame):
        deep = 0.75 + 0.18 * min(len(lone), MOST + 1)
        if panels % 2 or deep > room / (panels / 2):
            panels, need = panels - 1, deep
    height = (room - need) / max(-(-panels // 2), 1)
    for i in range(panels):
        alone = i == panels - 1 and i % 2 == 0
        x, width = sheet.column(1 + 6 * (i % 2), 12 if alone else 6 + 6 * (i % 2))
        yield x, sheet.y + (i // 2) * height, width, height
    if need:
        top = sheet.y + -(-panels // 2) * height
        yield sheet.left, top, sheet.width, need


def _list_lone(sheet: Sheet, rows: pd.DataFrame, lone: pd.DataFrame, box: Box) -> None:
    """List the roles of one session each; of very many say where the rest is."""
    x, y, width, height = box
    name = "Roles of one session"
    with sheet.aside():
        sheet.text(x, y + 0.16, name, LEAD, weight="semibold")
    shown = lone.head(MOST)
    cells = [_lone_cells(rows[rows["role"] == r.role], r) for r in records(shown)]
    if more := len(lone) - len(shown):
        cells.append([f"{more} more: tables/cars.csv", *[""] * (len(LONE) - 1)])
    set_rows(sheet, LONE, cells, y + 0.4, y + height, min(width, 5.1), name, x)


def _lone_cells(mine: pd.DataFrame, mean: Any) -> list[str]:
    """Return the cells of a role: its interval as wide as if its pairs moved as one."""
    low, high = (mine[end].astype(float).mean(skipna=False) for end in LIMITS)
    known = np.isfinite([low, high]).all()
    return [
        role_name(mean.role),
        f"{mine['session'].min():%Y-%m-%d}",
        percent(mean.mean),
        f"{percent(low)} to {percent(high)}" if known else "none",
        str(mean.n),
    ]


def role_title(means: pd.DataFrame) -> str:
    """Say which roles have a mean whose interval leaves out zero."""
    known = means[means["low"].notna()]
    if known.empty:
        return f"No role has the {FEWEST} clusters of sessions that an interval needs"
    told = known[(known["low"] > 0) | (known["high"] < 0)]
    if told.empty:
        return f"Undecided: no role’s mean differs from zero, {len(known)} tried"
    names = [f"{small(role_name(r.role))} ({percent(r.mean)})" for r in records(told)]
    rest = len(known) - len(told)
    tail = f"; {rest} other role{'s' if rest > 1 else ''} undecided" if rest else ""
    means_of = "The mean of" if len(names) == 1 else "The means of"
    verb = "differs" if len(names) == 1 else "differ"
    return f"{means_of} {listed(names)} {verb} from zero{tail}"


def _role_standfirst(means: pd.DataFrame) -> list[str]:
    """Say what is drawn, and what the intervals allow."""
    known = means[means["low"].notna()]
    said = (
        "Dot: an event’s mean abnormal return in that role; its 95\u2009% interval is "
        "as wide as if its symbols moved as one. Line: mean of the sessions. "
    )
    many = len(known)
    band = (
        f"Grey: its interval, 95\u2009% for the {many} roles together (Bonferroni, "
        "t over clusters of sessions), so no role gains from being one of many."
    )
    if many < 2:
        band = "Grey: its 95\u2009% interval, t over clusters of sessions."
    band = band if many else "No mean has an interval."
    few = [role_name(r) for r in means.loc[means["low"].isna(), "role"]]
    if few and many:
        band += f" Too few sessions for an interval of their mean: {listed(few, 6)}."
    return [said + band]


def _panel(sheet: Sheet, rows: pd.DataFrame, mean: Any, box: Box, shade: Shade) -> None:
    """Draw one role over time, its mean named above."""
    x, y, width, height = box
    interval = f" ({percent(mean.low)} to {percent(mean.high)})"
    told = (
        f"mean {percent(mean.mean)}{interval if np.isfinite(mean.low) else ''}; "
        f"n = {mean.n}, {mean.sessions} session{'s' if mean.sessions > 1 else ''}"
    )
    told = fit(told, width * 0.7, SMALL)
    sheet.text(x + width - 0.15, y + 0.16, told, SMALL, color=GREY, ha="right")
    # the numbers take what they need, the name the rest
    room = width - text_width(told, SMALL) - 0.3
    name = fit(role_name(mean.role), room, LEAD, "semibold")
    sheet.text(x, y + 0.16, name, LEAD, weight="semibold", color=shade.text)
    ax = sheet.axes(x + 0.5, y + 0.28, width - 0.65, height - 0.75)
    ends = (mean.mean, mean.low, mean.high)
    events = by_event(rows[rows["role"] == mean.role])
    plot_over_time(events, ax, colour=shade.mark, mean=ends)
    dates = rows["session"]
    months_axis(ax, dates.min(), dates.max(), 6 if width < 6 else 12)
