"""Prices from the user's own files: one per symbol, or one long file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import pandas as pd

from aftershock.errors import DataUnavailable
from aftershock.sources.base import Date, Fetched, PriceSource, combined
from aftershock.sources.inspection import examined, unreadable
from aftershock.sources.tables import (
    SUFFIXES,
    UNREADABLE,
    header_of,
    rows_of,
    suffix_of,
)

NEEDED = frozenset({"date", "close"})


@dataclass(frozen=True)
class FolderSource(PriceSource):
    """Daily bars in CSV (plain or gzip), Parquet or JSON files.

    One ``SYMBOL.csv`` per symbol with the columns date, open, high, low, close,
    adj_close, volume (``_GSPC.csv`` for ``^GSPC``), or one long file with a column
    ``symbol``. `close` is split-adjusted, `adj_close` also for dividends. Columns
    ``dividends`` and ``splits`` are read where they are there.

    Parameters
    ----------
    path : Path or str
        A folder, or one file.
    """

    name: ClassVar[str] = "folder"
    path: Path | str

    def fetch(
        self, symbols: Sequence[str], start: Date = None, end: Date = None
    ) -> Fetched:
        """Read, check and return the bars of some symbols; see `PriceSource.fetch`.

        Raises
        ------
        DataUnavailable
            When the path does not exist.
        """
        files = _Files(Path(self.path))
        found = combined(
            [self._one(files, symbol, start, end) for symbol in dict.fromkeys(symbols)]
        )
        return replace(found, warnings=(*found.warnings, *files.warnings))

    def symbols(self) -> tuple[str, ...]:
        """Return every symbol that the files hold, sorted."""
        files = _Files(Path(self.path))
        return tuple(sorted({s for file in files.all for s in files.symbols_in(file)}))

    def _one(self, files: _Files, symbol: str, start: Date, end: Date) -> Fetched:
        """Return what the files hold of one symbol."""
        try:
            rows, note = files.rows_of(symbol)
        except UNREADABLE as error:
            return unreadable(symbol, self.name, f"{type(error).__name__}: {error}")
        return examined(symbol, self.name, rows, start, end, note=note)


@dataclass
class _Files:
    """The price files under a path; each is opened only when it is needed."""

    root: Path
    all: list[Path] = field(init=False)
    warnings: list[str] = field(default_factory=list)
    _long: dict[Path, pd.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.root.is_file() and not self.root.is_dir():
            raise DataUnavailable(
                "the path of the prices does not exist",
                where=str(self.root),
                do="name a folder of price files, or one file",
            )
        inside = [self.root] if self.root.is_file() else self.root.iterdir()
        self.all = sorted(f for f in inside if suffix_of(f))

    def rows_of(self, symbol: str) -> tuple[pd.DataFrame | None, str]:
        """Return the rows of a symbol and the name of their file; None without any."""
        own = [f for f in self.all if _symbol_of(f) == symbol]
        for file in sorted(own, key=lambda f: SUFFIXES.index(suffix_of(f))):
            if _usable(header_of(file)):
                others = [f.name for f in own if f != file]
                note = f"{file.name}, not {', '.join(others)}" if others else file.name
                return _of_symbol(self._rows(file), symbol), note
        for file in self.all:
            if file not in own and self._is_long(file):
                rows = _of_symbol(self._long_rows(file), symbol)
                if len(rows):
                    return rows, file.name
        return None, ""

    def symbols_in(self, file: Path) -> list[str]:
        """Return the symbols of a file; one that cannot be read counts by its name."""
        try:
            columns = header_of(file)
            if _usable(columns) and "symbol" in columns:
                return list(self._long_rows(file)["symbol"].unique())
        except UNREADABLE:
            return [_symbol_of(file)]
        return [_symbol_of(file)] if _usable(columns) else []

    def _is_long(self, file: Path) -> bool:
        """Say whether a file holds several symbols; a broken one only if it is all."""
        try:
            columns = header_of(file)
        except UNREADABLE:
            if file == self.root:
                raise
            return False
        return _usable(columns) and "symbol" in columns

    def _long_rows(self, file: Path) -> pd.DataFrame:
        """Return the rows of a long file, read once."""
        if file not in self._long:
            self._long[file] = self._rows(file)
        return self._long[file]

    def _rows(self, file: Path) -> pd.DataFrame:
        """Return the rows of a file, symbols as text; those without one are told."""
        rows = rows_of(file)
        if "symbol" not in rows:
            return rows
        symbols = _as_text(rows["symbol"])
        named = symbols != ""
        if not named.all():
            lost = int((~named).sum())
            self.warnings.append(f"{file.name}: left out {lost} row(s) without symbol")
        return rows.assign(symbol=symbols)[named]


def _symbol_of(file: Path) -> str:
    """Return the symbol that a file is named after; ``_GSPC`` is ``^GSPC``."""
    stem = file.name[: -len(suffix_of(file))]
    return f"^{stem[1:]}" if stem.startswith("_") else stem


def _as_text(symbols: pd.Series) -> pd.Series[str]:
    """Return symbols as text: 600519 is one too; where there is none, nothing.

    An empty cell makes whole numbers floats, which are not what was written.
    """
    if pd.api.types.is_float_dtype(symbols) and (symbols.dropna() % 1 == 0).all():
        symbols = symbols.astype("Int64")
    return symbols.astype(object).where(symbols.notna(), "").astype(str)


def _usable(columns: Sequence[str]) -> bool:
    """Say whether a file has the columns without which there are no prices."""
    return set(columns) >= NEEDED


def _of_symbol(rows: pd.DataFrame, symbol: str) -> pd.DataFrame:
    """Return the rows of one symbol: all, where no column tells symbols apart."""
    return rows[rows["symbol"] == symbol] if "symbol" in rows else rows
