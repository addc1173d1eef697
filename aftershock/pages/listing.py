"""Tables that continue over sheets: columns with widths, rows that wrap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aftershock.pages.sheet import Sheet, fit, leading, wrap
from aftershock.plots import FAINT, GREY, INK, SMALL


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
    with sheet.aside():
        count, y = _set_table(sheet, columns, rows, (top, until), width, left)
    heads, right = [c.head for c in columns], [c.right for c in columns]
    sheet.told.listing(heads, right, rows[:count], name)
    return count, y


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
    total = sum(c.share for c in columns)
    across = sheet.width if width is None else width
    widths = [across * c.share / total for c in columns]
    heads = [
        [fit(c.head, w - 0.12, SMALL)] for c, w in zip(columns, widths, strict=True)
    ]
    _set_line(sheet, columns, widths, heads, (x, top), GREY)
    sheet.rule(x, top + 0.07, across, FAINT)
    y = top + 0.25
    for count, row in enumerate(rows):
        cells = [
            wrap(cell, width - 0.12, SMALL) if c.wraps
            else [fit(cell, width - 0.12, SMALL)]
            for cell, c, width in zip(row, columns, widths, strict=True)
        ]  # fmt: skip
        deep = max(len(cell) for cell in cells)
        if count and y + (deep - 1) * leading(SMALL) > until:
            return count, y
        _set_line(sheet, columns, widths, cells, (x, y), INK)
        y += deep * leading(SMALL) + 0.035
    return len(rows), y


def _set_line(
    sheet: Sheet,
    columns: Sequence[Column],
    widths: Sequence[float],
    cells: Sequence[Sequence[str]],
    at: tuple[float, float],
    color: str,
) -> None:
    """Set one row, its cells already broken into lines."""
    x, y = at
    for column, width, lines in zip(columns, widths, cells, strict=True):
        edge, ha = (x + width - 0.12, "right") if column.right else (x, "left")
        for i, line in enumerate(lines):
            if line:
                sheet.text(
                    edge, y + i * leading(SMALL), line, SMALL, color=color, ha=ha
                )
        x += width
