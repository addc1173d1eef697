"""The same trades by other engines: final equity must agree, then times are compared.

A common denominator that each can play: 1,000 purchases of 100 shares among 50 symbols
at the first price after the decision, sold after a number of sessions, 1 bp of fees a
side. Each session has one price, so that the next open and the next close, between
which engines differ in what they can fill at, are the same. Prices have two decimals
(zipline keeps three). A final equity that differs by more than 1e-9 stops the
comparison.

Run: python bench/engines.py
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from harness import WORK, ask_peer, keep, seconds, versions

import aftershock as af
from aftershock.calendar import TradingCalendar
from aftershock.replay import Replay
from aftershock.strategy import Moment, NewsView, Strategy, TradePlan
from aftershock.sweep import _tasks, curve_figures

SESSIONS, SYMBOLS, EVENTS, SHARES = 2500, 50, 1000, 100
CASH, FEE = 100_000_000.0, 1e-4
HOLDS = (1, 5, 20)
PEERS = ("backtesting", "bt", "zipline")
LIMIT = 300.0
FREE = {"market": None, "borrow": ()}
ACCOUNT = af.Account(cash=CASH, fees_bps=FEE * 1e4, slippage_bps=0.0)


@dataclass(frozen=True)
class World:
    """Prices, sessions x symbols, and where purchases fill."""

    index: pd.DatetimeIndex
    price: np.ndarray
    rows: np.ndarray
    columns: np.ndarray


@dataclass(frozen=True)
class Hundred(Strategy):
    """Buy a hundred shares of what the news names; hold them."""

    cost: tuple[float, ...] = ()
    hold: int = 5
    decide: Moment = Moment.publication

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Return one purchase; its money is known to the benchmark, as to all."""
        symbol = news.exposures[0].symbol
        money = self.cost[int(news.event.id)]
        return [TradePlan(symbol, notional=money, hold=self.hold)]


def world(seed: int = 1) -> World:
    """Draw prices and events."""
    rng = np.random.default_rng(seed)
    index = TradingCalendar.load("2014-01-01").sessions[:SESSIONS]
    # one position a symbol at a time: engines net orders of one session differently
    slots = rng.choice((SESSIONS // 25 - 1) * SYMBOLS, EVENTS, replace=False)
    rows = slots // SYMBOLS * 25 + 2 + rng.integers(0, 4, EVENTS)
    order = np.argsort(rows, kind="stable")
    walk = np.cumsum(rng.normal(0, 0.01, (SESSIONS, SYMBOLS)), axis=0)
    return World(
        index,
        np.round(50 * np.exp(walk), 2),
        rows[order],
        (slots % SYMBOLS)[order],
    )


def panel_of(made: World) -> af.PricePanel:
    """Return the prices as every bar's four."""
    names = [f"S{k}" for k in range(SYMBOLS)]
    one = pd.DataFrame(made.price, made.index, names)
    return af.PricePanel(open=one, high=one, low=one, close=one)


def played(made: World) -> tuple[list[float], dict[str, float]]:
    """Return our final equities, by hold, and what one setting takes."""
    prices = panel_of(made)
    events = pd.DataFrame(
        {
            "event_id": [f"{k:04d}" for k in range(EVENTS)],
            "symbol": [prices.symbols[k] for k in made.columns],
            "session": made.index[made.rows],
        }
    )
    cost = tuple((SHARES * made.price[made.rows, made.columns]).tolist())
    asked = (Hundred(cost), events, prices)
    grid = {"hold": list(HOLDS)}
    replay = Replay.of(events, prices, **FREE)
    wide = [{"hold": 1 + k % 25} for k in range(100)]
    tasks = _tasks(replay, asked[0], ACCOUNT, wide)
    swept = af.sweep(*asked, grid, ACCOUNT, **FREE)
    if (swept["n_trades"] != EVENTS).any():
        raise AssertionError("not every event was traded")
    one = seconds(lambda: af.sweep(*asked, {"hold": [5]}, ACCOUNT, **FREE))
    many = seconds(lambda: [curve_figures(task) for task in tasks]) / len(tasks)
    whole = seconds(lambda: af.backtest(*asked, ACCOUNT, **FREE))
    ended = (CASH * (1 + swept["total_return"])).tolist()
    return ended, {"first": one, "next": many, "backtest": whole}


def orders(made: World, hold: int) -> np.ndarray:
    """Return shares bought and sold, sessions x symbols."""
    size = np.zeros_like(made.price)
    np.add.at(size, (made.rows, made.columns), float(SHARES))
    np.add.at(size, (made.rows + hold, made.columns), -float(SHARES))
    return size


def by_vectorbt(made: World) -> dict[str, Any]:
    """Return what vectorbt finds, in this process, after its own compilation."""
    import vectorbt as vbt

    vbt.settings.caching["enabled"] = False
    close = pd.DataFrame(made.price, made.index)

    def final(hold: int) -> float:
        """Play one hold."""
        size = orders(made, hold)
        held = vbt.Portfolio.from_orders(
            close, size=np.where(size == 0, np.nan, size), price=close, fees=FEE,
            init_cash=CASH, cash_sharing=True, group_by=True, freq="1D",
        )  # fmt: skip
        return float(held.final_value())

    ended = [final(hold) for hold in HOLDS]
    took = seconds(lambda: [final(hold) for hold in HOLDS]) / len(HOLDS)
    return {"seconds": took, "equity": ended, "version": versions("vectorbt")}


def task_of(made: World) -> Path:
    """Write what a peer is asked."""
    WORK.mkdir(exist_ok=True)
    path = WORK / "engines.npz"
    days = made.index.strftime("%Y-%m-%d").to_numpy(dtype="U10")
    sizes = np.array([orders(made, hold) for hold in HOLDS])
    np.savez(path, price=made.price, days=days, sizes=sizes, cash=CASH, fee=FEE)
    return path


def held(found: dict[str, Any], ended: list[float]) -> dict[str, Any]:
    """Return a peer's answer with how far its equities lie from ours, relatively."""
    if "error" in found:
        return found
    gap = float(np.max(np.abs(np.array(found["equity"]) / ended - 1)))
    if gap > 1e-9:
        raise AssertionError(f"{found['equity']} is not {ended}")
    return found | {"gap": gap}


def main() -> None:
    """Measure, print and keep."""
    made = world()
    ended, own = played(made)
    found = {"vectorbt": held(by_vectorbt(made), ended)}
    task = task_of(made)
    for name in PEERS:
        print(f"{name} ...", flush=True)
        found[name] = held(ask_peer(name, task, LIMIT), ended)
    task.unlink()
    print(f"aftershock, a setting more of a sweep {own['next'] * 1e3:9.2f} ms")
    print(f"aftershock, a sweep of one setting    {own['first'] * 1e3:9.2f} ms")
    print(f"aftershock, backtest with its tables  {own['backtest'] * 1e3:9.2f} ms")
    for name, one in found.items():
        told = one.get("error") or (
            f"{one['seconds'] * 1e3:9.2f} ms  {one['seconds'] / own['next']:6.0f} x, "
            f"{one['seconds'] / own['first']:5.1f} x; equity within {one['gap']:.0e}"
        )
        print(f"{name:37} {told}")
    keep("engines", {"ours": own, "peers": found, "holds": HOLDS})


if __name__ == "__main__":
    main()
