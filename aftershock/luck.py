"""Skill told from luck, one strategy at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aftershock import performance
from aftershock.executor import Executor, Serial, spans
from aftershock.fills.account import Account
from aftershock.fills.market import market_of
from aftershock.fills.simulate import Fills
from aftershock.replay import Replay
from aftershock.strategy import Moment, NewsItem, Strategy
from aftershock.strategy.base import decision

DRAWS = 200
HISTORY = 60
"""Sessions with prices that every symbol of a placebo event has before it."""
CLEAR = 5
"""Sessions that a placebo keeps from every real event."""
RESAMPLES = 9_999
FEWEST = 6
"""Entry sessions below which a mean trade has no interval, as means of events."""
CELLS = 2**20
"""Sessions times resamples that are held at once."""
TOGETHER = 10
MOST_CHUNKS = 2_000
"""Placebo draws are played in chunks of ten at least, and in so many chunks at most."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PlaceboDates:
    """What a strategy earned on dates without its news.

    Attributes
    ----------
    observed : float
        Total return on the real dates.
    drawn : (B,)
        Total return of each draw.
    """

    observed: float
    drawn: Floats

    @property
    def pvalue(self) -> float:
        """One-sided: (1 + #{drawn >= observed}) / (B + 1)."""
        if not len(self.drawn):
            return float("nan")
        above = np.count_nonzero(self.drawn >= self.observed)
        return float((1 + above) / (len(self.drawn) + 1))


def placebo_dates(
    replay: Replay,
    strategy: Strategy,
    account: Account,
    draws: int = DRAWS,
    seed: int = 1,
    executor: Executor | None = None,
) -> PlaceboDates:
    """Play a strategy on the same news at random other sessions.

    Events of one session move together, at the same time of day, to a session that
    is at least five from every real one, and at which each of their symbols has 60
    sessions of prices behind it and as much room ahead as the news had, up to 20. The
    account runs from the first event, or from a fill before it, where cash then earns
    its interest for longer. News that the strategy is not asked about (past the last
    price, not foreseen) is in no draw either, nor is a symbol that had no price yet.

    Parameters
    ----------
    draws : int
    seed : int
    executor : Executor, optional
        Where the draws are played; default here, one after the other.

    Returns
    -------
    PlaceboDates
        No draw where there is an event for which no such session exists.
    """
    observed = _total(replay.play(strategy, account), account)
    groups: dict[pd.Timestamp, list[NewsItem]] = {}
    moment = Moment.parse(strategy.decide)
    for item in replay.items:
        at, _ = decision(moment, item, replay.prices, replay.calendar)
        if at is not None:
            groups.setdefault(item.session, []).append(_listed(replay, item, at))
    places = {session: _places(replay, items) for session, items in groups.items()}
    if not places or any(not len(where) for where in places.values()):
        return PlaceboDates(observed, np.empty(0))
    # all are drawn before any is played, so that who plays them changes nothing
    rng = np.random.default_rng(seed)
    picks = (rng.choice(places[s]) for _ in range(draws) for s in groups)
    rows = np.fromiter(picks, np.int32, draws * len(groups)).reshape(draws, len(groups))
    size = max(TOGETHER, -(-draws // MOST_CHUNKS))
    chunks = [rows[first:last] for first, last in spans(draws, size)]
    shared = _Placebo(replay, strategy, account, tuple(map(tuple, groups.values())))
    played = (executor or Serial()).run(_played, chunks, shared)
    return PlaceboDates(
        observed, np.array([total for part in played for total in part])
    )


@dataclass(frozen=True, eq=False)
class _Placebo:
    """What all draws share: the news of each session moves as one."""

    replay: Replay
    strategy: Strategy
    account: Account
    groups: tuple[tuple[NewsItem, ...], ...]


def _played(shared: _Placebo, draws: NDArray[np.int32]) -> list[float]:
    """Return the total return of each draw: a session row for every group."""
    replay, found = shared.replay, []
    quiet = market_of(replay.prices, shared.account, (), replay.borrow)
    for rows in draws:
        moved = []
        for row, items in zip(rows, shared.groups, strict=True):
            place = replay.prices.sessions[row]
            moved += [item.moved(place - item.session) for item in items]
        on = _on(replay, moved)
        fills = on.play(shared.strategy, shared.account, replay.start, quiet)
        found.append(_total(fills, shared.account))
    return found


def _listed(replay: Replay, item: NewsItem, at: pd.Timestamp) -> NewsItem:
    """Return the news without the symbols that had no price at its decision."""
    seen = replay.prices.until(at, replay.calendar, listed=True).symbols
    lines = tuple(line for line in item.exposures if line.symbol in seen)
    return replace(item, exposures=lines)


def _on(replay: Replay, items: Sequence[NewsItem]) -> Replay:
    """Return the same prices with other events, in order."""
    ordered = sorted(items, key=lambda item: (item.published, item.id))
    return replace(replay, items=tuple(ordered))


def _total(fills: Fills, account: Account) -> float:
    """Return the total return of an account."""
    return performance.total_return(np.array(fills.equity), account.cash)


def _places(replay: Replay, items: Sequence[NewsItem]) -> NDArray[np.int64]:
    """Return the rows at which the news of one session could stand instead."""
    sessions = replay.prices.sessions
    symbols = {e.symbol for item in items for e in item.exposures}
    close = replay.prices.close[[s for s in replay.prices.symbols if s in symbols]]
    priced = close.notna().cumsum().shift(1, fill_value=0) >= HISTORY
    sound = (priced & close.notna()).all(axis=1).to_numpy(copy=True)
    here = int(sessions.searchsorted(items[0].session))
    room = min(20, len(sessions) - 1 - here)
    sound[max(len(sessions) - room, 0) :] = False
    for item in replay.items:
        row = int(sessions.searchsorted(item.session))
        sound[max(row - CLEAR, 0) : row + CLEAR + 1] = False
    return np.flatnonzero(sound)


def mean_trade_interval(
    trades: pd.DataFrame, draws: int = RESAMPLES, seed: int = 1
) -> tuple[float, float]:
    """Return a 95 % interval of the mean trade return, resampled by entry session.

    Trades of one session share its luck, so that whole sessions are drawn (Efron
    1979, Annals of Statistics 7, 1-26; percentile interval). NaN below six sessions:
    of two it would span their two means and promise 95 %.
    """
    filled = trades[trades["ret"].notna()]
    by_session = filled.groupby("entry_session")["ret"].agg(["sum", "count"])
    if len(by_session) < FEWEST:
        return float("nan"), float("nan")
    sums, counts = by_session.to_numpy(np.float64).T
    rng, means = np.random.default_rng(seed), np.empty(draws)
    for first, last in spans(draws, max(1, CELLS // len(sums))):
        picks = rng.integers(0, len(sums), (last - first, len(sums)))
        means[first:last] = sums[picks].sum(axis=1) / counts[picks].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def attribution(trades: pd.DataFrame, items: Sequence[NewsItem]) -> pd.DataFrame:
    """Split the result by event, role, tag and by when a sign was declared.

    Returns
    -------
    DataFrame
        by (event, role, tag, declared), name, n, pnl, mean_trade. An event with two
        tags counts under both, so that the parts of `tag` add up to more.
    """
    filled = trades[trades["ret"].notna()]
    tags = {item.id: item.tags for item in items}
    lines = {(i.id, e.symbol): e for i in items for e in i.exposures}
    found = [
        lines.get(pair)
        for pair in zip(filled["event_id"], filled["symbol"], strict=True)
    ]
    parts: dict[str, list[Any]] = {
        "event": filled["event_id"].tolist(),
        "role": [line.role if line else "" for line in found],
        "tag": [tags.get(event, ()) for event in filled["event_id"]],
        "declared": [line.declared if line and line.expected else "" for line in found],
    }
    blocks = []
    for by, names in parts.items():
        named = filled.assign(by=by, name=names).explode("name")
        named = named[named["name"].notna() & (named["name"] != "")]
        table = named.groupby(["by", "name"], sort=True)
        blocks.append(
            table.agg(n=("ret", "size"), pnl=("pnl", "sum"), mean_trade=("ret", "mean"))
        )
    return pd.concat(blocks).reset_index()


def uses_signs(replay: Replay, strategy: Strategy) -> bool:
    """Tell whether plans change when every expected sign is turned, or taken away."""
    plans = replay.decide(strategy)
    return any(
        plans != _on(replay, _signed(replay.items, factor)).decide(strategy)
        for factor in (-1, 0)
    )


def _signed(items: Sequence[NewsItem], factor: int) -> list[NewsItem]:
    """Return the news with every expected sign times a factor."""
    return [
        replace(
            item,
            exposures=tuple(
                replace(e, expected=factor * e.expected) for e in item.exposures
            ),
        )
        for item in items
    ]


def luck_figures(
    fills: Fills,
    replay: Replay,
    strategy: Strategy,
    account: Account,
    trials: Sequence[float] = (),
    seed: int = 1,
) -> dict[str, float]:
    """Return what a result is worth against chance.

    Parameters
    ----------
    trials : sequence of float
        Annual Sharpe ratios of every setting that was tried, this one included.

    Returns
    -------
    dict
        probabilistic_sharpe, deflated_sharpe, trials, mean_trade_low and _high (95 %,
        by session), pnl_without_best, pnl_without_worst, pnl_signs_after: what came
        from signs that nobody is known to have declared before the event, 0 for a
        strategy that does not ask for signs.
    """
    path = np.array(fills.equity)[replay.first :]
    returns = performance.returns_of(path, account.cash)
    signs = uses_signs(replay, strategy)
    tried = np.array([s for s in trials if np.isfinite(s)], dtype=np.float64)
    spread = float(np.std(tried, ddof=1)) if len(tried) > 1 else 0.0
    low, high = mean_trade_interval(fills.trades, seed=seed)
    pnl = fills.trades["pnl"].dropna()
    parts = attribution(fills.trades, replay.items)
    late = parts[(parts["by"] == "declared") & (parts["name"] != "before")]
    daily = spread / np.sqrt(performance.SESSIONS_PER_YEAR)
    return {
        "probabilistic_sharpe": performance.probabilistic_sharpe(returns),
        "deflated_sharpe": performance.deflated_sharpe(returns, len(tried), daily),
        "trials": float(max(len(tried), 1)),
        "mean_trade_low": low,
        "mean_trade_high": high,
        "pnl_without_best": float(pnl.sum() - pnl.max()) if len(pnl) else np.nan,
        "pnl_without_worst": float(pnl.sum() - pnl.min()) if len(pnl) else np.nan,
        "pnl_signs_after": float(late["pnl"].sum()) if signs else 0.0,
    }
