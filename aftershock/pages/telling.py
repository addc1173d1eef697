"""What a sheet says in words: the same finding, for readers who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ASIDE = "told-"
"""How the ids of artists begin that a report in HTML says in its own words."""
PANEL = "panel-"
"""How the ids of artists begin, before a number, that HTML sets as one picture."""


@dataclass
class Listing:
    """A table set on a sheet: its cells as words.

    Attributes
    ----------
    name : str
        What stands above it; a listing of the same name and heads continues one.
    right : list of bool
        Which columns hold numbers.
    """

    name: str
    heads: list[str]
    right: list[bool]
    rows: list[list[str]]


@dataclass
class Told:
    """The words of one sheet: finding, caveats, notes, tables, source, and panels."""

    kicker: str = ""
    title: str = ""
    standfirst: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    source: str = ""
    listings: list[Listing] = field(default_factory=list)
    panels: list[str] = field(default_factory=list)

    def listing(
        self,
        heads: Sequence[str],
        right: Sequence[bool],
        rows: Sequence[Sequence[str]],
        name: str = "",
    ) -> None:
        """Note a table, under the name given."""
        cells = [list(row) for row in rows]
        self.listings.append(Listing(name, list(heads), list(right), cells))


_TOLD: WeakKeyDictionary[Figure, Told] = WeakKeyDictionary()


def told(figure: Figure) -> Told:
    """Return what a figure says; of one that no sheet made, nothing yet."""
    return _TOLD.setdefault(figure, Told())
