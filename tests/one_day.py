"""One symbol, news of it before the open, and a strategy that holds for a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

import aftershock as af
from aftershock.prices import PricePanel
from aftershock.replay import Replay
from aftershock.strategy import Moment, Strategy, TradePlan
from tests.scenarios import CALENDAR, sessions

NY = "America/New_York"
ACCOUNT = af.Account(cash=1000.0, fees_bps=0.0, slippage_bps=0.0, borrow_rate=0.0)


@dataclass(frozen=True)
class OneDay(Strategy):
    """Hold the first exposure from the first open to the next, all in."""

    weight: float = 1.0
    decide: Moment = Moment.publication

    def plan(self, news):
        line = news.exposures[0]
        side = self.weight * (line.expected or 1)
        yield TradePlan(line.symbol, weight=side, hold=1)


def replay_of(prices: PricePanel, rows: list[int], expected: int = 1) -> Replay:
    """Return events of AAA at 08:00 of some sessions."""
    frame = pd.DataFrame(
        {
            "event_id": [f"e{row}" for row in rows],
            "symbol": "AAA",
            "session": prices.sessions[rows],
            "published": [
                (s + pd.Timedelta("8h")).tz_localize(NY) for s in prices.sessions[rows]
            ],
            "expected": expected,
        }
    )
    return Replay.of(frame, prices, CALENDAR, None, borrow=())


def wandering(count: int = 400, jumps: tuple[int, ...] = ()) -> PricePanel:
    """Return AAA, which rises by 5 % inside the sessions of `jumps`."""
    rng = np.random.default_rng(8)
    moves = rng.normal(0, 0.01, count)
    moves[list(jumps)] += 0.05
    close = 100 * np.exp(np.cumsum(moves))
    first = np.concatenate([[100.0], close[:-1]])
    index = sessions(count, "2024-01-02")
    made = {
        "open": first,
        "high": np.maximum(first, close),
        "low": np.minimum(first, close),
        "close": close,
    }
    return PricePanel(**{k: pd.DataFrame({"AAA": v}, index) for k, v in made.items()})
