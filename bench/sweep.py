"""Sweep 500 settings over 4,000 events, 500 symbols and 2,520 sessions; a ratio.

Against a loop over vectorbt portfolios (`Portfolio.from_signals` with the same entries,
holding times and stops), both after compilation, in one run. vectorbt's entries fill at
the close and its caps differ, so that times are compared and not results; parity of
fills is held in the tests.

Run: python bench/sweep.py
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from harness import keep, seconds

import aftershock as af
from aftershock.calendar import TradingCalendar
from aftershock.fills.auctions import Auctions
from aftershock.fills.market import market_of
from aftershock.fills.plan import DecidedPlan
from aftershock.fills.sheet import Sheet
from aftershock.sweep import _Task as Task
from aftershock.sweep import curve_figures, trade_figures

SESSIONS, SYMBOLS, EVENTS = 2520, 500, 4000
HOLDS, STOPS = range(1, 11), [None, *np.round(np.linspace(0.01, 0.3, 49), 4)]
LOOPED = 3
"""Portfolios of vectorbt that are timed; the loop's time is theirs times 500 / 3."""


@dataclass(frozen=True)
class World:
    """Prices, and where the events fall."""

    prices: af.PricePanel
    rows: np.ndarray
    columns: np.ndarray
    sides: np.ndarray


def world(seed: int = 1) -> World:
    """Draw prices and events."""
    rng = np.random.default_rng(seed)
    calendar = TradingCalendar.load()
    first = calendar.sessions.searchsorted(pd.Timestamp("2015-01-02"))
    index = calendar.sessions[first : first + SESSIONS]
    names = [f"S{k}" for k in range(SYMBOLS)]
    shape = (SESSIONS, SYMBOLS)
    close = 50 * np.exp(np.cumsum(rng.normal(0, 0.02, shape), axis=0))
    opened = close * np.exp(rng.normal(0, 0.01, shape))
    bars = {
        "open": opened,
        "high": np.maximum(opened, close) * 1.01,
        "low": np.minimum(opened, close) * 0.99,
        "close": close,
    }
    frames = {k: pd.DataFrame(v, index, names) for k, v in bars.items()}
    return World(
        af.PricePanel(**frames),
        np.sort(rng.integers(1, SESSIONS - 30, EVENTS)),
        rng.integers(0, SYMBOLS, EVENTS),
        rng.choice([-1, 1], EVENTS),
    )


def tasks_of(made: World) -> list[Task]:
    """Return the 500 settings on one sheet of plans."""
    calendar, account = TradingCalendar.load(), af.Account()
    index, symbols = made.prices.sessions, made.prices.symbols
    closes = calendar.closes(index)
    plans = [
        DecidedPlan(
            af.TradePlan(symbols[column], weight=0.02 * side),
            f"e{k:04d}", closes[row], closes[row],
        )
        for k, (row, column, side) in enumerate(
            zip(made.rows, made.columns, made.sides, strict=True)
        )
    ]  # fmt: skip
    sheet = Sheet.of(plans, made.prices, account, Auctions.of(index, calendar, account))
    bars = market_of(made.prices, account)
    return [
        Task(sheet, bars, account, {"hold": hold, "stop_loss": stop}, 0)
        for hold in HOLDS
        for stop in STOPS
    ]


def vectorbt_loop(made: World) -> Callable[[int], None]:
    """Return what plays one setting as a vectorbt portfolio."""
    import vectorbt as vbt

    vbt.settings.caching["enabled"] = False
    prices = made.prices
    long, short = (np.zeros(prices.close.shape, dtype=bool) for _ in range(2))
    for row, column, side in zip(made.rows, made.columns, made.sides, strict=True):
        (long if side > 0 else short)[row, column] = True

    def play(k: int) -> None:
        """Play the k-th setting."""
        hold, stop = list(HOLDS)[k // len(STOPS)], STOPS[k % len(STOPS)]
        ends = [np.roll(side, hold, axis=0) for side in (long, short)]
        made_ = vbt.Portfolio.from_signals(
            prices.close, open=prices.open, high=prices.high, low=prices.low,
            entries=long, exits=ends[0], short_entries=short, short_exits=ends[1],
            sl_stop=np.nan if stop is None else stop, size=0.02, size_type="percent",
            upon_opposite_entry="ignore", cash_sharing=True, group_by=True,
            init_cash=1e6, fees=1e-4, freq="1D",
        )  # fmt: skip
        made_.value()

    return play


def main() -> None:
    """Measure and print."""
    from concurrent.futures import ThreadPoolExecutor

    from aftershock.executor import Threads

    made = world()
    tasks, workers = tasks_of(made), os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        curve_figures(tasks[0])
        trade_figures(tasks[:2], Threads(workers))
        curves = seconds(lambda: list(pool.map(curve_figures, tasks)))
        alone = seconds(lambda: trade_figures(tasks, Threads(workers)))
    play = vectorbt_loop(made)
    play(0)
    each = seconds(lambda: [play(k) for k in (1, 150, 400)[:LOOPED]], 1) / LOOPED
    loop = each * len(tasks)
    print(
        f"{len(tasks)} settings, {EVENTS} events, {SYMBOLS} symbols, {workers} threads"
    )
    print(f"trade statistics    {alone:8.2f} s")
    print(f"daily equity        {curves:8.2f} s")
    print(f"vectorbt, a loop    {loop:8.1f} s  ({each:.2f} s each, {LOOPED} timed)")
    print(f"ratio               {loop / curves:8.0f} x")
    keep(
        "sweep",
        {
            "settings": len(tasks), "events": EVENTS, "threads": workers,
            "alone": alone, "curves": curves, "loop": loop, "timed": LOOPED,
        },
    )  # fmt: skip


if __name__ == "__main__":
    main()
