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
    return math.isnan(market.bars[n, t].open) and math.isnan(market.bars[n, t].close)


@njit(cache=True, nogil=True)
def exits(market: Market, plans: Plans, book: Book, rules: Rules, at: int) -> None:
    """Close what is due at an auction; without a bar, at the last price."""
    t, at_open = at // 2, at % 2 == 0
    for k in range(book.state[0] - 1, -1, -1):
        i = book.active[k]
        n = plans[i].symbol
        due = book.trades[i].due >= 0 and book.trades[i].due <= at
        if not due and not (at_open and gone(market, t, n)):
            continue
        if market.bars[n, t].fillable:
            raw = market.bars[n, t].open if at_open else market.bars[n, t].close
            slip = slippage_at(market, t, n, at_open, False, book.trades[i].shares)
            ended = plans[i].until >= 0 and plans[i].until == book.trades[i].due
            leave(plans, book, rules, k, at, raw, slip, UNTIL if ended else HOLD)
        else:
            raw = (
                market.bars[n, max(t - 1, 0)].mark
                if at_open
                else market.bars[n, t].mark
            )
            leave(plans, book, rules, k, at, raw, 0.0, NO_PRICE)


@njit(cache=True, nogil=True)
def stop_level(plans: Plans, book: Book, i: int) -> tuple[float, int]:
    """Return the tighter of stop and trailing stop (NaN: none) and its name."""
    side = plans[i].side
    level, reason = book.trades[i].entry_price * (1.0 - side * plans[i].stop), STOP
    trailing = book.trades[i].peak * (1.0 - side * plans[i].trail)
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
    n, side = plans[i].symbol, plans[i].side
    first = market.bars[n, t].open
    best, worst = market.bars[n, t].high, market.bars[n, t].low
    if side < 0:
        best, worst = worst, best
    level, reason = stop_level(plans, book, i)
    if side * worst <= side * level:
        return (first if side * first <= side * level else level), reason
    level = book.trades[i].entry_price * (1.0 + side * plans[i].target)
    if side * best >= side * level:
        return (first if side * first >= side * level else level), TARGET
    return math.nan, 0


@njit(cache=True, nogil=True)
def inside(market: Market, plans: Plans, book: Book, rules: Rules, t: int) -> None:
    """Watch stops and targets of trades that were open when the bar began."""
    for k in range(book.state[0] - 1, -1, -1):
        i = book.active[k]
        n = plans[i].symbol
        if not market.bars[n, t].fillable:
            continue
        raw, reason = touched(market, plans, book, i, t)
        if reason != 0:
            slip = slippage_at(
                market, t, n, False, reason != TARGET, book.trades[i].shares
            )
            leave(plans, book, rules, k, 2 * t + 1, raw, slip, reason)
        elif plans[i].side > 0:
            book.trades[i].peak = max(book.trades[i].peak, market.bars[n, t].high)
        else:
            book.trades[i].peak = min(book.trades[i].peak, market.bars[n, t].low)


@njit(cache=True, nogil=True)
def close_all(
    market: Market, plans: Plans, book: Book, rules: Rules, at: int, reason: int
) -> None:
    """Close every open trade at the prices of an auction."""
    t, at_open = at // 2, at % 2 == 0
    for k in range(book.state[0] - 1, -1, -1):
        i = book.active[k]
        n = plans[i].symbol
        slip = slippage_at(market, t, n, at_open, False, book.trades[i].shares)
        raw = mark_at(market, t, n, at_open)
        leave(plans, book, rules, k, at, raw, slip, reason)
