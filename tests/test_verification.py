"""Reported moves against prices: verdicts worked out by hand on five sessions.

AAA closes at 100, 110, 99, 99, 132: moves +10 %, -10 %, 0 %, +33.33 %; from the second
session's close to the fourth's -10 %. On the third it trades between 88 and 121, which
is -20 % to +10 % of the 110 before.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from aftershock.cli import main
from aftershock.errors import DataUnavailable
from aftershock.events import read_reported_moves
from aftershock.prices import PricePanel
from aftershock.sources.base import panel_from
from aftershock.sources.folder import FolderSource
from aftershock.verification import (
    Figure,
    agreement,
    kind_of,
    tolerance_of,
    verify_moves,
)

SESSIONS = pd.DatetimeIndex(
    ["2026-06-24", "2026-06-25", "2026-06-26", "2026-06-29", "2026-06-30"]
).as_unit("us")
CLOSE = [100.0, 110.0, 99.0, 99.0, 132.0]
HIGH = [101.0, 111.0, 121.0, 100.0, 133.0]
NAN = float("nan")
LOW = [99.0, 100.0, 88.0, 98.0, 99.0]


def panel() -> PricePanel:
    def frame(values: list[float]) -> pd.DataFrame:
        return pd.DataFrame({"AAA": values, "^III": values}, SESSIONS)

    return PricePanel(close=frame(CLOSE), high=frame(HIGH), low=frame(LOW))


def judged(date: str, note: str, pct: float = NAN, **more: Any) -> Figure:
    """Return the verdict on one figure."""
    row = {"symbol": "AAA", "close": NAN, "source_url": "u", "pct": pct, **more}
    frame = pd.DataFrame([{**row, "date": pd.Timestamp(date), "note": note}])
    (figure,) = verify_moves(frame, panel(), {"III": "^III"})
    return figure


@pytest.mark.parametrize(
    ("note", "kind", "tolerance"),
    [
        ("close", "close", 0.1),
        ("close, rounded", "close", 0.5),
        ("close; page rounds to -4.8", "close", 0.1),
        ("close, 'nearly 10%'", "close", 1),
        ("'more than 14%'", "close", 1),
        ("close before results; about -15% after hours", "close", 1),
        ("TWO-DAY change over 13-14 Aug, 'nearly'", "two sessions", 1),
        ("intraday high, pct derived", "intraday", 0.1),
        ("Wednesday session, possibly intraday", "intraday", 1),
        ("quote stamped 08:00 PT; not the close", "intraday", 0.1),
        ("pre-market, 'over'", "outside hours", 1),
        ("after hours; implied close 668.73", "outside hours", 0.1),
    ],
)
def test_what_a_note_says(note: str, kind: str, tolerance: float) -> None:
    assert (kind_of(note), tolerance_of(note)) == (kind, tolerance)


@pytest.mark.parametrize(
    ("date", "pct", "note", "verdict"),
    [
        ("2026-06-25", 10.1, "close", "agree"),  # at the edge of 0.1
        ("2026-06-25", 10.11, "close", "differ"),
        ("2026-06-25", -10.0, "close", "differ"),
        ("2026-06-26", -9.5, "close, rounded", "agree"),
        ("2026-06-26", -9.4, "close, rounded", "differ"),
        ("2026-06-30", 34.3, "close, 'about'", "agree"),
        ("2026-06-30", 34.4, "close, 'about'", "differ"),
        ("2026-06-29", -10.0, "TWO-DAY change", "agree"),
        ("2026-06-29", 0.0, "TWO-DAY change", "differ"),
        ("2026-06-26", 10.1, "intraday", "agree"),  # up to the high
        ("2026-06-26", -20.1, "intraday", "agree"),  # down to the low
        ("2026-06-26", -20.2, "intraday", "differ"),
        ("2026-06-26", -10.0, "pre-market", "no data"),
        ("2026-06-24", 1.0, "close", "no data"),  # nothing before it
        ("2026-06-27", 1.0, "close", "no data"),  # a Saturday
        ("2026-06-26", -10.0, "CONFLICT with another page", "not judged"),
        ("2026-06-26", 50.0, "DOUBTFUL: nobody else says so", "not judged"),
        ("2026-06-26", 50.0, "CHECK the day", "not judged"),
    ],
)
def test_verdicts_on_moves(date: str, pct: float, note: str, verdict: str) -> None:
    assert judged(date, note, pct).verdict == verdict


@pytest.mark.parametrize(
    ("close", "note", "verdict"),
    [
        (99.09, "close", "agree"),  # 0.1 % of 99 is 0.099
        (99.11, "close", "differ"),
        (99.11, "close, 'about'", "differ"),  # a price is not vague
        (121.1, "intraday high", "agree"),
        (87.0, "intraday", "differ"),
        (110.0, "after hours", "no data"),
    ],
)
def test_verdicts_on_prices(close: float, note: str, verdict: str) -> None:
    assert judged("2026-06-26", note, close=close).verdict == verdict


def test_a_price_needs_no_session_before() -> None:
    assert judged("2026-06-24", "close", close=100.0).verdict == "agree"


def test_an_index_is_found_under_its_other_name_and_an_unknown_symbol_is_not() -> None:
    assert judged("2026-06-25", "close", 10.0, symbol="III").verdict == "agree"
    absent = judged("2026-06-25", "close", 10.0, symbol="BBB")
    assert (absent.verdict, absent.why) == ("no data", "no prices of this symbol")


def test_measured_and_rate() -> None:
    figures = [
        judged("2026-06-25", "close", 10.0),
        judged("2026-06-26", "close", 10.0),
        judged("2026-06-26", "pre-market", 10.0),
        judged("2026-06-26", "CHECK", 10.0),
    ]
    assert figures[1].low == figures[1].high == pytest.approx(-10)
    told = agreement(figures)
    assert told["agreement_rate"] == 0.5
    assert set(told["counts"].values()) == {1}
    assert agreement([figures[2]])["agreement_rate"] is None


class TestCommand:
    """On closes written to a folder: META +10 % on 25 June and nothing else."""

    @pytest.fixture(autouse=True)
    def workspace(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (tmp_path / "data").mkdir()
        (tmp_path / "prices").mkdir()
        days = [f"{day:%Y-%m-%d}" for day in SESSIONS]
        rows = [f"{d},{c},{c}" for d, c in zip(days, CLOSE, strict=True)]
        text = "date,close,adj_close\n" + "\n".join(rows) + "\n"
        (tmp_path / "prices" / "META.csv").write_text(text)
        (tmp_path / "data" / "reported_moves.csv").write_text(
            "symbol,date,pct,close,source_url,note\n"
            "META,2026-06-25,10.0,110.0,u,close\n"
            "META,2026-06-26,-12.0,,u,close\n"
            "AMD,2026-06-26,-12.0,,u,close\n"
            "META,2026-06-26,-30.0,,u,DOUBTFUL: one page\n"
        )
        monkeypatch.chdir(tmp_path)
        return tmp_path

    def test_as_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as end:
            main(["events", "verify", "--prices", "prices", "--json"])
        assert end.value.code == 0
        told = json.loads(capsys.readouterr().out)
        counts = {"agree": 2, "differ": 1, "no data": 1, "not judged": 1}
        assert (told["rows"], told["figures"], told["counts"]) == (4, 5, counts)
        assert told["agreement_rate"] == pytest.approx(2 / 3)
        assert [r["verdict"] for r in told["results"]][:3] == [
            *("agree", "agree", "differ")
        ]

    def test_on_the_screen(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            main(["events", "verify", "--prices", "prices"])
        told = capsys.readouterr().out
        assert "66.7\u2009%" in told
        assert "no data, no prices of this symbol: 1 of AMD" in told
        assert "-12.00 %" in told
        assert "DOUBTFUL" in told
        assert "+10.00 %" not in told  # what agrees is shown with --all

    def test_without_prices(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as end:
            main(["events", "verify"])
        assert end.value.code == DataUnavailable.exit_code
        assert "no prices" in capsys.readouterr().err


@pytest.fixture(scope="module")
def real() -> PricePanel:
    from tests.conftest import realdata_folder

    source = FolderSource(realdata_folder() / "prices")
    return panel_from(source.fetch(source.symbols(), None, None), "split")


@pytest.mark.realdata
def test_the_shipped_moves(real: PricePanel) -> None:
    """Two differ: a page that rounds (-11 for -11.43), and one that is .1 off."""
    figures = verify_moves(read_reported_moves(), real, {"SPX": "^GSPC"})
    differ = {(f.symbol, f.date) for f in figures if f.verdict == "differ"}
    assert differ == {("AVGO", "2025-12-12"), ("MU", "2025-12-18")}
    counts = agreement(figures)["counts"]
    assert counts["not judged"] == 4
    assert counts["agree"] > 140


@pytest.mark.realdata
def test_moves_of_another_session_do_not_agree(real: PricePanel) -> None:
    """One session late, fewer than one in five figures finds its like."""
    moves = read_reported_moves()
    late = moves.assign(date=[_next(real, d) for d in moves["date"]])
    assert agreement(verify_moves(late, real, {}))["agreement_rate"] < 0.2


def _next(prices: PricePanel, date: pd.Timestamp) -> pd.Timestamp:
    return prices.sessions[prices.sessions.searchsorted(date, side="right")]
