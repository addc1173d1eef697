"""The compiled kernel: one small function for each rule of a fill.

A session runs: the night's borrow, dividends and interest; exits, then entries at the
open; stops and targets inside the bar; exits, then entries at the close; the mark.
Arrays are symbol x session (N x T) or one value per plan (P); half-sessions are those
of `auctions`. numba compiles at the first call and caches the result on disk;
`aftershock warmup` makes that call ahead.
"""

from __future__ import annotations

from aftershock.fills.arrays import END, RUINED, Book, Market, Plans, Rules
from aftershock.fills.compiled import compiled
from aftershock.fills.costs import night, worth
from aftershock.fills.entries import entries
from aftershock.fills.exits import close_all, exits, inside


@compiled
def check_ruin(
    market: Market, plans: Plans, book: Book, rules: Rules, at: int
) -> tuple[float, float]:
    """End the run where equity is gone; return equity and gross as they were."""
    equity, gross = worth(market, plans, book, at // 2, at % 2 == 0)
    if equity <= 0.0 and book.state[1] == 0:
        book.state[1] = 1
        close_all(market, plans, book, rules, at, RUINED)
    return equity, gross


@compiled
def run(market: Market, plans: Plans, book: Book, rules: Rules, start: int) -> None:
    """Play all sessions from `start` on; the book holds what happened."""
    for t in range(start):
        book.days[t].equity = rules.cash
    pointer, n_sessions = 0, len(market.nights)
    for t in range(start, n_sessions):
        if t > start and book.state[1] == 0:
            night(market, plans, book, rules, t)
        check_ruin(market, plans, book, rules, 2 * t)
        exits(market, plans, book, rules, 2 * t)
        pointer = entries(market, plans, book, rules, 2 * t, pointer)
        inside(market, plans, book, rules, t)
        exits(market, plans, book, rules, 2 * t + 1)
        pointer = entries(market, plans, book, rules, 2 * t + 1, pointer)
        equity, book.days[t].gross = check_ruin(market, plans, book, rules, 2 * t + 1)
        if t == n_sessions - 1:
            close_all(market, plans, book, rules, 2 * t + 1, END)
        # selling out costs; with nothing left to sell, cash is what there is
        book.days[t].equity = equity if book.state[0] > 0 else book.cash[0]
