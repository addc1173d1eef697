"""The account as vectorbt tells it again, from the orders of the kernel."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.fills import Account, DecidedPlan, simulate
from aftershock.portfolio import vectorbt_portfolio
from aftershock.prices import PricePanel
from aftershock.strategy import TradePlan
from tests.scenarios import CALENDAR, panel, random_panel, random_plans, rising
from tests.test_plain_account import random_account, random_orders


@pytest.mark.parametrize("seed", range(4))
def test_kernel_and_vectorbt_agree(seed: int) -> None:
    """Stops, overlaps on one symbol, both sides, borrow, dividends, interest."""
    rng = np.random.default_rng(seed)
    prices = random_panel(rng)
    plans = [want.decided for want in random_plans(rng, prices, 40)]
    account = Account(cash_rate=0.04, max_gross=2.0, borrow_rate=0.5, fees_min=1)
    fills = simulate(plans, prices, account, CALENDAR)
    portfolio = vectorbt_portfolio(fills, prices, account)
    value = np.asarray(portfolio.value()).reshape(-1)
    assert np.abs(value - fills.equity.to_numpy()).max() <= 1e-9 * account.cash
    slots = portfolio.wrapper.columns.get_level_values("slot")
    assert slots.max() > 0
    reasons = set(fills.trades["exit_reason"])
    assert {"hold", "stop_loss", "take_profit"} <= reasons
    assert fills.trades["borrow"].sum() > 0
    assert fills.trades["dividends"].abs().sum() > 0
    booked = fills.trades["pnl"].sum() + fills.interest.sum()
    assert fills.equity.iloc[-1] - account.cash == pytest.approx(booked, abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_kernel_and_vectorbt_agree_on_whole_accounts(seed: int) -> None:
    """Caps, linked legs, overlaps, stops, borrow, dividends, and CCC delisted."""
    rng = np.random.default_rng(seed)
    drawn = random_panel(rng)
    names = ("open", "high", "low", "close", "volume", "dividends")
    frames = {name: getattr(drawn, name).copy() for name in names}
    for values in frames.values():
        values.iloc[50:, 2] = np.nan
    prices = PricePanel(**frames, basis="split")
    account = random_account(rng)
    plans = [one for _, one in random_orders(rng, prices, 14)]
    fills = simulate(plans, prices, account, CALENDAR)
    value = vectorbt_portfolio(fills, prices, account).value()
    apart = np.abs(np.asarray(value).reshape(-1) - fills.equity.to_numpy()).max()
    assert apart <= 1e-9 * account.cash
    reasons = set(fills.trades["exit_reason"])
    assert reasons & {"stop_loss", "trailing_stop", "take_profit"}


def test_vectorbt_sees_the_trades() -> None:
    """One long trade from 110 to 120: its profit is vectorbt's own figure too."""
    prices = panel(rising())
    account = Account(fees_bps=0, slippage_bps=0)
    rng = np.random.default_rng(0)
    plan = random_plans(rng, random_panel(rng), 1)[0].decided
    moment = (prices.sessions[1]).tz_localize("America/New_York")
    plan = type(plan)(TradePlan("AAA", weight=0.11, hold=1), "one", moment, moment)
    fills = simulate([plan], prices, account, CALENDAR)
    records = vectorbt_portfolio(fills, prices, account).exit_trades.values
    assert records["pnl"][0] == pytest.approx(1000.0 * 10)
    assert fills.trades["pnl"][0] == pytest.approx(1000.0 * 10)


def test_orders_stand_by_column_and_by_time() -> None:
    """100 shares from the first open of all, and 50 after: the larger trade first.

    Half-sessions 0 to 2 and 4 to 6 are sessions 0, 1, 2 and 3, in one slot. The fees
    go with the orders; nothing is booked overnight, so cash has a column and no order.
    """
    prices = panel(rising())
    moments = [
        (prices.sessions[row] + pd.Timedelta("6h")).tz_localize("America/New_York")
        for row in (0, 2)
    ]
    plans = [
        DecidedPlan(TradePlan("AAA", notional=money, hold=1), "e", moment, moment)
        for money, moment in zip((10_000.0, 6_000.0), moments, strict=True)
    ]
    account = Account(slippage_bps=0, fees_bps=0)
    fills = simulate(plans, prices, account, CALENDAR)
    made = vectorbt_portfolio(fills, prices, account)
    assert list(made.wrapper.columns) == [("AAA", 0), ("(cash)", 0)]
    orders = made.orders.values
    assert orders["size"].tolist() == [100.0, 100.0, 50.0, 50.0]
    assert orders["idx"].tolist() == [0, 1, 2, 3]
    assert orders["id"].tolist() == [0, 1, 2, 3]
    assert orders["side"].tolist() == [0, 1, 0, 1]
