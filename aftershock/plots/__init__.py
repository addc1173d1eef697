"""Figures from frames: the house style, and one function per kind of picture.

Every ``plot_*`` takes numbers and an `Axes` and returns the `Axes`. Role is the only
use of colour; the palette is Okabe and Ito's, safe for colour-blind readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, GREY, FAINT, RULE, BAND = "#1a2230", "#666c77", "#9aa0aa", "#d9dce1", "#e7e8ec"
TITLE, LEAD, BODY, SMALL = 20.0, 10.5, 9.0, 8.0
"""The type scale, in points; nothing else is set."""


@dataclass(frozen=True)
class Shade:
    """A role's colour: for marks, and darker for words."""

    mark: str
    text: str


SHADES = {
    "blue": Shade("#0072b2", "#00639b"),
    "vermilion": Shade("#d55e00", "#b44f00"),
    "purple": Shade("#cc79a7", "#a34a7e"),
    "green": Shade("#009e73", "#007a59"),
    "orange": Shade("#e69f00", "#8f6300"),
    "sky": Shade("#56b4e9", "#1f78ad"),
    "grey": Shade("#8a8f98", "#666c77"),
    "black": Shade("#3b3f46", "#3b3f46"),
}
PREFERRED = {
    "actor": "blue",
    "subject": "blue",
    "acquirer": "blue",
    "supplier-competitor": "vermilion",
    "competitor": "orange",
    "target": "orange",
    "upstream-supplier": "purple",
    "supplier": "purple",
    "customer": "green",
    "investor": "green",
    "peer": "sky",
    "sector-fund": "grey",
    "market": "grey",
    "index-member": "grey",
}


def role_colours(roles: Sequence[str]) -> dict[str, Shade]:
    """Return one shade for each role, the same on every page of a run.

    A role has its own colour; where two of a run would share one, the later takes
    the next free one, and grey when none is left.
    """
    chosen: dict[str, Shade] = {}
    free = [name for name in SHADES if name != "grey"]
    for role in roles:
        name = PREFERRED.get(role, free[0] if free else "grey")
        if name != "grey" and name not in free:
            name = free[0] if free else "grey"
        if name in free:
            free.remove(name)
        chosen[role] = SHADES[name]
    return chosen


@cache
def _register_fonts() -> tuple[str, ...]:
    """Make the fonts of the dependency known to matplotlib; return the family list."""
    from matplotlib import font_manager

    try:
        import fontpkg_ibm_plex_sans_condensed as plex  # type: ignore[import-untyped]
    except ImportError:
        return ("DejaVu Sans",)
    folder = Path(plex.ROOT) / "files"
    for weight in ("Regular", "Medium", "SemiBold"):
        font_manager.fontManager.addfont(folder / f"IBMPlexSansCondensed-{weight}.ttf")
    _fill_weights(font_manager.fontManager)
    return (str(plex.FAMILY), "DejaVu Sans")


def _fill_weights(fonts: Any) -> None:
    """Let the fallback font answer to our weights: it has regular and bold only."""
    ours = [
        font
        for font in fonts.ttflist
        if font.name == "DejaVu Sans" and font.style == "normal"
    ]
    for have, wanted in ((400, 500), (700, 600)):
        for font in ours:
            if font.weight == have or (have == 700 and font.weight == "bold"):
                fonts.ttflist.append(replace(font, weight=wanted))


def style() -> Any:
    """Return matplotlib's settings of the house style, for ``rc_context``."""
    return {
        "font.family": list(_register_fonts()),
        "font.size": BODY,
        "text.color": INK,
        "text.parse_math": False,
        "text.hinting": "none",
        "axes.edgecolor": FAINT,
        "axes.labelcolor": GREY,
        "axes.labelsize": SMALL,
        "axes.linewidth": 0.7,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": True,
        "xtick.color": FAINT,
        "xtick.labelcolor": GREY,
        "ytick.color": FAINT,
        "ytick.labelcolor": GREY,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "grid.color": RULE,
        "grid.linewidth": 0.6,
        "pdf.fonttype": 42,
        "svg.hashsalt": "aftershock",
        "figure.dpi": 100,
        "savefig.dpi": "figure",
    }


def percent_axis(axis: Any, most: int = 7) -> None:
    """Label an axis of fractions in percent, with sign, thin space and true minus."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(_percent_tick))


def _percent_tick(value: float, _position: int) -> str:
    """Return a tick of an axis of fractions."""
    shown = round(100 * value, 4)
    return f"{shown:+g}\u2009%".replace("-", "\u2212") if shown else "0"


def plot_reactions(numbers: pd.DataFrame, ax: Axes) -> Axes:
    """Draw an estimate with its interval for each row, and a tick at the raw return.

    Parameters
    ----------
    numbers : DataFrame
        y (place), estimate, low, high, raw (fractions), colour (of the marks),
        strong (whether ordinary sessions cannot explain it).
    """
    ax.set_axisbelow(True)
    ax.grid(axis="x")
    ax.axvline(0, color=INK, lw=0.9, zorder=2)
    ax.hlines(
        numbers["y"],
        numbers["low"],
        numbers["high"],
        colors=list(numbers["colour"]),
        lw=3.6,
        alpha=0.32,
        zorder=3,
    )
    ax.scatter(numbers["raw"], numbers["y"], marker="|", s=70, c=INK, lw=0.9, zorder=4)
    fills = np.where(numbers["strong"], numbers["colour"], "white")
    ax.scatter(
        numbers["estimate"],
        numbers["y"],
        s=40,
        c=list(fills),
        edgecolors=list(numbers["colour"]),
        lw=1.5,
        zorder=5,
    )
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelleft=False)
    percent_axis(ax.xaxis)
    return ax


def plot_path(numbers: pd.DataFrame, ax: Axes, *, colour: str) -> Axes:
    """Draw a mean cumulative path over its band, single symbols thin behind it.

    Parameters
    ----------
    numbers : DataFrame
        symbol (empty for the mean), offset, car, band_low, band_high (fractions).
    colour : str
        Of the role.
    """
    mean = numbers[numbers["symbol"] == ""].sort_values("offset")
    ax.set_axisbelow(True)
    ax.grid(axis="y")
    ax.axhline(0, color=INK, lw=0.9, zorder=2)
    ax.axvline(0, color=GREY, lw=0.9, ls=(0, (2, 2)), zorder=2)
    ax.fill_between(
        mean["offset"], mean["band_low"], mean["band_high"], color=BAND, lw=0, zorder=0
    )
    for _, one in numbers[numbers["symbol"] != ""].groupby("symbol", sort=True):
        line = one.sort_values("offset")
        ax.plot(line["offset"], line["car"], color=colour, lw=0.8, alpha=0.45, zorder=3)
    ax.plot(mean["offset"], mean["car"], color=colour, lw=2.2, zorder=4)
    last = mean.dropna(subset=["car"]).tail(1)
    ax.scatter(last["offset"], last["car"], s=30, color=colour, zorder=5)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    percent_axis(ax.yaxis, 5)
    return ax


def plot_placebo(draws: Sequence[float], observed: float, ax: Axes) -> Axes:
    """Draw the reference draws of a statistic as a histogram, the observed one marked.

    Parameters
    ----------
    draws : sequence of float
        The statistic on each reference session, in its own unit.
    observed : float
        The statistic on the event session.
    """
    values = np.asarray(draws, dtype=float)
    values = values[np.isfinite(values)]
    bins = max(12, min(40, int(np.sqrt(max(len(values), 1)) * 2)))
    low, high = min(values.min(), observed), max(values.max(), observed)
    edges = np.linspace(low, high if high > low else low + 1, bins + 1)
    ax.hist(values, bins=list(edges), color="#c3c7ce", edgecolor="white", lw=0.5)
    ax.axvline(observed, color=INK, lw=1.6)
    ax.margins(x=0.06)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelleft=False)
    return ax


def figure_of_study(tables: Mapping[str, pd.DataFrame]) -> Any:
    """Return a figure of the abnormal returns of a study's first window.

    Returns
    -------
    matplotlib.figure.Figure
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    cars = tables["cars"]
    first = cars[["start", "end"]].drop_duplicates().head(1)
    rows = cars.merge(first, on=["start", "end"])
    with mpl.rc_context(rc=style()):
        figure = Figure(figsize=(8, 1.2 + 0.28 * len(rows)), layout="constrained")
        ax = figure.add_subplot()
        numbers = rows.assign(estimate=rows["car"], low=rows["ci_low"], raw=np.nan)
        numbers = numbers.assign(high=rows["ci_high"], colour=INK, strong=False)
        plot_reactions(numbers.assign(y=np.arange(len(rows))), ax)
        ax.set_yticks(np.arange(len(rows)), list(rows["symbol"]))
        ax.tick_params(axis="y", labelleft=True)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        name = "[{start}, {end}]".format(**first.iloc[0]) if len(first) else ""
        ax.set_xlabel(f"cumulative abnormal return {name}, 95\u2009% interval")
    return figure
