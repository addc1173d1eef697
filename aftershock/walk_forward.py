"""Settings chosen on past events only, traded on the next ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from aftershock import performance
from aftershock.errors import ConfigError
from aftershock.executor import Executor
from aftershock.fills.account import Account
from aftershock.fills.plan import DecidedPlan
from aftershock.fills.sheet import RULES
from aftershock.fills.simulate import Fills, simulate
from aftershock.registry import parameters_of
from aftershock.replay import Replay
from aftershock.strategy import Moment, NewsItem, Strategy
from aftershock.strategy.base import decision
from aftershock.sweep import Grid, settings, sweep_replay


@dataclass(frozen=True, eq=False)
class WalkForward:
    """What choosing on the past would have brought.

    Attributes
    ----------
    choices : DataFrame
        One row per fold: fold, first_session, events, past_events, in_sample (the
        chosen setting's Sharpe ratio on the past; NaN where it had none to choose by),
        and the grid's columns.
    fills : Fills
        Of all folds but the first, on one account.
    """

    choices: pd.DataFrame
    fills: Fills


def walk_forward(
    replay: Replay,
    strategy: Strategy,
    grid: Grid,
    account: Account,
    folds: int = 4,
    executor: Executor | None = None,
) -> WalkForward:
    """Cut the events by date; choose on those before a fold, trade the fold.

    The choice is the setting with the best Sharpe ratio on all events known before
    the fold's first event was, or before the first decision that any setting takes
    ahead of one, at prices that end there; among equals, and where
    nothing was traded, the first of the grid. Keys of the account are not chosen.

    Parameters
    ----------
    replay : Replay
    strategy : Strategy
    grid : mapping of name to values
        Rules of a trade and fields of the strategy.
    account : Account
    folds : int
        Blocks of events of about equal number; the first is only learned from.
    executor : Executor, optional
        Where the settings are played; default threads.

    Raises
    ------
    ConfigError
        For fewer events than folds, or fewer than two folds.
    """
    chosen = {name: grid[name] for name in grid if name in _own(strategy)}
    blocks = _blocks(replay.items, folds)
    rows, plans = [], []
    for k in range(1, len(blocks)):
        past = [item for block in blocks[:k] for item in block]
        until = _begins(replay, strategy, chosen, blocks[k])
        # a day-only event of the session before may become known later than this
        past = [item for item in past if item.known <= until]
        best, ratio = _best(replay, strategy, chosen, account, past, until, executor)
        rows.append(
            {
                "fold": k,
                "first_session": blocks[k][0].session,
                "events": len(blocks[k]),
                "past_events": len(past),
                "in_sample": ratio,
                **best,
            }
        )
        wanted = {(item.id, item.session) for item in blocks[k]}
        plans += [
            one
            for one in _decided(replay, strategy, best)
            if (one.event_id, one.session) in wanted
        ]
    start = blocks[1][0].session
    fills = simulate(
        plans, replay.prices, account, replay.calendar, replay.marked, replay.borrow,
        start,
    )  # fmt: skip
    return WalkForward(pd.DataFrame(rows), fills)


def figures_of(
    found: WalkForward, replay: Replay, account: Account
) -> dict[str, float]:
    """Return total_return, sharpe, max_drawdown and n_trades out of sample."""
    first = int(replay.prices.sessions.searchsorted(found.choices["first_session"][0]))
    path = np.array(found.fills.equity)[first:]
    returns = performance.returns_of(path, account.cash)
    return {
        "total_return": performance.total_return(path, account.cash),
        "sharpe": performance.sharpe(returns),
        "max_drawdown": performance.max_drawdown(path, account.cash),
        "n_trades": float(found.fills.trades["ret"].notna().sum()),
    }


def _own(strategy: Strategy) -> set[str]:
    """Return the names that can be chosen: rules, and the strategy's fields."""
    return {*RULES, *parameters_of(strategy)}


def _blocks(items: Sequence[NewsItem], folds: int) -> list[list[NewsItem]]:
    """Cut events into blocks by session; those of one session stay together."""
    sessions = sorted({item.session for item in items})
    if folds < 2 or len(sessions) < folds:
        raise ConfigError(
            f"{folds} folds of {len(sessions)} event sessions",
            where="sweep.folds",
            allowed="at least two, and no more than there are event sessions",
            do="choose fewer folds, or more events",
        )
    parts = np.array_split(np.array(sessions, dtype=object), folds)
    return [
        sorted(
            (item for item in items if item.session in set(part)),
            key=lambda item: (item.session, item.published, item.id),
        )
        for part in parts
    ]


def _begins(
    replay: Replay, strategy: Strategy, grid: Grid, block: Sequence[NewsItem]
) -> pd.Timestamp:
    """Return the first moment at which a fold's setting may be needed."""
    moments = [item.known for item in block]
    for asked in grid.get("decide", [strategy.decide]):
        moment = Moment.parse(asked)
        decided = (decision(moment, i, replay.prices, replay.calendar) for i in block)
        moments += [at for at, _ in decided if at is not None]
    return min(moments)


def _best(
    replay: Replay,
    strategy: Strategy,
    grid: Grid,
    account: Account,
    past: Sequence[NewsItem],
    until: pd.Timestamp,
    executor: Executor | None,
) -> tuple[dict[str, Any], float]:
    """Return the best setting on events known by a moment, and its Sharpe ratio."""
    known = replay.prices.until(until, replay.calendar)
    earlier = replace(replay, items=tuple(past), prices=known)
    table = sweep_replay(earlier, strategy, grid, account, executor=executor)
    ratios = table["sharpe"].where(table["n_trades"] > 0).fillna(-np.inf)
    at = int(ratios.argmax())
    # from the grid, not the table: there a missing stop has become NaN
    best = settings(grid)[at]
    ratio = float(ratios.iloc[at])
    return best, ratio if np.isfinite(ratio) else float("nan")


def _decided(
    replay: Replay, strategy: Strategy, setting: Mapping[str, Any]
) -> list[DecidedPlan]:
    """Return the plans of a strategy under a setting."""
    fields = {k: v for k, v in setting.items() if k not in RULES}
    rules = {k: v for k, v in setting.items() if k in RULES}
    if "lag" in rules:
        rules["lag"] = rules["lag"] or 0
    plans = replay.decide(replace(strategy, **fields))  # type: ignore[type-var]
    return [replace(one, plan=replace(one.plan, **rules)) for one in plans]
