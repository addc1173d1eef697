"""Every plan by itself under many rules: no account that could refuse or scale it.

Rules run innermost, so that the bars a trade meets stay in the processor's cache for
all of them; a trade is a few numbers rather than a row of a book.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from aftershock.fills.arrays import (
    TARGET,
    Book,
    Floats,
    Ints,
    Leaving,
    Market,
    Plans,
    Rules,
)
from aftershock.fills.compiled import compiled
from aftershock.fills.costs import carry, commission, mark_at, slippage_at
from aftershock.fills.entries import ask, due, obstacle, refuse
from aftershock.fills.exits import gone, peak_after, touched, way_out


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


class Held(NamedTuple):
    """A trade: symbol, entry and end in half-sessions, side, shares, entry price."""

    symbol: int
    entry: int
    due: int
    side: float
    shares: float
    price: float


@compiled
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


@compiled
def earned(held: Held, rules: Rules, raw: float, slip: float, carried: float) -> float:
    """Return pnl over stake of a trade that leaves at a price, less slippage."""
    price = raw * (1.0 - held.side * slip)
    pnl = held.side * held.shares * (price - held.price) + carried
    pnl -= commission(held.shares, held.price, rules)
    pnl -= commission(held.shares, price, rules)
    return float(pnl / (held.shares * held.price))


@compiled
def leaves(
    market: Market, held: Held, leaving: Leaving, watched: bool
) -> tuple[float, float, float]:
    """Follow a trade to its end; return its last price, slippage, and what it carried.

    Carried: dividends less borrow, in money.
    """
    n, last = held.symbol, len(market.nights) - 1
    carried, peak = 0.0, held.price
    for t in range(held.entry // 2, last + 1):
        if 2 * t > held.entry:
            paid, _, owed = carry(market, t, n, held.side, held.shares)
            carried += paid - owed
            if 0 <= held.due <= 2 * t or gone(market, t, n):
                raw, slip, _ = way_out(market, n, 2 * t, held.shares)
                return raw, slip, carried
        if watched and 2 * t >= held.entry and market.bars[n, t].fillable:
            raw, gapped, reason = touched(market, n, t, leaving, held.price, peak)
            if reason != 0:
                stopped = reason != TARGET
                slip = slippage_at(market, t, n, gapped, stopped, held.shares)
                return raw, slip, carried
            peak = peak_after(market, n, t, held.side, peak)
        if 0 <= held.due <= 2 * t + 1 and 2 * t + 1 > held.entry:
            raw, slip, _ = way_out(market, n, 2 * t + 1, held.shares)
            return raw, slip, carried
    slip = slippage_at(market, last, n, False, False, held.shares)
    return mark_at(market, last, n, False), slip, carried


@compiled
def rule_of(plans: Plans, i: int, leaving: Exits, r: int) -> tuple[int, Leaving, bool]:
    """Return how a plan leaves under the r-th setting; whether bars are watched."""
    hold = plans[i].hold if leaving.own[0] else leaving.hold[r]
    stop = plans[i].stop if leaving.own[1] else leaving.stop[r]
    target = plans[i].target if leaving.own[2] else leaving.target[r]
    trail = plans[i].trail if leaving.own[3] else leaving.trail[r]
    watched = not (math.isnan(stop) and math.isnan(target) and math.isnan(trail))
    return hold, Leaving(plans[i].side, stop, target, trail), watched


@compiled
def returns_by_rule(
    market: Market,
    plans: Plans,
    asked: Book,
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
    """
    for i in range(first, last):
        if asked.trades[i].reason != 0:
            continue
        n, entry, side = plans[i].symbol, plans[i].entry, plans[i].side
        shares, price = asked.trades[i].shares, asked.trades[i].entry_price
        for r in range(len(found)):
            hold, ways, watched = rule_of(plans, i, leaving, r)
            end = due(entry, hold, plans[i].until)
            held = Held(n, entry, end, side, shares, price)
            raw, slip, carried = leaves(market, held, ways, watched)
            found[r, i] = earned(held, rules, raw, slip, carried)


class Alone(NamedTuple):
    """Plans to be played by themselves, and all that this takes.

    Attributes
    ----------
    asked : Book
        From `barred`.
    """

    market: Market
    plans: Plans
    asked: Book
    rules: Rules
    leaving: Exits


def play_block(whole: Alone, span: tuple[int, int]) -> Floats:
    """Return what the plans of a span earn under every setting, (R, plans)."""
    market, plans, asked, rules, leaving = whole
    plans = plans[slice(*span)]
    asked = asked._replace(trades=asked.trades[slice(*span)])
    found = np.full((len(leaving.hold), len(plans)), np.nan)
    returns_by_rule(market, plans, asked, rules, leaving, 0, len(plans), found)
    return found
