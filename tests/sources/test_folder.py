"""Files of prices: what is read, what is told, what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aftershock.errors import DataUnavailable, PriceError
from aftershock.sources.base import Fetched, panel_from
from aftershock.sources.folder import FolderSource

HEAD = "date,open,high,low,close,adj_close,volume"
# Around the holiday of 3 July 2026; the 4th and 5th are a weekend.
ROWS = [
    "2026-06-30,99,102,98,100,99,1000",
    "2026-07-01,101,104,100,103,101.97,1100",
    "2026-07-02,103,105,102,104,104,1200",
    "2026-07-06,104,107,103,106,106,1300",
]


def write(folder: Path, name: str, *rows: str, head: str = HEAD) -> Path:
    path = folder / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def fetch(folder: Path, *symbols: str, **span: str) -> Fetched:
    return FolderSource(folder).fetch(symbols or ["META"], **span)


def closes(fetched: Fetched, symbol: str = "META") -> list[float]:
    return fetched.bars[symbol]["close"].tolist()


@pytest.mark.parametrize("name", ["META.csv", "META.csv.gz", "META.parquet"])
def test_the_kinds_of_file(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, "META.csv", *ROWS)
    frame = pd.read_csv(path)
    path.unlink()
    if name.endswith("parquet"):
        frame.to_parquet(tmp_path / name)
    else:
        frame.to_csv(tmp_path / name, index=False)
    fetched = fetch(tmp_path)
    assert closes(fetched) == [100, 103, 104, 106]
    assert (fetched.missing, fetched.warnings, fetched.defects) == ({}, (), ())
    assert fetched.provenance[0]["note"] == name
    assert fetched.provenance[0]["fetched_at"] is None


def test_a_caret_is_an_underscore_and_on_is_a_symbol(tmp_path: Path) -> None:
    write(tmp_path, "_GSPC.csv", *ROWS)
    write(tmp_path, "ON.csv", *ROWS)
    assert set(fetch(tmp_path, "^GSPC", "ON").bars) == {"^GSPC", "ON"}


def test_one_long_file(tmp_path: Path) -> None:
    long = [f"{s},{row}" for row in ROWS for s in ("META", "NA", "ON")]
    path = write(tmp_path, "all.csv", *long, head=f"symbol,{HEAD}")
    write(tmp_path, "manifest.csv", "META,META.csv", head="symbol,file")
    for source in (FolderSource(path), FolderSource(tmp_path)):
        assert source.symbols() == ("META", "NA", "ON")
        fetched = source.fetch(["NA", "ON", "SPY"])
        assert closes(fetched, "NA") == [100, 103, 104, 106]
        assert fetched.missing == {"SPY": "no_prices"}


def test_only_what_is_needed_is_read(tmp_path: Path) -> None:
    write(tmp_path, "META.csv", *ROWS)
    write(tmp_path, "manifest.csv", "META,1", head="symbol,rows")
    (tmp_path / "BROKEN.parquet").write_bytes(b"no parquet")
    (tmp_path / "notes.txt").write_text("no prices")
    fetched = fetch(tmp_path, "META", "manifest", "SPY")
    assert closes(fetched) == [100, 103, 104, 106]
    assert fetched.missing == {"manifest": "no_prices", "SPY": "no_prices"}


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable, match="nowhere: the path") as caught:
        fetch(tmp_path / "nowhere")
    assert caught.value.exit_code == 3


def test_the_span_is_inclusive(tmp_path: Path) -> None:
    write(tmp_path, "META.csv", *ROWS)
    assert closes(fetch(tmp_path, start="2026-07-01", end="2026-07-02")) == [103, 104]
    late = fetch(tmp_path, start="2026-08-01")
    assert late.missing == {"META": "no_prices"}


@pytest.mark.parametrize(
    ("rows", "warning", "rule"),
    [
        ([ROWS[0], ROWS[2], ROWS[1], ROWS[3]], "META 2026-07-01: rows out", "unsorted"),
        (
            [*ROWS[:3], "2026-07-03,1,1,1,1,1,1", ROWS[3]],
            "META 2026-07-03: a row on a day without session",
            "holiday_row",
        ),
        ([ROWS[0], *ROWS], "META 2026-06-30: the same row twice", "repeated_rows"),
    ],
)
def test_what_is_mended_is_told(
    tmp_path: Path, rows: list[str], warning: str, rule: str
) -> None:
    write(tmp_path, "META.csv", *rows)
    fetched = fetch(tmp_path)
    assert closes(fetched) == [100, 103, 104, 106]
    assert fetched.warnings[0].startswith(warning)
    assert [(d.rule, d.severity) for d in fetched.defects] == [(rule, "minor")]


def test_a_hole_is_an_empty_row_and_named(tmp_path: Path) -> None:
    write(tmp_path, "META.csv", ROWS[0], *ROWS[2:])
    fetched = fetch(tmp_path)
    assert fetched.warnings == (
        "META 2026-07-01: a session without a close inside the history",
    )
    panel = panel_from(fetched)
    assert panel.close["META"].isna().tolist() == [False, True, False, False]
    assert panel.returns()["META"].notna().tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("row", "rule", "value"),
    [
        ("2026-07-01,101,104,100,0,0,1", "not_positive", "close 0"),
        ("2026-07-01,101,104,100,-103,103,1", "not_positive", "close -103"),
        ("2026-07-01,101,100,104,103,103,1", "high_below_low", "high 100, low 104"),
        ("2026-07-01,101,104,100,n.v.,103,1", "not_a_number", "close 'n.v.'"),
        ("2026-07-01,101,104,100,inf,103,1", "not_a_number", "close 'inf'"),
        ("2026-07-01,101,104,100,103,103,-5", "negative_volume", "-5"),
        (
            ROWS[1] + "\n" + "2026-07-01,99,104,98,99,99,1",
            "duplicate_rows",
            "103 and 99",
        ),
    ],
)
def test_what_cannot_be_trusted_is_refused(
    tmp_path: Path, row: str, rule: str, value: str
) -> None:
    write(tmp_path, "META.csv", ROWS[0], *row.split("\n"), *ROWS[2:])
    fetched = fetch(tmp_path)
    defect = next(d for d in fetched.defects if d.severity == "severe")
    assert fetched.missing == {"META": "price_defect"} and not fetched.bars
    assert defect.id == f"META:2026-07-01:{rule}"
    assert value in defect.value
    accepted = fetched.accepting([defect.id])
    assert "META" in accepted.bars and not accepted.missing
    assert accepted.warnings[-1].endswith("accepted")
    assert panel_from(accepted).symbols == ("META",)
    # What lies outside the span that is asked for harms nothing.
    assert not fetch(tmp_path, start="2026-07-02").missing


def test_a_date_that_is_none(tmp_path: Path) -> None:
    write(tmp_path, "META.csv", *ROWS, "2026-02-30,1,1,1,1,1,1")
    assert fetch(tmp_path).defects[0].id == "META:file:not_a_date"


@pytest.mark.parametrize("factor", [2, 4, 10, 0.1])
def test_an_unadjusted_split(tmp_path: Path, factor: float) -> None:
    """All prices before 2 July times the ratio, as a vendor leaves them."""
    frame = pd.read_csv(write(tmp_path, "META.csv", *ROWS))
    prices = ["open", "high", "low", "close", "adj_close"]
    frame[prices] = frame[prices].astype(float)
    frame.loc[:1, prices] *= factor
    frame.to_csv(tmp_path / "META.csv", index=False)
    assert fetch(tmp_path).defects[0].id == "META:2026-07-02:unadjusted_split"


@pytest.mark.parametrize("close", [73.0, 60.0, 155.0, 190.0])
def test_a_large_move_is_no_split(tmp_path: Path, close: float) -> None:
    """Falls of 30 and 42 %, rises of 49 and 83 % overnight: news can do that."""
    price = f"{close},{close + 1},{close - 1},{close},{close},1200"
    write(tmp_path, "META.csv", *ROWS[:2], f"2026-07-02,{price}")
    assert closes(fetch(tmp_path)) == [100, 103, close]


@pytest.mark.parametrize("name", ["META.csv.gz", "META.parquet", "META.csv"])
def test_a_corrupt_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x1f\x8b\x00\xff\xfe broken")
    fetched = fetch(tmp_path)
    assert fetched.missing == {"META": "price_defect"}
    assert fetched.defects[0].rule == "corrupt_file"
    still = fetched.accepting([fetched.defects[0].id])
    assert still.missing == {"META": "price_defect"}


def test_an_unknown_id_cannot_be_accepted(tmp_path: Path) -> None:
    write(tmp_path, "META.csv", ROWS[0], "2026-07-01,1,104,1,0,1,1", *ROWS[2:])
    with pytest.raises(
        PriceError, match=r"Did you mean 'META:2026-07-01:not_positive'"
    ):
        fetch(tmp_path).accepting(["META:2026-07-01:not_positiv"])


def test_bars_without_open_high_low_are_allowed(tmp_path: Path) -> None:
    write(tmp_path, "META.csv", "2026-07-01,,,,103,103,", "2026-07-02,103,,,104,104,1")
    fetched = fetch(tmp_path)
    assert closes(fetched) == [103, 104] and not fetched.warnings


def test_without_adjusted_closes_close_stands_for_them(tmp_path: Path) -> None:
    write(tmp_path, "META.csv", "2026-07-01,103", head="Date,Close")
    fetched = fetch(tmp_path)
    assert "close stands for it" in fetched.warnings[0]
    assert panel_from(fetched).close["META"].tolist() == [103]


def test_a_thin_last_bar_is_mentioned(tmp_path: Path) -> None:
    """Volume 100 after 21 sessions of 1000; the bar is kept, and named."""
    days = pd.bdate_range("2026-05-26", periods=22).drop("2026-06-19")
    days = days.append(pd.DatetimeIndex(["2026-06-25"]))
    volumes = [1000] * (len(days) - 1) + [100]
    rows = [
        f"{d:%Y-%m-%d},9,11,8,10,10,{v}" for d, v in zip(days, volumes, strict=True)
    ]
    write(tmp_path, "META.csv", *rows)
    assert fetch(tmp_path).warnings[0].startswith("META 2026-06-25: the last volume")


def test_total_return_scales_all_prices(tmp_path: Path) -> None:
    """Factor 0.99 up to 1 July: 99 x 0.99 = 98.01, 102 x 0.99 = 100.98, ..."""
    write(tmp_path, "META.csv", *ROWS)
    panel = panel_from(fetch(tmp_path), "total_return")
    first = [
        getattr(panel, n)["META"].iloc[0] for n in ("open", "high", "low", "close")
    ]
    assert first == pytest.approx([98.01, 100.98, 97.02, 99.0], rel=1e-12)
    assert panel.dividends.to_numpy().sum() == 0


def test_split_basis_books_the_dividend_that_the_closes_imply(tmp_path: Path) -> None:
    """The factor goes from 0.99 to 1 on 2 July after a close of 103: 1.03 in cash."""
    write(tmp_path, "META.csv", *ROWS)
    panel = panel_from(fetch(tmp_path), "split")
    assert panel.close["META"].tolist() == [100, 103, 104, 106]
    paid = [0, 0, 1.03, 0]
    assert panel.dividends["META"].tolist() == pytest.approx(paid, abs=1e-9)


def test_nothing_at_all_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable, match="no prices for any symbol: META"):
        panel_from(fetch(tmp_path))


@pytest.mark.realdata
def test_real_prices_have_no_defect(realdata: Path) -> None:
    source = FolderSource(realdata / "prices")
    fetched = source.fetch(source.symbols())
    assert len(fetched.bars) == 18
    assert (fetched.missing, fetched.defects, fetched.warnings) == ({}, (), ())


@pytest.mark.realdata
def test_real_dividends_are_found_again(realdata: Path) -> None:
    """Cash dividends as the companies declared them."""
    panel = panel_from(
        FolderSource(realdata / "prices").fetch(["META", "NVDA"]), "split"
    )
    assert panel.dividends.loc["2026-06-15", "META"] == pytest.approx(0.525, abs=1e-3)
    assert panel.dividends.loc["2025-06-11", "NVDA"] == pytest.approx(0.01, abs=1e-3)


@pytest.mark.realdata
def test_a_real_row_on_a_holiday(realdata: Path, tmp_path: Path) -> None:
    text = (realdata / "defects" / "VIX_row_on_market_holiday.csv").read_text()
    (tmp_path / "_VIX.csv").write_text(text)
    fetched = fetch(tmp_path, "^VIX")
    assert fetched.warnings[0].startswith("^VIX 2026-05-25: a row on a day without")
