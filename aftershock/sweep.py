"""A strategy under many settings: plans once for each field, fills for each row."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aftershock import performance
from aftershock.calendar import TradingCalendar
from aftershock.errors import ConfigError
from aftershock.events import EventSet
from aftershock.executor import Executor, executor_of, spans
from aftershock.fills.account import Account
from aftershock.fills.alike import first_alike, mark_of
from aftershock.fills.arrays import CLOSED, Market, blank_book
from aftershock.fills.auctions import Auctions
from aftershock.fills.borrow import BorrowRow
from aftershock.fills.market import market_of, rules_of
from aftershock.fills.sheet import RULES, Sheet, check_rule
from aftershock.prices import PricePanel
from aftershock.registry import parameters_of, suggest
from aftershock.replay import Replay
from aftershock.strategy import Strategy
from aftershock.strategy.base import refuse_no_strategy

if TYPE_CHECKING:
    from aftershock.fills.alone import Exits

CURVE = ("total_return", "sharpe", "max_drawdown", "n_trades")
TOGETHER = 8
"""Combinations that are played as one chunk of work."""
TRADES = ("n_trades", "hit_rate", "mean_trade", "median_trade", "std_trade")
Grid = Mapping[str, Sequence[Any]]


def sweep(
    strategy: Strategy,
    events: EventSet | pd.DataFrame,
    prices: PricePanel,
    grid: Grid,
    account: Account | None = None,
    market: str | None = "SPY",
    calendar: TradingCalendar | None = None,
    policy: str = "next",
    borrow: Iterable[BorrowRow] | None = None,
    jobs: int | None = None,
    *,
    curve: bool = True,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Trade events under every combination of a grid.

    Parameters
    ----------
    strategy : Strategy
    events : EventSet or DataFrame
        See `backtest`.
    prices : PricePanel
    grid : mapping of name to values
        A name is a rule of a trade (hold, stop_loss, take_profit, trailing_stop, lag),
        which is laid over all plans without asking the strategy again; or a field of
        the strategy; or a key of the account.
    account : Account, optional
    market : str, optional
    calendar : TradingCalendar, optional
    policy : str
    borrow : iterable of BorrowRow, optional
    jobs : int, optional
        Threads; all cores when left out. The numbers do not depend on it.
    curve : bool
        False: statistics of the trades, each by itself, without an account that could
        refuse or scale them; several times as fast.
    executor : Executor, optional
        Where combinations are played, in place of `jobs` threads.

    Returns
    -------
    DataFrame
        One row per combination, the last name of the grid changing fastest: the grid's
        columns, then total_return, sharpe (daily, 252), max_drawdown and n_trades of
        an account that begins at the first event's session. Without `curve`: n_trades,
        hit_rate, and mean, median and standard deviation (ddof 1) of their returns.

    Raises
    ------
    ConfigError
        For a name that nothing has, or one without values.
    """
    replay = Replay.of(events, prices, calendar, market, policy, borrow)
    return sweep_replay(
        replay, strategy, grid, account, jobs, curve=curve, executor=executor
    )


def sweep_replay(
    replay: Replay,
    strategy: Strategy,
    grid: Grid,
    account: Account | None = None,
    jobs: int | None = None,
    *,
    curve: bool = True,
    executor: Executor | None = None,
    alike: bool = False,
) -> pd.DataFrame:
    """Sweep over events and prices that were read already; see `sweep`.

    With `alike`, of accounts, `same_trades` is the first row, from 1, of these trades.
    """
    check_grid(strategy, grid)
    rows = settings(grid)
    tasks = _tasks(replay, strategy, account or Account(), rows)
    place = executor or executor_of(jobs=jobs, usual="threads")
    names = CURVE if curve else TRADES
    found = (all_curves if curve else trade_figures)(tasks, place)
    frame = pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=object) for name in grid}
    ).infer_objects()
    numbers = np.array(found, dtype=np.float64).reshape(len(rows), -1)
    for k, name in enumerate(names):
        frame[name] = numbers[:, k]
    if alike:
        frame["same_trades"] = first_alike(numbers[:, -1])
    return frame.astype({"n_trades": np.int64})


def settings(grid: Grid) -> list[dict[str, Any]]:
    """Return every combination, the last name changing fastest."""
    return [
        dict(zip(grid, values, strict=True))
        for values in itertools.product(*grid.values())
    ]


def check_grid(strategy: Strategy, grid: Grid) -> None:
    """Refuse no strategy, names that nothing has, and names without values."""
    refuse_no_strategy(strategy)
    fields = set(parameters_of(strategy))
    known = {*RULES, *fields, *parameters_of(Account)}
    for name, values in grid.items():
        if name not in known:
            raise ConfigError(
                f"nothing has '{name}'.{suggest(name, known)}",
                where="sweep.grid",
                allowed=", ".join([*RULES, *sorted(fields - set(RULES))])
                + ", or a key of account",
            )
        if isinstance(values, str) or not hasattr(values, "__len__") or not len(values):
            raise ConfigError(
                f"{values!r}", where=f"sweep.grid.{name}", allowed="a list of values"
            )
        check_rule(name, values)


@dataclass(frozen=True, eq=False)
class _Task:
    """One combination: plans, prices with costs, and the account's numbers."""

    sheet: Sheet
    bars: Market
    account: Account
    rules: Mapping[str, Any]
    first: int


def _tasks(
    replay: Replay,
    strategy: Strategy,
    account: Account,
    rows: Sequence[Mapping[str, Any]],
) -> list[_Task]:
    """Return the combinations; what they share is made once."""
    fields = set(parameters_of(strategy))
    plans: dict[str, Any] = {}
    accounts: dict[str, tuple[Account, Market, Auctions]] = {}
    sheets: dict[tuple[str, str], Sheet] = {}
    tasks = []
    for row in rows:
        rules = {k: v for k, v in row.items() if k in RULES}
        own = {k: v for k, v in row.items() if k in fields and k not in rules}
        kept = {k: v for k, v in row.items() if k not in rules and k not in own}
        keys = repr(own), repr(kept)
        if keys[0] not in plans:
            changed = dataclasses.replace(strategy, **own)  # type: ignore[type-var]
            plans[keys[0]] = replay.decide(changed)
        if keys[1] not in accounts:
            accounts[keys[1]] = _opened(replay, account.replace(**kept))
        opened, bars, auctions = accounts[keys[1]]
        if keys not in sheets:
            sheets[keys] = Sheet.of(plans[keys[0]], replay.prices, opened, auctions)
        tasks.append(_Task(sheets[keys], bars, opened, rules, replay.first))
    return tasks


def _opened(replay: Replay, account: Account) -> tuple[Account, Market, Auctions]:
    """Return an account with its auctions and its costs by session."""
    sessions = replay.prices.sessions
    bars = market_of(replay.prices, account, replay.marked, replay.borrow)
    return account, bars, Auctions.of(sessions, replay.calendar, account)


def all_curves(tasks: Sequence[_Task], place: Executor) -> list[tuple[float, ...]]:
    """Play every combination on its account; return `CURVE` of each, and `mark_of`."""
    parts = place.run(_curves, spans(len(tasks), TOGETHER), tasks)
    return [figures for part in parts for figures in part]


def _curves(tasks: Sequence[_Task], span: tuple[int, int]) -> list[tuple[float, ...]]:
    """Play the combinations of a span."""
    return [curve_figures(task) for task in tasks[slice(*span)]]


def curve_figures(task: _Task) -> tuple[float, ...]:
    """Play one combination on its account; return `CURVE`, and `mark_of` its trades."""
    from aftershock.fills.kernel import run

    arranged = task.sheet.arranged(**task.rules)
    played = arranged.plans[arranged.playable]
    book = blank_book(len(played), len(task.bars.nights), task.account.cash)
    first = min(task.first, int(played["entry"].min(initial=2 * task.first)) // 2)
    run(task.bars, played, book, rules_of(task.account), first)
    path, cash = book.days["equity"][task.first :], task.account.cash
    if not len(path):
        return (float("nan"),) * 3 + (0.0, 0.0)
    return (
        performance.total_return(path, cash),
        performance.sharpe(performance.returns_of(path, cash)),
        performance.max_drawdown(path, cash),
        float(np.count_nonzero(book.trades["status"] == CLOSED)),
        mark_of(played, book.trades),
    )


def trade_figures(tasks: Sequence[_Task], place: Executor) -> list[tuple[float, ...]]:
    """Play each plan by itself; return `TRADES` of every combination.

    Combinations that share plans, costs and the moment of entry are played together.
    """
    together: dict[Any, list[int]] = {}
    for k, task in enumerate(tasks):
        key = (id(task.sheet), id(task.bars), task.rules.get("lag", ""))
        together.setdefault(key, []).append(k)
    found: dict[int, tuple[float, ...]] = {}
    for members in together.values():
        some = [tasks[k] for k in members]
        returns = _returns(some, place)
        found |= dict(zip(members, map(_summary, returns), strict=True))
    return [found[k] for k in range(len(tasks))]


def _returns(tasks: Sequence[_Task], place: Executor) -> NDArray[np.float64]:
    """Return what the trades earn, combinations x trades; cut in blocks of plans."""
    from aftershock.fills.alone import Alone, barred, play_block

    head = tasks[0]
    lag = {k: v for k, v in head.rules.items() if k == "lag"}
    arranged = head.sheet.arranged(**lag)
    plans = arranged.plans[arranged.playable]
    rules = rules_of(head.account)
    asked = blank_book(len(plans), len(head.bars.nights), head.account.cash)
    barred(head.bars, plans, asked, rules)
    shared = Alone(head.bars, plans, asked, rules, _exits(tasks))
    blocks = spans(len(plans), -(-len(plans) // place.width) or 1)
    parts = list(place.run(play_block, blocks, shared))
    found = np.hstack(parts) if parts else np.empty((len(tasks), 0))
    return found[:, asked.trades["reason"] == 0]


def _exits(tasks: Sequence[_Task]) -> Exits:
    """Return the rules of leaving of some combinations as arrays."""
    from aftershock.fills.alone import Exits

    names = ("hold", "stop_loss", "take_profit", "trailing_stop")
    own = np.array([int(name not in tasks[0].rules) for name in names])

    def column(name: str, none: float) -> NDArray[np.float64]:
        """Return one rule of every setting."""
        asked = [task.rules.get(name) for task in tasks]
        return np.array([none if v is None else v for v in asked], dtype=np.float64)

    hold = column(names[0], -1).astype(np.int64)
    stop, target, trail = (column(name, np.nan) for name in names[1:])
    return Exits(hold, stop, target, trail, own)


def _summary(ret: NDArray[np.float64]) -> tuple[float, ...]:
    """Return `TRADES` of some returns."""
    if not len(ret):
        return (0.0, *[float("nan")] * 4)
    spread = float(np.std(ret, ddof=1)) if len(ret) > 1 else float("nan")
    hits = float(np.mean(ret > 0))
    return float(len(ret)), hits, float(np.mean(ret)), float(np.median(ret)), spread
