"""Pictures of accounts and trades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from aftershock.plots import BAND, FAINT, SHADES, percent_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_equity(
    sessions: pd.Series[Any],
    mine: np.ndarray,
    market: np.ndarray,
    entries: pd.Series[Any],
    earned: np.ndarray,
    ax: Axes,
) -> Axes:
    """Draw an account's path and the market's, and a stem for each trade.

    Parameters
    ----------
    sessions : (T,)
    mine, market : (T,)
        Total return since the start, as fractions.
    entries : (P,)
        Entry session of each trade; NaT where it was refused.
    earned : (P,)
        What each trade returned.
    """
    from matplotlib import dates

    date2num: Any = dates.date2num
    locate: Any = dates.AutoDateLocator
    shorten: Any = dates.ConciseDateFormatter
    at = date2num(sessions.to_numpy())
    ax.grid(axis="y", lw=0.6)
    ax.axhline(0, color=FAINT, lw=0.7)
    held = entries.notna().to_numpy() & np.isfinite(earned)
    stems = date2num(entries[held].to_numpy())
    ax.vlines(stems, 0, earned[held], color=SHADES["sky"].mark, lw=0.8)
    ax.plot(stems, earned[held], "o", ms=2.6, color=SHADES["sky"].mark, mew=0)
    ax.plot(at, market, color=SHADES["grey"].mark, lw=0.9)
    ax.plot(at, mine, color=SHADES["blue"].mark, lw=1.6)
    locator = locate(minticks=3, maxticks=7)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(shorten(locator))
    percent_axis(ax.yaxis)
    return ax


def plot_drawn(drawn: np.ndarray, observed: float, ax: Axes) -> Axes:
    """Draw how placebo results are spread, and where the real one stands."""
    ax.hist(drawn, bins=30, color=BAND, edgecolor=FAINT, lw=0.4)
    ax.axvline(observed, color=SHADES["blue"].mark, lw=1.8)
    ax.axvline(0, color=FAINT, lw=0.7)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    percent_axis(ax.xaxis, 5)
    return ax
