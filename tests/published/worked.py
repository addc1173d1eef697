"""One event on a handful of sessions, in percent, through the public door."""

from __future__ import annotations

from math import atan, pi, sqrt
from typing import Any

import pandas as pd
import pytest

import aftershock as af
from aftershock.study.design import find_tests

CLOSE = {"rel": 1e-10, "abs": 1e-14}


def worked(
    returns: dict[str, list[float]],
    market: list[float],
    rows: int,
    tests: list[str],
    **settings: Any,
) -> Any:
    """Study one event on session number `rows`, estimated from all sessions before."""
    absent = set(tests) - find_tests("all", several_sessions=True)[1]
    if absent:
        pytest.fail(f"not registered: {', '.join(sorted(absent))}")
    index = pd.bdate_range("2020-01-06", periods=len(market))
    frame = pd.DataFrame(returns, index) / 100
    factors = pd.DataFrame({"mkt": market}, index, dtype=float) / 100
    events = pd.DataFrame(
        {"event_id": "e", "symbol": list(returns), "session": index[rows]}
    )
    return af.event_study(
        events,
        frame,
        factors,
        estimation=(-rows, -1),
        min_obs=3,
        tests=tests,
        **settings,
    )


def t3(t: float) -> float:
    """Two-sided p of Student's t with three degrees of freedom, in closed form.

    F(t) = 1/2 + (atan(u) + u / (1 + u^2)) / pi with u = t / sqrt(3).
    """
    u = abs(t) / sqrt(3)
    return 1 - 2 * (atan(u) + u / (1 + u * u)) / pi
