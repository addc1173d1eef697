"""Many events: one dot each over time, with the mean of a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from aftershock.plots import BAND, INK, percent_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = (1, 2, 3, 6, 12, 24, 60)


def plot_over_time(
    numbers: pd.DataFrame,
    ax: Axes,
    *,
    colour: str,
    mean: tuple[float, float, float],
) -> Axes:
    """Draw one dot and its interval for each event, and a mean over its band.

    Parameters
    ----------
    numbers : DataFrame
        session, effect, low, high (fractions).
    colour : str
        Of the role.
    mean : tuple of float
        The mean and the ends of its interval; NaN where it has none.
    """
    at, low, high = mean
    ax.set_axisbelow(True)
    ax.grid(axis="y")
    if np.isfinite(low) and np.isfinite(high):
        ax.axhspan(low, high, color=BAND, lw=0, zorder=0)
    ax.axhline(0, color=INK, lw=0.9, zorder=2)
    ax.axhline(at, color=colour, lw=2.0, zorder=3)
    days = numbers["session"].to_numpy().astype("datetime64[D]").astype(float)
    ax.vlines(days, numbers["low"], numbers["high"], colors=colour, lw=2.6, alpha=0.3)
    look: dict[str, Any] = {"color": colour, "edgecolors": "white", "lw": 0.6}
    ax.scatter(days, numbers["effect"], s=26, zorder=5, **look)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    percent_axis(ax.yaxis, 5)
    return ax


def months_axis(ax: Axes, first: pd.Timestamp, last: pd.Timestamp, most: int) -> None:
    """Show the span of sessions on an axis of days, named by at most `most` months."""
    begin, end = (float(np.datetime64(d, "D").astype(float)) for d in (first, last))
    pad = max(4.0, 0.03 * (end - begin))
    ax.set_xlim(begin - pad, end + pad)
    span = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((s for s in STEPS if span / s <= most), STEPS[-1])
    starts = pd.date_range(first.to_period("M").to_timestamp(), last, freq="MS")
    shown = [s for s in starts if (s.month - 1 + 12 * s.year) % step == 0]
    days = [float(np.datetime64(s, "D").astype(float)) for s in shown]
    inside = [(d, s) for d, s in zip(days, shown, strict=True) if d >= begin - pad]
    if not inside:
        inside = [(begin, first)]
    ax.set_xticks([d for d, _ in inside], [f"{s:%b %Y}" for _, s in inside])
