"""What a fill, a position and a night cost: compiled."""

from __future__ import annotations

import math

from numba import njit

from aftershock.fills.arrays import CLOSED, Book, Market, Plans, Rules


@njit(cache=True, nogil=True)
def commission(size: float, price: float, rules: Rules) -> float:
    """Return the fee of one fill: bps of its value plus money per share, a minimum."""
    fee = size * (price * rules.fees_bps * 1e-4 + rules.fees_per_share)
    return max(fee, rules.fees_min)


@njit(cache=True, nogil=True)
def slippage_at(market: Market, t: int, n: int, at_open: bool, stopped: bool) -> float:
    """Return the fraction of the price that a fill loses."""
    factor = 1.0
    if at_open:
        factor = market.at_open[t, n]
    if stopped:
        factor = max(factor, market.on_stop[t, n])
    return float(market.slip[t, n] * factor)


@njit(cache=True, nogil=True)
def mark_at(market: Market, t: int, n: int, at_open: bool) -> float:
    """Return the last price known at the open or the close of a session."""
    if not at_open:
        return float(market.mark[t, n])
    if math.isfinite(market.open[t, n]) or t == 0:
        return float(market.open[t, n])
    return float(market.mark[t - 1, n])


@njit(cache=True, nogil=True)
def worth(
    market: Market, plans: Plans, book: Book, t: int, at_open: bool
) -> tuple[float, float]:
    """Return equity and gross position value at an auction's prices."""
    equity, gross = book.cash[0], 0.0
    for k in range(book.state[0]):
        i = book.active[k]
        value = book.size[i] * mark_at(market, t, plans.symbol[i], at_open)
        equity += plans.side[i] * value
        gross += value
    return equity, gross


@njit(cache=True, nogil=True)
def night(market: Market, plans: Plans, book: Book, rules: Rules, t: int) -> None:
    """Book what a night costs and brings: borrow, dividends, interest on free cash."""
    year = market.days[t] / 365.0
    free, flow = book.cash[0], 0.0
    for k in range(book.state[0]):
        i = book.active[k]
        n = plans.symbol[i]
        paid = plans.side[i] * book.size[i] * market.dividend[t, n]
        book.dividends[i] += paid
        flow += paid
        if plans.side[i] < 0:
            value = book.size[i] * market.mark[t - 1, n]
            free -= value
            book.borrowed[i] += value * year
            book.borrow[i] += value * year * market.rate[t - 1, n]
            flow -= value * year * market.rate[t - 1, n]
    book.interest[t] = free * rules.cash_rate * year
    book.flow[t] = flow + book.interest[t]
    book.cash[0] += book.flow[t]


@njit(cache=True, nogil=True)
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
    size, side = book.size[i], plans.side[i]
    price = raw * (1.0 - side * slip)
    fee = commission(size, price, rules)
    book.cash[0] += side * size * price - fee
    book.fees[i] += fee
    book.slippage[i] += size * abs(raw - price)
    book.exit_price[i] = price
    book.exit[i] = at
    book.status[i], book.reason[i] = CLOSED, reason
    last = book.state[0] - 1
    for j in range(k, last):
        book.active[j] = book.active[j + 1]
    book.state[0] = last
