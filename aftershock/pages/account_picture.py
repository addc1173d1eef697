"""An account's path beside the market's, and below it its trades by symbol."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from aftershock.pages.account_rows import own
from aftershock.pages.sheet import Sheet, apart, text_width
from aftershock.plots import BODY, GREY, LEAD, SHADES, SMALL
from aftershock.plots.trades import plot_equity, plot_stems
from aftershock.tables import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from aftershock.results import RunResult

MINE, MARKET = SHADES["blue"], SHADES["grey"]
LINE = 0.17
"""Inches between two labels at the ends of lines."""
GAP = 0.125
"""Inches between two lines of names."""
ASIDE = 0.05
"""Inches between a stem and its names."""
BESIDE = 0.55
"""Inches to the right of the picture that names may reach into."""
Box = tuple[float, float, float, float]
"""Left, top, width and height of axes, in inches."""


def draw_account(sheet: Sheet, result: RunResult, label: str, box: Box) -> None:
    """Draw the account against the market, and below it each trade on its entry."""
    x, y, width, height = box
    equity = result.tables["equity"]
    sheet.text(x, y + 0.14, "The account", LEAD, weight="semibold")
    told = "and, thin, the market bought and held"
    sheet.text(x + 1.05, y + 0.14, told, SMALL, color=GREY)
    trades = own(result, "trades", label)
    trades = trades[trades["entry_session"].notna()]
    left, across = x + 0.5, width - 1.1
    room = height - 0.62
    upper = room * 0.45 if len(trades) else room
    inner = (left, y + 0.28, across, upper)
    ax = sheet.axes(*inner)
    start = float(result.config["account"]["cash"])
    plot_equity(
        pd.to_datetime(equity["session"]),
        equity[label].to_numpy(float) / start - 1,
        equity["benchmark"].to_numpy(float) / start - 1,
        ax,
    )
    _came_to(sheet, ax, inner, equity[[label, "benchmark"]] / start - 1)
    if len(trades):
        top = y + 0.28 + upper + 0.62
        below = (left, top, across, y + height - 0.06 - top)
        _draw_trades(sheet, below, trades, ax.get_xlim())


def _came_to(
    sheet: Sheet,
    ax: Axes,
    inner: Box,
    paths: pd.DataFrame,
) -> None:
    """Write at its end what each path came to; the first is the account."""
    low, high = ax.get_ylim()
    ends = {
        column: float(paths[column].iloc[-1])
        for column in paths
        if len(paths) and np.isfinite(paths[column].iloc[-1])
    }
    at = [inner[1] + (high - end) / (high - low) * inner[3] for end in ends.values()]
    places = apart(at, LINE)
    for (column, end), place in zip(ends.items(), places, strict=True):
        mine = column == paths.columns[0]
        sheet.text(
            inner[0] + inner[2] + 0.06, place + 0.04, percent(end), BODY,
            weight="semibold" if mine else "regular",
            color=(MINE if mine else MARKET).text,
        )  # fmt: skip


def _draw_trades(
    sheet: Sheet, box: Box, trades: pd.DataFrame, reach: tuple[float, float]
) -> None:
    """Draw what each trade returned, named, and say what is drawn.

    Parameters
    ----------
    trades : DataFrame
        Of one strategy, those that were entered.
    reach : tuple of float
        Ends of the account's axis of dates.
    """
    ax = sheet.axes(*box)
    entries = pd.to_datetime(trades["entry_session"])
    plot_stems(entries, trades["ret"].to_numpy(float), reach, ax)
    every = _name(sheet, ax, box, trades[np.isfinite(trades["ret"])])
    left, above = box[0] - 0.5, box[1] - 0.12
    sheet.text(left, above, "The trades", LEAD, weight="semibold")
    told = "at their entries, what each returned after costs, the highest first"
    told += "" if every else "; named where there is room"
    sheet.text(left + 1.05, above, told, SMALL, color=GREY)


def _name(sheet: Sheet, ax: Axes, box: Box, trades: pd.DataFrame) -> bool:
    """Set symbols beside the ends of stems; tell whether every trade has its own."""
    x, y = _ends(ax, box, trades)
    names, size = trades["symbol"].astype(str).to_numpy(), trades["ret"].abs()
    edges = np.append(np.unique(x), box[0] + box[2] + BESIDE)
    named = 0
    for left, right in itertools.pairwise(edges):
        stem = np.flatnonzero(x == left)
        lines = lines_of(y[stem])
        at = apart([float(y[stem][line].mean()) for line in lines], GAP)
        room = right - left - 2 * ASIDE
        for line, place in zip(lines, at, strict=True):
            found = that_fit(names, stem[line], size.to_numpy(), room)
            sheet.text(
                left + ASIDE, place + 0.035, together(names[found]), SMALL,
                color=SHADES["sky"].text, backed=True,
            )  # fmt: skip
            named += len(found)
    return named == len(trades)


def lines_of(y: np.ndarray) -> list[np.ndarray]:
    """Group the ends of one stem that are less than a line apart, from the top down."""
    lines: list[list[int]] = []
    for i in np.argsort(y, kind="stable"):
        if lines and y[i] - y[lines[-1][0]] < GAP:
            lines[-1].append(i)
        else:
            lines.append([i])
    return [np.array(line) for line in lines]


def together(names: Iterable[str]) -> str:
    """Return the names of a line, each once and counted where it repeats."""
    counts = Counter(names)
    return " ".join(f"{name} ×{n}" if n > 1 else name for name, n in counts.items())


def that_fit(
    names: np.ndarray, line: np.ndarray, size: np.ndarray, room: float
) -> np.ndarray:
    """Return those of a line that fit beside each other: the smallest give way."""
    by_size = line[np.argsort(-size[line], kind="stable")]
    kept = line
    while len(kept) and text_width(together(names[kept]), SMALL) > room:
        by_size = by_size[:-1]
        kept = line[np.isin(line, by_size)]
    return kept


def _ends(ax: Axes, box: Box, trades: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return where the stems end, in inches from the sheet's top left corner."""
    from matplotlib import dates

    date2num: Any = dates.date2num
    at = date2num(pd.to_datetime(trades["entry_session"]).to_numpy())
    (first, last), (low, high) = ax.get_xlim(), ax.get_ylim()
    across = (at - first) / (last - first)
    down = (high - trades["ret"].to_numpy(float)) / (high - low)
    return box[0] + across * box[2], box[1] + down * box[3]
