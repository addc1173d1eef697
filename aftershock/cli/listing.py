"""Rows on the screen: fitted to a terminal, whole and plain in a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from aftershock.cli.letters import is_utf8

if TYPE_CHECKING:
    from rich.table import Table

SIGN = {1: "+", -1: "\u2212", 0: "?"}
"""The sign that was expected of a reaction."""
UNBOUNDED = 10_000
OWN = "workspace"
"""The origin of what is not shipped."""
LINE = 80
"""Columns at which running text is broken, in a pipe too."""


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    wraps: Sequence[str] = (),
) -> None:
    """Print rows under a header; a terminal wraps the columns named in `wraps`.

    A pipe has no width: there each row is one line and nothing is cut.
    """
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(
            column,
            no_wrap=column not in wraps,
            overflow="fold",
            header_style="bold",
        )
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    _print(table)


def print_fields(fields: Sequence[tuple[str, object]], width: int = 12) -> None:
    """Print one named value a line; a terminal wraps a long one under itself."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(width=width, style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in fields:
        table.add_row(name, str(value))
    _print(table)


def screen_width() -> int:
    """Return the columns of the terminal; a pipe has all that are needed."""
    from rich.console import Console

    console = Console()
    return console.width if console.is_terminal else UNBOUNDED


def _print(table: Table) -> None:
    """Print a table; in a pipe without the blanks that fill its last column."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    if console.is_terminal:
        console.print(table)
        return
    console.width = UNBOUNDED
    with console.capture() as captured:
        console.print(table)
    typer.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def origin_of(file: str, folder: str) -> str:
    """Return whether a file of `data` or `strategies` is shipped, or one's own."""
    from aftershock.registry import is_shipped

    return "shipped" if is_shipped(file, folder) else OWN


def print_json(value: Any) -> None:
    """Print a value as JSON: its text as written, or escaped where it would not fit."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=not is_utf8(sys.stdout)))
