"""A claim's number beside what was expected of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aftershock.plots import BAND, FAINT, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_claim(
    value: float,
    interval: tuple[float, float],
    expected: tuple[float, float],
    limits: tuple[float, float],
    ax: Axes,
    *,
    decided: bool,
) -> Axes:
    """Draw a dot with its interval over the stretch where it was expected.

    Parameters
    ----------
    value, interval
        NaN is not drawn.
    expected : (low, high)
        Where the claim expects the value; infinite ends reach to the limits.
    limits : (low, high)
        Of the axis, which has a line at zero and no ticks.
    decided : bool
        A filled dot; else a hollow one.
    """
    low, high = limits
    left, right = max(expected[0], low), min(expected[1], high)
    ax.axvspan(left, max(right, left + 0.006 * (high - low)), color=BAND, lw=0)
    ax.axvline(0, color=INK, lw=0.8, zorder=2)
    if np.isfinite(interval).all():
        ends = np.clip(interval, low, high)
        ax.hlines(0, ends[0], ends[1], colors=FAINT, lw=2.6, zorder=3)
    if np.isfinite(value):
        fill = INK if decided else "white"
        ax.scatter([value], [0], s=26, c=[fill], edgecolors=INK, lw=1.2, zorder=4)
    ax.set_xlim(low, high)
    ax.set_ylim(-1, 1)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_axis_off()
    return ax
