"""Factor files in their publisher's layout; every expected number is typed by hand."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aftershock.errors import DataUnavailable, PriceError
from aftershock.sources.factors import fetch_factors, read_factors

THREE = """This file was created by using a made-up database.
The Tbill return is the simple daily rate, with a comma here

,Mkt-RF,SMB,HML,RF
20250102,   -0.12,   -0.59,    0.12,    0.01
20250103,    1.00,  -99.99,   -0.79,    0.01
20250106,    0.50,    0.25, -999,       0.02

Copyright nobody
"""
MOMENTUM = """Missing data are indicated by -99.99 or -999.

,Mom
2025-01-02,  -0.08
2025-01-03,   0.30
2025-01-06,   0.10
"""


def _write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_percents_become_fractions_and_the_market_a_total_return(tmp_path: Path):
    """mkt = Mkt-RF + RF: -.12 + .01 = -.11 %, 1.00 + .01, .50 + .02."""
    table = read_factors(_write(tmp_path, three=THREE, mom=MOMENTUM))
    assert sorted(table.columns) == ["hml", "mkt", "mom", "rf", "smb"]
    np.testing.assert_allclose(table["mkt"], [-0.0011, 0.0101, 0.0052], atol=1e-15)
    np.testing.assert_allclose(table["mom"], [-0.0008, 0.003, 0.001], atol=1e-15)
    assert table.index.unit == "us"


def test_codes_for_missing_are_missing(tmp_path: Path):
    table = read_factors(_write(tmp_path, three=THREE) / "three.csv")
    assert np.isnan(table["smb"].iloc[1])
    assert np.isnan(table["hml"].iloc[2])


def test_plain_columns_are_fractions(tmp_path: Path):
    text = "date,mkt,smb,hml,rf\n2025-01-02,0.01,0,0.002,0.0001\n"
    table = read_factors(_write(tmp_path, plain=text))
    assert table.loc["2025-01-02", "mkt"] == 0.01


def test_a_frame_that_was_saved_with_its_index_keeps_its_fractions(tmp_path: Path):
    """`to_csv` leaves the first column without a name, as French's files do."""
    frame = pd.DataFrame({"mkt": [0.01], "smb": [-0.002]}, ["2025-01-02"])
    frame.to_csv(tmp_path / "saved.csv")
    table = read_factors(tmp_path / "saved.csv")
    assert table.loc["2025-01-02"].tolist() == [0.01, -0.002]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (",mkt\n2025-01-02,1.2\n", "percents"),
        ("date,mkt\n2025-01-02,1.2\n", "percents"),
        ("date,mkt,alpha\n2025-01-02,.1,.2\n", "the columns"),
        ("date,mkt\n2025-01-03,.1\n2025-01-02,.1\n", "not in order"),
        ("date,mkt\n2025-01-02,.1,.2\n", "the header has 2"),
        ("date,mkt\n2025-01-02,high\n", "is no number"),
        ("nothing here\n", "no row begins with a date"),
        ("date,mkt\n2025-13-02,.1\n", "is no date"),
        (",Mkt-RF\n20250102,.1\n", "without RF"),
    ],
)
def test_a_wrong_file_is_refused_in_one_message(tmp_path: Path, text: str, said: str):
    with pytest.raises(PriceError, match=said):
        read_factors(_write(tmp_path, wrong=text))


def test_files_that_disagree_are_refused(tmp_path: Path):
    other = THREE.replace("-0.12,", "-0.13,")
    with pytest.raises(PriceError, match="2025-01-02 differs"):
        read_factors(_write(tmp_path, a=THREE, b=other))


def test_no_file_is_data_that_could_not_be_had(tmp_path: Path):
    with pytest.raises(DataUnavailable):
        read_factors(tmp_path / "none.csv")
    with pytest.raises(DataUnavailable):
        read_factors(tmp_path)


def _reader(monkeypatch: pytest.MonkeyPatch, answer) -> None:
    package, data = types.ModuleType("pandas_datareader"), types.ModuleType("data")
    data.DataReader = answer
    package.data = data
    monkeypatch.setitem(sys.modules, "pandas_datareader", package)


def test_fetched_factors_are_the_same_kind_of_table(monkeypatch: pytest.MonkeyPatch):
    days = pd.DatetimeIndex(["2025-01-02", "2025-01-03"])
    frame = pd.DataFrame(
        {"Mkt-RF": [1.0, -99.99], "SMB": [0.2, 0.1], "RF": [0.02, 0.02]}, index=days
    )
    _reader(monkeypatch, lambda *_: {0: frame})
    table = fetch_factors("F-F_Research_Data_Factors_daily", "2025", "2026")
    np.testing.assert_allclose(table["mkt"], [0.0102, np.nan], atol=1e-15)


def test_momentum_is_fetched_alone(monkeypatch: pytest.MonkeyPatch):
    """0.30 percent; there is no market in this data set."""
    frame = pd.DataFrame({"Mom   ": [0.30]}, index=pd.DatetimeIndex(["2025-01-03"]))
    _reader(monkeypatch, lambda *_: {0: frame})
    table = fetch_factors("F-F_Momentum_Factor_daily", "2025", "2026")
    assert list(table) == ["mom"]
    np.testing.assert_allclose(table["mom"], [0.003], atol=1e-15)


def test_a_library_out_of_reach_and_a_package_not_there(monkeypatch):
    def fail(*_):
        raise ConnectionError("no route")

    _reader(monkeypatch, fail)
    with pytest.raises(DataUnavailable, match="no route"):
        fetch_factors("x", "2025", "2026")
    monkeypatch.setitem(sys.modules, "pandas_datareader", None)
    with pytest.raises(PriceError, match="pandas-datareader"):
        fetch_factors("x", "2025", "2026")


@pytest.mark.realdata
def test_real_files_are_read_whole(realdata: Path):
    """The three published files end on 2026-04-30; their footers are no rows."""
    table = read_factors(realdata / "factors")
    assert {"mkt", "smb", "hml", "rmw", "cma", "mom", "rf"} == set(table.columns)
    assert table.index[-1] == pd.Timestamp("2026-04-30")
    three = read_factors(realdata / "factors" / "F-F_Research_Data_Factors_daily.csv")
    assert table["smb"].equals(three["smb"])
    five = read_factors(realdata / "factors", five=True)
    assert not five["smb"].equals(three["smb"])
    assert abs(table.loc["2026-04-30", "mkt"] - (0.0113 + 0.0001)) < 5e-5
