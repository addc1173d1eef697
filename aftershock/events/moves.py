"""The price moves that public pages reported."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.errors import DataUnavailable
from aftershock.events.nodes import Fields, Problems, Text, read_csv
from aftershock.registry import look_up

COLUMNS = ("symbol", "date", "pct", "close", "source_url", "note")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")


def read_reported_moves(workspace: Path | None = None) -> pd.DataFrame:
    """Return the moves that pages reported, in file order.

    Returns
    -------
    DataFrame
        symbol, date (naive midnight, unit ``us``), pct (percent, as reported),
        close (USD), source_url, note, decimals (digits after the point of `pct`
        as written). Rows whose note starts CONFLICT, DOUBTFUL or CHECK prove
        nothing.

    Raises
    ------
    EventError
        With every column that is missing and every cell that cannot be read, each at
        its line. A date, a percentage or a close may be empty.
    DataUnavailable
        If the file is not there.
    """
    path = look_up("data", "reported_moves.csv", workspace)
    if path is None:
        raise DataUnavailable(
            "there is no reported_moves.csv",
            where="data/",
            allowed=f"a table with the columns {', '.join(COLUMNS)}",
            do="write one, or install the package again: it brings its own",
        )
    problems = Problems()
    header, rows = read_csv(path)
    _check_header(str(path), header, problems)
    problems.stop_if_any()
    moves = [_move(str(path), row, header, problems) for row in rows]
    problems.stop_if_any()
    frame = pd.DataFrame(moves, columns=list(dict.fromkeys([*header, "decimals"])))
    return frame.assign(
        date=frame["date"].astype("datetime64[us]"),
        pct=frame["pct"].astype(float),
        close=frame["close"].astype(float),
        decimals=frame["decimals"].astype("int64"),
    )


def _check_header(file: str, header: list[Text], problems: Problems) -> None:
    """Note the columns that a table of moves lacks or has twice."""
    lacking = [f"'{name}'" for name in COLUMNS if name not in header]
    if lacking:
        there = ", ".join(header) or "none"
        message = f"missing columns: {', '.join(lacking)}; the header has: {there}"
        problems.add(file, 1, message)
    for name in sorted({name for name in header if header.count(name) > 1}):
        problems.add(file, 1, f"the column '{name}' is written twice")


def _move(
    file: str, row: Fields, header: list[Text], problems: Problems
) -> dict[str, Any]:
    """Return one row as values; what cannot be read is noted."""
    problems.check_keys(file, row, header)
    texts = {str(name): str(row.get(name, "")) for name in header}
    for key in ("pct", "close"):
        if texts[key] and not _NUMBER.fullmatch(texts[key]):
            message = f"{key}: '{texts[key]}' is no number such as -4.0"
            problems.add(file, row.line, message)
            texts[key] = ""
    return {
        **texts,
        "date": _day(file, row, texts["date"], problems),
        "pct": float(texts["pct"] or "nan"),
        "close": float(texts["close"] or "nan"),
        "decimals": len(texts["pct"].partition(".")[2]),
    }


def _day(file: str, row: Fields, text: str, problems: Problems) -> Any:
    try:
        return pd.Timestamp(datetime.strptime(text, "%Y-%m-%d")) if text else pd.NaT
    except ValueError:
        problems.add(file, row.line, f"date: '{text}' is no date such as 2026-07-01")
        return pd.NaT
