"""Stops, targets and every other way out, on bars made for them."""

from __future__ import annotations

import numpy as np
import pytest

from aftershock.errors import ConfigError, StrategyError
from aftershock.fills import DecidedPlan, TradePlan
from aftershock.fills.sheet import check_rule
from tests.fills.by_hand import FLAT, FREE, at, play, want
from tests.plain_account import Order, PlainAccount
from tests.scenarios import panel


@pytest.mark.parametrize(
    ("bar", "rules", "price", "reason"),
    [
        ((100, 101, 94, 100), {"stop_loss": 0.05}, 95.0, "stop_loss"),
        ((93, 101, 92, 100), {"stop_loss": 0.05}, 93.0, "stop_loss"),
        ((100, 107, 99, 100), {"take_profit": 0.05}, 105.0, "take_profit"),
        ((108, 109, 99, 100), {"take_profit": 0.05}, 108.0, "take_profit"),
        (
            (100, 107, 94, 100),
            {"stop_loss": 0.05, "take_profit": 0.05},
            95.0,
            "stop_loss",
        ),
        ((100, 101, 97, 100), {"trailing_stop": 0.03}, 97.97, "trailing_stop"),
    ],
)
def test_stops_and_targets(bar, rules, price, reason) -> None:
    """Entry at 100 on a flat bar with high 101, so a 3 % trail stands at 97.97."""
    prices = panel({"AAA": [FLAT, FLAT, bar, FLAT, FLAT]})
    made = play([want(prices, 1, weight=1, hold=3, **rules)], prices).trades
    assert made["exit_session"][0] == prices.sessions[2]
    assert made["exit_price"][0] == pytest.approx(price)
    assert made["exit_reason"][0] == reason


@pytest.mark.parametrize(
    ("bars", "side", "rules", "level"),
    [
        ([(100, 101, 90, 100)], 1, {"stop_loss": 0.08}, 92.0),
        ([(91, 101, 90, 100)], 1, {"stop_loss": 0.08}, 92.0),
        ([(109, 110, 100, 100)], -1, {"stop_loss": 0.08}, 108.0),
        ([(108, 109, 99, 100)], 1, {"take_profit": 0.05}, 105.0),
        ([(100, 110, 100, 110), (99, 120, 90, 99)], 1, {"trailing_stop": 0.1}, 99.0),
        ([FLAT], 1, {"stop_loss": 0.08}, np.nan),
    ],
)
def test_the_level_that_ended_a_trade_is_told(bars, side, rules, level) -> None:
    """From the entry at 100; a trail of 10 % below the high of 110 before its bar."""
    prices = panel({"AAA": [FLAT, FLAT, *bars, FLAT, FLAT]})
    made = play([want(prices, 1, weight=side, hold=3, **rules)], prices).trades
    assert made["exit_level"].tolist() == pytest.approx([level], nan_ok=True)


@pytest.mark.parametrize(
    ("side", "bar", "rules", "price"),
    [
        (1, (100, 110, 99, 100), {"take_profit": 0.1}, 110.0),
        (1, (110, 111, 109, 110), {"take_profit": 0.1}, 110.0),
        (1, (100, 101, 93, 100), {"stop_loss": 0.07}, 93.0),
        (-1, (100, 110, 99, 100), {"stop_loss": 0.1}, 110.0),
        (-1, (100, 101, 93, 100), {"take_profit": 0.07}, 93.0),
        (1, (100, 109.99999, 99, 100), {"take_profit": 0.1}, None),
        (1, (100, 101, 93.00001, 100), {"stop_loss": 0.07}, None),
    ],
)
def test_a_price_that_is_the_level_touches_it(side, bar, rules, price) -> None:
    """100 x 1.1 is 110.00000000000001 in floats and 100 x 0.93 is 92.99999999999999.

    The fill is at a price that the bar has, never a last digit beyond it. Another
    simulator, which snaps its levels to prices, agrees.
    """
    prices = panel({"AAA": [FLAT, FLAT, bar, FLAT, FLAT]})
    plan = want(prices, 1, weight=side, hold=2, **rules)
    made = play([plan], prices, FREE).trades
    told = (made["exit_price"][0], made["exit_reason"][0])
    assert told == ((100.0, "hold") if price is None else (price, next(iter(rules))))
    plain = PlainAccount(prices, FREE, 0.0)
    plain.run([Order(plan.plan, "e", (1, 0), 0)])
    assert (plain.trades[0].got, plain.trades[0].reason) == told


def test_stops_are_watched_on_the_entry_bar_but_not_after_an_entry_at_its_close() -> (
    None
):
    deep = (100.0, 101.0, 80.0, 100.0)
    prices = panel({"AAA": [FLAT, deep, FLAT, FLAT]})
    at_open = play([want(prices, 1, weight=1, hold=2, stop_loss=0.1)], prices).trades
    assert at_open["exit_session"][0] == prices.sessions[1]
    late = want(prices, 1, weight=1, hold=2, stop_loss=0.1, entry="next_close")
    at_close = play([late], prices).trades
    assert at_close["exit_reason"][0] == "hold"
    assert at_close["exit_half"][0] == at_close["entry_half"][0] + 4


def test_halted_symbol_leaves_at_its_last_price() -> None:
    gone = (np.nan,) * 4
    prices = panel({"AAA": [FLAT, FLAT, (99, 99, 90, 91), gone, gone]})
    made = play([want(prices, 1, weight=1, hold=9)], prices).trades
    assert made["exit_reason"][0] == "no_price"
    assert made["exit_price"][0] == 91
    assert made["exit_session"][0] == prices.sessions[3]


def test_ruin_ends_the_run() -> None:
    """Short 3 x equity, the price doubles: equity 1000 - 3000 < 0."""
    prices = panel({"AAA": [FLAT, FLAT, (200, 201, 199, 200), FLAT, FLAT]})
    plans = [
        want(prices, 1, weight=-3.0, hold=3),
        want(prices, 3, weight=1.0, hold=1),
    ]
    fills = play(plans, prices)
    assert fills.trades["exit_reason"].tolist() == ["ruined", "ruined"]
    assert fills.equity.tolist()[2:] == pytest.approx([-2000.0] * 3)


def test_until_leaves_at_the_first_auction_after_the_later_event() -> None:
    prices = panel({"AAA": [FLAT] * 8})
    start, end = at(prices.sessions[1], "06:00"), at(prices.sessions[4], "09:29")
    plan = TradePlan("AAA", weight=1, until="earnings")
    fills = play([DecidedPlan(plan, "e", start, start, end)], prices)
    assert fills.trades["exit_reason"][0] == "until"
    assert fills.trades["exit_half"][0] == 9


@pytest.mark.parametrize("rule", ["stop_loss", "trailing_stop"])
def test_a_long_cannot_lose_more_than_all(rule: str) -> None:
    """8 for 8 %: no price below 0 would ever reach it. A short may double its loss."""
    with pytest.raises(StrategyError, match=f"{rule}=8"):
        TradePlan("AAA", weight=0.1, **{rule: 8})
    assert getattr(TradePlan("AAA", weight=-0.1, **{rule: 1.5}), rule) == 1.5


def test_a_grid_takes_what_either_side_can_have() -> None:
    check_rule("stop_loss", [0.1, 1.5, None])
    check_rule("take_profit", [2.0])
    with pytest.raises(ConfigError, match=r"sweep\.grid\.stop_loss: -0\.1"):
        check_rule("stop_loss", [0.1, -0.1])


@pytest.mark.parametrize(
    ("fill", "bar", "rules", "auctions"),
    [
        ("next_open", FLAT, {"hold": 1}, ("open", "open")),
        ("next_close", FLAT, {"hold": 1}, ("close", "close")),
        ("next_close", FLAT, {}, ("close", "close")),
        ("next_open", (100, 101, 90, 100), {"stop_loss": 0.05}, ("open", "")),
        ("next_open", (np.nan,) * 4, {"hold": 1}, ("open", "")),
    ],
)
def test_the_auctions_of_a_trade_are_told(fill, bar, rules, auctions) -> None:
    """Held to an open, a close, the last one of all; stopped inside; without a bar."""
    prices = panel({"AAA": [FLAT, FLAT, bar, FLAT]})
    made = play([want(prices, 1, weight=1, entry=fill, **rules)], prices).trades
    assert (made["entry_auction"][0], made["exit_auction"][0]) == auctions
    refused = play([want(prices, 1, weight=1, symbol="ZZZ")], prices).trades
    assert (refused["entry_auction"][0], refused["exit_auction"][0]) == ("", "")
