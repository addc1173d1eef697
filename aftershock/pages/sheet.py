"""One sheet of paper: its grid, its type, and text measured before it is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from aftershock.plots import BODY, FAINT, GREY, INK, LEAD, RULE, SMALL, TITLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAPERS = {"a4": (11.69, 8.27), "letter": (11.0, 8.5)}
MARGIN, TOP, BOTTOM, GUTTER, COLUMNS = 0.62, 0.46, 0.74, 0.18, 12
LEADING = 1.38
BACKED = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none"}


@lru_cache(maxsize=20_000)
def text_width(text: str, size: float, weight: str = "regular") -> float:
    """Return the width of a line of text in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72 * 1.005


def wrap(text: str, width: float, size: float, weight: str = "regular") -> list[str]:
    """Break text into lines no wider than `width` inches; long words are cut."""
    lines, used = [""], 0.0
    space = text_width("n n", size, weight) - text_width("nn", size, weight)
    for word in (part for long in text.split() for part in _pieces(long, width, size)):
        wide = text_width(word, size, weight)
        if lines[-1] and used + space + wide > width:
            lines.append(word)
            used = wide
        else:
            used += wide + (space if lines[-1] else 0)
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    """Cut a word (an address, a hash) that is wider than a line."""
    if text_width(word, size, "semibold") <= width:
        return [word]
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size, "semibold") > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def fit(text: str, width: float, size: float, weight: str = "regular") -> str:
    """Return text, shortened with an ellipsis where it is wider than `width`."""
    if text_width(text, size, weight) <= width:
        return text
    while text and text_width(text + "…", size, weight) > width:
        text = text[:-1].rstrip()
    return text + "…"


@dataclass
class Sheet:
    """A page being set: inches from the top left corner, `y` where the next thing goes.

    Parameters
    ----------
    manifest : mapping
        Of the run; the notice of simulated data comes from it.
    paper : {"a4", "letter"}
    """

    manifest: Mapping[str, Any]
    paper: str = "a4"
    figure: Figure = field(init=False)
    y: float = field(init=False, default=TOP)

    def __post_init__(self) -> None:
        from matplotlib.figure import Figure

        self.size = PAPERS[self.paper]
        self.figure = Figure(figsize=self.size)
        self.left, self.right = MARGIN, self.size[0] - MARGIN
        self.width, self.bottom = self.right - self.left, self.size[1] - BOTTOM
        self._notice()

    def _notice(self) -> None:
        """Say at the top right that the data are simulated, where they are."""
        if self.manifest.get("simulated"):
            text = fit(str(self.manifest["simulated"]), 5.0, SMALL, "semibold")
            self.text(
                self.right, TOP, text, SMALL, weight="semibold", ha="right", frame=True
            )

    def column(self, first: int, last: int) -> tuple[float, float]:
        """Return left edge and width of grid columns first..last (1 to 12)."""
        one = (self.width - GUTTER * (COLUMNS - 1)) / COLUMNS
        left = self.left + (first - 1) * (one + GUTTER)
        return left, (last - first + 1) * (one + GUTTER) - GUTTER

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = BODY,
        *,
        weight: str = "regular",
        color: str = INK,
        ha: str = "left",
        frame: bool = False,
        backed: bool = False,
    ) -> None:
        """Set one line with its baseline at y; `backed` keeps grid lines off it."""
        box = {
            "boxstyle": "square,pad=0.35",
            "fc": "#fdf3d8",
            "ec": "#d9b65c",
            "lw": 0.6,
        }
        width, height = self.size
        self.figure.text(
            x / width,
            1 - y / height,
            text,
            size=size,
            weight=weight,
            color=color,
            ha=ha,
            va="baseline",
            bbox=box if frame else BACKED if backed else None,
        )

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        size: float = BODY,
        *,
        weight: str = "regular",
        color: str = INK,
        most: int = 99,
    ) -> float:
        """Set text broken to `width` from baseline y; return the next baseline."""
        lines = wrap(text, width, size, weight)
        if len(lines) > most:
            lines = [
                *lines[: most - 1],
                fit(lines[most - 1] + " …", width, size, weight),
            ]
        for line in lines:
            self.text(x, y, line, size, weight=weight, color=color)
            y += leading(size)
        return y

    def heading(self, kicker: str, title: str, standfirst: Sequence[str] = ()) -> None:
        """Set the head of a page; `y` is then where its content begins."""
        room = self.width - (5.1 if self.manifest.get("simulated") else 0)
        self.text(
            self.left, TOP, fit(kicker.upper(), room, SMALL, "medium"), SMALL,
            weight="medium", color=GREY,
        )  # fmt: skip
        y = TOP + leading(TITLE) * 0.98
        y = self.paragraph(
            self.left, y, self.width, title, TITLE, weight="semibold", most=3
        )
        y += leading(LEAD) - leading(TITLE) * 0.92 + 0.06
        for line in standfirst:
            y = self.paragraph(self.left, y, self.width * 0.97, line, LEAD, most=3)
        self.y = y + 0.14

    def source(self, text: str) -> None:
        """Set the page's own source line above the footer."""
        y = self.size[1] - 0.5
        self.text(self.left, y, fit(text, self.width, SMALL), SMALL, color=GREY)

    def axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """Return axes whose frame is given in inches from the top left corner."""
        across, down = self.size
        box = (x / across, 1 - (y + height) / down, width / across, height / down)
        return self.figure.add_axes(box)

    def rule(
        self, x: float, y: float, width: float, color: str = RULE, lw: float = 0.6
    ) -> None:
        """Draw a horizontal line."""
        self._line([x, x + width], [y, y], color=color, lw=lw)

    def mark(self, x: float, y: float, **look: Any) -> None:
        """Draw one marker with its middle at (x, y)."""
        self._line([x], [y], ls="none", **look)

    def bar(self, x: float, y: float, width: float, **look: Any) -> None:
        """Draw a short line of any look, as in a key."""
        self._line([x, x + width], [y, y], solid_capstyle="butt", **look)

    def _line(self, x: Sequence[float], y: Sequence[float], **look: Any) -> None:
        """Add a line given in inches."""
        from matplotlib.lines import Line2D

        across, down = self.size
        self.figure.add_artist(
            Line2D([v / across for v in x], [1 - v / down for v in y], **look)
        )

    def bullets(
        self, x: float, y: float, width: float, items: Sequence[str], until: float
    ) -> float:
        """Set a list of remarks; say how many did not fit, and where they are."""
        for i, item in enumerate(items):
            lines = wrap(item, width - 0.13, BODY)
            more = len(items) - i
            need = len(lines) * leading(BODY) + (leading(BODY) if more > 1 else 0)
            if y + need - leading(BODY) > until:
                last = f"{more} more under “Sample and data”."
                self.text(x + 0.13, y, last, BODY, color=GREY)
                return y + leading(BODY)
            self.mark(x + 0.03, y - 0.042, marker="o", ms=2.4, color=FAINT)
            y = self.paragraph(x + 0.13, y, width - 0.13, item, BODY) + 0.045
        return y


def apart(places: Sequence[float], gap: float) -> list[float]:
    """Move places so that none is nearer than `gap` to another, as little as can be.

    In order, places less k gaps must not fall: the nearest such ones in squares
    are an isotonic regression.
    """
    from scipy.optimize import isotonic_regression

    order = np.argsort(places, kind="stable")
    steps = gap * np.arange(len(order))
    moved = np.empty(len(order))
    if len(order):
        moved[order] = isotonic_regression(np.take(places, order) - steps).x + steps
    return [float(place) for place in moved]


def leading(size: float) -> float:
    """Return the distance of two baselines of text of a size, in inches."""
    return size * LEADING / 72


def footer(sheet: Figure, manifest: Mapping[str, Any], page: int, pages: int) -> None:
    """Set the last line of a page: run, as-of, page x of y, and what this is not."""
    width, height = sheet.get_size_inches()
    said = [
        str(manifest.get("engine", "aftershock")),
        f"run {manifest.get('id', '')}",
        f"prices to {manifest.get('prices', {}).get('last_session') or '–'}",
        "Not investment advice.",
    ]
    if manifest.get("simulated"):
        said.insert(0, str(manifest["simulated"]))
    y = 1 - (height - 0.33) / height
    look: dict[str, Any] = {"size": SMALL, "color": GREY, "va": "baseline"}
    left = fit("  ·  ".join(said), width - 2 * MARGIN - 1.1, SMALL)
    sheet.text(MARGIN / width, y, left, ha="left", **look)
    sheet.text(1 - MARGIN / width, y, f"page {page} of {pages}", ha="right", **look)
