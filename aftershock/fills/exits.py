"""How a trade ends: compiled, one function for each rule."""

from __future__ import annotations

import math

from numba import njit

from aftershock.fills.arrays import (
    HOLD,
    NO_PRICE,
    STOP,
    TARGET,
    TRAIL,
    UNTIL,
    Book,
    Market,
    Plans,
    Rules,
)
from aftershock.fills.costs import leave, mark_at, slippage_at


@njit(cache=True, nogil=True)
def gone(market: Market, t: int, n: int) -> bool:
    """Tell whether a symbol has no bar at all in a session."""
    return math.isnan(market.open[t, n]) and math.isnan(market.close[t, n])


@njit(cache=True, nogil=True)
def exits(market: Market, plans: Plans, book: Book, rules: Rules, at: int) -> None:
    """Close what is due at an auction; without a bar, at the last price."""
    t, at_open = at // 2, at % 2 == 0
    for k in range(book.state[0] - 1, -1, -1):
        i = book.active[k]
        n = plans.symbol[i]
        due = book.due[i] >= 0 and book.due[i] <= at
        if not due and not (at_open and gone(market, t, n)):
            continue
        if market.fillable[t, n]:
            raw = market.open[t, n] if at_open else market.close[t, n]
            slip = slippage_at(market, t, n, at_open, False)
            ended = plans.until[i] >= 0 and plans.until[i] == book.due[i]
            leave(plans, book, rules, k, at, raw, slip, UNTIL if ended else HOLD)
        else:
            raw = market.mark[max(t - 1, 0), n] if at_open else market.mark[t, n]
            leave(plans, book, rules, k, at, raw, 0.0, NO_PRICE)


@njit(cache=True, nogil=True)
def stop_level(plans: Plans, book: Book, i: int) -> tuple[float, int]:
    """Return the tighter of stop and trailing stop (NaN: none) and its name."""
    side = plans.side[i]
    level, reason = book.entry_price[i] * (1.0 - side * plans.stop[i]), STOP
    trailing = book.peak[i] * (1.0 - side * plans.trail[i])
    if math.isnan(level) or side * trailing > side * level:
        level, reason = trailing, TRAIL
    return level, reason


@njit(cache=True, nogil=True)
def touched(
    market: Market, plans: Plans, book: Book, i: int, t: int
) -> tuple[float, int]:
    """Return price and reason of a stop or target that a bar reached; reason 0: none.

    At the level, or at the open where the bar gaps through it; the stop first.
    """
    n, side = plans.symbol[i], plans.side[i]
    first = market.open[t, n]
    best, worst = market.high[t, n], market.low[t, n]
    if side < 0:
        best, worst = worst, best
    level, reason = stop_level(plans, book, i)
    if side * worst <= side * level:
        return (first if side * first <= side * level else level), reason
    level = book.entry_price[i] * (1.0 + side * plans.target[i])
    if side * best >= side * level:
        return (first if side * first >= side * level else level), TARGET
    return math.nan, 0


@njit(cache=True, nogil=True)
def inside(market: Market, plans: Plans, book: Book, rules: Rules, t: int) -> None:
    """Watch stops and targets of trades that were open when the bar began."""
    for k in range(book.state[0] - 1, -1, -1):
        i = book.active[k]
        n = plans.symbol[i]
        if not market.fillable[t, n]:
            continue
        raw, reason = touched(market, plans, book, i, t)
        if reason != 0:
            slip = slippage_at(market, t, n, False, reason != TARGET)
            leave(plans, book, rules, k, 2 * t + 1, raw, slip, reason)
        elif plans.side[i] > 0:
            book.peak[i] = max(book.peak[i], market.high[t, n])
        else:
            book.peak[i] = min(book.peak[i], market.low[t, n])


@njit(cache=True, nogil=True)
def close_all(
    market: Market, plans: Plans, book: Book, rules: Rules, at: int, reason: int
) -> None:
    """Close every open trade at the prices of an auction."""
    t, at_open = at // 2, at % 2 == 0
    for k in range(book.state[0] - 1, -1, -1):
        n = plans.symbol[book.active[k]]
        slip = slippage_at(market, t, n, at_open, False)
        raw = mark_at(market, t, n, at_open)
        leave(plans, book, rules, k, at, raw, slip, reason)
