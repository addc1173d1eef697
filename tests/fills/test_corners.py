"""Corners of the fills that random accounts hardly meet, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.fills import Account, BorrowRow
from aftershock.fills.borrow import borrow_terms
from aftershock.prices import PricePanel
from tests.fills.by_hand import FLAT, FREE, play, want
from tests.scenarios import panel


@pytest.mark.parametrize(("weight", "reason"), [(100.0, "hold"), (101.0, "no_room")])
def test_a_hundredth_of_what_was_asked_is_filled_and_less_is_not(
    weight: float, reason: str
) -> None:
    """Room for 1,000 of the 100,000 asked is 1 %: 10 shares. Of 101,000 it is less."""
    prices = panel({"AAA": [FLAT] * 4})
    account = FREE.replace(max_gross=1.0)
    made = play([want(prices, 1, weight=weight, hold=1)], prices, account).trades
    assert made["exit_reason"][0] == reason
    assert made["size"].fillna(0.0)[0] == pytest.approx(10.0 * (reason == "hold"))


def test_a_position_without_an_open_counts_at_the_close_before() -> None:
    """5 shares from the first open at 100; the close is 120, the next open missing.

    Equity at that open is 500 + 5 x 120 = 1,100: half of it buys 5.5 shares at 100.
    """
    rise = (100.0, 121.0, 99.0, 120.0)
    halted = (np.nan, 121.0, 119.0, 120.0)
    bars = {"AAA": [rise, halted, FLAT, FLAT], "BBB": [FLAT] * 4}
    prices = panel(bars)
    plans = [
        want(prices, 0, weight=0.5, hold=3),
        want(prices, 1, symbol="BBB", weight=0.5, hold=1),
    ]
    made = play(plans, prices).trades
    assert made["size"].tolist() == pytest.approx([5.0, 5.5])


def test_one_session_of_known_volume_is_a_usual_volume() -> None:
    """10,000 shares on the session before alone; 2,500 push by .8 sigma / 2.

    Returns of 2 % and -1.96 % in turn; sigma from pandas; flat slippage none.
    """
    bars = [(101.0, 103.0, 99.0, 100.0 + 2 * (t % 2)) for t in range(24)]
    flat = panel({"AAA": bars})
    volume = flat.close * np.nan
    volume.iloc[19] = 10_000.0
    names = ("open", "high", "low", "close")
    prices = PricePanel(**{n: getattr(flat, n) for n in names}, volume=volume)
    account = FREE.replace(cash=1e6, slippage_volume_share=0.8)
    made = play([want(prices, 20, notional=252_500.0, hold=1)], prices, account).trades
    sigma = flat.close["AAA"].iloc[:20].pct_change().std()
    assert made["entry_price"][0] == pytest.approx(101 * (1 + 0.4 * sigma), rel=1e-12)


def test_event_sessions_that_the_panel_does_not_have_cost_nothing() -> None:
    """A Saturday, a day after the last price, a symbol without prices: 5 bps stay."""
    prices = panel({"AAA": [FLAT] * 6})
    saturday = prices.sessions[1] + pd.Timedelta(days=1)
    assert saturday not in prices.sessions
    news = [
        ("AAA", saturday),
        ("AAA", pd.Timestamp("2026-06-01")),
        ("ZZZ", prices.sessions[2]),
    ]
    account = FREE.replace(slippage_bps=None)
    plan = want(prices, 2, weight=1, hold=1)
    made = play([plan], prices, account, event_sessions=news).trades
    assert made["entry_price"][0] == pytest.approx(100 * 1.0005, rel=1e-12)


def test_latency_ends_to_the_second() -> None:
    """09:27 and 60 s are 09:28, when the open is missed; with 59 s it is not."""
    prices = panel({"AAA": [FLAT] * 4})
    plan = want(prices, 1, "09:27", weight=1, hold=1)
    halves = [
        play([plan], prices, FREE.replace(latency=s)).trades["entry_half"][0]
        for s in (59, 60)
    ]
    assert halves == [2, 3]


def test_borrow_rates_by_date() -> None:
    """The account's 3 %, a row of two sessions, 3 % again, a row without an end."""
    prices = panel({"AAA": [FLAT] * 6, "BBB": [FLAT] * 6})
    days = prices.sessions
    rows = [
        BorrowRow("AAA", days[4], None, 0.9, "test"),
        BorrowRow("AAA", days[1], days[2], 0.5, "test"),
        BorrowRow("ZZZ", days[0], None, 0.7, "test"),
    ]
    rate, _ = borrow_terms(prices, Account(), rows)
    assert rate[:, 0].tolist() == [0.03, 0.5, 0.5, 0.03, 0.9, 0.9]
    assert rate[:, 1].tolist() == [0.03] * 6
    own = Account(borrow_by_symbol={"AAA": 0.1})
    assert borrow_terms(prices, own, rows)[0][:, 0].tolist() == [0.1] * 6
