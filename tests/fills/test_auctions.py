"""Which auction an order reaches, and what it finds there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.errors import StrategyError
from aftershock.fills import Account, Auctions
from tests.fills.by_hand import FLAT, FREE, at, play, want
from tests.scenarios import CALENDAR, panel, sessions


@pytest.mark.parametrize(
    ("clock", "fill", "row", "price"),
    [
        ("09:27", "next_open", 1, "open"),
        ("09:28", "next_open", 1, "close"),
        ("09:29", "next_open", 1, "close"),
        ("09:30", "next_open", 2, "open"),
        ("12:00", "next_close", 1, "close"),
        ("12:00", "next_open", 2, "open"),
        ("15:49", "next_close", 1, "close"),
        ("15:50", "next_close", 2, "open"),
        ("16:00", "next_close", 2, "close"),
        ("16:00", "next_open", 2, "open"),
    ],
)
def test_first_auction_that_can_be_reached(clock, fill, row, price) -> None:
    """Cut-offs 09:28 and 15:50: later orders take the next bar; 16:00 is no fill."""
    bars = [(100.0 + t, 110.0 + t, 90.0, 100.5 + t) for t in range(5)]
    prices = panel({"AAA": bars})
    made = play([want(prices, 1, clock, weight=1, entry=fill, hold=1)], prices).trades
    assert made["entry_session"][0] == prices.sessions[row]
    expected = 100.0 + row if price == "open" else 100.5 + row
    assert made["entry_price"][0] == pytest.approx(expected)


def test_half_day_closes_ten_minutes_earlier_for_orders() -> None:
    """2025-07-03 closes at 13:00: an order of 12:49 reaches it, one of 12:50 not."""
    index = sessions(3, "2025-07-02")
    auctions = Auctions.of(index, CALENDAR, Account())
    assert auctions.entry(at(index[1], "12:49"), "next_close") == 3
    assert auctions.entry(at(index[1], "12:50"), "next_close") == 4
    assert auctions.entry(at(index[1], "09:00"), "next_open", lag=1) == 4


def test_latency_moves_an_order_past_the_cutoff() -> None:
    prices = panel({"AAA": [FLAT] * 5})
    plan = want(prices, 1, "09:25", weight=1, hold=1)
    late = play([plan], prices, FREE.replace(latency="5min")).trades
    assert late["entry_half"][0] == 3
    assert play([plan], prices, FREE.replace(latency=60)).trades["entry_half"][0] == 2


def test_bar_without_an_open_cannot_fill() -> None:
    prices = panel({"AAA": [FLAT, (np.nan, 101, 99, 100), FLAT]})
    made = play([want(prices, 1, weight=1, hold=1)], prices).trades
    assert pd.isna(made["entry_session"][0])
    assert made["exit_reason"][0] == "no_price"


@pytest.mark.parametrize("lag", [-2, 2**62, 2**63, 0.5])
def test_a_plan_that_was_written_over_never_fills_before_its_decision(lag) -> None:
    """Twice 2^62 half-sessions are 0 in 64 bits, twice 2^63 do not fit."""
    prices = panel({"AAA": [FLAT] * 6})
    one = want(prices, 4, weight=1)
    object.__setattr__(one.plan, "lag", lag)
    with pytest.raises(StrategyError, match=f"lag: {lag}"):
        play([one], prices)


def test_nothing_to_do_gives_an_empty_table() -> None:
    prices = panel({"AAA": [FLAT] * 3})
    fills = play([], prices)
    assert fills.trades.empty
    assert "exit_reason" in fills.trades.columns
    assert fills.equity.tolist() == [1000.0] * 3
    late = play([want(prices, 2, "17:00", weight=1)], prices)
    assert late.trades["exit_reason"].tolist() == ["after_last_price"]
