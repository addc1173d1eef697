"""How a plan becomes a trade, or why it does not: compiled."""

from __future__ import annotations

import math

from aftershock.fills.arrays import (
    GROSS,
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
    WEIGHT,
    Book,
    Market,
    Plans,
    Rules,
)
from aftershock.fills.compiled import compiled
from aftershock.fills.costs import commission, mark_at, slippage_at, worth


@compiled
def obstacle(
    market: Market, plans: Plans, book: Book, rules: Rules, i: int, legs: int
) -> int:
    """Return why a plan cannot fill at its auction; 0: it can."""
    t, n = plans[i].entry // 2, plans[i].symbol
    if book.state[1] != 0:
        return RUINED
    if not market.bars[n, t].fillable:
        return NO_PRICE
    if plans[i].until >= 0 and plans[i].until <= plans[i].entry:
        return UNTIL
    if plans[i].side < 0 and not market.bars[n, t].shortable:
        return NOT_SHORTABLE
    if book.state[0] + legs > rules.max_positions:
        return POSITIONS
    return 0


@compiled
def ask(
    market: Market, plans: Plans, book: Book, first: int, last: int, equity: float
) -> None:
    """Write what the legs want: weight, entry prices with slippage, and shares."""
    for i in range(first, last):
        t, n, at_open = plans[i].entry // 2, plans[i].symbol, plans[i].entry % 2 == 0
        raw = market.bars[n, t].open if at_open else market.bars[n, t].close
        money = plans[i].notional
        if math.isnan(money):
            money = plans[i].weight * equity
        book.trades[i].asked = money / equity
        # what is asked for pushes the price, also where less is had in the end
        slip = slippage_at(market, t, n, at_open, False, abs(money) / raw)
        book.trades[i].entry_price = raw * (1.0 + plans[i].side * slip)
        book.trades[i].shares = abs(money) / book.trades[i].entry_price


@compiled
def share_that_fits(
    cap: float, equity: float, held: float, asked: float, cost: float, fees: float
) -> float:
    """Return the share s with held + s asked <= cap (equity - s cost - fees)."""
    return (cap * (equity - fees) - held) / (asked + cap * cost)


@compiled
def held_in(market: Market, plans: Plans, book: Book, n: int, at: int) -> float:
    """Return the gross value of open trades in one symbol at an auction's price."""
    value = 0.0
    for k in range(book.state[0]):
        i = book.active[k]
        if plans[i].symbol == n:
            value += book.trades[i].shares * mark_at(market, at // 2, n, at % 2 == 0)
    return value


@compiled
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
        if symbol >= 0 and plans[i].symbol != symbol:
            continue
        at = plans[i].entry
        raw = mark_at(market, at // 2, plans[i].symbol, at % 2 == 0)
        value += book.trades[i].shares * raw
        cost += book.trades[i].shares * abs(book.trades[i].entry_price - raw)
        fees += commission(
            share * book.trades[i].shares, book.trades[i].entry_price, rules
        )
    return value, cost, fees


@compiled
def room(
    market: Market,
    plans: Plans,
    book: Book,
    rules: Rules,
    first: int,
    last: int,
    equity: float,
    gross: float,
) -> tuple[float, int]:
    """Return the share of the legs that keeps both caps right after the entry.

    And the cap that cuts them, 0 where none does. Commission depends on the share; five
    rounds settle it beyond double precision.
    """
    share, limit = 1.0, GROSS
    for _ in range(5):
        value, cost, fees = leg_sums(market, plans, book, rules, first, last, share, -1)
        fits = share_that_fits(rules.max_gross, equity, gross, value, cost, fees)
        limit = GROSS
        for i in range(first, last):
            n = plans[i].symbol
            held = held_in(market, plans, book, n, plans[i].entry)
            mine, _, _ = leg_sums(market, plans, book, rules, first, last, share, n)
            own = share_that_fits(rules.max_weight, equity, held, mine, cost, fees)
            if own < fits:
                fits, limit = own, WEIGHT
        before, share = share, min(1.0, max(fits, 0.0))
        if share == before:
            break
    return share, limit if share < 1.0 else 0


@compiled
def refuse(book: Book, first: int, last: int, culprit: int, reason: int) -> None:
    """Refuse all legs of a group: the culprit (-1: all) for its reason."""
    for i in range(first, last):
        book.trades[i].status = REFUSED
        book.trades[i].reason = reason if culprit in (-1, i) else GROUP
        book.trades[i].shares = 0.0


@compiled
def due(entry: int, hold: int, until: int) -> int:
    """Return the half-session at which a trade is over; -1: never by itself."""
    end = entry + 2 * hold if hold > 0 else -1
    return until if until >= 0 and (end < 0 or until < end) else end


@compiled
def take(
    plans: Plans, book: Book, rules: Rules, i: int, share: float, raw: float
) -> None:
    """Open one trade with a share of what it asked for."""
    at, side, price = plans[i].entry, plans[i].side, book.trades[i].entry_price
    book.trades[i].shares *= share
    fee = commission(book.trades[i].shares, price, rules)
    book.cash[0] -= side * book.trades[i].shares * price + fee
    book.trades[i].fees = fee
    book.trades[i].entry_fees = fee
    book.trades[i].slippage = book.trades[i].shares * abs(price - raw)
    book.trades[i].peak = price
    book.trades[i].due = due(at, plans[i].hold, plans[i].until)
    book.trades[i].status = OPEN
    book.active[book.state[0]] = i
    book.state[0] += 1


@compiled
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
    at = plans[first].entry
    equity, gross = worth(market, plans, book, at // 2, at % 2 == 0)
    ask(market, plans, book, first, last, equity)
    share, limit = room(market, plans, book, rules, first, last, equity, gross)
    if not share >= LEAST_SHARE:
        refuse(book, first, last, -1, NO_ROOM)
        return
    for i in range(first, last):
        raw = mark_at(market, at // 2, plans[i].symbol, at % 2 == 0)
        book.trades[i].share, book.trades[i].limit = share, limit
        take(plans, book, rules, i, share, raw)


@compiled
def entries(
    market: Market, plans: Plans, book: Book, rules: Rules, at: int, pointer: int
) -> int:
    """Handle all plans of an auction; return the first plan of a later one."""
    while pointer < len(plans) and plans[pointer].entry <= at:
        last = pointer + 1
        while last < len(plans) and plans[last].group == plans[pointer].group:
            last += 1
        enter(market, plans, book, rules, pointer, last)
        pointer = last
    return pointer
