"""What a page of the report is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from aftershock.plots import Shade, role_colours
from aftershock.tables import role_order, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult


class Page(ABC):
    """One page of the report, found by its `name`; it may continue over sheets.

    Attributes
    ----------
    name : str
        Of the page, and of its figures' files.
    title : str
        Its bookmark.
    order : int
        Its place in the report.
    tables : tuple of str
        Names of the run's tables that its pictures show; HTML gives them below.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    order: ClassVar[int]
    tables: ClassVar[tuple[str, ...]] = ()

    def applies(self, result: RunResult) -> bool:
        """Return whether the run has anything for this page."""
        return bool(result.tables)

    @abstractmethod
    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return the page's sheets, from the saved tables alone."""

    def card(self, result: RunResult) -> Figure | None:
        """Return one picture to send around, 6 by 3.15 inches; few pages have one."""
        return None


def colours(result: RunResult) -> dict[str, Shade]:
    """Return the shade of every role of a run: the same on all of its pages."""
    named = [*result.tables["pairs"]["role"], *result.tables["paths"]["group"]]
    return role_colours(role_order([role for role in map(words, named) if role]))
