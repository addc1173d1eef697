"""Compile the trading kernels ahead, so that the first run waits for none of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.prices import PricePanel
from aftershock.replay import Replay
from aftershock.strategy import NewsView, Strategy, TradePlan
from aftershock.sweep import sweep_replay

SESSIONS, SYMBOL = 10, "TINY"


@dataclass(frozen=True)
class Warmed:
    """What was done for one kernel.

    Attributes
    ----------
    kernel : str
        What it is for, in words.
    compiled : bool
        False where the machine code of an earlier run was still good.
    seconds : float
    folder : str
        Where the machine code is kept.
    """

    kernel: str
    compiled: bool
    seconds: float
    folder: str


@dataclass(frozen=True)
class _Once(Strategy):
    """Buy what the news names and sell it a session later."""

    hold: int = 1

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Return one plan for each exposure."""
        return [TradePlan(e.symbol, weight=0.1, hold=self.hold) for e in news.exposures]


def warm_up() -> tuple[Warmed, ...]:
    """Play one trade on ten sessions through every kernel, as runs and sweeps do.

    numba compiles a function for the types it is called with. So nothing is compiled
    by hand here: the calls are those of a run, and the types therefore too.

    Returns
    -------
    tuple of Warmed
        The account of `run`, `demo` and `sweep`; the trades of `sweep(curve=False)`.
    """
    from aftershock.fills import alone, kernel

    replay, grid = _tiny(), {"hold": [1, 2]}
    return (
        _timed("accounts", [kernel.run], lambda: sweep_replay(replay, _Once(), grid)),
        _timed(
            "trades by themselves",
            [alone.barred, alone.returns_by_rule],
            lambda: sweep_replay(replay, _Once(), grid, curve=False),
        ),
    )


def _timed(name: str, kernels: list[Any], play: Callable[[], object]) -> Warmed:
    """Play, and tell what it took and whether anything had to be compiled."""
    before, start = _compilations(kernels), time.perf_counter()
    play()
    taken = time.perf_counter() - start
    folder = str(kernels[0].stats.cache_path)
    return Warmed(name, _compilations(kernels) > before, taken, folder)


def _compilations(kernels: Iterable[Any]) -> int:
    """Return how often the disk had no machine code for what was asked."""
    return sum(sum(k.stats.cache_misses.values()) for k in kernels)


def _tiny() -> Replay:
    """Return one event on ten sessions of one symbol; the prices mean nothing."""
    calendar = TradingCalendar.load()
    index = calendar.sessions[:SESSIONS]
    close = pd.DataFrame({SYMBOL: np.arange(100.0, 100.0 + SESSIONS)}, index)
    prices = PricePanel(open=close, high=close, low=close, close=close)
    events = pd.DataFrame(
        {"event_id": ["tiny"], "symbol": [SYMBOL], "session": index[[SESSIONS // 2]]}
    )
    return Replay.of(events, prices, calendar, market=None, borrow=())
