"""What a fill, a position and a night cost: compiled."""

from __future__ import annotations

import math

from aftershock.fills.arrays import CLOSED, Book, Market, Plans, Rules
from aftershock.fills.compiled import compiled

MOST_SLIPPAGE = 0.99


@compiled
def commission(size: float, price: float, rules: Rules) -> float:
    """Return the fee of one fill: bps of its value plus money per share, a minimum."""
    fee = size * (price * rules.fees_bps * 1e-4 + rules.fees_per_share)
    return max(fee, rules.fees_min)


@compiled
def slippage_at(
    market: Market, t: int, n: int, at_open: bool, stopped: bool, shares: float
) -> float:
    """Return the fraction of the price that a fill of so many shares loses."""
    factor = 1.0
    if at_open:
        factor = market.bars[n, t].at_open
    if stopped:
        factor = max(factor, market.bars[n, t].on_stop)
    impact = market.bars[n, t].impact
    pushed = impact * math.sqrt(shares) if impact > 0.0 else 0.0
    # selling never costs the whole price, however little is usually traded
    return min(float(market.bars[n, t].slip * factor + pushed), MOST_SLIPPAGE)


@compiled
def mark_at(market: Market, t: int, n: int, at_open: bool) -> float:
    """Return the last price known at the open or the close of a session."""
    if not at_open:
        return float(market.bars[n, t].mark)
    if math.isfinite(market.bars[n, t].open) or t == 0:
        return float(market.bars[n, t].open)
    return float(market.bars[n, t - 1].mark)


@compiled
def worth(
    market: Market, plans: Plans, book: Book, t: int, at_open: bool
) -> tuple[float, float]:
    """Return equity and gross position value at an auction's prices."""
    equity, gross = book.cash[0], 0.0
    for k in range(book.state[0]):
        i = book.active[k]
        value = book.trades[i].shares * mark_at(market, t, plans[i].symbol, at_open)
        equity += plans[i].side * value
        gross += value
    return equity, gross


@compiled
def carry(
    market: Market, t: int, n: int, side: float, shares: float
) -> tuple[float, float, float]:
    """Return what a position books before an open: dividend, short x years, borrow."""
    paid = side * shares * market.bars[n, t].dividend
    if side > 0:
        return paid, 0.0, 0.0
    lent = shares * market.bars[n, t - 1].mark * (market.nights[t] / 365.0)
    return paid, lent, lent * market.bars[n, t - 1].rate


@compiled
def night(market: Market, plans: Plans, book: Book, rules: Rules, t: int) -> None:
    """Book what a night costs and brings: borrow, dividends, interest on free cash."""
    free, flow = book.cash[0], 0.0
    for k in range(book.state[0]):
        i = book.active[k]
        n, side, shares = plans[i].symbol, plans[i].side, book.trades[i].shares
        paid, lent, owed = carry(market, t, n, side, shares)
        book.trades[i].dividends += paid
        book.trades[i].borrowed += lent
        book.trades[i].borrow += owed
        flow += paid - owed
        if side < 0:
            free -= shares * market.bars[n, t - 1].mark
    book.days[t].interest = free * rules.cash_rate * (market.nights[t] / 365.0)
    book.days[t].flow = flow + book.days[t].interest
    book.cash[0] += book.days[t].flow


@compiled
def leave(
    plans: Plans,
    book: Book,
    rules: Rules,
    k: int,
    at: int,
    raw: float,
    slip: float,
    reason: int,
) -> None:
    """Close the k-th open trade at a price, less slippage and commission."""
    i = book.active[k]
    size, side = book.trades[i].shares, plans[i].side
    price = raw * (1.0 - side * slip)
    fee = commission(size, price, rules)
    book.cash[0] += side * size * price - fee
    book.trades[i].fees += fee
    book.trades[i].slippage += size * abs(raw - price)
    book.trades[i].exit_price = price
    book.trades[i].exit = at
    book.trades[i].status, book.trades[i].reason = CLOSED, reason
    last = book.state[0] - 1
    for j in range(k, last):
        book.active[j] = book.active[j + 1]
    book.state[0] = last
