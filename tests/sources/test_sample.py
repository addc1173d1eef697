"""The embedded sample.

Expected moves are copied by hand from the pages' figures in
``data/reported_moves.csv``; the count of them was made by hand-written counting with
the csv module below, not by the code under test.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aftershock.calendar import TradingCalendar
from aftershock.sources import sample
from aftershock.sources.base import panel_from
from aftershock.sources.sample import PROFILES, SampleSource

ALL = [
    "META",
    "CRWV",
    "NBIS",
    "NVDA",
    "AMD",
    "AVGO",
    "MU",
    "TSM",
    "ASML",
    "SNDK",
    "SMH",
    "SOXX",
    "SPY",
    "QQQ",
    "MSFT",
    "GOOGL",
]
MOVES = Path(__file__).parents[2] / "data" / "reported_moves.csv"


@pytest.fixture(scope="module")
def fetched():
    return SampleSource().fetch(ALL, None, None)


@pytest.fixture(scope="module")
def returns(fetched):
    """Close-to-close returns, computed here."""
    closes = pd.DataFrame({s: bars["close"] for s, bars in fetched.bars.items()})
    return closes / closes.shift(1) - 1.0


@pytest.mark.parametrize(
    ("symbol", "date", "percent"),
    [
        ("META", "2026-07-01", 8.81),  # 8.81 has more decimals than 8.8
        ("META", "2026-07-02", -4.9),
        ("META", "2025-10-30", -11.33),
        ("CRWV", "2026-07-01", -14.0),  # first of two with one decimal
        ("NBIS", "2026-07-01", -17.0),
        ("NVDA", "2026-07-01", -1.25),
        ("AMD", "2025-10-06", 23.71),
        ("MU", "2026-07-01", -10.6),  # a row marked CONFLICT says -15
        ("SMH", "2026-07-01", -5.4),
        ("SOXX", "2026-07-01", -6.3),  # from SOX: the fund has no row of its own
        ("SOXX", "2026-07-02", -5.57),  # its own, though SOX says -5.4
        ("SPY", "2025-04-09", 9.52),  # from SPX
        ("SPY", "2026-07-01", -0.13),  # first of two with two decimals
        ("QQQ", "2026-07-02", -1.73),  # its own, though NDX says -1.61
    ],
)
def test_reported_moves_are_the_returns(returns, symbol, date, percent):
    assert returns.loc[date, symbol] == pytest.approx(percent / 100, abs=1e-11)


@pytest.mark.parametrize(
    ("symbol", "close"),
    [
        ("META", 612.91),
        ("NVDA", 197.58),
        ("AMD", 540.88),
        ("AVGO", 369.34),
        ("QQQ", 725.17),
        ("SPY", 745.76),
        ("CRWV", 100.0),
    ],
)
def test_closes_of_the_anchor_day(fetched, symbol, close):
    assert fetched.bars[symbol].loc["2026-07-01", "close"] == pytest.approx(close)


def test_the_statement_counts_the_moves(fetched):
    """One per symbol and day, of rows that state a close-to-close percentage."""
    proxy = {"SOX": "SOXX", "SPX": "SPY", "NDX": "QQQ"}
    with MOVES.open(encoding="utf-8") as lines:
        days = {
            (proxy.get(row["symbol"], row["symbol"]), row["date"])
            for row in csv.DictReader(lines)
            if row["note"].startswith("close") and row["pct"]
        }
    count = sum(1 for symbol, _ in days if symbol in ALL)
    assert fetched.simulated == (
        f"Sample data: simulated except for {count} press-reported moves"
    )


def test_the_statement_counts_only_what_is_there():
    """META has two reported closes in these three days, the first bar has no return."""
    few = SampleSource().fetch(["META"], "2026-06-30", "2026-07-02")
    assert "except for 2 press-reported" in str(few.simulated)


def test_sessions_and_listings(fetched):
    assert list(fetched.bars) == ALL
    starts = {
        symbol: f"{bars.index[0]:%Y-%m-%d}" for symbol, bars in fetched.bars.items()
    }
    late = {"CRWV": "2025-03-28", "NBIS": "2024-10-21", "SNDK": "2025-02-13"}
    assert starts == dict.fromkeys(ALL, "2024-08-01") | late
    meta = fetched.bars["META"]
    assert f"{meta.index[-1]:%Y-%m-%d}" == "2026-07-31"
    sessions = TradingCalendar.load().sessions
    expected = sessions[(sessions >= meta.index[0]) & (sessions <= meta.index[-1])]
    assert meta.index.equals(expected)
    assert str(meta.index.dtype) == "datetime64[us]"


def test_bars_are_possible(fetched):
    for bars in fetched.bars.values():
        assert bars.notna().all().all()
        assert (bars["high"] >= bars[["open", "close"]].max(axis=1)).all()
        assert (bars["low"] <= bars[["open", "close"]].min(axis=1)).all()
        assert (bars["low"] > 0).all()
        assert (bars["volume"] > 0).all()
        assert (bars["adj_close"] == bars["close"]).all()
        assert (bars["dividends"] == 0).all()


def test_meta_opens_with_most_of_the_news(fetched):
    """The real gap was 7.9 %; a simulated one should take most of the 8.81 %."""
    meta = fetched.bars["META"]
    gap = meta.loc["2026-07-01", "open"] / meta.loc["2026-06-30", "close"] - 1
    assert 0.04 < gap < 0.11


def test_sizes_are_realistic(returns):
    yearly = returns.std() * np.sqrt(252)
    assert 0.10 < yearly["SPY"] < 0.25
    assert 0.20 < yearly["META"] < 0.50
    assert 0.50 < yearly["CRWV"] < 1.20
    beta = returns.cov()["SPY"] / returns["SPY"].var()
    assert beta["SPY"] == pytest.approx(1.0)
    assert 0.8 < beta["META"] < 1.6
    assert 1.2 < beta["NVDA"] < 2.4
    assert returns["CRWV"].corr(returns["NBIS"]) > 0.4
    assert returns["SMH"].corr(returns["SOXX"]) > 0.9


def test_noise_has_fat_tails_in_clusters():
    """Over a long draw: unit variance, excess kurtosis, correlated squares."""
    draw = sample._clustered("a long draw", 20_000)
    assert np.var(draw) == pytest.approx(1.0, abs=0.15)
    assert pd.Series(draw).kurt() > 1.0
    size = pd.Series(np.abs(draw))
    assert size.autocorr(1) > 0.05
    assert size.autocorr(10) > 0.03


def test_student_draws_follow_their_distribution():
    """Against scipy's distribution function, by Kolmogorov-Smirnov at 0.1 %."""
    from scipy import stats

    draw = sample._student("another draw", 20_000) / np.sqrt(3.0 / 5.0)
    assert stats.kstest(draw, stats.t(df=5).cdf).pvalue > 0.001


def test_no_symbol_depends_on_another(fetched):
    alone = SampleSource().fetch(["TSM"], None, None)
    pd.testing.assert_frame_equal(alone.bars["TSM"], fetched.bars["TSM"])


def test_a_new_symbol_changes_no_other(fetched, monkeypatch):
    monkeypatch.setitem(PROFILES, "AAPL", PROFILES["MSFT"])
    more = SampleSource().fetch(["AAPL", "GOOGL"], None, None)
    pd.testing.assert_frame_equal(more.bars["GOOGL"], fetched.bars["GOOGL"])
    assert not np.allclose(more.bars["AAPL"]["open"], fetched.bars["MSFT"]["open"])


class _Otherwise:
    """numpy with other last bits: what another processor's mathematics may answer."""

    def __init__(self, steps):
        self.steps = steps

    def __getattr__(self, name):
        function = getattr(np, name)
        if name not in {"exp", "log", "log1p", "cos", "power"}:
            return function

        def elsewhere(*values):
            answer = np.asarray(function(*values))
            for _ in range(abs(self.steps)):
                answer = np.nextafter(answer, np.inf * self.steps)
            return answer

        return elsewhere


@pytest.mark.parametrize("steps", [-2, 1, 3])
def test_another_processor_makes_the_same_bars(fetched, monkeypatch, steps):
    """Mathematical libraries differ by a unit in the last place or two, IEEE's five
    operations do not."""
    monkeypatch.setattr(sample, "np", _Otherwise(steps))
    sample._factors.cache_clear()
    again = SampleSource().fetch(ALL, None, None)
    sample._factors.cache_clear()
    for symbol, bars in fetched.bars.items():
        pd.testing.assert_frame_equal(again.bars[symbol], bars, check_exact=True)


def test_span_and_unknown_symbols():
    found = SampleSource().fetch(["SPY", "ZZZZ", "CRWV"], "2024-09-03", "2024-09-06")
    assert list(found.bars) == ["SPY"]
    assert found.missing == {"ZZZZ": "no_prices", "CRWV": "no_prices"}
    assert [f"{day:%m-%d}" for day in found.bars["SPY"].index] == [
        "09-03",
        "09-04",
        "09-05",
        "09-06",
    ]


def test_a_panel_can_be_made(fetched):
    panel = panel_from(fetched)
    assert set(panel.symbols) == set(ALL)
    assert panel.defects == ()
    assert np.isnan(panel.close.loc["2025-03-27", "CRWV"])
    assert {row["source"] for row in panel.provenance} == {"sample"}
