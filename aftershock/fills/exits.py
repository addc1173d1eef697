"""How a trade ends: compiled, one function for each rule."""

from __future__ import annotations

import math

from aftershock.fills.arrays import (
    HOLD,
    NO_PRICE,
    STOP,
    TARGET,
    TRAIL,
    UNTIL,
    Book,
    Leaving,
    Market,
    Plans,
    Rules,
)
from aftershock.fills.compiled import compiled
from aftershock.fills.costs import leave, mark_at, slippage_at

SAME = 1e-10
"""Part of a level by which a price may miss it: 10 % above 100 is not 110 in floats."""


@compiled
def gone(market: Market, t: int, n: int) -> bool:
    """Tell whether a symbol has no bar at all in a session."""
    return math.isnan(market.bars[n, t].open) and math.isnan(market.bars[n, t].close)


@compiled
def way_out(
    market: Market, n: int, at: int, shares: float
) -> tuple[float, float, bool]:
    """Return price and slippage of leaving at an auction, and whether it had a bar."""
    t, at_open = at // 2, at % 2 == 0
    if market.bars[n, t].fillable:
        raw = market.bars[n, t].open if at_open else market.bars[n, t].close
        return raw, slippage_at(market, t, n, at_open, False, shares), True
    last = max(t - 1, 0) if at_open else t
    return market.bars[n, last].mark, 0.0, False


@compiled
def exits(market: Market, plans: Plans, book: Book, rules: Rules, at: int) -> None:
    """Close what is due at an auction; without a bar, at the last price."""
    for k in range(book.state[0] - 1, -1, -1):
        i = book.active[k]
        n = plans[i].symbol
        due = book.trades[i].due >= 0 and book.trades[i].due <= at
        if due or (at % 2 == 0 and gone(market, at // 2, n)):
            raw, slip, priced = way_out(market, n, at, book.trades[i].shares)
            ended = plans[i].until >= 0 and plans[i].until == book.trades[i].due
            reason = (UNTIL if ended else HOLD) if priced else NO_PRICE
            leave(plans, book, rules, k, at, raw, slip, reason)


@compiled
def stop_level(leaving: Leaving, entry: float, peak: float) -> tuple[float, int]:
    """Return the tighter of stop and trailing stop (NaN: none) and its name."""
    side = leaving.side
    level, reason = entry * (1.0 - side * leaving.stop), STOP
    trailing = peak * (1.0 - side * leaving.trail)
    if math.isnan(level) or side * trailing > side * level:
        level, reason = trailing, TRAIL
    return level, reason


@compiled
def reaches(side: float, price: float, level: float) -> bool:
    """Tell whether a price lies at a level, or beyond it in the direction of `side`."""
    return side * price >= side * level - SAME * abs(level)


@compiled
def filled_at(side: float, first: float, farthest: float, level: float) -> float:
    """Return the price at a level that a bar reached going in the direction of `side`.

    The open where it lies beyond the level; never a price that the bar does not have.
    """
    if reaches(side, first, level):
        return first
    return side * min(side * level, side * farthest)


@compiled
def touched(
    market: Market, n: int, t: int, leaving: Leaving, entry: float, peak: float
) -> tuple[float, bool, int]:
    """Return price and reason of a stop or target that a bar reached; reason 0: none.

    At the level, or at the open where the bar gaps through it (the second value); the
    stop first.
    """
    side, first = leaving.side, market.bars[n, t].open
    best, worst = market.bars[n, t].high, market.bars[n, t].low
    if side < 0:
        best, worst = worst, best
    level, reason = stop_level(leaving, entry, peak)
    if reaches(-side, worst, level):
        gapped = reaches(-side, first, level)
        return filled_at(-side, first, worst, level), gapped, reason
    level = entry * (1.0 + side * leaving.target)
    if reaches(side, best, level):
        gapped = reaches(side, first, level)
        return filled_at(side, first, best, level), gapped, TARGET
    return math.nan, False, 0


@compiled
def peak_after(market: Market, n: int, t: int, side: float, peak: float) -> float:
    """Return the best price a trade has seen, once a bar has passed."""
    if side > 0:
        return max(peak, float(market.bars[n, t].high))
    return min(peak, float(market.bars[n, t].low))


@compiled
def inside(market: Market, plans: Plans, book: Book, rules: Rules, t: int) -> None:
    """Watch stops and targets of trades that were open when the bar began."""
    for k in range(book.state[0] - 1, -1, -1):
        i = book.active[k]
        n = plans[i].symbol
        if not market.bars[n, t].fillable:
            continue
        entry, peak = book.trades[i].entry_price, book.trades[i].peak
        leaving = Leaving(plans[i].side, plans[i].stop, plans[i].target, plans[i].trail)
        raw, gapped, reason = touched(market, n, t, leaving, entry, peak)
        if reason != 0:
            stopped, shares = reason != TARGET, book.trades[i].shares
            slip = slippage_at(market, t, n, gapped, stopped, shares)
            leave(plans, book, rules, k, 2 * t + 1, raw, slip, reason)
        else:
            book.trades[i].peak = peak_after(market, n, t, plans[i].side, peak)


@compiled
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
