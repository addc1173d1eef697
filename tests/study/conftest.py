"""Simulated returns of four symbols with news on one session, and their pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.study.reference import Pair

EVENT = 420
ROWS = list(range(-250, -10))
SYMBOLS = ["UP", "DOWN", "LOW", "FLAT"]


@pytest.fixture(scope="module")
def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Heavy-tailed returns of four symbols with different betas, and the market."""
    random = np.random.default_rng(7)
    index = pd.bdate_range("2024-01-02", periods=500)
    market = random.standard_t(5, 500) * 0.008
    noise = random.standard_t(4, (500, 4)) * [0.012, 0.03, 0.025, 0.02]
    values = market[:, None] * [1.3, 2.5, 2.0, 0.4] + noise
    values[EVENT] += [0.08, -0.15, -0.12, 0.0]
    returns = pd.DataFrame(values, index=index, columns=SYMBOLS)
    return returns, pd.DataFrame({"mkt": market}, index=index)


@pytest.fixture(scope="module")
def events(frames: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """One session of news for all four, one of them without a prior sign."""
    return pd.DataFrame(
        {
            "event_id": "news",
            "symbol": SYMBOLS,
            "session": frames[0].index[EVENT],
            "role": ["actor", "rival", "rival", "fund"],
            "expected": [1, -1, -1, 0],
        }
    )


def pair(frames: tuple[pd.DataFrame, pd.DataFrame], symbol: str) -> Pair:
    """The same pair, by the second implementation."""
    returns, factors = frames
    return Pair(returns[symbol].to_numpy(), factors["mkt"].to_numpy(), EVENT, ROWS)
