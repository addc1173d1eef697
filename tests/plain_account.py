"""A second simulator, of whole accounts: plain Python, one day after the other.

Written from the rules of fills in docs/methods.md, with dictionaries and `if`; it
shares no code with the engine but the classes that state plans, prices and accounts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from aftershock.fills import TradePlan
from tests.plain_market import CLOSE, OPEN, PlainMarket, on_a_price


@dataclass
class Order:
    """A plan with the auction it goes to: (row, OPEN or CLOSE), and where it ends."""

    plan: TradePlan
    key: str
    place: tuple[int, int]
    rank: int
    until: tuple[int, int] | None = None


@dataclass
class Trade:
    """What became of an order."""

    order: Order
    shares: float = 0.0
    share: float = 1.0
    paid: float = math.nan
    got: float = math.nan
    best: float = math.nan
    fees: float = 0.0
    slippage: float = 0.0
    borrow: float = 0.0
    dividends: float = 0.0
    reason: str = ""
    left: tuple[int, int] | None = None

    @property
    def side(self) -> int:
        return self.order.plan.side

    @property
    def pnl(self) -> float:
        moved = self.side * self.shares * (self.got - self.paid)
        return moved - self.fees - self.borrow + self.dividends


@dataclass
class PlainAccount(PlainMarket):
    """An account that trades orders; `run` fills `equity` and `trades`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.cash, self.held, self.trades = self.account.cash, [], []
        self.equity: list[float] = []
        self.ruined = False

    def run(self, orders: list[Order], start: int = 0) -> None:
        """Trade all sessions."""
        count = len(self.prices.sessions)
        legs: dict[Any, list[Order]] = {}
        for order in sorted(orders, key=lambda o: (o.place, o.rank)):
            legs.setdefault(order.plan.group or order.key, []).append(order)
        waiting = sorted(legs.values(), key=lambda g: (g[0].place, g[0].rank))
        self.equity = [self.account.cash] * start
        for t in range(start, count):
            if t > start and not self.ruined:
                self._night(t)
            self._ruin(t, OPEN)
            self._leave_due(t, OPEN)
            self._enter(waiting, t, OPEN)
            self._watch(t)
            self._leave_due(t, CLOSE)
            self._enter(waiting, t, CLOSE)
            self._ruin(t, CLOSE)
            if t == count - 1:
                self._leave_all(t, CLOSE, "end_of_data")
            self.equity.append(self._worth(t, CLOSE))
        for group in waiting:
            for order in group:
                self._refuse(order, "after_last_price")

    def _worth(self, t: int, when: int) -> float:
        return self.cash + sum(
            h.side * h.shares * self._mark(h.order.plan.symbol, t, when)
            for h in self.held
        )

    def _night(self, t: int) -> None:
        days = (self.prices.sessions[t] - self.prices.sessions[t - 1]).days
        year, free, flow = days / 365, self.cash, 0.0
        for h in self.held:
            symbol = h.order.plan.symbol
            dividend = self.bars[symbol]["dividends"][t]
            paid = h.side * h.shares * (dividend if math.isfinite(dividend) else 0.0)
            h.dividends += paid
            flow += paid
            if h.side < 0:
                value = h.shares * self._last(symbol, t - 1)
                free -= value
                h.borrow += value * year * self.rate
                flow -= value * year * self.rate
        self.cash += flow + free * self.account.cash_rate * year

    def _ruin(self, t: int, when: int) -> None:
        if not self.ruined and self._worth(t, when) <= 0:
            self.ruined = True
            self._leave_all(t, when, "ruined")

    def _leave(self, h: Trade, t: int, when: int, raw: float, slip: float, why: str):
        h.got = raw * (1 - h.side * slip)
        fee = self._fee(h.shares, h.got)
        self.cash += h.side * h.shares * h.got - fee
        h.fees += fee
        h.slippage += h.shares * abs(raw - h.got)
        h.reason, h.left = why, (t, when)
        self.held.remove(h)

    def _leave_all(self, t: int, when: int, why: str) -> None:
        for h in list(self.held):
            symbol = h.order.plan.symbol
            slip = self._slip(symbol, t, when, False, h.shares)
            self._leave(h, t, when, self._mark(symbol, t, when), slip, why)

    def _leave_due(self, t: int, when: int) -> None:
        for h in list(self.held):
            plan, (row, auction) = h.order.plan, h.order.place
            symbol = plan.symbol
            end = (row + plan.hold, auction) if plan.hold else (10**9, 0)
            why = "hold"
            if h.order.until is not None and h.order.until <= end:
                end, why = h.order.until, "until"
            bars = self.bars[symbol]
            absent = math.isnan(bars["open"][t]) and math.isnan(bars["close"][t])
            if end > (t, when) and not (absent and when == OPEN):
                continue
            if self._whole(symbol, t):
                raw = bars["open" if when == OPEN else "close"][t]
                slip = self._slip(symbol, t, when, False, h.shares)
                self._leave(h, t, when, raw, slip, why)
            else:
                raw = self._last(symbol, t - 1 if when == OPEN else t)
                self._leave(h, t, when, raw, 0.0, "no_price")

    def _watch(self, t: int) -> None:
        for h in list(self.held):
            plan, bars = h.order.plan, self.bars[h.order.plan.symbol]
            if not self._whole(plan.symbol, t):
                continue
            first, high, low = bars["open"][t], bars["high"][t], bars["low"][t]
            stops = []
            if plan.stop_loss is not None:
                stops.append((h.paid * (1 - h.side * plan.stop_loss), "stop_loss"))
            if plan.trailing_stop is not None:
                level = h.best * (1 - h.side * plan.trailing_stop)
                stops.append((level, "trailing_stop"))
            hit = None
            if stops:
                level, why = max(stops, key=lambda s: h.side * s[0])
                level = on_a_price(level, first, high, low)
                if h.side > 0 and low <= level:
                    hit = (min(first, level), why)
                if h.side < 0 and high >= level:
                    hit = (max(first, level), why)
            if hit is None and plan.take_profit is not None:
                level = h.paid * (1 + h.side * plan.take_profit)
                level = on_a_price(level, first, high, low)
                if h.side > 0 and high >= level:
                    hit = (max(first, level), "take_profit")
                if h.side < 0 and low <= level:
                    hit = (min(first, level), "take_profit")
            if hit is not None:
                stopped = hit[1] != "take_profit"
                # filled at the open: an open's slippage, whatever the rule
                when = OPEN if hit[0] == first else CLOSE
                slip = self._slip(plan.symbol, t, when, stopped, h.shares)
                self._leave(h, t, CLOSE, hit[0], slip, hit[1])
            else:
                h.best = max(h.best, high) if h.side > 0 else min(h.best, low)

    def _refuse(self, order: Order, why: str) -> None:
        self.trades.append(Trade(order, reason=why))

    def _enter(self, waiting: list[list[Order]], t: int, when: int) -> None:
        while waiting and waiting[0][0].place <= (t, when):
            self._take(waiting.pop(0), t, when)

    def _obstacle(self, order: Order, t: int, legs: int) -> str:
        plan, most = order.plan, self.account.max_positions
        if self.ruined:
            return "ruined"
        if not self._whole(plan.symbol, t):
            return "no_price"
        if order.until is not None and order.until <= order.place:
            return "until"
        if plan.side < 0 and plan.symbol in self.recent:
            return "not_shortable"
        if most is not None and len(self.held) + legs > most:
            return "max_positions"
        return ""

    def _take(self, group: list[Order], t: int, when: int) -> None:
        for order in group:
            why = self._obstacle(order, t, len(group))
            if why:
                shared = why in ("max_positions", "ruined")
                for other in group:
                    own = other is order or shared
                    self._refuse(other, why if own else "group")
                return
        equity = self._worth(t, when)
        asked = []
        for order in group:
            raw = self._mark(order.plan.symbol, t, when)
            money = order.plan.notional
            money = order.plan.weight * equity if money is None else money
            slip = self._slip(order.plan.symbol, t, when, False, abs(money) / raw)
            paid = raw * (1 + order.plan.side * slip)
            asked.append((order, raw, paid, abs(money) / paid))
        share = self._share(asked, equity, t, when)
        if share < 0.01:
            for order in group:
                self._refuse(order, "no_room")
            return
        for order, raw, paid, shares in asked:
            h = Trade(order, shares * share, share, paid, best=paid)
            h.slippage = h.shares * abs(paid - raw)
            h.fees = self._fee(h.shares, paid)
            self.cash -= h.side * h.shares * paid + h.fees
            self.held.append(h)
            self.trades.append(h)

    def _share(self, asked: list[Any], equity: float, t: int, when: int) -> float:
        """Find by bisection the largest share that keeps both caps after the entry."""

        def fits(share: float) -> bool:
            left = equity
            gross: dict[str, float] = {}
            for h in self.held:
                symbol = h.order.plan.symbol
                value = h.shares * self._mark(symbol, t, when)
                gross[symbol] = gross.get(symbol, 0.0) + value
            for order, raw, paid, shares in asked:
                symbol = order.plan.symbol
                left -= share * shares * abs(paid - raw)
                left -= self._fee(share * shares, paid)
                gross[symbol] = gross.get(symbol, 0.0) + share * shares * raw
            most = self.account.max_weight
            weights = most is None or all(
                gross[o.plan.symbol] <= most * left for o, *_ in asked
            )
            return weights and sum(gross.values()) <= self.account.max_gross * left

        if fits(1.0):
            return 1.0
        low, high = 0.0, 1.0
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if fits(middle) else (low, middle)
        return low
