"""What each rule says of prices that are wrong: rule, value, neighbours, severity."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from aftershock.prices import Defect
from aftershock.sources.folder import FolderSource
from aftershock.sources.inspection import inspect
from aftershock.sources.tables import CUT_OFF

# Thursday 25 June to Thursday 9 July 2026; 3 July is a holiday.
DAYS = pd.bdate_range("2026-06-25", "2026-07-09").drop("2026-07-03")


def bars(**columns: list[float]) -> pd.DataFrame:
    """Return ten calm rows, 100.25 to 109.25, with some columns replaced."""
    close = [100.25 + n for n in range(10)]
    rows = {
        "date": DAYS,
        "open": close,
        "high": [c + 1 for c in close],
        "low": [c - 1 for c in close],
        "close": close,
        "adj_close": close,
        "volume": [1e6 + n for n in range(10)],
    }
    return pd.DataFrame(rows | columns)


def found(rows: pd.DataFrame, symbol: str = "META") -> tuple[Defect, ...]:
    return tuple(inspect(symbol, rows)[1].defects)


def test_calm_rows_are_clean() -> None:
    assert found(bars()) == ()


def test_neighbours_are_the_closes_around() -> None:
    (defect,) = found(bars(high=[101, 102, 103, 104, 90, 106, 107, 108, 109, 110]))
    assert (defect.rule, defect.severity) == ("high_below_low", "severe")
    assert defect.value == "high 90, low 103.25"
    assert defect.neighbours == "before 2026-06-30 103.25, after 2026-07-02 105.25"


def test_a_row_in_cents() -> None:
    """104.25 becomes 10425 on 1 July, after 103.25 on the day before."""
    rows = bars()
    rows.loc[4, ["open", "high", "low", "close", "adj_close"]] *= 100
    (defect,) = found(rows)
    assert (defect.rule, defect.severity) == ("wrong_units", "severe")
    assert defect.id == "META:2026-07-01:wrong_units"
    assert defect.value == "close 10425 after 103.25: about 100 times its level"


def test_one_price_in_cents() -> None:
    rows = bars()
    rows.loc[4, "high"] *= 100
    (defect,) = found(rows)
    assert (defect.rule, defect.value) == (
        "wrong_units",
        "from 103.25 to 10525 in one row",
    )


def test_close_and_volume_exchanged() -> None:
    rows = bars()
    rows.loc[4, ["close", "volume"]] = [1e6, 104.0]
    assert {d.rule for d in found(rows)} >= {"swapped_columns"}
    assert "volume 104: exchanged?" in found(rows)[0].value


def test_close_and_high_exchanged() -> None:
    rows = bars().rename(columns={"close": "high", "high": "close"})
    rules = {(d.rule, d.value) for d in found(rows) if d.severity == "severe"}
    assert ("swapped_columns", "close and high, 10 rows") in rules


@pytest.mark.parametrize(
    ("ratio", "severity", "told"),
    [
        (1.005, "minor", "falls by 0.50\u2009%"),
        (1.02, "severe", "falls by 2.00\u2009%"),
        (0.6, "severe", "rises by 40.00\u2009%"),
    ],
)
def test_an_adjustment_seam(ratio: float, severity: str, told: str) -> None:
    """Up to 30 June adj_close is `ratio` times the close, then equal.

    1.005 / 1: the factor falls by 0.5 %; 1.02: by 2 %; 0.6: a rise by 40 %, more than
    any dividend.
    """
    close = [100.25 + n for n in range(10)]
    adjusted = [c * ratio if n < 4 else c for n, c in enumerate(close)]
    (defect,) = [d for d in found(bars(adj_close=adjusted)) if d.rule != "no_adj_close"]
    assert (defect.rule, defect.severity) == ("adjustment_seam", severity)
    assert defect.value == f"adj_close / close {told}"
    assert defect.session == pd.Timestamp("2026-07-01")
    warned = inspect("META", bars(adj_close=adjusted))[1].warnings
    assert bool(warned) == (severity == "minor"), "what is used is told in the report"


def test_a_dividend_is_no_seam() -> None:
    """A dividend of 1 % on 1 July: the past is 0.99 of its closes."""
    close = [100.25 + n for n in range(10)]
    adjusted = [round(c * 0.99, 4) if n < 4 else c for n, c in enumerate(close)]
    assert found(bars(adj_close=adjusted)) == ()


def test_a_flat_bar_without_volume() -> None:
    rows = bars()
    rows.loc[4, ["open", "high", "low", "close", "adj_close"]] = 103.0
    rows.loc[4, "volume"] = 0
    (defect,) = found(rows)
    assert (defect.rule, defect.severity) == ("flat_bar", "minor")


def test_a_day_to_come_is_left_out_and_refuses() -> None:
    late = pd.Timestamp.now().normalize() + pd.Timedelta(days=10)
    rows = pd.concat([bars(), bars().tail(1).assign(date=late)])
    kept, said = inspect("META", rows)
    assert [(d.rule, d.severity) for d in said.defects] == [("future_row", "severe")]
    assert kept.index[-1] == DAYS[-1]


def test_what_lies_outside_the_span_harms_nothing() -> None:
    """A cut-off first row and a day to come; the span holds neither, then each."""
    late = pd.Timestamp.now().normalize() + pd.Timedelta(days=10)
    rows = pd.concat([bars(), bars().tail(1).assign(date=late)], ignore_index=True)
    rows[CUT_OFF] = [True] + [False] * (len(rows) - 1)
    assert inspect("META", rows, DAYS[1], DAYS[-1])[1].defects == []
    for span, rule in (((DAYS[0], DAYS[-1]), "short_row"), ((DAYS[1],), "future_row")):
        assert [d.rule for d in inspect("META", rows, *span)[1].defects] == [rule]


def test_years_without_markets_are_no_dates() -> None:
    rows = bars().astype({"date": str})
    rows.loc[0, "date"], rows.loc[9, "date"] = "0001-01-01", "9999-12-31"
    assert {d.rule for d in found(rows)} == {"not_a_date", "future_row"}


@pytest.mark.parametrize(
    ("text", "rule", "value"),
    [
        ("date,close\n2026-07-01,1,2\n2026-07-02,1,2\n", "corrupt_file", "more cells"),
        ("date,close,Close\n2026-07-01,1,2\n", "corrupt_file", "there twice"),
        ("date,close\n2026-07-01,1\n2026-07-02", "short_row", ""),
        ("date,close\n" + "1" * 200_000 + ",1\n", "not_a_date", "1111"),
        ("date," + "c" * 200_000 + ",close\n", "corrupt_file", "field limit"),
    ],
)
def test_a_file_that_is_cut_or_crooked(
    tmp_path: Path, text: str, rule: str, value: str
) -> None:
    (tmp_path / "META.csv").write_text(text)
    (defect,) = [
        d
        for d in FolderSource(tmp_path).fetch(["META"]).defects
        if d.severity == "severe"
    ]
    assert defect.rule == rule and value in defect.value


def test_json_of_either_layout(tmp_path: Path) -> None:
    record = {"t": "2026-07-01", "o": 1, "h": 2, "l": 1, "c": 2, "v": 9, "sma": None}
    (tmp_path / "META.json").write_text(
        json.dumps({"ticker": "META", "rows": [record]})
    )
    long = [{"date": "2026-07-01", "symbol": "ON", "close": 5}]
    (tmp_path / "all.json").write_text(json.dumps(long))
    (tmp_path / "run.json").write_text('{"a": 1}')
    fetched = FolderSource(tmp_path).fetch(["META", "ON"])
    assert {s: b["close"].tolist() for s, b in fetched.bars.items()} == {
        "META": [2.0],
        "ON": [5.0],
    }
