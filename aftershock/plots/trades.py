"""Pictures of accounts and trades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from aftershock.plots import BAND, FAINT, SHADES, SMALL, percent_axis
from aftershock.plots.heat import shade_cells

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_NUMBERS = 120


def plot_equity(
    sessions: pd.Series[Any], mine: np.ndarray, market: np.ndarray, ax: Axes
) -> Axes:
    """Draw an account's path and the market's.

    Parameters
    ----------
    sessions : (T,)
    mine, market : (T,)
        Total return since the start, as fractions.
    """
    from matplotlib import dates

    date2num: Any = dates.date2num
    at = date2num(sessions.to_numpy())
    ax.grid(axis="y", lw=0.6)
    ax.axhline(0, color=FAINT, lw=0.7)
    ax.plot(at, market, color=SHADES["grey"].mark, lw=0.9)
    ax.plot(at, mine, color=SHADES["blue"].mark, lw=1.6)
    _label_dates(at, ax)
    percent_axis(ax.yaxis)
    return ax


def plot_stems(
    entries: pd.Series[Any], earned: np.ndarray, reach: tuple[float, float], ax: Axes
) -> Axes:
    """Draw a stem for each trade, at its entry, below the account that it is of.

    Parameters
    ----------
    entries : (P,)
        Entry session of each trade; NaT where it was refused.
    earned : (P,)
        What each trade returned.
    reach : tuple of float
        Ends of the account's axis of dates.
    """
    from matplotlib import dates

    date2num: Any = dates.date2num
    ax.grid(axis="y", lw=0.6)
    ax.axhline(0, color=FAINT, lw=0.7)
    held = entries.notna().to_numpy() & np.isfinite(earned)
    stems = date2num(entries[held].to_numpy())
    ax.vlines(stems, 0, earned[held], color=SHADES["sky"].mark, lw=0.8)
    ax.plot(stems, earned[held], "o", ms=2.6, color=SHADES["sky"].mark, mew=0)
    ax.margins(y=0.12)
    ax.set_xlim(reach)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    percent_axis(ax.yaxis, 4)
    return ax


def _label_dates(at: np.ndarray, ax: Axes) -> None:
    """Label round dates between the first session and the last, and no other.

    A locator looks at the whole axis, margins included, and the formatter would end it
    with the month or year of a tick that no session reaches. Where no tick has its
    year, the first is dated whole: an offset would hang loose over what stands below.
    """
    from matplotlib import dates

    if not len(at):
        return
    locate: Any = dates.AutoDateLocator
    shorten: Any = dates.ConciseDateFormatter
    to_date: Any = dates.num2date
    locator = locate(minticks=3, maxticks=7)
    locator.set_axis(ax.xaxis)
    first, last = at.min(), at.max()
    ticks = np.asarray(locator.tick_values(to_date(first), to_date(last)))
    inside = ticks[(ticks >= first) & (ticks <= last)]
    shown = inside if len(inside) else np.unique([first, last])
    formatter = shorten(locator)
    labels = formatter.format_ticks(shown)
    lacking = formatter.get_offset()
    if lacking:
        at_first = to_date(shown[0])
        of_day = f"{at_first.day} " if "-" in lacking else ""
        labels[0] = f"{of_day}{at_first:%b %Y}"
    ax.set_xticks(shown, labels)


def plot_drawn(drawn: np.ndarray, observed: float, ax: Axes) -> Axes:
    """Draw how placebo results are spread, and where the real one stands."""
    ax.hist(drawn, bins=30, color=BAND, edgecolor=FAINT, lw=0.4)
    ax.axvline(observed, color=SHADES["blue"].mark, lw=1.8)
    ax.axvline(0, color=FAINT, lw=0.7)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    percent_axis(ax.xaxis, 5)
    return ax


def plot_grid(cells: pd.DataFrame, ax: Axes) -> Axes:
    """Draw a heatmap with its numbers; blue above 0, vermilion below.

    Parameters
    ----------
    cells : DataFrame
        Names of the axes in `index.name` and `columns.name`.
    """
    values = cells.to_numpy(dtype=float)
    most = max(float(np.nanmax(np.abs(values), initial=0.0)), 1e-9)
    shade_cells(values, ax, limit=1.35 * most)  # on no shade so far do words need white
    ax.set_ylim(len(values) - 0.5, -0.5)
    ax.set_xticks(range(len(cells.columns)), [str(c) for c in cells.columns])
    ax.set_yticks(range(len(cells.index)), [str(r) for r in cells.index])
    ax.set_xlabel(str(cells.columns.name or "").replace("_", " "))
    ax.set_ylabel(str(cells.index.name or "").replace("_", " "))
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    if values.size <= MOST_NUMBERS:
        for (row, column), value in np.ndenumerate(values):
            text = f"{value:.2f}".replace("-", "\u2212") if np.isfinite(value) else "–"
            ax.text(column, row, text, ha="center", va="center", size=SMALL)
    return ax
