"""Pictures of one estimate under many choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from aftershock.plots import FAINT, INK, RULE, SHADES, percent_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FOUND, NOT = SHADES["blue"].mark, FAINT


def plot_curve(numbers: pd.DataFrame, ax: Axes) -> Axes:
    """Draw estimates in order, each with its interval, the study's own ringed.

    Parameters
    ----------
    numbers : DataFrame
        estimate, ci_low, ci_high (fractions), found (whether every p is below the
        level, and one may be shown), leading (whether it is the study's own), in order
        of drawing.
    """
    x = np.arange(len(numbers))
    found = numbers["found"].to_numpy(bool)
    colours = np.where(found, FOUND, NOT)
    ax.set_axisbelow(True)
    ax.grid(axis="y")
    ax.axhline(0, color=INK, lw=0.9, zorder=2)
    ax.vlines(
        x, numbers["ci_low"], numbers["ci_high"], colors=list(colours), lw=2.2,
        alpha=0.3, zorder=3,
    )  # fmt: skip
    ax.scatter(
        x, numbers["estimate"], s=16, c=list(np.where(found, colours, "white")),
        edgecolors=list(colours), lw=1.0, zorder=4,
    )  # fmt: skip
    own = np.flatnonzero(numbers["leading"].to_numpy(bool))
    ax.scatter(
        own, numbers["estimate"].iloc[own], s=95, facecolors="none", edgecolors=INK,
        lw=1.2, zorder=5,
    )  # fmt: skip
    _bare(ax, len(numbers))
    percent_axis(ax.yaxis, 5)
    return ax


def plot_settings(used: np.ndarray, ax: Axes) -> Axes:
    """Draw a row for each setting and a mark in every column that has it.

    Parameters
    ----------
    used : (R, C) bool
        Settings down, choices across.
    """
    rows, columns = np.nonzero(used)
    ax.hlines(np.arange(len(used)), -0.5, used.shape[1] - 0.5, color=RULE, lw=0.4)
    ax.vlines(columns, rows - 0.3, rows + 0.3, color=INK, lw=2.2)
    ax.set_ylim(len(used) - 0.5, -0.5)
    ax.set_yticks([])
    _bare(ax, used.shape[1])
    return ax


def _bare(ax: Axes, columns: int) -> None:
    """Leave out ticks and frame across; the same columns for both pictures."""
    ax.set_xlim(-0.8, columns - 0.2)
    ax.set_xticks([])
    for side in ax.spines.values():
        side.set_visible(False)
    ax.tick_params(axis="y", length=0)
