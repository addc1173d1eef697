"""Tables that continue over sheets: columns with widths, rows that wrap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aftershock.pages.sheet import Sheet, fit, leading, wrap
from aftershock.plots import FAINT, GREY, INK, SMALL

GAP, WIDE = 0.12, 0.26
"""Inches kept free at the right of a column: wide where the next starts at once."""


@dataclass(frozen=True)
class Column:
    """A column: its head, its share of the width, and where its cells stand."""

    head: str
    share: float
    right: bool = False
    wraps: bool = False


def set_rows(
    sheet: Sheet,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    top: float,
    until: float,
    width: float | None = None,
    name: str = "",
    left: float | None = None,
) -> tuple[int, float]:
    """Set a head and as many rows as fit; return their number and the next y.

    Parameters
    ----------
    rows : sequence of sequences of str
        One cell for each column.
    top, until : float
        First baseline, and the last one allowed, in inches.
    width : float, optional
        Of the table, in inches; default the whole sheet.
    name : str
        Of the table, where the sheet is told in words.
    left : float, optional
        Where it starts, in inches; default the sheet's left margin.
    """
    count, y = draw_rows(sheet, columns, rows, (top, until), width, left)
    heads, right = [c.head for c in columns], [c.right for c in columns]
    sheet.told.listing(heads, right, rows[:count], name)
    return count, y


def draw_rows(
    sheet: Sheet,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    reach: tuple[float, float],
    width: float | None,
    left: float | None,
) -> tuple[int, float]:
    """Set the head and the rows that fit, as `set_rows`, but tell nothing of them."""
    with sheet.aside():
        return _set_table(sheet, columns, rows, reach, width, left)


def _set_table(
    sheet: Sheet,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    reach: tuple[float, float],
    width: float | None,
    left: float | None,
) -> tuple[int, float]:
    """Set the head and the rows that fit."""
    top, until = reach
    x = sheet.left if left is None else left
    across = sheet.width if width is None else width
    widths, gaps = _spaces(columns, across)
    rooms = [w - gap for w, gap in zip(widths, gaps, strict=True)]
    heads = [[fit(c.head, room, SMALL)] for c, room in zip(columns, rooms, strict=True)]
    _set_line(sheet, columns, (widths, gaps), heads, (x, top), GREY)
    sheet.rule(x, top + 0.07, across, FAINT)
    y = top + 0.25
    for count, row in enumerate(rows):
        cells = _broken(columns, rooms, row)
        deep = max(len(cell) for cell in cells)
        if count and y + (deep - 1) * leading(SMALL) > until:
            return count, y
        _set_line(sheet, columns, (widths, gaps), cells, (x, y), INK)
        y += deep * leading(SMALL) + 0.035
    return len(rows), y


def depth(sheet: Sheet, columns: Sequence[Column], row: Sequence[str]) -> float:
    """Return how many inches the lines of a row below its first one take."""
    widths, gaps = _spaces(columns, sheet.width)
    rooms = [w - gap for w, gap in zip(widths, gaps, strict=True)]
    return (max(map(len, _broken(columns, rooms, row))) - 1) * leading(SMALL)


def _broken(
    columns: Sequence[Column], rooms: Sequence[float], row: Sequence[str]
) -> list[list[str]]:
    """Return the lines of each cell."""
    return [
        wrap(cell, room, SMALL) if c.wraps else [fit(cell, room, SMALL)]
        for cell, c, room in zip(row, columns, rooms, strict=True)
    ]


def _spaces(
    columns: Sequence[Column], across: float
) -> tuple[list[float], list[float]]:
    """Return the width of each column and what it keeps free at its right.

    Figures end at their right edge and words begin at their left one: side by side
    they would read as one.
    """
    total = sum(c.share for c in columns)
    after = [*[c.right for c in columns[1:]], True]
    gaps = [
        WIDE if column.right and not right else GAP
        for column, right in zip(columns, after, strict=True)
    ]
    return [across * c.share / total for c in columns], gaps


def _set_line(
    sheet: Sheet,
    columns: Sequence[Column],
    spaces: tuple[Sequence[float], Sequence[float]],
    cells: Sequence[Sequence[str]],
    at: tuple[float, float],
    color: str,
) -> None:
    """Set one row, its cells already broken into lines; spaces: widths and gaps."""
    x, y = at
    for column, width, gap, lines in zip(columns, *spaces, cells, strict=True):
        edge, ha = (x + width - gap, "right") if column.right else (x, "left")
        for i, line in enumerate(lines):
            if line:
                sheet.text(
                    edge, y + i * leading(SMALL), line, SMALL, color=color, ha=ha
                )
        x += width
