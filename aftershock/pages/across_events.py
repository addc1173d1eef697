"""Page 7: one line for each event with its interval, and the roles over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from aftershock.pages.base import Page, colours
from aftershock.pages.cautions import estimation_words, sources_words
from aftershock.pages.event_means import (
    FEWEST,
    by_event,
    by_role,
    measured,
    pooled,
    title_of,
)
from aftershock.pages.sheet import Sheet, fit, text_width
from aftershock.plots import BODY, FAINT, GREY, INK, LEAD, SMALL, Shade, plot_reactions
from aftershock.plots.events import months_axis, plot_over_time
from aftershock.tables import (
    listed,
    percent,
    records,
    role_name,
    verdict_sentence,
    window_name,
    words,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

PITCH = (0.172, 0.3)
NAMES, FIGURES = 4.5, 2.0
PER_SHEET = 4


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
        return [*_forest(result, by_event(rows), paper), *_roles(result, rows, paper)]


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
        kicker = f"Across events  ·  {_topic(result)}{more}"
        lines = [] if first else _standfirst(result, events)
        title = title_of(result.manifest["headline"], events, mean["effect"])
        sheet.heading(kicker, title, lines)
        room = sheet.bottom - sheet.y - 0.78
        last = first + max(1, int(room / PITCH[0] - 2.2))
        _lines(sheet, result, events.iloc[first:last], events, mean, room)
        sheet.source(_source(result, int(events["n"].sum())))
        figures.append(sheet.figure)
        first = last
    return figures


def _topic(result: RunResult) -> str:
    """Name the tags of the run."""
    return words(result.manifest["headline"].get("tag")).replace("-", " ")


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


def _source(result: RunResult, n: int) -> str:
    """Name sources, window, model and n."""
    window = window_name(*result.manifest["study"]["headline_window"])
    told = sources_words(result.manifest, pooled=True)
    return (
        f"{told}. Window {window}, n = {n} pairs. "
        f"Abnormal: beyond the {estimation_words(result.manifest)}."
    )


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


def _roles(result: RunResult, rows: pd.DataFrame, paper: str) -> list[Figure]:
    """Set one panel for each role, four on a sheet."""
    start, end = result.manifest["study"]["headline_window"]
    means, shades = by_role(rows, end - start + 1), colours(result)
    figures = []
    for first in range(0, len(means), PER_SHEET):
        sheet = Sheet(result.manifest, paper)
        more = "  ·  continued" if first else ""
        lines = [] if first else _role_standfirst(means)
        kicker = f"Across events, by role  ·  {_topic(result)}{more}"
        sheet.heading(kicker, role_title(means), lines)
        shown = means.iloc[first : first + PER_SHEET]
        down = -(-len(shown) // 2)
        height = (sheet.bottom - sheet.y - 0.1) / down
        for i, mean in enumerate(records(shown)):
            span = (1, 12) if len(shown) == 1 else (1 + 6 * (i % 2), 6 + 6 * (i % 2))
            x, width = sheet.column(*span)
            box = (x, sheet.y + (i // 2) * height, width, height)
            mine = rows[rows["role"] == mean.role]
            dates = (rows["session"].min(), rows["session"].max())
            _panel(sheet, by_event(mine), mean, box, shades[mean.role], dates)
        sheet.source(_source(result, len(rows)))
        figures.append(sheet.figure)
    return figures


def role_title(means: pd.DataFrame) -> str:
    """Say which roles have a mean whose interval leaves out zero."""
    known = means[means["low"].notna()]
    if known.empty:
        return f"No role has the {FEWEST} clusters of sessions that an interval needs"
    told = known[(known["low"] > 0) | (known["high"] < 0)]
    if told.empty:
        return f"Undecided: no role’s mean differs from zero, {len(known)} tried"
    names = [f"{role_name(r.role)} {percent(r.mean)}" for r in records(told)]
    rest = len(known) - len(told)
    tail = f"; {rest} other role{'s' if rest > 1 else ''} undecided" if rest else ""
    verb = "differs" if len(names) == 1 else "differ"
    return f"On average {listed(names)} {verb} from zero{tail}"


def _role_standfirst(means: pd.DataFrame) -> list[str]:
    """Say what is drawn, and what the intervals allow."""
    known = means[means["low"].notna()]
    said = (
        "Dot: an event’s mean abnormal return in that role, with its 95\u2009% "
        "interval at its widest. Line: mean of the sessions. "
    )
    many = len(known)
    band = (
        f"Grey: its interval, 95\u2009% for the {many} roles together (Bonferroni, "
        "t over clusters of sessions), so no role gains from being one of many."
        if many
        else "No mean has an interval."
    )
    few = [role_name(r) for r in means.loc[means["low"].isna(), "role"]]
    if few and many:
        band += f" Too few sessions for an interval: {listed(few, 6)}."
    return [said + band]


def _panel(
    sheet: Sheet,
    events: pd.DataFrame,
    mean: Any,
    box: tuple[float, float, float, float],
    shade: Shade,
    dates: Sequence[pd.Timestamp],
) -> None:
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
    plot_over_time(events, ax, colour=shade.mark, mean=ends)
    months_axis(ax, dates[0], dates[1], 6 if width < 6 else 12)
