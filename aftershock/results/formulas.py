"""Tables whose texts a spreadsheet does not run; see `aftershock.events.cells`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from aftershock.events.cells import bare, guarded


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
