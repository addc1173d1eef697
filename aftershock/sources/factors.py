"""Factor files: Kenneth French's daily CSVs as he publishes them, or plain columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aftershock.errors import DataUnavailable, PriceError
from aftershock.registry.reading import read_text

NAMES = {
    "mkt-rf": "excess", "mkt": "mkt", "smb": "smb", "hml": "hml", "rmw": "rmw",
    "cma": "cma", "mom": "mom", "umd": "mom", "rf": "rf", "sector": "sector",
}  # fmt: skip
"""How files call the factors, in lower case, and how models do."""
PUBLISHED = frozenset({"Mkt-RF", "SMB", "HML", "RMW", "CMA", "RF", "Mom"})
"""How Kenneth French spells them, in percents; a frame that was saved may not."""
DATE = re.compile(r"^\d{8}$|^\d{4}-\d{2}-\d{2}$")
MISSING = (-99.99, -999.0)
LARGEST = 0.5
ALLOWED = "a CSV of Kenneth French's data library, or date and columns in fractions"


def read_factors(
    path: str | Path | Sequence[str | Path], five: bool = False
) -> pd.DataFrame:
    """Read daily factors from a file, a folder of files, or several.

    Parameters
    ----------
    path : path or sequence of paths
        Text above the header and below the last row is skipped. A file with the
        column Mkt-RF or in French's layout (unnamed first column, names in his
        spelling) holds percents; any other, with mkt, smb, ..., holds fractions.
    five : bool
        SMB of the five-factor file is another portfolio than that of the three. With
        both files there, take the one of the file with (True) or without RMW.

    Returns
    -------
    DataFrame
        Sessions x those of mkt (total return), smb, hml, rmw, cma, mom, rf that the
        files have, as fractions; NaN where missing.

    Raises
    ------
    DataUnavailable
        For a file that is not there.
    PriceError
        For a file that is no factor file, rows out of order, fractions that are
        percents, or two files that disagree.
    """
    merged = pd.DataFrame()
    tables = [(file, _read(file)) for file in _files(path)]
    kinds = {"rmw" in table for _, table in tables if "smb" in table}
    for file, table in tables:
        other = len(kinds) == 2 and ("rmw" in table) != five
        merged = _merge(
            merged, table.drop(columns=["smb"] * other, errors="ignore"), file
        )
    return _with_market(merged, str(path))


def fetch_factors(dataset: str, start: str, end: str) -> pd.DataFrame:
    """Fetch daily factors from Kenneth French's library through pandas-datareader.

    Parameters
    ----------
    dataset : str
        As the library calls it, such as "F-F_Research_Data_5_Factors_2x3_daily".

    Returns
    -------
    DataFrame
        As `read_factors`; without `mkt` where the data set has no Mkt-RF, as that of
        momentum.

    Raises
    ------
    DataUnavailable
        When the library cannot be reached.
    PriceError
        When the package pandas-datareader is not installed, and for a data set with
        other columns than factors.
    """
    try:
        from pandas_datareader import data
    except ImportError as error:
        raise PriceError(
            "fetching factors needs the package pandas-datareader",
            where="factors",
            do="pip install 'aftershock[factors]', or download the CSV by hand",
        ) from error
    try:
        table = data.DataReader(dataset, "famafrench", start, end)[0]
    except Exception as error:  # the package lets every kind of error through
        raise DataUnavailable(
            f"'{dataset}' could not be fetched: {error}",
            where="factors",
            do="try later, or download the CSV by hand and name it in study.factors",
        ) from error
    table.index = pd.DatetimeIndex(table.index).normalize().as_unit("us")
    found = _named([str(c) for c in table.columns], dataset)
    percents = table.set_axis(found, axis=1).astype(float)
    return _with_market(percents.mask(percents.isin(MISSING)) / 100, dataset)


def _with_market(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """Put the market's total return in the place of what it earned beyond RF."""
    if "excess" in table:
        if "rf" not in table:
            raise PriceError("Mkt-RF without RF", where=where, allowed=ALLOWED)
        table["mkt"] = table.pop("excess") + table["rf"]
    return table


def _files(path: str | Path | Sequence[str | Path]) -> list[Path]:
    """Return the files meant, in order of name."""
    if not isinstance(path, str | Path):
        return [file for one in path for file in _files(one)]
    place = Path(path)
    if place.is_dir():
        found = sorted(p for p in place.iterdir() if p.suffix.casefold() == ".csv")
        if found:
            return found
    if not place.is_file():
        raise DataUnavailable(
            "no factor file is there",
            where=str(place),
            allowed=ALLOWED,
            do="download the daily CSV from Kenneth French's data library",
        )
    return [place]


def _read(path: Path) -> pd.DataFrame:
    """Read one file into fractions."""
    try:
        lines = list(csv.reader(read_text(path, PriceError).splitlines()))
    except csv.Error as error:
        raise PriceError(
            f"the file is not text: {error}", where=str(path), allowed=ALLOWED
        ) from error
    rows = [[cell.strip() for cell in line] for line in lines]
    first = next((k for k, r in enumerate(rows) if r and DATE.match(r[0])), None)
    if not first:
        raise PriceError("no row begins with a date", where=str(path), allowed=ALLOWED)
    # the header is the last line with columns above the first date
    header = next((r for r in rows[first - 1 :: -1] if len(r) > 1), [])
    body = []
    for row in rows[first:]:
        if not row or not DATE.match(row[0]):
            break
        body.append(row)
    return _table(path, header, body, first + 1)


def _table(
    path: Path, header: list[str], body: list[list[str]], line: int
) -> pd.DataFrame:
    """Return the rows of one file as fractions by session."""
    names = _named(header[1:], str(path))
    for k, row in enumerate(body):
        if len(row) != len(header):
            raise PriceError(
                f"{len(row)} columns, the header has {len(header)}",
                where=f"{path}:{line + k}",
                allowed=ALLOWED,
            )
    sessions = pd.DatetimeIndex([_date(row[0], path) for row in body]).as_unit("us")
    if not sessions.is_monotonic_increasing or not sessions.is_unique:
        raise PriceError(
            "the dates are not in order, or one stands twice",
            where=str(path),
            allowed="each date once, ascending",
        )
    values = np.array([[_number(c, path) for c in row[1:]] for row in body])
    published = header[0] == "" and PUBLISHED.issuperset(header[1:])
    percents = published or "excess" in names
    values[np.isin(values, MISSING)] = np.nan
    if not percents and np.nanmax(np.abs(values), initial=0.0) > LARGEST:
        raise PriceError(
            f"a factor of {np.nanmax(np.abs(values)):g}: these look like percents",
            where=str(path),
            allowed="fractions (0.01 is one percent)",
            do="divide the columns by 100, or keep the publisher's own layout",
        )
    scaled = values / 100 if percents else values
    return pd.DataFrame(scaled, index=sessions, columns=names)


def _named(header: Sequence[str], where: str) -> list[str]:
    """Return the columns under the names that models use."""
    found = [NAMES.get(name.strip().casefold(), "") for name in header]
    unknown = [n for n, known in zip(header, found, strict=True) if not known]
    if unknown or not found or len(set(found)) < len(found):
        raise PriceError(
            f"the columns {', '.join(header) or 'are missing'}",
            where=where,
            allowed="Mkt-RF, SMB, HML, RMW, CMA, RF, Mom, or mkt, smb, ..., sector",
        )
    return found


def _date(text: str, path: Path) -> pd.Timestamp:
    """Return a date written as 20260430 or 2026-04-30."""
    try:
        return pd.Timestamp(text)
    except ValueError as error:
        raise PriceError(f"'{text}' is no date", where=str(path)) from error


def _number(text: str, path: Path) -> float:
    """Return a number; an empty cell is missing."""
    try:
        return float(text) if text else float("nan")
    except ValueError as error:
        raise PriceError(
            f"'{text}' is no number", where=str(path), allowed=ALLOWED
        ) from error


def _merge(merged: pd.DataFrame, new: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Add a file's columns; where both know a value they must agree."""
    if merged.empty:
        return new
    for name in merged.columns.intersection(new.columns):
        pair: Any = merged[name].align(new[name], join="inner")
        apart = (pair[0] - pair[1]).abs() > 1e-9
        if apart.any():
            raise PriceError(
                f"{name} of {apart.index[apart][0]:%Y-%m-%d} differs between files",
                where=str(path),
                allowed="files of one vintage",
                do="download them again together",
            )
    return merged.combine_first(new)
