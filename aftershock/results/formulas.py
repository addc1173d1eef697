"""Text in a table that a spreadsheet would run: an apostrophe keeps it text.

A headline, a name or a reason comes from outside, and a spreadsheet takes a cell that
begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end for a formula; some formulas
send what they read elsewhere. Such text is written with an apostrophe before it, which
is taken off again on reading. Numbers, and texts of digits and signs as ``-250..-11``,
can do nothing and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd

_FORMULA = re.compile(r"[=@\t\r\n]|[+-](?=.*[^\d\s.,:;+-])", re.DOTALL)
_GUARDED = re.compile(rf"'*(?:{_FORMULA.pattern})", re.DOTALL)


def guarded(text: str) -> str:
    """Return a text with an apostrophe before it where it could be run.

    One that has apostrophes before a formula gets another: all come back as they were.
    """
    return f"'{text}" if _GUARDED.match(text) else text


def bare(text: str) -> str:
    """Return a text as it was before `guarded`."""
    found = text.startswith("'") and _GUARDED.match(text)
    return text[1:] if found else text


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every text and column name `guarded`."""
    return _every_text(table, guarded)


def as_written(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as it was before it was made `harmless`."""
    return _every_text(table, bare)


def _every_text(table: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """Change texts and column names; a column without any to change is not copied."""

    def other(value: Any) -> Any:
        """Change a text, and nothing else."""
        return change(value) if isinstance(value, str) else value

    for name in table.select_dtypes(["object", "str"]):
        column = table[name]
        mixed = pd.api.types.is_object_dtype(column)
        values = column if mixed else column.unique()
        if any(other(value) is not value for value in values):
            table = table.assign(**{str(name): column.map(other)})
    return table.rename(columns=change)
