"""Page 5: the abnormal return of every symbol on every session around the news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from aftershock.pages.base import Page, colours
from aftershock.pages.cautions import sources_words
from aftershock.pages.days_around import offset_name
from aftershock.pages.sheet import Sheet, evenly, fit, text_width
from aftershock.pages.usual_range import Heat, cells_of, heat_of, standfirst, title_of
from aftershock.plots import BODY, GREY, INK, SMALL, Shade
from aftershock.plots.heat import cell_words, heat_limit, plot_heat, plot_heat_bar
from aftershock.tables import beyond_of_paths, percent, role_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from aftershock.abnormal import FloatArray
    from aftershock.results import RunResult

ROW, LABEL, RIGHT = (0.182, 0.36), 0.95, 1.05


class EverySymbol(Page):
    """A heatmap of abnormal returns; with several events their mean by symbol first."""

    name: ClassVar[str] = "every_symbol"
    title: ClassVar[str] = "Every symbol, every day"
    order: ClassVar[int] = 5

    def applies(self, result: RunResult) -> bool:
        """Return whether any symbol has an abnormal return around its news."""
        return len(cells_of(result.tables)) > 0

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return the sheets of the mean over events, then those of the focus event."""
        cells = cells_of(result.tables)
        figures: list[Figure] = []
        focus = str(result.manifest.get("focus") or "")
        if len(set(cells["event_id"])) > 1:
            figures += _sheets(result, heat_of(cells, ""), paper)
        if (cells["event_id"] == focus).any():
            figures += _sheets(result, heat_of(cells, focus), paper)
        return figures


def _sheets(result: RunResult, heat: Heat, paper: str) -> list[Figure]:
    """Set as many sheets as the rows need."""
    figures: list[Figure] = []
    shades, limit = colours(result), heat_limit(heat.values)
    total, first, apart = len(heat.rows), 0, _alpha_kept(result)
    while first < total:
        sheet = Sheet(result.manifest, paper)
        digits = _digits(heat.values, _width(sheet) / len(heat.offsets))
        who = heat.event or "mean over events"
        more = "  ·  continued" if first else ""
        lines = [] if first else standfirst(heat, total, alpha_kept=apart)
        sheet.heading(f"Every symbol, every day  ·  {who}{more}", title_of(heat), lines)
        room = sheet.bottom - sheet.y - 0.95
        fit_here = _that_fit(heat.rows.iloc[first:], room)
        last = first + len(evenly(range(first, total), fit_here)[0])
        end = _map(sheet, heat.part(first, last), shades, limit, digits, room)
        _bar(sheet, end + 0.63, limit)
        sheet.source(_source(result, heat))
        figures.append(sheet.figure)
        first = last
    return figures


def _alpha_kept(result: RunResult) -> bool:
    """Tell whether the windows of page 1 take off an alpha that is kept here."""
    drawn = set(result.tables["paths"]["model"].dropna())
    return (
        drawn == {"market_no_alpha"} and result.manifest["study"]["model"] == "market"
    )


def _source(result: RunResult, heat: Heat) -> str:
    """Name source, model and n."""
    model = str(result.tables["paths"]["model"].dropna().iloc[0])
    against = beyond_of_paths(model, str(result.manifest["study"]["model"]))
    market = (result.manifest.get("prices") or {}).get("market", "")
    n = int(np.isfinite(heat.values).sum())
    told = sources_words(result.manifest, pooled=not heat.event)
    return (
        f"{told}. Abnormal, on {market}: {against}. n = {len(heat.rows)} rows, "
        f"{len(heat.offsets)} sessions, {n} abnormal returns."
    )


def _places(rows: pd.DataFrame) -> list[float]:
    """Return the middle of each row; a role's name takes a line above its first."""
    places: list[float] = []
    at, role = -0.5, None
    for one in rows["role"]:
        at += 1.0 if one == role else 2.1
        places.append(at)
        role = one
    return places


def _that_fit(rows: pd.DataFrame, room: float) -> int:
    """Return how many rows fit, at least one."""
    return max(1, sum((p + 0.5) * ROW[0] <= room for p in _places(rows)))


def _map(
    sheet: Sheet,
    heat: Heat,
    shades: Mapping[str, Shade],
    limit: float,
    digits: int | None,
    room: float,
) -> float:
    """Draw the cells, names and usual ranges beside them; return where cells end."""
    places = _places(heat.rows)
    unit = max(ROW[0], min(ROW[1], room / (places[-1] + 0.5)))
    x, y = sheet.left + LABEL, sheet.y + 0.2
    width, height = _width(sheet), unit * (places[-1] + 0.5)
    ax = sheet.axes(x, y, width, height)
    plot_heat(
        heat.values, ax, places=places, limit=limit, digits=digits, strong=heat.unusual
    )
    ax.set_ylim(places[-1] + 0.5, 0)
    _mark_news(ax, heat.offsets, places)
    _session_ticks(ax, heat.offsets, width)
    _names(sheet, heat, shades, [y + unit * place for place in places], unit)
    return y + height


def _width(sheet: Sheet) -> float:
    """Return the inches that a row of cells takes."""
    return sheet.width - LABEL - RIGHT


def _digits(values: FloatArray, width: float) -> int | None:
    """Return the decimals with which every value fits its cell; None: none does."""
    known = values[np.isfinite(values)]
    for digits in (1, 0):
        texts = {cell_words(v, digits) for v in known}
        if all(text_width(t, SMALL, "semibold") <= width - 0.04 for t in texts):
            return digits
    return None


def _mark_news(ax: Axes, offsets: FloatArray, places: list[float]) -> None:
    """Frame the session of the news."""
    at = np.flatnonzero(offsets == 0)
    if len(at):
        left, right = at[0] - 0.5, at[0] + 0.5
        low, high = places[0] - 0.5, places[-1] + 0.5
        corners = [(left, low), (left, high), (right, high), (right, low), (left, low)]
        ax.plot(*zip(*corners, strict=True), color=INK, lw=1.1, clip_on=False, zorder=6)
        ax.annotate(
            "news", (at[0], low), (0, 3), textcoords="offset points", ha="center",
            size=SMALL, color=INK, weight="semibold",
        )  # fmt: skip


def _session_ticks(ax: Axes, offsets: FloatArray, width: float) -> None:
    """Name the sessions below the cells, as many as fit."""
    step = next(s for s in (1, 2, 5, 10, 50) if width / len(offsets) * s > 0.24)
    at = [i for i, o in enumerate(offsets) if int(o) % step == 0]
    names = [offset_name(int(offsets[i])) if offsets[i] else "0" for i in at]
    ax.set_xticks(at, names)
    ax.set_xlabel("sessions from the news", color=GREY, size=SMALL)


def _names(
    sheet: Sheet,
    heat: Heat,
    shades: Mapping[str, Shade],
    tops: list[float],
    unit: float,
) -> None:
    """Set roles, symbols, and the two columns to the right of the cells."""
    heads = ("usual ±", "n" if not heat.event else "")
    rights = (sheet.right - 0.38, sheet.right)
    head = tops[0] - unit * 0.72
    for text, right in zip(heads, rights, strict=True):
        sheet.text(right, head, text, SMALL, color=GREY, ha="right")
    role = None
    for y, (_, row) in zip(tops, heat.rows.iterrows(), strict=True):
        if row["role"] != role:
            more = ", continued" if role is None and row["role"] == heat.follows else ""
            role = row["role"]
            name = fit(f"{role_name(role)}{more}", 3.0, BODY, "semibold")
            tone = shades[role].text
            above = y - unit * 0.72
            sheet.text(sheet.left, above, name, BODY, weight="semibold", color=tone)
        name = fit(str(row["symbol"]), LABEL - 0.1, BODY, "medium")
        sheet.text(sheet.left, y + 0.045, name, BODY, weight="medium")
        cells = (percent(row["usual"], signed=False), "" if heat.event else row["n"])
        for cell, right in zip(cells, rights, strict=True):
            sheet.text(right, y + 0.045, str(cell), SMALL, color=GREY, ha="right")


def _bar(sheet: Sheet, y: float, limit: float) -> None:
    """Set the scale of the shades under the map, and what grey means."""
    width = 2.6
    plot_heat_bar(
        sheet.axes(sheet.right - width - 0.3, y - 0.16, width, 0.1), limit=limit
    )
    told = "abnormal return a session; grey, –: no return"
    x = sheet.right - width - 0.75
    sheet.text(x, y - 0.07, told, SMALL, color=GREY, ha="right")
