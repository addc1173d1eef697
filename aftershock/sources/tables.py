"""Tables of prices as files of bounded size: CSV, plain or packed, Parquet, JSON."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from aftershock.errors import PriceError
from aftershock.registry.reading import MEGABYTE, MOST_TABLE, check_file, read_text
from aftershock.sources.base import COLUMNS

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".json")
UNREADABLE = (ValueError, OSError, EOFError, zlib.error, csv.Error, PriceError)
"""What reading a broken file raises."""
CUT_OFF = "cells_missing"
"""A column that marks the rows of a CSV file with fewer cells than its header."""
_ALIASES = {
    "stock_splits": "splits",
    "adjclose": "adj_close",
    "adjusted_close": "adj_close",
    "ticker": "symbol",
}
_LETTERS = {
    "t": "date",
    "o": "open",
    "h": "high",
    "l": "low",
    "c": "close",
    "v": "volume",
}


def suffix_of(file: Path) -> str:
    """Return the ending of a price file, whatever its case; nothing for another."""
    name = file.name.casefold()
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def header_of(file: Path) -> list[str]:
    """Return the column names of a file without reading its rows.

    Raises
    ------
    Exception
        One of `UNREADABLE`; so does `rows_of`.
    """
    check_file(file, PriceError)
    kind = suffix_of(file)
    if kind == ".parquet":
        from pyarrow.parquet import read_schema

        return _named(read_schema(file).names)
    if kind == ".json":
        return list(_of_json(file).columns)
    with _opened(file) as lines:
        first = next(csv.reader(lines), None)
    if first is None:
        raise EOFError("the file is empty")
    return _named(first)


def rows_of(file: Path) -> pd.DataFrame:
    """Return all rows of a file: text of a CSV as text, so that nothing is guessed."""
    kind = suffix_of(file)
    if kind == ".parquet":
        from pyarrow.parquet import read_table

        rows: pd.DataFrame = read_table(file).to_pandas()
        rows = rows if rows.index.name is None else rows.reset_index()
        return rows.set_axis(_named(list(rows.columns)), axis="columns")
    return _of_json(file) if kind == ".json" else _of_csv(file)


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    """Open a CSV file, packed or not, as text."""
    opener: Any = gzip.open if suffix_of(file) == ".csv.gz" else open
    with opener(file, "rt", encoding="utf-8-sig", newline="") as lines:
        yield lines


def _of_csv(file: Path) -> pd.DataFrame:
    """Return the rows of a CSV file; a row of fewer cells than the header is marked."""
    with _opened(file) as lines:
        text = lines.read(MOST_TABLE + 1)
    if len(text) > MOST_TABLE:
        raise PriceError(f"more than {MOST_TABLE // MEGABYTE} MB when unpacked")
    if max(map(len, text.splitlines()), default=0) > MEGABYTE:
        raise ValueError("a line of more than 1 MB")
    rows = pd.read_csv(
        io.StringIO(text), dtype=str, keep_default_na=False, na_filter=False
    )
    if rows.index.dtype.kind != "i":  # pandas took the first cells for names of rows
        raise ValueError("rows with more cells than the header")
    rows = rows.set_axis(_named(list(rows.columns)), axis="columns")
    cut = _cut_off(text, len(rows.columns))
    return rows.assign(**{CUT_OFF: cut}) if any(cut) and len(cut) == len(rows) else rows


def _cut_off(text: str, cells: int) -> list[bool]:
    """Tell for each row whether it has fewer cells than the header.

    pandas fills them up as if they were empty.
    """
    lines = [line for line in text.splitlines() if line.strip()][1:]
    if '"' in text:
        return [len(row) < cells for row in csv.reader(lines)]
    return [line.count(",") < cells - 1 for line in lines]


def _of_json(file: Path) -> pd.DataFrame:
    """Return the records of a JSON file: a list of them, or a list under one key.

    Columns may be written as their first letters, with ``t`` for the date.
    """
    try:
        content = json.loads(read_text(file, PriceError, most=MOST_TABLE))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    lists = [x for x in _lists(content) if x and all(isinstance(r, dict) for r in x)]
    if len(lists) != 1:
        raise ValueError(f"{len(lists)} lists of records, not one")
    short = _LETTERS if {"t", "c"} <= set(lists[0][0]) else {}
    rows = pd.DataFrame(lists[0]).rename(columns=short)
    return rows.set_axis(_named(list(rows.columns)), axis="columns")


def _lists(content: Any) -> Iterator[list[Any]]:
    """Yield the lists of a JSON document: itself, or those under its keys."""
    inside = content.values() if isinstance(content, dict) else [content]
    return (found for found in inside if isinstance(found, list))


def _named(columns: Sequence[object]) -> list[str]:
    """Return column names as we write them: ``Adj Close`` is ``adj_close``.

    Raises
    ------
    ValueError
        When a column that is read is there twice.
    """
    plain = [str(c).strip().lower().replace(" ", "_") for c in columns]
    named = [_ALIASES.get(name, name) for name in plain]
    read = ("date", "symbol", *COLUMNS)
    twice = {name for name in named if name in read and named.count(name) > 1}
    if twice:
        raise ValueError(f"the column {sorted(twice)[0]} is there twice")
    return named
