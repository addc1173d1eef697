"""The sheets of a report, drawn once; every format takes them from here."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aftershock.errors import AftershockError
from aftershock.pages.base import Page
from aftershock.pages.sheet import footer
from aftershock.registry import USER_MODULE, line_in

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult


DRAWN_ON = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The date every file carries: of drawing it would differ, and says nothing."""

FIRST_PART = 0.75
"""Share of the sheets in the first of the two parts of a PDF.

Two processes draw a part each, and the second the other formats too: cut so, they take
about as long. It is cut for one process too, or the bytes would differ.
"""


class Leaf(NamedTuple):
    """One sheet: its page, the name of its files, and its figure."""

    page: Page
    name: str
    figure: Figure


@dataclass
class Leaves:
    """All sheets of a report and, where page 1 has one, the card to send around.

    Parameters
    ----------
    result : RunResult
    pages : sequence of Page
        In their order.
    paper : {"a4", "letter"}
    """

    result: RunResult
    pages: Sequence[Page]
    paper: str
    _pdfs: dict[int, bytes] = field(default_factory=dict, init=False)
    _svgs: dict[str, str] = field(default_factory=dict, init=False)

    @cached_property
    def sheets(self) -> list[Leaf]:
        """Every sheet, with its footer."""
        found = []
        for page in self.pages:
            for i, figure in enumerate(_drawn(page, self.result, self.paper)):
                name = page.name if i == 0 else f"{page.name}-{i + 1}"
                found.append(Leaf(page, name, figure))
        for i, leaf in enumerate(found):
            footer(leaf.figure, self.result.manifest, i + 1, len(found))
        return found

    @cached_property
    def card(self) -> Leaf | None:
        """The first page's card."""
        cards = ((page, page.card(self.result)) for page in self.pages)
        return next((Leaf(p, "card", card) for p, card in cards if card), None)

    @property
    def all(self) -> list[Leaf]:
        """The sheets, and the card after them."""
        return [*self.sheets, *([self.card] if self.card else [])]

    def part(self, number: int) -> list[Leaf]:
        """Return the sheets of a part of the PDF; the second may be empty."""
        cut = ceil(FIRST_PART * len(self.sheets))
        return self.sheets[:cut] if number == 0 else self.sheets[cut:]

    def pdf(self, part: int) -> bytes:
        """Return a part of the sheets as PDF, without bookmarks; it is drawn once."""
        if part not in self._pdfs:
            from matplotlib.backends.backend_pdf import PdfPages

            raw = io.BytesIO()
            with PdfPages(raw, metadata=_metadata(self.result)) as book:
                for leaf in self.part(part):
                    book.savefig(leaf.figure)
            self._pdfs[part] = raw.getvalue()
        return self._pdfs[part]

    def svg(self, leaf: Leaf) -> str:
        """Return a sheet as SVG with its text as text; it is drawn once."""
        if leaf.name not in self._svgs:
            import matplotlib as mpl

            raw = io.BytesIO()
            with mpl.rc_context({"svg.fonttype": "none"}):
                leaf.figure.savefig(raw, format="svg", metadata={"Date": None})
            self._svgs[leaf.name] = raw.getvalue().decode("utf-8")
        return self._svgs[leaf.name]


def _metadata(result: RunResult) -> dict[str, Any]:
    """Return the document's title and fixed dates."""
    return {
        "Title": str(result.manifest.get("title") or "aftershock report"),
        "Creator": str(result.manifest.get("engine") or "aftershock"),
        "Producer": "aftershock",
        "CreationDate": DRAWN_ON,
        "ModDate": DRAWN_ON,
    }


def _drawn(page: Page, result: RunResult, paper: str) -> list[Figure]:
    """Draw a page; what goes wrong in a user's own is said with its file and line."""
    module = type(page).__module__
    if not module.startswith(USER_MODULE):
        return page.draw(result, paper)
    try:
        return page.draw(result, paper)
    except AftershockError:
        raise
    except Exception as error:
        file = Path(str(sys.modules[module].__file__))
        raise AftershockError(
            f"the page '{page.name}' failed: {type(error).__name__}: {error}",
            where=f"{file}{line_in(error, file)}",
            do="mend the file, or leave the page out of report.pages",
        ) from error
