"""All events of a run in the room that one of them leaves on page 1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from aftershock.pages.event_means import by_event, measured
from aftershock.pages.listing import Column, draw_rows
from aftershock.pages.sheet import Sheet, leading
from aftershock.plots import LEAD, SMALL
from aftershock.tables import number, percent, records, window_name, words

if TYPE_CHECKING:
    from aftershock.results import RunResult

FEWEST = 3
"""Events that must fit, or a list of them says too little."""
TOLD = 10
"""Events that HTML lists, whatever fits the paper."""
MEANS = "The mean over all pairs of event and symbol, by window"
INTERVAL = "95\u2009% interval"
WINDOWS = (
    Column("sessions from the news", 2.0),
    Column("mean", 0.8, right=True),
    Column(INTERVAL, 2.8, right=True),
    Column("pairs", 0.7, right=True),
    Column("sessions", 0.8, right=True),
)
EVENTS = (
    Column("first session", 1.0),
    Column("event", 4.2),
    Column("mean", 0.8, right=True),
    Column(INTERVAL, 1.6, right=True),
    Column("pairs", 0.6, right=True),
)
LINE = leading(SMALL) + 0.035
HEAD = 0.62
"""Inches that the name and the heads of a table take, and the room above them."""


def depth_of_windows(result: RunResult) -> float:
    """Return the inches that the mean in each window takes: the rows above give way."""
    rows = len(_windows(result.tables["tests"]))
    return HEAD + LINE * rows if rows else 0.0


def set_events(sheet: Sheet, result: RunResult, top: float, until: float) -> None:
    """Set the mean in each window, then the events that moved most, where they fit.

    HTML is told both, fitting or not, so that reports of two runs can be compared.

    Parameters
    ----------
    top, until : float
        Where the free room begins and ends, in inches.
    """
    x, width = sheet.column(1, 9)
    windows = _windows(result.tables["tests"])
    start, end = result.manifest["study"]["headline_window"]
    events = by_event(measured(result.tables, start, end))
    if len(windows) and top + depth_of_windows(result) <= until + 1e-9:
        top = _titled(sheet, MEANS, WINDOWS, windows, (top, until), (x, width * 0.85))
    fitting = int((until - top - HEAD) / LINE)
    largest = _largest(events, result.manifest.get("events") or [])
    named = partial(_name, of=len(events), window=window_name(start, end))
    if len(events) > 1 and fitting >= min(FEWEST, len(events)):
        rows = largest[:fitting]
        _titled(sheet, named(len(rows)), EVENTS, rows, (top, until), (x, width))
    _tell(sheet, MEANS, WINDOWS, windows)
    rows = largest[: max(TOLD, fitting)] if len(events) > 1 else []
    _tell(sheet, named(len(rows)), EVENTS, rows)


def _tell(
    sheet: Sheet, name: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> None:
    """Give HTML a table that has rows."""
    if rows:
        heads, right = [c.head for c in columns], [c.right for c in columns]
        sheet.told.listing(heads, right, rows, name)


def _titled(
    sheet: Sheet,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    reach: tuple[float, float],
    across: tuple[float, float],
) -> float:
    """Set a table with its name above; return where the next thing can begin."""
    top, until = reach
    with sheet.aside():
        sheet.text(across[0], top + 0.2, name, LEAD, weight="semibold")
    x, width = across
    return draw_rows(sheet, columns, rows, (top + 0.42, until), width, x)[1]


def _name(shown: int, of: int, window: str) -> str:
    """Say which events are listed, by what they were chosen, and where all are."""
    if shown == of:
        return f"The {of} events, the largest mean abnormal return first, {window}"
    return (
        f"The {shown} of {of} events that moved most, {window}; all are under "
        "“Across events”"
    )


def _windows(tests: pd.DataFrame) -> list[list[str]]:
    """Return the cells of each window that has a mean; where no interval, why not."""
    rows = tests[(tests["test"] == "clustered") & (tests["group"] == "all")]
    rows = rows[rows["estimate"].notna()]
    return [
        [
            window_name(t.start, t.end),
            percent(t.estimate),
            _interval(t.ci_low, t.ci_high) if t.valid else _none(t.reason),
            number(t.n, 0),
            number(t.n_sessions, 0),
        ]
        for t in records(rows)
    ]


def _largest(events: pd.DataFrame, known: Sequence[Any]) -> list[list[str]]:
    """Return the cells of every event, the largest mean first, either way."""
    heads = {str(e.get("id")): words(e.get("headline")) for e in known}
    order = events["effect"].abs().sort_values(ascending=False, kind="stable").index
    return [
        [
            f"{e.session:%Y-%m-%d}",
            heads.get(str(e.event_id)) or str(e.event_id),
            percent(e.effect),
            _interval(e.low, e.high),
            number(e.n, 0),
        ]
        for e in records(events.loc[order])
    ]


def _interval(low: Any, high: Any) -> str:
    """Return an interval in words."""
    if not np.isfinite([float(low), float(high)]).all():
        return "none"
    return f"{percent(low)} to {percent(high)}"


def _none(reason: Any) -> str:
    """Say that there is no interval, and why."""
    told = words(reason).partition(";")[0]  # what it points to stands under its page
    return f"none: {told}" if told else "none"
