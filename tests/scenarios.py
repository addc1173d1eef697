"""Random panels and plans, and a plain reference that knows no kernel.

`reference` follows one trade at a time through the bars, with lists and `if`, as the
rules of fills are written in docs; equity is cash plus what every trade adds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.fills import DecidedPlan, TradePlan
from aftershock.prices import PricePanel
from tests.plain_market import on_a_price

CALENDAR = TradingCalendar.load()
SYMBOLS = ("AAA", "BBB", "CCC")
# Clock of the decision -> (sessions later, auction) for next_open and next_close.
REACHED = {
    "06:00": ((0, "open"), (0, "close")),
    "09:29": ((0, "close"), (0, "close")),
    "12:00": ((1, "open"), (0, "close")),
    "15:55": ((1, "open"), (1, "open")),
    "17:00": ((1, "open"), (1, "close")),
}


def sessions(count: int, start: str = "2025-01-02") -> pd.DatetimeIndex:
    """Return XNYS sessions; 2025-01-02 on, 115 of them hold no half day."""
    first = CALENDAR.sessions.searchsorted(pd.Timestamp(start))
    return CALENDAR.sessions[first : first + count]


def panel(
    bars: dict[str, list[tuple[float, float, float, float]]], **more: Any
) -> PricePanel:
    """Return a panel from (open, high, low, close) by symbol."""
    index = sessions(len(next(iter(bars.values()))))
    frames = {
        field: pd.DataFrame({s: [bar[k] for bar in b] for s, b in bars.items()}, index)
        for k, field in enumerate(("open", "high", "low", "close"))
    }
    return PricePanel(**frames, **more)


def rising(count: int = 6) -> dict[str, list[tuple[float, float, float, float]]]:
    """Return bars that open at 100 + 10 t and close 5 higher."""
    bars = [
        (100 + 10.0 * t, 106 + 10.0 * t, 99.0, 105 + 10.0 * t) for t in range(count)
    ]
    return {"AAA": bars, "SPY": bars}


def random_panel(rng: np.random.Generator, count: int = 60) -> PricePanel:
    """Return a split-adjusted panel with gaps, dividends, holes and a late listing."""
    index = sessions(count)
    shape = (count, len(SYMBOLS))
    close = 50 * np.exp(np.cumsum(rng.normal(0, 0.03, shape), axis=0))
    first = close * np.exp(rng.normal(0, 0.02, shape))
    high = np.maximum(first, close) * (1 + rng.uniform(0, 0.02, shape))
    low = np.minimum(first, close) * (1 - rng.uniform(0, 0.02, shape))
    high[rng.random(shape) < 0.02] = np.nan
    gone = rng.random(shape) < 0.02
    close[:3, 2] = np.nan
    for array in (first, high, low, close):
        array[gone] = np.nan
        array[:3, 2] = np.nan
    cash = np.where(rng.random(shape) < 0.05, 0.4, 0.0)
    volume = np.where(gone, np.nan, rng.uniform(1e4, 1e5, shape))
    names = ("open", "high", "low", "close", "volume", "dividends")
    arrays = (first, high, low, close, volume, cash)
    frames = {
        n: pd.DataFrame(a, index, SYMBOLS) for n, a in zip(names, arrays, strict=True)
    }
    return PricePanel(**frames, basis="split")


@dataclass(frozen=True)
class Want:
    """A plan together with what the reference needs to know of its timing."""

    decided: DecidedPlan
    row: int
    clock: str


def random_plans(
    rng: np.random.Generator, prices: PricePanel, count: int
) -> list[Want]:
    """Return plans for random sums, sides, rules and moments."""
    wants = []
    for n in range(count):
        row = int(rng.integers(5, len(prices.sessions) - 3))
        clock = str(rng.choice(list(REACHED)))
        moment = (prices.sessions[row] + pd.Timedelta(f"{clock}:00")).tz_localize(
            "America/New_York"
        )
        plan = TradePlan(
            str(rng.choice(SYMBOLS)),
            notional=float(rng.choice([-1, 1]) * rng.uniform(1e3, 1e5)),
            entry=str(rng.choice(["next_open", "next_close"])),  # type: ignore[arg-type]
            lag=int(rng.integers(0, 2)),
            hold=int(rng.integers(1, 9)),
            stop_loss=_maybe(rng, 0.04),
            take_profit=_maybe(rng, 0.06),
            trailing_stop=_maybe(rng, 0.05),
        )
        event = DecidedPlan(plan, f"e{n:03d}", moment, moment)
        wants.append(Want(event, row, clock))
    return wants


def _maybe(rng: np.random.Generator, value: float) -> float | None:
    return value if rng.random() < 0.5 else None


@dataclass
class Reference:
    """One trade as the reference sees it; `adds` is what it adds to equity."""

    reason: str
    entry: tuple[int, str] | None
    exit: tuple[int, str] | None
    pnl: float
    adds: list[float]
    entry_price: float = math.nan
    exit_price: float = math.nan
    fees: float = 0.0
    borrow: float = 0.0


def reference(
    want: Want, prices: PricePanel, slip: float, fee: float, rate: float
) -> Reference:
    """Follow one trade with flat slippage, commission on value and borrow rate."""
    plan = want.decided.plan
    bars = {
        f: getattr(prices, f)[plan.symbol].tolist()
        for f in ("open", "high", "low", "close", "dividends")
    }
    count, sign = len(prices.sessions), 1 if (plan.notional or 0) > 0 else -1
    ahead, auction = REACHED[want.clock][plan.entry == "next_close"]
    start = want.row + ahead + plan.lag
    nothing = [0.0] * count
    if start >= count:
        return Reference("after_last_price", None, None, math.nan, nothing)
    if not _whole(bars, start):
        return Reference("no_price", None, None, math.nan, nothing)
    paid = bars[auction][start] * (1 + sign * slip)
    shares = abs(plan.notional or 0) / paid
    found = _way_out(plan, bars, start, auction, paid, sign)
    day, when, raw, reason = found
    cost = 0.0 if reason == "no_price" else slip
    got = raw * (1 - sign * cost)
    fees = [shares * paid * fee, shares * got * fee]
    out = Reference(
        reason, (start, auction), (day, when), 0.0, list(nothing), paid, got
    )
    money, last = -fees[0], paid
    for t in range(start, count):
        if start < t <= day:
            nights = (prices.sessions[t] - prices.sessions[t - 1]).days
            money += sign * shares * bars["dividends"][t]
            if sign < 0:
                charge = last * shares * rate * nights / 365
                money, out.borrow = money - charge, out.borrow + charge
        if not math.isnan(bars["close"][t]):
            last = bars["close"][t]
        held = t < day
        price = last if held else got
        out.adds[t] = money + sign * shares * (price - paid) - (0 if held else fees[1])
    out.pnl, out.fees = out.adds[-1], sum(fees)
    return out


def _whole(bars: dict[str, list[float]], t: int) -> bool:
    return all(math.isfinite(bars[f][t]) for f in ("open", "high", "low", "close"))


def _way_out(
    plan: TradePlan,
    bars: dict[str, list[float]],
    start: int,
    auction: str,
    paid: float,
    sign: int,
) -> tuple[int, str, float, str]:
    """Return session, auction, raw price and reason of the exit."""
    best, last = paid, bars["close"][start]
    if auction == "open":
        hit = _inside(plan, bars, start, paid, sign, best)
        if hit:
            return (start, "close", *hit)
        best = _better(best, bars, start, sign)
    for t in range(start + 1, len(bars["close"])):
        due = t == start + (plan.hold or 0)
        absent = math.isnan(bars["close"][t]) and math.isnan(bars["open"][t])
        if absent or (due and auction == "open" and not _whole(bars, t)):
            return t, "open", last, "no_price"
        if due and auction == "open":
            return t, "open", bars["open"][t], "hold"
        if _whole(bars, t):
            hit = _inside(plan, bars, t, paid, sign, best)
            if hit:
                return (t, "close", *hit)
            best = _better(best, bars, t, sign)
        last = bars["close"][t]
        if due:
            return t, "close", last, "hold" if _whole(bars, t) else "no_price"
    return len(bars["close"]) - 1, "close", last, "end_of_data"


def _better(best: float, bars: dict[str, list[float]], t: int, sign: int) -> float:
    return max(best, bars["high"][t]) if sign > 0 else min(best, bars["low"][t])


def _inside(
    plan: TradePlan,
    bars: dict[str, list[float]],
    t: int,
    paid: float,
    sign: int,
    best: float,
) -> tuple[float, str] | None:
    """Return price and reason where a bar touches a stop or, failing that, a target."""
    first, high, low = bars["open"][t], bars["high"][t], bars["low"][t]
    stops = []
    if plan.stop_loss is not None:
        stops.append((paid * (1 - sign * plan.stop_loss), "stop_loss"))
    if plan.trailing_stop is not None:
        stops.append((best * (1 - sign * plan.trailing_stop), "trailing_stop"))
    if stops:
        level, reason = max(stops, key=lambda s: sign * s[0])
        level = on_a_price(level, first, high, low)
        if sign > 0 and low <= level:
            return min(first, level), reason
        if sign < 0 and high >= level:
            return max(first, level), reason
    if plan.take_profit is not None:
        level = on_a_price(paid * (1 + sign * plan.take_profit), first, high, low)
        if sign > 0 and high >= level:
            return max(first, level), "take_profit"
        if sign < 0 and low <= level:
            return min(first, level), "take_profit"
    return None
