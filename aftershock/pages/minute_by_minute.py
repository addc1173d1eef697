"""Page 3: the bars around the news: the gap, the first hour, the close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from aftershock.pages.base import Page, colours
from aftershock.pages.cautions import sources_words
from aftershock.pages.minutes_in_words import (
    event_shown,
    leading_of,
    moments_of,
    since_news,
    standfirst,
    title_of,
)
from aftershock.pages.sheet import Sheet, fit
from aftershock.plots import GREY, INK, LEAD, SMALL, Shade
from aftershock.plots.minutes import plot_minutes
from aftershock.tables import number, percent, records, role_name, role_order

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

PER_SHEET = 4
SPANS = (5, 15, 30, 60, 90, 120, 180, 390)
"""Minutes between two hours named below the axis."""
ZONE = "America/New_York"


class MinuteByMinute(Page):
    """A panel for each symbol that has bars, four on a sheet."""

    name: ClassVar[str] = "minute_by_minute"
    title: ClassVar[str] = "Minute by minute"
    order: ClassVar[int] = 3
    tables: ClassVar[tuple[str, ...]] = ("intraday_cars", "intraday_tests")

    def applies(self, result: RunResult) -> bool:
        """Return whether an event was measured on bars."""
        return bool(event_shown(result.tables, str(result.manifest.get("focus") or "")))

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return one sheet for every four symbols of one event."""
        event = event_shown(result.tables, str(result.manifest.get("focus") or ""))
        bars = _bars(result, event)
        moments = moments_of(result.tables, event, _frequency(result))
        symbols = _ordered(bars)
        figures = []
        for first in range(0, len(symbols), PER_SHEET):
            shown = symbols[first : first + PER_SHEET]
            sheet = Sheet(result.manifest, paper)
            _head(sheet, result, event, moments, continued=first > 0)
            _panels(sheet, bars, moments, shown, colours(result))
            sheet.source(_source(result, bars, event))
            figures.append(sheet.figure)
        return figures


def _frequency(result: RunResult) -> str:
    """Return the size of the bars."""
    return str(result.manifest["study"].get("frequency") or "5min")


def _bars(result: RunResult, event: str) -> pd.DataFrame:
    """Return the bars of one event, each symbol with its role."""
    bars, pairs = result.tables["intraday"], result.tables["pairs"]
    mine = pairs.loc[pairs["event_id"] == event, ["symbol", "role"]]
    return bars[bars["event_id"] == event].merge(
        mine.drop_duplicates("symbol"), on="symbol", how="inner"
    )


def _ordered(bars: pd.DataFrame) -> list[str]:
    """Return the symbols by role, then by name."""
    named = bars.drop_duplicates("symbol")
    rank = {role: i for i, role in enumerate(role_order(list(named["role"])))}
    order = named.assign(_rank=named["role"].map(rank)).sort_values(["_rank", "symbol"])
    return [str(symbol) for symbol in order["symbol"]]


def _head(
    sheet: Sheet,
    result: RunResult,
    event: str,
    moments: pd.DataFrame,
    *,
    continued: bool,
) -> None:
    """Set kicker, title and what must be known of the bars."""
    test = leading_of(result.tables, moments)
    warnings = [str(w) for w in result.manifest.get("warnings") or []]
    more = "  ·  continued" if continued else ""
    lines = [] if continued else standfirst(moments, test, warnings)
    sheet.heading(f"Minute by minute  ·  {event}{more}", title_of(moments, test), lines)


def _source(result: RunResult, bars: pd.DataFrame, event: str) -> str:
    """Name source, bars and n; and how many events have bars but no panel."""
    others = len(set(result.tables["intraday"]["event_id"]) - {event})
    more = f" {others} more with bars: tables/intraday.csv." if others else ""
    first = bars.loc[bars["offset"] == 0, "bar_start"].min()
    moment = pd.Timestamp(first).ceil("min").tz_convert(ZONE)
    known, symbols = int(bars["ar"].notna().sum()), len(set(bars["symbol"]))
    told = sources_words(result.manifest, pooled=event != result.manifest.get("focus"))
    return (
        f"{told}, bars of {_frequency(result)} from files. "
        f"n = {symbols} symbol{'s' if symbols > 1 else ''}, {known} bars. "
        f"First answer: {moment:%Y-%m-%d %H:%M} ET.{more}"
    )


def _panels(
    sheet: Sheet,
    bars: pd.DataFrame,
    moments: pd.DataFrame,
    shown: list[str],
    shades: Mapping[str, Shade],
) -> None:
    """Set up to four symbols."""
    across = 2 if len(shown) > 1 else 1
    height = (sheet.bottom - sheet.y - 0.1) / -(-len(shown) // across)
    for i, symbol in enumerate(shown):
        span = (1 + 6 * (i % 2), 6 + 6 * (i % 2)) if across == 2 else (1, 12)
        x, width = sheet.column(*span)
        box = (x, sheet.y + (i // across) * height, width, height)
        mine = bars[bars["symbol"] == symbol].sort_values("offset")
        marks = moments[moments["symbol"] == symbol].sort_values("end")
        with sheet.panel(symbol):
            _panel(sheet, mine, marks, box, shades[str(mine["role"].iloc[0])])


def _panel(
    sheet: Sheet,
    bars: pd.DataFrame,
    marks: pd.DataFrame,
    box: tuple[float, float, float, float],
    shade: Shade,
) -> None:
    """Draw one symbol; its figures at the moments stand above it."""
    x, y, width, height = box
    row = bars.iloc[0]
    name = fit(f"{row['symbol']}  ·  {role_name(row['role'])}", width, LEAD, "semibold")
    sheet.text(x, y + 0.16, name, LEAD, weight="semibold", color=shade.text)
    said = "   ".join(_moment(mark) for mark in records(marks))
    sheet.text(x, y + 0.36, fit(said, width - 0.1, SMALL), SMALL, color=INK)
    path = bars.assign(since=since_news(bars["ar"], bars["offset"]))
    ax = sheet.axes(x + 0.5, y + 0.62, width - 0.7, height - 1.15)
    plot_minutes(path, marks, ax, colour=shade.mark)
    ax.set_xlim(path["offset"].min() - 0.5, path["offset"].max() + 0.5)
    _clock(ax, path, 6 if width < 6 else 12)


def _moment(mark: Any) -> str:
    """Return ``open −2.0 % (−6.5 to +2.6 %)``."""
    ends = f"({number(100 * mark.ci_low, 1, signed=True)} to {percent(mark.ci_high)})"
    return f"{mark.moment.removeprefix('at the ')} {percent(mark.car)} {ends}"


def _clock(ax: Axes, bars: pd.DataFrame, most: int) -> None:
    """Name the hours of New York below the axis, and sessions above it."""
    starts = pd.to_datetime(bars["bar_start"], utc=True, format="ISO8601")
    local = pd.DatetimeIndex(starts).tz_convert(ZONE)
    frame = bars.assign(clock=local.strftime("%H:%M"), day=local.normalize())
    size = starts.diff().dt.total_seconds().div(60).median()
    spans = [max(1, round(span / size)) for span in SPANS]
    step = next((s for s in spans if len(frame) / s <= most), spans[-1])
    within = frame.groupby("day")["slot"].transform("max") - frame["slot"]
    named = (frame["slot"] > 0) & ((frame["slot"] - 1) % step == 0)
    shown = frame[named & (within >= step // 2)]
    ax.set_xticks(list(shown["offset"]), list(shown["clock"]))
    ax.set_xlabel("start of the bar, New York", color=GREY, size=SMALL)
    for name, rows in frame.groupby(frame["day"].map(_day)):
        if len(rows) > step:
            ax.annotate(
                str(name), (float(rows["offset"].mean()), 1.0), (0, 3), color=GREY,
                xycoords=("data", "axes fraction"), textcoords="offset points",
                ha="center", size=SMALL,
            )  # fmt: skip


def _day(moment: pd.Timestamp) -> str:
    """Return ``Thu 21 May``."""
    return f"{moment:%a} {moment.day} {moment:%B}"
