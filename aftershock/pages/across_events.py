"""Page 7: one line for each event with its interval, and the roles over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from aftershock.pages.base import Page, colours
from aftershock.pages.event_means import (
    by_event,
    by_role,
    measured,
    pooled,
    source,
    title_of,
    topic,
)
from aftershock.pages.roles_over_time import role_sheets
from aftershock.pages.sheet import Sheet, fit
from aftershock.plots import BODY, FAINT, GREY, INK, SMALL, plot_reactions
from aftershock.tables import (
    percent,
    records,
    verdict_sentence,
    words,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

PITCH = (0.172, 0.3)
NAMES, FIGURES = 4.5, 2.0


class AcrossEvents(Page):
    """A forest of events by date with the pooled mean; dots over time by role."""

    name: ClassVar[str] = "across_events"
    title: ClassVar[str] = "Across events"
    order: ClassVar[int] = 7
    tables: ClassVar[tuple[str, ...]] = ("cars", "tests")

    def applies(self, result: RunResult) -> bool:
        """Return whether several events on several sessions were measured."""
        rows = _rows(result)
        return len(set(rows["event_id"])) > 1 and len(set(rows["session"])) > 1

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return the sheets of the forest, then those of the roles."""
        rows = _rows(result)
        start, end = result.manifest["study"]["headline_window"]
        means = by_role(rows, end - start + 1)
        return [
            *_forest(result, by_event(rows), paper),
            *role_sheets(result, rows, means, colours(result), paper),
        ]


def _rows(result: RunResult) -> pd.DataFrame:
    """Return the measured pairs of the headline window."""
    return measured(result.tables, *result.manifest["study"]["headline_window"])


def _forest(result: RunResult, events: pd.DataFrame, paper: str) -> list[Figure]:
    """Set the events by date, on as many sheets as they need; the mean on each."""
    figures: list[Figure] = []
    mean, first = pooled(result.manifest["headline"], events), 0
    while first < len(events):
        sheet = Sheet(result.manifest, paper)
        more = "  ·  continued" if first else ""
        kicker = f"Across events  ·  {topic(result)}{more}"
        lines = [] if first else _standfirst(result, events)
        title = title_of(result.manifest["headline"], events, mean["effect"])
        sheet.heading(kicker, title, lines)
        room = sheet.bottom - sheet.y - 0.78
        last = first + max(1, int(room / PITCH[0] - 2.2))
        _lines(sheet, result, events.iloc[first:last], events, mean, room)
        sheet.source(source(result, int(events["n"].sum())))
        figures.append(sheet.figure)
        first = last
    return figures


def _standfirst(result: RunResult, events: pd.DataFrame) -> list[str]:
    """Say what leads, how many events stand out alone, and how lines are to be read."""
    sure = events.dropna(subset=["low", "high"])
    up, down = int((sure["low"] > 0).sum()), int((sure["high"] < 0).sum())
    span = [percent(events["effect"].min()), percent(events["effect"].max())]
    recorded = len(result.manifest.get("events") or [])
    lost = f"{len(events)} of {recorded} events are measured. "
    alone = (lost if recorded > len(events) else "") + (
        f"From {span[0]} to {span[1]}; of {len(sure)} intervals {up} lie above zero "
        f"and {down} below, where chance alone puts about one in twenty outside. "
        "A line is as wide as if the symbols of its event moved as one; nothing about "
        "one event is a test here."
    )
    return [verdict_sentence(result.manifest), alone]


def _lines(
    sheet: Sheet,
    result: RunResult,
    shown: pd.DataFrame,
    events: pd.DataFrame,
    mean: Mapping[str, float],
    room: float,
) -> None:
    """Draw dots and lines of some events and of the mean; set names and figures."""
    count = len(shown) + 2.2
    unit = max(PITCH[0], min(PITCH[1], room / count))
    top = sheet.y + 0.3
    x, width = sheet.left + NAMES, sheet.width - NAMES - FIGURES
    ax = sheet.axes(x, top, width, unit * count)
    marks = pd.concat([shown, pd.DataFrame([mean])], ignore_index=True)
    places = [0.7 + i for i in range(len(shown))] + [len(shown) + 1.2]
    look: dict[str, Any] = {
        "y": places,
        "estimate": marks["effect"],
        "raw": np.nan,
        "strong": True,
    }
    tones = [GREY] * len(shown) + [INK]
    plot_reactions(marks.assign(**look, colour=tones), ax)
    ax.set_ylim(count, 0)
    ends = events[["low", "high", "effect"]].to_numpy(float)
    low, high = np.nanmin([0.0, np.nanmin(ends)]), np.nanmax([0.0, np.nanmax(ends)])
    ax.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    start, end = result.manifest["study"]["headline_window"]
    span = "session of the news" if start == end == 0 else f"sessions {start} to {end}"
    ax.set_xlabel(f"mean abnormal return, {span}; line: 95\u2009% interval")
    ax.axvline(mean["effect"], color=INK, lw=0.8, ls=(0, (2, 2)), zorder=1)
    _heads(sheet, top - 0.1, x + width)
    heads = {str(e.get("id")): e for e in result.manifest.get("events") or []}
    for place, row in zip(places, records(shown), strict=False):
        _row(sheet, top + unit * place + 0.045, row, heads.get(row.event_id, {}))
    sheet.rule(sheet.left, top + unit * (len(shown) + 0.6), sheet.width, FAINT)
    y = top + unit * places[-1] + 0.045
    name = mean_name(mean, events)
    sheet.text(sheet.left, y, name, BODY, weight="semibold")
    _figures(sheet, y, pd.Series(mean), "semibold")


def mean_name(mean: Mapping[str, float], events: pd.DataFrame) -> str:
    """Say over how many of the events' pairs a mean is."""
    n, pairs = int(mean["n"]), int(events["n"].sum())
    if n == pairs:
        return f"Mean over all {pairs} pairs of {len(events)} events"
    return f"Mean over {n} of {pairs} pairs: a symbol once a session"


def _heads(sheet: Sheet, y: float, right: float) -> None:
    """Name the columns."""
    sheet.text(sheet.left, y, "first session", SMALL, color=GREY)
    sheet.text(sheet.left + 0.85, y, "event", SMALL, color=GREY)
    for head, at in (("mean", 1.5), ("95\u2009% interval", 0.38), ("n", 0.0)):
        sheet.text(sheet.right - at, y, head, SMALL, color=GREY, ha="right")
    sheet.rule(sheet.left, y + 0.07, sheet.width, FAINT)


def _row(sheet: Sheet, y: float, row: Any, event: Mapping[str, Any]) -> None:
    """Set date, headline and figures of one event."""
    sheet.text(sheet.left, y, f"{row.session:%Y-%m-%d}", SMALL, color=GREY)
    name = words(event.get("headline")) or str(row.event_id)
    sheet.text(sheet.left + 0.85, y, fit(name, NAMES - 1.0, BODY), BODY)
    _figures(sheet, y, pd.Series(row._asdict()), "regular")


def _figures(sheet: Sheet, y: float, row: pd.Series[Any], weight: str) -> None:
    """Set mean, interval and count, flush right."""
    interval = f"{percent(row['low'])} to {percent(row['high'])}"
    if not np.isfinite(float(row["low"])):
        interval = "none"
    cells = ((percent(row["effect"]), 1.5), (interval, 0.38), (str(int(row["n"])), 0.0))
    for cell, at in cells:
        sheet.text(sheet.right - at, y, cell, SMALL, weight=weight, ha="right")
