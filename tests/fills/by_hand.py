"""A free account, a flat bar and plans of a moment: fills to work out by hand."""

from __future__ import annotations

import pandas as pd

from aftershock.fills import Account, DecidedPlan, Fills, TradePlan, simulate
from aftershock.prices import PricePanel
from tests.scenarios import CALENDAR

FREE = Account(cash=1_000.0, fees_bps=0, slippage_bps=0, borrow_rate=0, max_gross=10)
FLAT = (100.0, 101.0, 99.0, 100.0)


def at(session: pd.Timestamp, clock: str) -> pd.Timestamp:
    return (session + pd.Timedelta(f"{clock}:00")).tz_localize("America/New_York")


def want(prices: PricePanel, row: int, clock: str = "06:00", **rules) -> DecidedPlan:
    moment = at(prices.sessions[row], clock)
    plan = TradePlan(rules.pop("symbol", "AAA"), **rules)
    return DecidedPlan(plan, rules.get("group") or "event", moment, moment)


def play(plans, prices, account=FREE, **more) -> Fills:
    return simulate(plans, prices, account, CALENDAR, **more)
