"""One sheet of paper: its grid, its type, and text measured before it is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from aftershock.pages.lettering import fit, leading, line_width, text_width, wrap
from aftershock.pages.telling import ASIDE, PANEL, Told, told
from aftershock.plots import BODY, FAINT, GREY, INK, LEAD, RULE, SMALL, TITLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "PAPERS", "Sheet", "apart", "evenly", "fit", "footer", "leading", "text_width",
    "wrap",
]  # fmt: skip

PAPERS = {"a4": (11.69, 8.27), "letter": (11.0, 8.5)}
MARGIN, TOP, BOTTOM, GUTTER, COLUMNS = 0.62, 0.46, 0.74, 0.18, 12
BACKED = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none"}


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
    told: Told = field(init=False)
    _aside: bool = field(init=False, default=False)
    _panel: str = field(init=False, default="")

    def __post_init__(self) -> None:
        from matplotlib.figure import Figure

        self.size = PAPERS[self.paper]
        self.figure = Figure(figsize=self.size)
        self.told = told(self.figure)
        self.left, self.right = MARGIN, self.size[0] - MARGIN
        self.width, self.bottom = self.right - self.left, self.size[1] - BOTTOM
        self._notice()

    def _notice(self) -> None:
        """Say at the top right that the data are simulated, where they are."""
        if self.manifest.get("simulated"):
            text = fit(str(self.manifest["simulated"]), 5.0, SMALL, "semibold")
            look: dict[str, Any] = {"weight": "semibold", "ha": "right", "frame": True}
            with self.aside():
                self.text(self.right, TOP, text, SMALL, **look)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Mark what is set meanwhile: `told` has it in words, HTML leaves it out."""
        before, self._aside = self._aside, True
        try:
            yield
        finally:
            self._aside = before

    @contextmanager
    def panel(self, name: str) -> Iterator[None]:
        """Mark what is set meanwhile as a picture of its own, where there are more."""
        self.told.panels.append(name)
        self._panel = f"{PANEL}{len(self.told.panels)}-"
        try:
            yield
        finally:
            self._panel = ""

    def _gid(self) -> str | None:
        """Return the mark of an artist told in words, or of a panel; each its own."""
        count = len(self.figure.texts) + len(self.figure.lines)
        mark = ASIDE if self._aside else self._panel
        found = f"{count}-{len(self.figure.artists)}-{len(self.figure.axes)}"
        return mark + found if mark else None

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
        from aftershock.plots.line import Line

        width, height = self.size
        Line.on(
            self.figure,
            (x / width, 1 - y / height),
            text,
            # only what ends at its place needs its width
            line_width(text, size, weight) if ha == "right" else 0.0,
            size=size,
            weight=weight,
            color=color,
            ha=ha,
            bbox=box if frame else BACKED if backed else None,
            gid=self._gid(),
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
        self.told.kicker, self.told.title = kicker, title
        self.told.standfirst = list(standfirst)
        with self.aside():
            self._set_heading(kicker, title, standfirst)

    def _set_heading(self, kicker: str, title: str, standfirst: Sequence[str]) -> None:
        """Set kicker, title and standfirst below each other."""
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
        """Set the page's own source above the footer; a long one takes two lines."""
        self.told.source = text
        lines = min(len(wrap(text, self.width, SMALL)), 2)
        y = self.size[1] - 0.5 - leading(SMALL) * (lines - 1)
        with self.aside():
            self.paragraph(self.left, y, self.width, text, SMALL, color=GREY, most=2)

    def axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """Return axes whose frame is given in inches from the top left corner."""
        across, down = self.size
        box = (x / across, 1 - (y + height) / down, width / across, height / down)
        return self.figure.add_axes(box, gid=self._gid())

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
            Line2D(
                [v / across for v in x],
                [1 - v / down for v in y],
                gid=self._gid(),
                **look,
            )
        )

    def bullets(
        self, x: float, y: float, width: float, items: Sequence[str], until: float
    ) -> float:
        """Set a list of remarks; say how many did not fit, and where they are."""
        self.told.remarks += items
        with self.aside():
            return self._set_bullets(x, y, width, items, until)

    def _set_bullets(
        self, x: float, y: float, width: float, items: Sequence[str], until: float
    ) -> float:
        """Set as many remarks as there is room for; return the next baseline."""
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


def evenly(cells: Sequence[Any], most: int) -> list[list[Any]]:
    """Return the cells of each sheet: as few sheets as can be, evenly filled."""
    sheets = -(-len(cells) // most)
    each, more = divmod(len(cells), sheets or 1)
    ends = [i * each + min(i, more) for i in range(sheets + 1)]
    return [list(cells[i:k]) for i, k in pairwise(ends)]


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
    pairs = [
        (MARGIN, left, "left"),
        (width - MARGIN, f"page {page} of {pages}", "right"),
    ]
    for x, text, ha in pairs:
        sheet.text(x / width, y, text, ha=ha, gid=f"{ASIDE}footer-{ha}", **look)
