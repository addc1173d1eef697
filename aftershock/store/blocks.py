"""Rows of a snapshot by blocks: a span of sessions is read without the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.sources.base import Date
from aftershock.store.description import footer, readable

BLOCK = 252
"""Rows of a block, about a year: sixty sessions lie in one or two of them. Smaller ones
would save little more, for the list of blocks at the end of a file grows with them."""

_ROOM = pd.Timedelta("1D")
"""Dates may be moments of other zones: which rows lie in a span is decided later."""


def read_rows(
    path: Path,
    start: Date = None,
    end: Date = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return rows of a snapshot: whole blocks of which some may lie in a span.

    Parameters
    ----------
    path : Path
    start, end : str, Timestamp or None
        Both inclusive.
    columns : sequence of str, optional

    Raises
    ------
    PriceError
        For a file that cannot be read; it is named.
    """
    from pyarrow.parquet import ParquetFile

    with (
        readable(path),
        ParquetFile(
            path, metadata=footer(path), page_checksum_verification=True
        ) as file,
    ):
        chosen = _within(file.metadata, start, end)
        named = None if columns is None else list(columns)
        rows: pd.DataFrame = file.read_row_groups(chosen, named).to_pandas()
        return rows


def _within(blocks: Any, start: Date, end: Date) -> list[int]:
    """Return the blocks of which some rows may lie in a span; all without one."""
    every = range(blocks.num_row_groups)
    if start is None and end is None:
        return list(every)
    dates = blocks.schema.names.index("date")
    known = [blocks.row_group(k).column(dates).statistics for k in every]
    return [k for k in every if _may_hold(known[k], start, end)]


def _may_hold(known: Any, start: Date, end: Date) -> bool:
    """Say whether a block with these extremes may have rows of a span."""
    if known is None or not known.has_min_max or isinstance(known.min, str):
        return True
    first, last = (
        pd.Timestamp(day).tz_localize(None) for day in (known.min, known.max)
    )
    after = end is not None and first > pd.Timestamp(end) + _ROOM
    before = start is not None and last < pd.Timestamp(start) - _ROOM
    return not (after or before)
