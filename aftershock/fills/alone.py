"""Every plan by itself under many rules: no account that could refuse or scale it.

Rules run innermost, so that the bars a trade meets stay in the processor's cache for
all of them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from numba import njit

from aftershock.fills.arrays import END, Book, Floats, Ints, Market, Plans, Rules
from aftershock.fills.costs import mark_at, night
from aftershock.fills.entries import ask, obstacle, refuse, take
from aftershock.fills.exits import close_all, exits, gone, inside


class Exits(NamedTuple):
    """Rules of leaving, one of each for R settings; -1 or NaN: none.

    Attributes
    ----------
    hold : (R,) integers
    stop, target, trail : (R,)
    own : (4,) integers
        1 where the plan's own rule stands, and the array says nothing.
    """

    hold: Ints
    stop: Floats
    target: Floats
    trail: Floats
    own: Ints


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
def barred(market: Market, plans: Plans, book: Book, rules: Rules) -> None:
    """Refuse all legs of a group where one of them cannot fill; price the others."""
    first = 0
    while first < len(plans):
        last = first + 1
        while last < len(plans) and plans[last].group == plans[first].group:
            last += 1
        ask(market, plans, book, first, last, rules.cash)
        for i in range(first, last):
            reason = obstacle(market, plans, book, rules, i, 0)
            if reason != 0:
                refuse(book, first, last, i, reason)
        first = last


@njit(cache=True, nogil=True)
def reset(book: Book, shares: float, price: float) -> None:
    """Make the only trade new: what was asked, nothing booked."""
    book.trades[0].shares, book.trades[0].entry_price = shares, price
    book.trades[0].borrow, book.trades[0].borrowed = 0.0, 0.0
    book.trades[0].dividends = 0.0
    book.state[0] = 0


@njit(cache=True, nogil=True)
def lay(plans: Plans, one: Plans, i: int, leaving: Exits, r: int) -> None:
    """Lay the r-th setting over a plan."""
    one[0].hold = plans[i].hold if leaving.own[0] else leaving.hold[r]
    one[0].stop = plans[i].stop if leaving.own[1] else leaving.stop[r]
    one[0].target = plans[i].target if leaving.own[2] else leaving.target[r]
    one[0].trail = plans[i].trail if leaving.own[3] else leaving.trail[r]


@njit(cache=True, nogil=True)
def earned(plans: Plans, book: Book) -> float:
    """Return pnl over stake of the only trade."""
    trade = book.trades[0]
    pnl = plans[0].side * trade.shares * (trade.exit_price - trade.entry_price)
    pnl += trade.dividends - trade.fees - trade.borrow
    return float(pnl / (trade.shares * trade.entry_price))


@njit(cache=True, nogil=True)
def returns_by_rule(
    market: Market,
    plans: Plans,
    asked: Book,
    book: Book,
    rules: Rules,
    leaving: Exits,
    first: int,
    last: int,
    found: Floats,
) -> None:
    """Write the return of plans `first` to `last` under every setting, (R, P).

    Parameters
    ----------
    asked : Book
        From `barred`: prices, shares and refusals of all plans.
    book : Book
        Of one trade, to work in; its days mean nothing.
    """
    for i in range(first, last):
        if asked.trades[i].reason != 0:
            continue
        one = plans[i : i + 1].copy()
        at = plans[i].entry
        raw = mark_at(market, at // 2, plans[i].symbol, at % 2 == 0)
        for r in range(len(found)):
            lay(plans, one, i, leaving, r)
            reset(book, asked.trades[i].shares, asked.trades[i].entry_price)
            take(one, book, rules, 0, 1.0, raw)
            follow(market, one, book, rules, 0)
            found[r, i] = earned(one, book)
