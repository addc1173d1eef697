"""How much of a result each shortcut was: the honesty ladder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from aftershock import performance
from aftershock.fills.account import Account
from aftershock.fills.plan import DecidedPlan
from aftershock.fills.simulate import Fills, simulate
from aftershock.replay import Replay
from aftershock.strategy import NewsItem, Strategy

FIGURES = ("total_return", "sharpe", "mean_trade", "n_trades")
FREE: dict[str, Any] = {
    "fees_bps": 0.0, "fees_per_share": 0.0, "fees_min": 0.0,
    "borrow_rate": 0.0, "borrow_by_symbol": {},
}  # fmt: skip


def ladder(replay: Replay, strategy: Strategy, account: Account) -> pd.DataFrame:
    """Return the same plans with one shortcut fewer on each rung.

    Returns
    -------
    DataFrame
        rung, words, total_return, sharpe, mean_trade, n_trades, and how many plans were
        refused, by reason: caps cut other plans at other prices. Rungs: 1 entry at the
        close before the news was known, which nobody had; 2 at the first fill, free;
        3 with slippage; 4 with commission, borrow and its refusals. What a rung lost
        against the one before is what the shortcut was worth.

    Notes
    -----
    On the first three rungs every symbol may be borrowed, for nothing.
    """
    plans = replay.decide(strategy)
    free = account.replace(
        **FREE, slippage_bps=0.0, slippage_by_symbol={}, slippage_volume_share=None
    )
    slipped = account.replace(**FREE)
    early = _early(plans, replay, account)
    rungs = [
        ("entry at the close before", _filled(replay, early, free)),
        ("entry at the first fill", _filled(replay, plans, free)),
        ("and slippage", _filled(replay, plans, slipped)),
        ("and commission, borrow", _filled(replay, plans, account, lent=False)),
    ]
    rows = [
        {
            "rung": k + 1,
            "words": words,
            **_figures(replay, fills, account),
            "refused": _refused(fills, len(plans)),
        }
        for k, (words, fills) in enumerate(rungs)
    ]
    return pd.DataFrame(rows)


def readings(replay: Replay, strategy: Strategy, account: Account) -> pd.DataFrame:
    """Return the account at both ends of what is known of the news' times.

    Returns
    -------
    DataFrame
        reading (latest, earliest), clock, total_return, sharpe, mean_trade, n_trades.
        The first row is the account itself; in the second each event came at the first
        moment of its window. `clock` is the New York time, where all events share one.
        Empty where every moment is known.
    """
    sooner = tuple(item.soonest(replay.calendar) for item in replay.items)
    if sooner == replay.items:
        return pd.DataFrame(columns=["reading", "clock", *FIGURES])
    rows = [
        {
            "reading": name,
            "clock": _clock(items),
            **_figures(
                replay, replace(replay, items=items).play(strategy, account), account
            ),
        }
        for name, items in (("latest", replay.items), ("earliest", sooner))
    ]
    return pd.DataFrame(rows)


def _clock(items: Sequence[NewsItem]) -> str:
    """Return the time of day that all news shares, or nothing."""
    clocks = {f"{item.known:%H:%M}" for item in items}
    return clocks.pop() if len(clocks) == 1 else ""


def _early(
    plans: Sequence[DecidedPlan], replay: Replay, account: Account
) -> list[DecidedPlan]:
    """Decide each plan in time for the last close before the news was published.

    A plan made ahead of the news is moved to the close at which it was made.
    """
    sessions, calendar = replay.prices.sessions, replay.calendar
    closes = calendar.closes(sessions)
    moved = []
    for one in plans:
        before = (
            int(closes.searchsorted(min(one.published, one.decided), side="right")) - 1
        )
        if before < 0:
            continue
        at = calendar.open_at(sessions[before]) - account.delay
        plan = replace(one.plan, entry="next_close", lag=0)
        moved.append(replace(one, plan=plan, decided=at))
    return moved


def _filled(
    replay: Replay, plans: Sequence[DecidedPlan], account: Account, lent: bool = True
) -> Fills:
    """Fill plans; `lent`: every symbol can be borrowed, for nothing."""
    if lent:
        names = dict.fromkeys(replay.prices.symbols, 0.0)
        account = account.replace(borrow_by_symbol=names)
    return simulate(
        plans,
        replay.prices,
        account,
        replay.calendar,
        replay.marked,
        () if lent else replay.borrow,
        replay.start,
    )


def _figures(replay: Replay, fills: Fills, account: Account) -> dict[str, float]:
    """Return what a rung tells."""
    path = np.array(fills.equity)[replay.first :]
    returns = performance.returns_of(path, account.cash)
    ret = fills.trades["ret"].dropna()
    return {
        "total_return": performance.total_return(path, account.cash),
        "sharpe": performance.sharpe(returns),
        "mean_trade": float(ret.mean()) if len(ret) else float("nan"),
        "n_trades": float(len(ret)),
    }


def _refused(fills: Fills, count: int) -> str:
    """Return how many of so many plans were not filled, by reason."""
    reasons = fills.trades.loc[fills.trades["ret"].isna(), "exit_reason"]
    why = reasons.value_counts().to_dict()
    if count > len(fills.trades):  # the news came before the first close at hand
        why["no_earlier_close"] = count - len(fills.trades)
    return ", ".join(f"{reason} {n}" for reason, n in sorted(why.items()))
