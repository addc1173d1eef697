"""What accounts and plans refuse, and the account of a config that says nothing."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from aftershock.errors import ConfigError, StrategyError
from aftershock.fills import Account, TradePlan


def test_a_mistyped_key_of_the_account_is_named() -> None:
    with pytest.raises(ConfigError, match=r"account\.fee_bps") as caught:
        Account(fee_bps=1.0)  # type: ignore[call-arg]
    assert "Did you mean 'fees_bps'?" in str(caught.value)
    with pytest.raises(ConfigError, match=r"account\.max_positon"):
        Account().replace(max_positon=3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cash": 0},
        {"max_gross": -1},
        {"max_gross": 0},
        {"max_weight": 0.0},
        {"fill": "now"},
        {"open_cutoff": "9h28"},
        {"latency": "soon"},
        {"latency": -1},
        {"max_positions": 0},
        {"slippage_volume_share": -0.1},
        {"borrow_by_symbol": {"AAA": -1}},
        {"borrow_by_symbol": {"AAA": "much"}},
        {"slippage_by_symbol": 5},
        {"cash": "1e6"},
        {"cash": float("nan")},
        {"cash_rate": float("nan")},
        {"max_gross": None},
        {"fees_bps": "1"},
        {"max_weight": float("inf")},
        {"max_positions": 2.5},
        {"open_cutoff": 928},
        {"open_cutoff": dt.time(9, 28)},
        {"latency": float("nan")},
        {"latency": None},
        {"slippage_bps": 10_000},
        {"slippage_by_symbol": {"AAA": 20_000}},
        {"slippage_by_symbol": {1: 5.0}},
        {"cash": 10**400},
    ],
)
def test_account_refuses_what_makes_no_sense(wrong) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        Account(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"weight": 0.1, "notional": 5.0},
        {"weight": float("nan")},
        {"weight": 0.1, "hold": 0},
        {"weight": 0.1, "lag": -1},
        {"weight": 0.1, "lag": 0.5},
        {"weight": 0.1, "lag": 2**62},
        {"weight": 0.1, "hold": 2**62},
        {"weight": 1e308},
        {"weight": 0.1, "group": ["a"]},
        {"weight": 0.1, "until": 3},
        {"weight": 0.1, "hold": True},
        {"weight": 0.0},
        {"weight": "0.1"},
        {"weight": 0.1, "take_profit": float("nan")},
        {"weight": 0.1, "trailing_stop": float("inf")},
        {"weight": 0.1, "stop_loss": -0.1},
        {"weight": 0.1, "entry": "now"},
    ],
)
def test_plan_refuses_what_cannot_be_meant(wrong) -> None:
    with pytest.raises(StrategyError, match="TradePlan of AAA"):
        TradePlan("AAA", **wrong)


@pytest.mark.parametrize(
    ("profit", "holds"), [(0.999, True), (1.0, False), (10, False)]
)
def test_a_short_gains_less_than_all(profit, holds) -> None:
    """A price falls by less than all of it: 100 % is out of reach; a long's is not."""
    assert TradePlan("AAA", weight=0.1, take_profit=profit).take_profit == profit
    if holds:
        assert TradePlan("AAA", weight=-0.1, take_profit=profit).side == -1
        return
    for size in ({"weight": -0.1}, {"notional": -5.0}):
        with pytest.raises(StrategyError) as caught:
            TradePlan("AAA", take_profit=profit, **size)
        assert str(caught.value) == (
            f"TradePlan of AAA: take_profit={profit!r}\n"
            "  Allowed: a fraction above 0 and below 1 on a short, which gains 100 % "
            "at most\n  What to do: write it as a fraction: 0.1 is 10 %"
        )


def test_the_account_of_a_config_that_says_nothing() -> None:
    """A million, no leverage, 1 bp a fill, 3 % a year on shorts, no interest."""
    assert Account() == Account(
        cash=1_000_000,
        max_gross=1,
        max_weight=None,
        max_positions=None,
        fees_bps=1,
        fees_per_share=0,
        fees_min=0,
        slippage_bps=None,
        slippage_by_symbol={},
        slippage_volume_share=None,
        borrow_rate=0.03,
        borrow_by_symbol={},
        cash_rate=0,
        fill="next_open",
        latency=0,
        open_cutoff="09:28",
        close_cutoff="15:50",
    )


@pytest.mark.parametrize("symbol", ["", None, 5])
def test_plan_without_a_name_is_refused(symbol) -> None:
    with pytest.raises(StrategyError, match=r"(?s)symbol=.*the name of a symbol"):
        TradePlan(symbol, weight=0.1)


def test_the_largest_plan_is_as_large_as_is_said() -> None:
    """Up to 1e18, that included, on both sides."""
    assert TradePlan("AAA", notional=1e18).side == 1
    assert TradePlan("AAA", notional=-1e18).side == -1
    with pytest.raises(StrategyError, match="up to 1e18"):
        TradePlan("AAA", notional=float(np.nextafter(1e18, 2e18)))
