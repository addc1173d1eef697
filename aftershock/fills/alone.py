"""Every plan by itself: the same rules, no account that could refuse or scale it."""

from __future__ import annotations

import math

from numba import njit

from aftershock.fills.arrays import END, Book, Market, Plans, Rules
from aftershock.fills.costs import mark_at, night
from aftershock.fills.entries import ask, obstacle, refuse, take
from aftershock.fills.exits import close_all, exits, gone, inside


@njit(cache=True, nogil=True)
def follow(market: Market, plans: Plans, book: Book, rules: Rules, i: int) -> None:
    """Follow the only open trade from its entry to its end; most bars do nothing."""
    n, entry, due = plans[i].symbol, plans[i].entry, book.trades[i].due
    last = len(market.nights) - 1
    short = plans[i].side < 0
    watched = not (
        math.isnan(plans[i].stop)
        and math.isnan(plans[i].target)
        and math.isnan(plans[i].trail)
    )
    for t in range(entry // 2, last + 1):
        if 2 * t > entry:
            if short or market.bars[n, t].dividend != 0.0:
                night(market, plans, book, rules, t)
            if 0 <= due <= 2 * t or gone(market, t, n):
                exits(market, plans, book, rules, 2 * t)
        if watched and book.state[0] > 0 and 2 * t >= entry:
            inside(market, plans, book, rules, t)
        if book.state[0] > 0 and 0 <= due <= 2 * t + 1 and 2 * t + 1 > entry:
            exits(market, plans, book, rules, 2 * t + 1)
        if book.state[0] == 0:
            return
    close_all(market, plans, book, rules, 2 * last + 1, END)


@njit(cache=True, nogil=True)
def barred(
    market: Market, plans: Plans, book: Book, rules: Rules, first: int, last: int
) -> bool:
    """Refuse the legs of a group where one of them cannot fill."""
    for i in range(first, last):
        reason = obstacle(market, plans, book, rules, i, 0)
        if reason != 0:
            refuse(book, first, last, i, reason)
            return True
    return False


@njit(cache=True, nogil=True)
def alone(market: Market, plans: Plans, book: Book, rules: Rules) -> None:
    """Play each plan as if it were the only one, on the cash of the start.

    Caps on gross, weight and positions do not bind. `book.trades` holds what
    happened; its days mean nothing.
    """
    first = 0
    while first < len(plans):
        last = first + 1
        while last < len(plans) and plans[last].group == plans[first].group:
            last += 1
        if not barred(market, plans, book, rules, first, last):
            ask(market, plans, book, first, last, rules.cash)
            for i in range(first, last):
                at = plans[i].entry
                raw = mark_at(market, at // 2, plans[i].symbol, at % 2 == 0)
                take(plans, book, rules, i, 1.0, raw)
                follow(market, plans, book, rules, i)
        first = last
