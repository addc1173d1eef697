"""One symbol bar by bar around the news, with its intervals at named moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from aftershock.plots import GREY, INK, RULE, percent_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_minutes(
    path: pd.DataFrame, moments: pd.DataFrame, ax: Axes, *, colour: str
) -> Axes:
    """Draw what a symbol did since the bar before the news, and intervals after it.

    Parameters
    ----------
    path : DataFrame
        offset (bars from the first that could answer), slot (0: the overnight gap),
        since (cumulative abnormal return since the bar before the news, a fraction).
    moments : DataFrame
        end (offset), car, ci_low, ci_high.
    colour : str
        Of the role.
    """
    ax.set_axisbelow(True)
    ax.grid(axis="y")
    ax.axhline(0, color=INK, lw=0.9, zorder=2)
    for offset in path.loc[path["slot"] == 0, "offset"]:
        ax.axvline(offset - 0.5, color=RULE, lw=0.9, zorder=1)
    ax.axvline(-0.5, color=GREY, lw=0.9, ls=(0, (2, 2)), zorder=2)
    ax.vlines(
        moments["end"], moments["ci_low"], moments["ci_high"], colors=colour, lw=3.4,
        alpha=0.3, zorder=3,
    )  # fmt: skip
    ax.plot(path["offset"], path["since"], color=colour, lw=1.5, zorder=4)
    ax.scatter(moments["end"], moments["car"], s=28, color=colour, zorder=5)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    percent_axis(ax.yaxis)
    return ax
