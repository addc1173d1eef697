"""The compiled kernel: one small function for each rule of a fill.

A session runs: the night's borrow, dividends and interest; exits, then entries at the
open; stops and targets inside the bar; exits, then entries at the close; the mark.
Arrays are session x symbol (T x N) or one value per plan (P); half-sessions are those
of `auctions`. numba compiles at the first call and caches the result on disk.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PENDING, OPEN, CLOSED, REFUSED = 0, 1, 2, 3
REASONS = (
    "",
    "hold",
    "stop_loss",
    "trailing_stop",
    "take_profit",
    "until",
    "no_price",
    "end_of_data",
    "ruined",
    "no_room",
    "max_positions",
    "not_shortable",
    "group",
)
(
    _,
    HOLD,
    STOP,
    TRAIL,
    TARGET,
    UNTIL,
    NO_PRICE,
    END,
    RUINED,
    NO_ROOM,
    POSITIONS,
    NOT_SHORTABLE,
    GROUP,
) = range(len(REASONS))
LEAST_SHARE = 0.01
"""Below this share of what was asked a plan is refused."""


class Market(NamedTuple):
    """Prices and terms, T x N, and the calendar days since the session before, (T,)."""

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    mark: Floats
    fillable: Bools
    dividend: Floats
    slip: Floats
    at_open: Floats
    on_stop: Floats
    rate: Floats
    shortable: Bools
    days: Floats


class Rules(NamedTuple):
    """The account's numbers."""

    cash: float
    max_gross: float
    max_weight: float
    max_positions: float
    fees_bps: float
    fees_per_share: float
    fees_min: float
    cash_rate: float


class Plans(NamedTuple):
    """What was decided, (P,), in the order in which it fills; legs of a group adjoin.

    A missing weight, notional, stop or target is NaN; a missing hold or until -1.
    """

    symbol: Ints
    entry: Ints
    side: Floats
    weight: Floats
    notional: Floats
    hold: Ints
    stop: Floats
    target: Floats
    trail: Floats
    until: Ints
    group: Ints


class Book(NamedTuple):
    """What became of the plans, (P,), and of the account, (T,); written by the kernel.

    `state` holds: open trades, 1 if ruined. `cash` is one number.
    """

    status: Ints
    reason: Ints
    size: Floats
    entry_price: Floats
    exit_price: Floats
    exit: Ints
    due: Ints
    peak: Floats
    fees: Floats
    entry_fees: Floats
    slippage: Floats
    borrow: Floats
    borrowed: Floats
    dividends: Floats
    active: Ints
    state: Ints
    cash: Floats
    equity: Floats
    gross: Floats
    flow: Floats
    interest: Floats


def blank_book(n_plans: int, n_sessions: int, cash: float) -> Book:
    """Return the book before the first session."""
    plans: list[Any] = []
    for name in Book._fields[:15]:
        whole = name in {"status", "reason", "exit", "due", "active"}
        plans.append(np.zeros(n_plans, dtype=np.int64 if whole else np.float64))
    days = [np.zeros(n_sessions) for _ in range(4)]
    state = np.zeros(2, dtype=np.int64)
    return Book(*plans, state, np.array([cash]), *days)


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
    return market.slip[t, n] * factor


@njit(cache=True, nogil=True)
def mark_at(market: Market, t: int, n: int, at_open: bool) -> float:
    """Return the last price known at the open or the close of a session."""
    if not at_open:
        return market.mark[t, n]
    if math.isfinite(market.open[t, n]) or t == 0:
        return market.open[t, n]
    return market.mark[t - 1, n]


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


@njit(cache=True, nogil=True)
def check_ruin(market: Market, plans: Plans, book: Book, rules: Rules, at: int) -> None:
    """End the run where equity is gone."""
    equity, _ = worth(market, plans, book, at // 2, at % 2 == 0)
    if equity <= 0.0 and book.state[1] == 0:
        book.state[1] = 1
        close_all(market, plans, book, rules, at, RUINED)


@njit(cache=True, nogil=True)
def run(market: Market, plans: Plans, book: Book, rules: Rules, start: int) -> None:
    """Play all sessions from `start` on; the book holds what happened."""
    book.equity[:start] = rules.cash
    pointer, n_sessions = 0, len(market.days)
    for t in range(start, n_sessions):
        if t > start and book.state[1] == 0:
            night(market, plans, book, rules, t)
        check_ruin(market, plans, book, rules, 2 * t)
        exits(market, plans, book, rules, 2 * t)
        pointer = entries(market, plans, book, rules, 2 * t, pointer)
        inside(market, plans, book, rules, t)
        exits(market, plans, book, rules, 2 * t + 1)
        pointer = entries(market, plans, book, rules, 2 * t + 1, pointer)
        _, book.gross[t] = worth(market, plans, book, t, False)
        check_ruin(market, plans, book, rules, 2 * t + 1)
        if t == n_sessions - 1:
            close_all(market, plans, book, rules, 2 * t + 1, END)
        book.equity[t], _ = worth(market, plans, book, t, False)
