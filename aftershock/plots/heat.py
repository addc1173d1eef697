"""Abnormal returns as shades: symbols down, sessions across."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from aftershock.plots import BAND, INK, SHADES, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from aftershock.abnormal import FloatArray

NICE = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0)
MOST_SHARE = 0.98


def heat_limit(values: FloatArray) -> float:
    """Return where the shades end: a round percentage that all but 2 % do not pass."""
    known = np.abs(values[np.isfinite(values)])
    if not len(known):
        return NICE[1] / 100
    wanted = 100 * float(np.quantile(known, MOST_SHARE))
    return next((n for n in NICE if n >= wanted), NICE[-1]) / 100


def heat_map() -> Any:
    """Return the shades: vermilion below zero, white at it, blue above."""
    from matplotlib.colors import LinearSegmentedColormap

    ends = (SHADES["vermilion"].text, "#f3c9ab", "#ffffff", "#abd0e6", "#00568a")
    shades = LinearSegmentedColormap.from_list("heat", list(ends), N=256)
    return shades.with_extremes(bad=BAND)


def plot_heat(
    values: FloatArray,
    ax: Axes,
    *,
    places: Sequence[float],
    limit: float,
    digits: int | None = 1,
    strong: Any = None,
) -> Axes:
    """Draw one shaded cell for each symbol and session, its value in percent in it.

    Parameters
    ----------
    values : array (rows, sessions)
        Fractions; NaN is drawn grey, with a dash.
    places : sequence of float
        Middle of each row, downwards, one unit high.
    limit : float
        The fraction at which the shades end.
    digits : int, optional
        Decimals of percentages below 10, larger ones are whole; None: none is printed.
    strong : array of bool, optional
        Which values are set bold.
    """
    bold = np.zeros(values.shape, bool) if strong is None else strong
    shade_cells(values, ax, limit=limit, places=places)
    for row, place in enumerate(places):
        for column, value in enumerate(values[row] if digits is not None else ()):
            ax.text(
                column, place, cell_words(value, digits or 0), size=SMALL,
                ha="center", va="center_baseline", color=ink_on(value / limit),
                weight="semibold" if bold[row, column] else "regular",
            )  # fmt: skip
    for side in ax.spines.values():
        side.set_visible(False)
    ax.tick_params(length=0, labelleft=False)
    return ax


def shade_cells(
    values: FloatArray, ax: Axes, *, limit: float, places: Sequence[float] | None = None
) -> None:
    """Draw one shaded cell for each value, white between them.

    Parameters
    ----------
    values : array (rows, columns)
    limit : float
        The value at which the shades end.
    places : sequence of float, optional
        Middle of each row, downwards; default 0, 1, 2 and so on.
    """
    edges = np.arange(values.shape[1] + 1) - 0.5
    look: dict[str, Any] = {"cmap": heat_map(), "vmin": -limit, "vmax": limit}
    look |= {"edgecolors": "white", "linewidth": 0.7}
    for row, place in enumerate(range(len(values)) if places is None else places):
        masked = np.ma.masked_invalid(values[row : row + 1])
        ax.pcolormesh(edges, [place - 0.5, place + 0.5], masked, **look)
    ax.set_xlim(edges[0], edges[-1])


def cell_words(value: float, digits: int) -> str:
    """Return a fraction in percent, without its unit; from 10 % on it is whole.

    So a single large value does not take the decimals off all the others.
    """
    if not np.isfinite(value):
        return "–"
    text = f"{100 * value:.{digits}f}"
    if abs(float(text)) >= 10:
        text = f"{100 * value:.0f}"
    text = text.replace("-", "\u2212")
    return text if text.strip("\u22120.") else text.lstrip("\u2212")


def ink_on(share: float) -> str:
    """Return the colour of words on a shade, from its share of the limit."""
    return "white" if np.isfinite(share) and abs(share) > 0.76 else INK


def plot_heat_bar(ax: Axes, *, limit: float) -> Axes:
    """Draw the scale of `plot_heat`, both ends named as bounds.

    Edges as wide as half a shade cover the seams, which shine through as hairlines.
    """
    steps = np.linspace(-limit, limit, 101)
    middle = (steps[1:] + steps[:-1]) / 2
    ax.pcolormesh(
        steps, [0, 1], middle[None, :], cmap=heat_map(), vmin=-limit, vmax=limit,
        edgecolors="face", linewidth=1.0,
    )  # fmt: skip
    at = [-limit, -limit / 2, 0.0, limit / 2, limit]
    names = [f"{100 * v:+.3g}\u2009%".replace("-", "\u2212") for v in at]
    ends = [f"≤ {names[0]}", names[1], "0", names[3], f"≥ {names[4]}"]
    ax.set_xticks(at, ends)
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(False)
    ax.tick_params(length=0, pad=2)
    return ax
