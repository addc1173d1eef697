"""What it costs to borrow a share, by symbol and date, with its source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aftershock.errors import ConfigError
from aftershock.fills.account import Account
from aftershock.prices import PricePanel
from aftershock.registry import look_up
from aftershock.registry.reading import read_text

ROWS = "a list of rows, each with symbol, from, to (optional), rate and source"
MEND = "mend the file, or take it away: without a row the account's rate counts"
SEASONING = 60
"""Sessions after its listing in which a symbol without a row cannot be shorted."""


@dataclass(frozen=True)
class BorrowRow:
    """One stretch of time in which borrowing a symbol cost `rate` a year.

    Attributes
    ----------
    symbol : str
    first, last : pandas.Timestamp
        Naive dates, both included; None: until the next row.
    rate : float
        Fraction of the position's value per year.
    source : str
        URL of the page that reported it.
    """

    symbol: str
    first: pd.Timestamp
    last: pd.Timestamp | None
    rate: float
    source: str

    def covers(self, sessions: pd.DatetimeIndex) -> NDArray[np.bool_]:
        """Tell for each session whether the row is in force."""
        started = np.asarray(sessions >= self.first)
        if self.last is None:
            return started
        return started & np.asarray(sessions <= self.last)


def read_borrow(workspace: Path | None = None) -> tuple[BorrowRow, ...]:
    """Return the rows of ``data/borrow.yaml``: the workspace's, else the shipped ones.

    Raises
    ------
    ConfigError
        For a row that lacks a key or whose values make no sense.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path = look_up("data", "borrow.yaml", workspace)
    if path is None:
        return ()
    try:
        entries = YAML(typ="safe").load(read_text(path, ConfigError)) or []
    except (YAMLError, ValueError, RecursionError) as error:
        said = str(error).splitlines()[0]
        raise ConfigError(
            f"this is not YAML: {said}", where=str(path), allowed=ROWS, do=MEND
        ) from error
    if not isinstance(entries, list):
        raise ConfigError("the file is no list", where=str(path), allowed=ROWS, do=MEND)
    return tuple(_row(entry, f"{path}, row {n}") for n, entry in enumerate(entries, 1))


def _row(entry: Any, where: str) -> BorrowRow:
    try:
        last = entry.get("to")
        row = BorrowRow(
            str(entry["symbol"]),
            pd.Timestamp(str(entry["from"])).as_unit("us"),
            None if last is None else pd.Timestamp(str(last)).as_unit("us"),
            float(entry["rate"]),
            str(entry["source"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"this row cannot be read: {error}",
            where=where,
            allowed=ROWS,
            do=MEND,
        ) from error
    if not row.rate >= 0 or (row.last is not None and row.last < row.first):
        raise ConfigError(
            f"rate {row.rate} from {row.first:%Y-%m-%d}",
            where=where,
            allowed="a rate >= 0, and 'to' not before 'from'",
            do=MEND,
        )
    return row


def borrow_terms(
    prices: PricePanel, account: Account, rows: Iterable[BorrowRow]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the rate per year and whether a short may be opened, session x symbol.

    A row ends all earlier ones of its symbol. A symbol counts as
    listed at its first price, where that lies after the panel's first session; for
    `SEASONING` sessions it needs a row, or a rate of the account's own.
    """
    # as numbers with a fraction also where the account says 0: rows may differ
    rate = np.full(prices.close.shape, account.borrow_rate, dtype=np.float64)
    known = np.zeros(prices.close.shape, dtype=bool)
    for row in sorted(rows, key=lambda r: r.first):
        if row.symbol in prices.symbols:
            at = prices.symbols.index(row.symbol)
            covered, ended = row.covers(prices.sessions), prices.sessions >= row.first
            rate[ended, at], known[ended, at] = account.borrow_rate, False
            rate[covered, at], known[covered, at] = row.rate, True
    for symbol, given in account.borrow_by_symbol.items():
        if symbol in prices.symbols:
            at = prices.symbols.index(symbol)
            rate[:, at], known[:, at] = given, True
    return rate, known | ~_unseasoned(prices)


def _unseasoned(prices: PricePanel) -> NDArray[np.bool_]:
    """Tell where a symbol was listed fewer than `SEASONING` sessions ago."""
    priced = prices.close.notna().to_numpy()
    first = np.where(priced.any(axis=0), priced.argmax(axis=0), 0)
    age = np.arange(len(priced))[:, None] - first[None, :]
    return np.asarray((first > 0) & (age < SEASONING))
