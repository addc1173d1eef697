"""Reactions and hit rates, against numpy's least squares and closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aftershock.calendar import TradingCalendar
from aftershock.errors import EventError
from aftershock.events import Exposure
from aftershock.ledger import Entry, hit_rates, measured
from aftershock.ledger.scoring import first_session
from aftershock.prices import PricePanel

CALENDAR = TradingCalendar.load()
SESSIONS = CALENDAR.sessions[
    CALENDAR.sessions.slice_indexer(
        pd.Timestamp("2025-01-02"), pd.Timestamp("2026-06-30")
    )
]


def prices(until: str = "2026-06-30") -> PricePanel:
    """Random walks of SPY, AAA (beta 1.5) and NEW, which lists late."""
    rng = np.random.default_rng(3)
    n = len(SESSIONS)
    market = rng.normal(0, 0.01, n)
    moves = np.column_stack([market, 1.5 * market + rng.normal(0, 0.02, n)])
    close = pd.DataFrame(
        100 * np.cumprod(1 + moves, axis=0), index=SESSIONS, columns=["SPY", "AAA"]
    )
    close["NEW"] = close["AAA"].where(close.index >= "2026-04-15")
    opened = close * np.exp(rng.normal(0, 0.01, close.shape))
    kept = close.index <= until
    return PricePanel(open=opened[kept], close=close[kept])


def entry(moment: str, *symbols: str, number: int = 1) -> Entry:
    lines = tuple(Exposure(s, "actor", -1, declared="before") for s in symbols)
    when = pd.Timestamp(moment).tz_convert("UTC")
    return Entry(number, when, "H", ("macro",), "SPY", lines, {}, "", "", 1)


@pytest.mark.parametrize(
    ("moment", "session"),
    [
        ("2026-05-04T09:29:59-04:00", "2026-05-04"),
        ("2026-05-04T09:30:00-04:00", "2026-05-05"),
        ("2026-05-04T15:00:00-04:00", "2026-05-05"),
        ("2026-05-01T16:30:00-04:00", "2026-05-04"),
        ("2026-07-02T18:00:00-04:00", "2026-07-06"),
    ],
    ids=["pre-market", "at the bell", "in session", "Friday", "before a holiday"],
)
def test_sessions_count_from_the_first_open_afterwards(
    moment: str, session: str
) -> None:
    found = first_session(pd.Timestamp(moment), CALENDAR)
    assert f"{found:%Y-%m-%d}" == session


def test_reactions_by_least_squares() -> None:
    """Alpha and beta by numpy on sessions -250 .. -11, then sums over 1, 5, 20.

    From the open: the first session's abnormal return is replaced by its
    open-to-close return less beta times that of the market.
    """
    panel = prices()
    table = measured([entry("2026-05-04T08:00:00-04:00", "AAA")], panel, CALENDAR)
    returns = panel.returns()
    event = SESSIONS.get_loc("2026-05-04")
    rows = slice(event - 250, event - 10)
    beta, alpha = np.polyfit(returns["SPY"].iloc[rows], returns["AAA"].iloc[rows], 1)
    ar = (returns["AAA"] - alpha - beta * returns["SPY"]).iloc[event:]
    inside = panel.close.iloc[event] / panel.open.iloc[event] - 1
    rest = inside["AAA"] - beta * inside["SPY"]
    assert table["horizon"].tolist() == [1, 5, 20]
    assert table["status"].tolist() == ["known"] * 3
    for row in table.itertuples():
        total = ar.iloc[: row.horizon].sum()
        assert row.car == pytest.approx(total, abs=1e-12)
        assert row.from_open == pytest.approx(total - ar.iloc[0] + rest, abs=1e-12)


def test_what_is_not_known_yet_is_named_with_its_day() -> None:
    """Recorded before Wednesday 2026-06-24; five sessions end on the 30th.

    Twenty end on Wednesday 2026-07-22: the 3rd of July is a holiday.
    """
    news = entry("2026-06-24T08:00:00-04:00", "AAA", "NEW", "GONE", "SPY")
    table = measured([news], prices(), CALENDAR).set_index(["symbol", "horizon"])
    assert table.loc[("AAA", 5), "status"] == "known"
    late = table.loc[("AAA", 20)]
    assert (late["status"], late["known_on"]) == ("pending", pd.Timestamp("2026-07-22"))
    assert table.loc[("NEW", 1), "status"] == "insufficient_estimation"
    assert table.loc[("GONE", 1), "status"] == "no_prices"
    assert table.loc[("SPY", 1), "status"] == "the_market"
    assert table.loc["GONE", "car"].isna().all()


def test_a_market_without_prices_is_told_from_a_symbol_without() -> None:
    """AAA has prices, GONE has none; the entry is measured against QQQ."""
    news = replace(entry("2026-05-04T08:00:00-04:00", "AAA", "GONE"), market="QQQ")
    told = measured([news], prices(), CALENDAR).groupby("symbol").first()
    assert told["status"].to_dict() == {"AAA": "no_market_prices", "GONE": "no_prices"}
    assert set(told["market"]) == {"QQQ"}


def test_nothing_after_a_horizon_is_in_it() -> None:
    """With the prices cut at the fifth session the first two reactions stay."""
    news = [entry("2026-05-04T08:00:00-04:00", "AAA")]
    whole = measured(news, prices(), CALENDAR)
    cut = measured(news, prices("2026-05-08"), CALENDAR)
    assert cut["status"].tolist() == ["known", "known", "pending"]
    for name in ("car", "from_open"):
        assert cut[name][:2].tolist() == pytest.approx(whole[name][:2].tolist())


def test_a_headline_of_today_waits() -> None:
    """Recorded after the last price: its sessions lie beyond the panel."""
    table = measured([entry("2026-07-02T08:00:00-04:00", "AAA")], prices(), CALENDAR)
    assert set(table["status"]) == {"pending"}
    assert table["car"].isna().all()


def test_hit_rates_have_the_exact_interval() -> None:
    """Clopper-Pearson from quantiles of the beta distribution: 3 of 4.

    low = B(.025; 3, 2) = .194, high = B(.975; 4, 1) = .994. Pairs without a sign or
    without a reaction do not count, and a move of exactly zero is no hit.
    """
    rows = pd.DataFrame(
        {
            "kind": "k",
            "horizon": 1,
            "session": pd.to_datetime(["2026-05-04"] * 5 + ["2026-05-05"]),
            "expected": [1, -1, -1, 1, 0, 1],
            "car": [0.1, -0.1, -0.2, 0.0, 0.5, np.nan],
        }
    )
    (found,) = hit_rates(rows, "kind")
    assert (found["hits"], found["n"], found["n_sessions"]) == (3, 4, 1)
    assert found["ci_low"] == pytest.approx(stats.beta.ppf(0.025, 3, 2), abs=1e-9)
    assert found["ci_high"] == pytest.approx(stats.beta.ppf(0.975, 4, 1), abs=1e-9)
    assert round(found["ci_low"], 3) == 0.194


def test_where_the_calendar_ends_it_says_so() -> None:
    """Recorded in the last session that it knows: the next open lies beyond it."""
    short = TradingCalendar.load("2026-01-02", "2026-05-04")
    with pytest.raises(EventError, match="outside the exchange calendar"):
        first_session(pd.Timestamp("2026-05-04T15:00:00-04:00"), short)
