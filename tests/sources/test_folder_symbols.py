"""How the symbols of files are read: from their names, and from a column."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from aftershock.errors import DataUnavailable
from aftershock.sources.base import Fetched, panel_from
from aftershock.sources.folder import FolderSource


def table(symbols: list[object]) -> pd.DataFrame:
    """Return one row each of 1 July 2026, with closes 1, 2, ..."""
    closes = [float(k) for k in range(1, len(symbols) + 1)]
    return pd.DataFrame({"date": "2026-07-01", "symbol": symbols, "close": closes})


def save(frame: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        path.write_text(json.dumps(frame.to_dict("records"), allow_nan=True))


@pytest.mark.parametrize("name", ["all.parquet", "all.json"])
def test_numbers_are_symbols_as_they_are_written(tmp_path: Path, name: str) -> None:
    """600519 is listed in Shanghai; the second row is its only one."""
    save(table([601318, 600519]), tmp_path / name)
    source = FolderSource(tmp_path)
    assert source.symbols() == ("600519", "601318")
    assert source.fetch(["600519"]).bars["600519"]["close"].tolist() == [2.0]


@pytest.mark.parametrize("name", ["all.parquet", "all.json"])
@pytest.mark.parametrize(
    ("symbols", "read"),
    [([600519, None, 601318], "601318"), (["META", None, "ON"], "ON")],
)
def test_rows_without_a_symbol_are_left_out_and_told(
    tmp_path: Path, name: str, symbols: list[object], read: str
) -> None:
    """Of three rows the second has none; the third is the one asked for."""
    save(table(symbols), tmp_path / name)
    source = FolderSource(tmp_path / name)
    assert source.symbols() == tuple(sorted([str(symbols[0]), read]))
    fetched = source.fetch([read])
    assert fetched.bars[read]["close"].tolist() == [3.0]
    assert f"{name}: left out 1 row(s) without symbol" in fetched.warnings


def test_a_symbol_file_with_its_column_as_a_number(tmp_path: Path) -> None:
    save(table([600519]), tmp_path / "600519.parquet")
    fetched = FolderSource(tmp_path).fetch(["600519"])
    assert fetched.bars["600519"]["close"].tolist() == [1.0]


@pytest.mark.parametrize("name", ["META.CSV", "META.Csv.GZ", "META.PARQUET"])
def test_the_case_of_an_ending_says_nothing(tmp_path: Path, name: str) -> None:
    frame = table(["META"]).drop(columns="symbol")
    if name == "META.PARQUET":
        frame.to_parquet(tmp_path / name)
    else:
        packed = "gzip" if name.endswith("GZ") else None
        frame.to_csv(tmp_path / name, index=False, compression=packed)
    source = FolderSource(tmp_path)
    assert source.symbols() == ("META",)
    assert source.fetch(["META"]).bars["META"]["close"].tolist() == [1.0]


def test_where_no_symbol_was_asked_for_none_is_announced() -> None:
    with pytest.raises(DataUnavailable) as caught:
        panel_from(Fetched({}))
    assert caught.value.found == "no prices for any symbol"
