"""How a plan becomes a trade, or why it does not: compiled."""

from __future__ import annotations

import math

from numba import njit

from aftershock.fills.arrays import (
    GROUP,
    LEAST_SHARE,
    NO_PRICE,
    NO_ROOM,
    NOT_SHORTABLE,
    OPEN,
    POSITIONS,
    REFUSED,
    RUINED,
    UNTIL,
    Book,
    Market,
    Plans,
    Rules,
)
from aftershock.fills.costs import commission, mark_at, slippage_at, worth


@njit(cache=True, nogil=True)
def obstacle(
    market: Market, plans: Plans, book: Book, rules: Rules, i: int, legs: int
) -> int:
    """Return why a plan cannot fill at its auction; 0: it can."""
    t, n = plans.entry[i] // 2, plans.symbol[i]
    if book.state[1] != 0:
        return RUINED
    if not market.fillable[t, n]:
        return NO_PRICE
    if plans.until[i] >= 0 and plans.until[i] <= plans.entry[i]:
        return UNTIL
    if plans.side[i] < 0 and not market.shortable[t, n]:
        return NOT_SHORTABLE
    if book.state[0] + legs > rules.max_positions:
        return POSITIONS
    return 0


@njit(cache=True, nogil=True)
def ask(
    market: Market, plans: Plans, book: Book, first: int, last: int, equity: float
) -> None:
    """Write what the legs want: entry prices with slippage, and shares."""
    for i in range(first, last):
        t, n, at_open = plans.entry[i] // 2, plans.symbol[i], plans.entry[i] % 2 == 0
        raw = market.open[t, n] if at_open else market.close[t, n]
        slip = slippage_at(market, t, n, at_open, False)
        book.entry_price[i] = raw * (1.0 + plans.side[i] * slip)
        money = plans.notional[i]
        if math.isnan(money):
            money = plans.weight[i] * equity
        book.size[i] = abs(money) / book.entry_price[i]


@njit(cache=True, nogil=True)
def share_that_fits(
    cap: float, equity: float, held: float, asked: float, cost: float, fees: float
) -> float:
    """Return the share s with held + s asked <= cap (equity - s cost - fees)."""
    return (cap * (equity - fees) - held) / (asked + cap * cost)


@njit(cache=True, nogil=True)
def held_in(market: Market, plans: Plans, book: Book, n: int, at: int) -> float:
    """Return the gross value of open trades in one symbol at an auction's price."""
    value = 0.0
    for k in range(book.state[0]):
        i = book.active[k]
        if plans.symbol[i] == n:
            value += book.size[i] * mark_at(market, at // 2, n, at % 2 == 0)
    return value


@njit(cache=True, nogil=True)
def leg_sums(
    market: Market,
    plans: Plans,
    book: Book,
    rules: Rules,
    first: int,
    last: int,
    share: float,
    symbol: int,
) -> tuple[float, float, float]:
    """Return value, slippage and commission of the legs (of one symbol; -1: all).

    Value and slippage are those of the whole legs, commission that of a share of them.
    """
    value, cost, fees = 0.0, 0.0, 0.0
    for i in range(first, last):
        if symbol >= 0 and plans.symbol[i] != symbol:
            continue
        at = plans.entry[i]
        raw = mark_at(market, at // 2, plans.symbol[i], at % 2 == 0)
        value += book.size[i] * raw
        cost += book.size[i] * abs(book.entry_price[i] - raw)
        fees += commission(share * book.size[i], book.entry_price[i], rules)
    return value, cost, fees


@njit(cache=True, nogil=True)
def room(
    market: Market,
    plans: Plans,
    book: Book,
    rules: Rules,
    first: int,
    last: int,
    equity: float,
    gross: float,
) -> float:
    """Return the share of the legs that keeps both caps right after the entry.

    Commission depends on the share; five rounds settle it beyond double precision.
    """
    share = 1.0
    for _ in range(5):
        value, cost, fees = leg_sums(market, plans, book, rules, first, last, share, -1)
        fits = share_that_fits(rules.max_gross, equity, gross, value, cost, fees)
        for i in range(first, last):
            n = plans.symbol[i]
            held = held_in(market, plans, book, n, plans.entry[i])
            mine, _, _ = leg_sums(market, plans, book, rules, first, last, share, n)
            fits = min(
                fits,
                share_that_fits(rules.max_weight, equity, held, mine, cost, fees),
            )
        share = min(1.0, max(fits, 0.0))
    return share


@njit(cache=True, nogil=True)
def refuse(book: Book, first: int, last: int, culprit: int, reason: int) -> None:
    """Refuse all legs of a group: the culprit (-1: all) for its reason."""
    for i in range(first, last):
        book.status[i] = REFUSED
        book.reason[i] = reason if culprit in (-1, i) else GROUP
        book.size[i] = 0.0


@njit(cache=True, nogil=True)
def take(
    plans: Plans, book: Book, rules: Rules, i: int, share: float, raw: float
) -> None:
    """Open one trade with a share of what it asked for."""
    at, side, price = plans.entry[i], plans.side[i], book.entry_price[i]
    book.size[i] *= share
    fee = commission(book.size[i], price, rules)
    book.cash[0] -= side * book.size[i] * price + fee
    book.fees[i] = fee
    book.entry_fees[i] = fee
    book.slippage[i] = book.size[i] * abs(price - raw)
    book.peak[i] = price
    book.due[i] = at + 2 * plans.hold[i] if plans.hold[i] > 0 else -1
    if plans.until[i] >= 0 and (book.due[i] < 0 or plans.until[i] < book.due[i]):
        book.due[i] = plans.until[i]
    book.status[i] = OPEN
    book.active[book.state[0]] = i
    book.state[0] += 1


@njit(cache=True, nogil=True)
def enter(
    market: Market, plans: Plans, book: Book, rules: Rules, first: int, last: int
) -> None:
    """Fill the legs of one group, scaled as a group, or refuse all of them."""
    for i in range(first, last):
        reason = obstacle(market, plans, book, rules, i, last - first)
        if reason != 0:
            shared = reason in (POSITIONS, RUINED)
            refuse(book, first, last, -1 if shared else i, reason)
            return
    at = plans.entry[first]
    equity, gross = worth(market, plans, book, at // 2, at % 2 == 0)
    ask(market, plans, book, first, last, equity)
    share = room(market, plans, book, rules, first, last, equity, gross)
    if not share >= LEAST_SHARE:
        refuse(book, first, last, -1, NO_ROOM)
        return
    for i in range(first, last):
        raw = mark_at(market, at // 2, plans.symbol[i], at % 2 == 0)
        take(plans, book, rules, i, share, raw)


@njit(cache=True, nogil=True)
def entries(
    market: Market, plans: Plans, book: Book, rules: Rules, at: int, pointer: int
) -> int:
    """Handle all plans of an auction; return the first plan of a later one."""
    while pointer < len(plans.entry) and plans.entry[pointer] <= at:
        last = pointer + 1
        while last < len(plans.entry) and plans.group[last] == plans.group[pointer]:
            last += 1
        enter(market, plans, book, rules, pointer, last)
        pointer = last
    return pointer
