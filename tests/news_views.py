"""Simulated prices, news of them, and a strategy that keeps its views."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.prices import PricePanel
from aftershock.strategy import Moment, NewsView, Strategy, decide, read_news
from tests.scenarios import CALENDAR, sessions

NY = "America/New_York"


def noisy(count: int = 320) -> PricePanel:
    """Return AAA = 1.5 x SPY + noise, two symbols, full bars."""
    rng = np.random.default_rng(7)
    market = rng.normal(0, 0.01, count)
    mine = 0.001 + 1.5 * market + rng.normal(0, 0.005, count)
    index = sessions(count, "2024-01-02")
    moves = pd.DataFrame({"AAA": mine, "SPY": market}, index)
    close = 100 * (1 + moves).cumprod()
    first = close.shift(1).fillna(100.0) * 1.01
    return PricePanel(
        open=first, high=close * 1.05, low=close * 0.95, close=close, volume=close * 10
    )


def frame(prices: PricePanel, *rows: tuple[str, int], **more: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "event_id": [row[0] for row in rows],
            "symbol": "AAA",
            "session": [prices.sessions[row[1]] for row in rows],
            "expected": 1,
            "tag": "deal",
            **more,
        }
    )


@dataclass(frozen=True)
class Recorder(Strategy):
    """Keep the views."""

    seen: tuple[list[NewsView], ...] = ()
    decide: Moment | str = Moment.event_close

    def plan(self, news):
        self.seen[0].append(news)
        return []


def views(prices: PricePanel, news: pd.DataFrame, moment: object) -> list[NewsView]:
    seen: list[NewsView] = []
    recorder = Recorder((seen,), decide=moment)
    decide(recorder, read_news(news, CALENDAR), prices, CALENDAR, "SPY")
    return seen


def foreseen(prices: PricePanel, since: int | None, **more: object) -> pd.DataFrame:
    """Return an event of session 300 whose day was public at the close of `since`."""
    known = pd.NaT if since is None else prices.sessions[since] + pd.Timedelta("16h")
    news = frame(prices, ("e", 300), **{"tag": "earnings", "role": "actor", **more})
    return news.assign(foreseen=pd.Series([known]).dt.tz_localize(NY))
