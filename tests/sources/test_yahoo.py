"""The real yfinance client against a fake session, and against a server here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from aftershock.errors import DataUnavailable
from aftershock.sources.base import FetchFailed, panel_from
from aftershock.sources.yahoo import YahooSource
from tests.sources import yahoo_answers as yahoo
from tests.sources.yahoo_answers import Answer, Script

LATER = pd.Timestamp("2026-07-10 12:00", tz="UTC")
SPAN = ("2026-06-29", "2026-07-02")
Make = Callable[[Mapping[str, Sequence[Answer]]], YahooSource]


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture(params=["fake session", "loopback server"])
def make(
    request: pytest.FixtureRequest,
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Make]:
    """Return what makes a source that hears the given answers, on both ways."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    opened = []

    def build(answers: Mapping[str, Sequence[Answer]]) -> YahooSource:
        script = Script(answers)
        if request.param == "fake session":
            session = yahoo.FakeSession(script)
        else:
            server = yahoo.serving(script)
            session = server.__enter__()
            opened.append(server)
        return YahooSource(session=session, sleep=waits.append, now=lambda: LATER)

    yield build
    for server in opened:
        server.__exit__(None, None, None)


def test_a_good_answer_becomes_bars(make: Make) -> None:
    """Bars as in the answer: open = close - 1, high + 2, low - 2, by construction."""
    fetched = make({"META": [yahoo.chart(closes=(100, 102, 101, 99))]}).fetch(
        ["META"], *SPAN
    )
    bars = fetched.bars["META"]
    assert list(bars.index.strftime("%Y-%m-%d")) == list(yahoo.DAYS)
    assert bars.index.unit == "us" and bars.index.tz is None
    assert list(bars["close"]) == [100, 102, 101, 99]
    assert list(bars["open"]) == [99, 101, 100, 98]
    assert list(bars["high"]) == [102, 104, 103, 101]
    assert list(bars["low"]) == [98, 100, 99, 97]
    assert fetched.provenance[0]["fetched_at"] == "2026-07-10T12:00:00+00:00"
    assert not fetched.missing and not fetched.warnings


def test_splits_and_dividends_are_kept(make: Make) -> None:
    """A dividend of 1.02 before a close of 102 makes the factor 1 - 1.02/102 = 0.99."""
    events = {
        "dividends": {"1": {"amount": 1.02, "date": yahoo.stamp("2026-07-01")}},
        "splits": {
            "2": {
                "date": yahoo.stamp("2026-07-02"),
                "numerator": 2.0,
                "denominator": 1.0,
                "splitRatio": "2:1",
            }
        },
    }
    answer = yahoo.chart(
        closes=(100, 102, 101, 99), adjusted=(99, 100.98, 101, 99), events=events
    )
    fetched = make({"META": [answer]}).fetch(["META"], *SPAN)
    bars = fetched.bars["META"]
    assert list(bars["dividends"]) == [0, 0, 1.02, 0]
    assert list(bars["splits"]) == [0, 0, 0, 2]
    total = panel_from(fetched, "total_return")
    # Bought at 102, one session later 101 and 1.02 in cash: (101 + 1.02) / 102 - 1,
    # by reinvestment 101 / (102 x 0.99) - 1.
    assert total.returns()["META"].iloc[2] == pytest.approx(101 / 100.98 - 1, abs=1e-12)
    assert total.dividends.to_numpy().sum() == 0
    assert panel_from(fetched, "split").dividends["META"].iloc[2] == 1.02


@pytest.mark.parametrize("answer", [yahoo.UNKNOWN, yahoo.EMPTY, yahoo.NOTHING])
def test_a_symbol_without_prices_is_missing(
    make: Make, answer: Answer, waits: list[float]
) -> None:
    good = yahoo.chart(closes=(100, 102, 101, 99))
    fetched = make({"META": [good], "GONE": [answer]}).fetch(["GONE", "META"], *SPAN)
    assert fetched.missing == {"GONE": "no_prices"}
    assert list(fetched.bars) == ["META"]
    assert waits == []


def test_a_span_before_the_listing_is_missing(make: Make) -> None:
    answer = yahoo.error("Bad Request", "Data doesn't exist for startDate = 1", 400)
    assert make({"NEW": [answer]}).fetch(["NEW"], *SPAN).missing == {"NEW": "no_prices"}


@pytest.mark.parametrize(
    "bad",
    [
        yahoo.TOO_MANY,
        yahoo.BROKEN,
        yahoo.MALFORMED,
        yahoo.UNAUTHORIZED,
        replace(yahoo.chart(), cut=True),
        Answer("<html>Bad gateway</html>", 502),
    ],
    ids=["429", "500", "malformed", "401", "cut off", "502"],
)
def test_a_passing_failure_is_waited_for(
    make: Make, bad: Answer, waits: list[float]
) -> None:
    """The client itself asks twice where the status says error, so twice two."""
    good = yahoo.chart(closes=(100, 102, 101, 99))
    asks = 2 if bad.status < 400 else 4
    fetched = make({"META": [bad] * asks + [good]}).fetch(["META"], *SPAN)
    assert list(fetched.bars["META"]["close"]) == [100, 102, 101, 99]
    assert waits == [2.0, 4.0]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (yahoo.TOO_MANY, "rate limit"),
        (yahoo.BROKEN, "HTTP 500"),
        (yahoo.MALFORMED, "not understood"),
        (yahoo.UNAUTHORIZED, "HTTP 401"),
        (replace(yahoo.chart(), cut=True), "cut off"),
    ],
    ids=["429", "500", "malformed", "401", "cut off"],
)
def test_a_lasting_failure_names_the_symbols(
    make: Make, bad: Answer, reason: str, waits: list[float]
) -> None:
    good = yahoo.chart(closes=(100, 102, 101, 99))
    source = make({"META": [good], "CRWV": [bad], "NBIS": [bad]})
    with pytest.raises(FetchFailed) as caught:
        source.fetch(["META", "CRWV", "NBIS"], *SPAN)
    assert caught.value.exit_code == 3
    assert reason in str(caught.value)
    assert "CRWV" in caught.value.found and "NBIS" in caught.value.found
    assert "META" not in caught.value.found
    assert "wait some minutes" in caught.value.do
    assert caught.value.partial is not None
    assert list(caught.value.partial.bars) == ["META"]
    # Patience is spent once, not once per symbol.
    assert waits == [2.0, 4.0, 8.0, 16.0]


def test_the_last_bar_of_an_open_session_is_left_out(make: Make) -> None:
    """Fetched at 15:00 New York time of 2 July 2026, an hour before the close."""
    source = make({"META": [yahoo.chart(closes=(100, 102, 101, 99))]})
    now = pd.Timestamp("2026-07-02 15:00", tz="America/New_York")
    fetched = replace(source, now=lambda: now).fetch(["META"], "2026-06-29")
    assert list(fetched.bars["META"]["close"]) == [100, 102, 101]
    assert "META 2026-07-02" in fetched.warnings[0]
    assert fetched.defects[0].rule == "partial_bar"
    assert len(fetched.raw["META"]) == 4


def test_a_defect_refuses_the_symbol(make: Make) -> None:
    """The closes of the module halve from 102 to 51.5: a split left unadjusted."""
    fetched = make({"META": [yahoo.chart()]}).fetch(["META"], *SPAN)
    assert fetched.missing == {"META": "price_defect"}
    assert fetched.defects[0].id == "META:2026-07-01:unadjusted_split"


def test_without_a_network_all_symbols_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    source = YahooSource(session=yahoo.UnreachableSession(), sleep=waits.append)
    with pytest.raises(DataUnavailable, match=r"META, SPY \(unreachable: DNSError\)"):
        source.fetch(["META", "SPY"], *SPAN)


def test_the_default_session_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    script = Script({"META": [yahoo.chart(closes=(100, 102, 101, 99))]})
    monkeypatch.setattr(
        "curl_cffi.requests.Session", lambda **_: yahoo.FakeSession(script)
    )
    fetched = YahooSource(now=lambda: LATER).fetch(["META"])
    assert fetched.provenance[0]["rows"] == 4
