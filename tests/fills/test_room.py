"""How plans share the room that an account has."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.fills import DecidedPlan, TradePlan
from tests.fills.by_hand import FLAT, FREE, at, play, want
from tests.scenarios import panel


def test_plans_are_scaled_to_the_room_and_then_refused() -> None:
    prices = panel({s: [FLAT] * 4 for s in ("AAA", "BBB", "CCC")})
    plans = [want(prices, 1, symbol=s, weight=0.8, hold=1) for s in prices.symbols]
    made = play(plans, prices, FREE.replace(max_gross=1.0)).trades
    assert made["size"].tolist()[:2] == pytest.approx([8.0, 2.0])
    assert made["exit_reason"].tolist() == ["hold", "hold", "no_room"]
    assert pd.isna(made["entry_session"][2])


def test_gross_cap_holds_after_costs() -> None:
    """position = max_gross x (equity after slippage and commission)."""
    prices = panel({"AAA": [FLAT] * 4})
    account = FREE.replace(max_gross=1.0, fees_bps=50, slippage_bps=100, fees_min=3)
    made = play([want(prices, 1, weight=-1.0, hold=1)], prices, account).trades.loc[0]
    entry_fee = max(3, made["size"] * 99 * 0.005)
    equity = 1000 - made["size"] * 1.0 - entry_fee
    assert made["size"] * 100 == pytest.approx(equity, rel=1e-12)


def test_weight_and_position_caps() -> None:
    prices = panel({s: [FLAT] * 4 for s in ("AAA", "BBB")})
    plans = [
        want(prices, 1, symbol=s, weight=0.8, hold=1) for s in ("AAA", "AAA", "BBB")
    ]
    made = play(plans, prices, FREE.replace(max_weight=1.0)).trades
    assert made["size"].tolist() == pytest.approx([8.0, 2.0, 8.0])
    few = play(plans, prices, FREE.replace(max_positions=1)).trades
    assert few["exit_reason"].tolist() == ["hold", "max_positions", "max_positions"]


def test_legs_of_a_group_share_a_scale_and_a_fate() -> None:
    gone = (np.nan,) * 4
    prices = panel({"AAA": [FLAT] * 5, "BBB": [FLAT] * 5, "CCC": [gone] * 5})
    pair = [
        want(prices, 1, symbol="AAA", weight=1.0, hold=1, group="pair"),
        want(prices, 1, symbol="BBB", weight=-1.0, hold=1, group="pair", lag=1),
    ]
    made = play(pair, prices, FREE.replace(max_gross=1.0)).trades
    assert made["size"].tolist() == pytest.approx([5.0, 5.0])
    assert made["entry_session"].tolist() == [prices.sessions[2]] * 2
    broken = [pair[0], want(prices, 1, symbol="CCC", weight=1, group="pair")]
    assert play(broken, prices).trades["exit_reason"].tolist() == ["group", "no_price"]
    absent = [pair[0], want(prices, 1, symbol="ZZZ", weight=1, group="pair")]
    assert play(absent, prices).trades["exit_reason"].tolist() == ["group", "no_price"]


def test_order_of_yield_of_plans_changes_no_result_between_events() -> None:
    prices = panel({s: [FLAT] * 4 for s in ("AAA", "BBB")})
    moment = at(prices.sessions[1], "06:00")
    plans = [
        DecidedPlan(TradePlan(s, weight=0.8, hold=1), s, moment, moment)
        for s in ("AAA", "BBB")
    ]
    account = FREE.replace(max_gross=1.0)
    one = play(plans, prices, account).trades
    other = play(plans[::-1], prices, account).trades
    pd.testing.assert_frame_equal(one, other)


def asked(made: pd.DataFrame) -> list[float]:
    """Return of each trade the weight asked and the part had; -1: there is none."""
    told = made[["weight_asked", "fill_ratio"]].fillna(-1.0)
    return [float(value) for value in told.to_numpy().ravel()]


def test_what_was_asked_is_told_beside_what_was_had() -> None:
    """0.8 of 1,000; then 200 of 800 are left, a quarter, then nothing."""
    prices = panel({s: [FLAT] * 4 for s in ("AAA", "BBB", "CCC")})
    plans = [want(prices, 1, symbol=s, weight=-0.8, hold=1) for s in prices.symbols]
    plans.append(want(prices, 1, symbol="ZZZ", weight=0.3))
    made = play(plans, prices, FREE.replace(max_gross=1.0)).trades
    assert made["symbol"].tolist() == ["AAA", "BBB", "CCC", "ZZZ"]
    told = [-0.8, 1.0, -0.8, 0.25, -0.8, -1, 0.3, -1]
    assert asked(made) == pytest.approx(told)
    assert made["cut_by"].tolist() == ["", "max_gross", "", ""]


def test_the_tighter_of_two_caps_is_named() -> None:
    """A notional of 800 is a weight of 0.8; a cap of 0.5 leaves 0.625 of it.

    Then 0.9 - 0.5 of all are left, one half; then nothing.
    """
    prices = panel({s: [FLAT] * 4 for s in ("AAA", "BBB")})
    plans = [
        want(prices, 1, symbol=s, notional=800.0, hold=1) for s in ("AAA", "BBB", "AAA")
    ]
    account = FREE.replace(max_weight=0.5, max_gross=0.9)
    made = play(plans, prices, account).trades
    assert asked(made) == pytest.approx([0.8, 0.625, 0.8, 0.5, -1, -1])
    assert made["cut_by"].tolist() == ["max_weight", "max_gross", ""]
