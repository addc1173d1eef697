"""Frames that the traps are set in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import aftershock as af
from aftershock.study.design import find_tests

Array = NDArray[np.float64]


def frames(
    symbols: int = 4, sessions: int = 320, seed: int = 1, start: str = "2020-01-02"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return returns with a common market, a common shock and their own noise."""
    rng = np.random.default_rng(seed)
    index = pd.bdate_range(start, periods=sessions)
    market = 0.01 * rng.standard_normal(sessions)
    shock = 0.008 * rng.standard_normal((sessions, 1))
    own = 0.015 * rng.standard_normal((sessions, symbols))
    beta = 0.7 + 0.2 * np.arange(symbols)
    names = [f"S{k}" for k in range(symbols)]
    returns = pd.DataFrame(market[:, None] * beta + shock + own, index, names)
    return returns, pd.DataFrame({"mkt": market}, index)


def events(returns: pd.DataFrame, rows: Sequence[tuple[str, str, int]]) -> pd.DataFrame:
    """Return a frame of events from (id, symbol, calendar row)."""
    return pd.DataFrame(
        [(i, s, returns.index[at]) for i, s, at in rows],
        columns=["event_id", "symbol", "session"],
    )


def needs(*tests: str) -> list[str]:
    """Return the tests, or fail where one is gone."""
    absent = sorted(set(tests) - find_tests("all", several_sessions=True)[1])
    if absent:
        pytest.fail(f"not registered: {', '.join(absent)}")
    return list(tests)


def study(
    given: pd.DataFrame,
    returns: pd.DataFrame,
    factors: pd.DataFrame,
    tests: Sequence[str] = ("cross_sectional",),
    **settings: Any,
) -> Any:
    """Study events on frames with the tests named."""
    return af.event_study(given, returns, factors, tests=needs(*tests), **settings)


def row(found: Any, test: str, window: tuple[int, int] = (0, 0)) -> pd.Series:
    """Return the row of a test in a window."""
    frame = found.tests.set_index(["test", "start", "end"])
    return frame.loc[(test, *window)]


class Line:
    """One pair by numpy.linalg.lstsq: shares nothing with the package."""

    def __init__(self, y: Array, x: Array, event: int, start: int = -250) -> None:
        rows = np.arange(max(event + start, 0), event - 10)
        self.rows = rows[np.isfinite(y[rows]) & np.isfinite(x[rows])]
        design = np.column_stack([np.ones(len(self.rows)), x[self.rows]])
        self.b = np.linalg.lstsq(design, y[self.rows], rcond=None)[0]
        self.residuals = y[self.rows] - design @ self.b
        self.m = len(self.rows)
        self.s = float(np.sqrt(self.residuals @ self.residuals / (self.m - 2)))
        self.x, self.y, self.event = x, y, event
        self.inverse = np.linalg.inv(design.T @ design)

    def ar(self, day: int = 0) -> float:
        """Abnormal return of an offset."""
        at = self.event + day
        return float(self.y[at] - self.b[0] - self.b[1] * self.x[at])

    def car(self, start: int, end: int) -> float:
        """Sum of abnormal returns."""
        return sum(self.ar(day) for day in range(start, end + 1))

    def se(self, start: int, end: int) -> float:
        """Standard error with forecast error and the covariance of the days."""
        at = self.event + np.arange(start, end + 1)
        design = np.column_stack([np.ones(len(at)), self.x[at]])
        covariance = np.eye(len(at)) + design @ self.inverse @ design.T
        return float(self.s * np.sqrt(covariance.sum()))
