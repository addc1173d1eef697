"""Four correlated symbols and a market; a contrast of them as a portfolio."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock import event_study
from tests.study.reference import Pair

ROWS = list(range(-250, -10))
SYMBOLS = ["A", "B", "C", "D"]
WEIGHTS = {"A": 1.0, "B": -0.5, "C": -0.5}
A = np.array([1.0, -0.5, -0.5, 0.0])
CONTRAST = ["contrast", "contrast_ewma"]
SESSIONS = [330, 345, 347, 380, 401, 420, 440, 455]


def make_frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return four correlated symbols and a market."""
    random = np.random.default_rng(17)
    index = pd.bdate_range("2023-01-02", periods=480)
    market = random.normal(0, 0.01, 480)
    shared = random.normal(0, 0.01, 480)
    noise = random.normal(0, 0.015, (480, 4)) + shared[:, None]
    returns = pd.DataFrame(market[:, None] + noise, index=index, columns=SYMBOLS)
    return returns, pd.DataFrame({"mkt": market}, index=index)


FRAMES = make_frames()


def events_on(sessions: list[int], symbols: list[str] = SYMBOLS) -> pd.DataFrame:
    """Return an event a session that names every symbol."""
    rows = [(f"e{p}", s, FRAMES[0].index[p]) for p in sessions for s in symbols]
    return pd.DataFrame(rows, columns=["event_id", "symbol", "session"])


def rows_of(
    events: pd.DataFrame, names: list[str], end: int = 0, **more: object
) -> pd.DataFrame:
    """Return the table of tests by name."""
    settings = {"windows": [(0, end)], "contrast": WEIGHTS, "tests": names, **more}
    return event_study(events, *FRAMES, **settings).tests.set_index("test")


def portfolio(position: int) -> Pair:
    """Return the contrast as one pair, by the second implementation."""
    returns, factors = FRAMES
    return Pair(returns.to_numpy() @ A, factors["mkt"].to_numpy(), position, ROWS)
