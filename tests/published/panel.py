"""The made-up panel of `r/panel.R`, once more in Python; and plain frames of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import aftershock as af
from aftershock.study.design import find_tests

T, K, SHARED, QUIET = 160, 8, 150, 140
OWN = 112 + 5 * np.arange(K)
ESTIMATION = (-100, -11)
SYMBOLS = [f"S{k}" for k in range(K)]
SESSIONS = pd.bdate_range("2019-01-01", periods=T)


def wave(a: int, b: int, p: int) -> NDArray[np.float64]:
    """Return a quadratic residue sequence scaled to -.5 .. .5, (T,)."""
    t = np.arange(T)
    return np.asarray(((a * t * t + b * t) % p) / p - 0.5)


FACTORS = pd.DataFrame(
    {
        "mkt": 0.020 * wave(7, 13, 97),
        "smb": 0.010 * wave(11, 5, 89),
        "hml": 0.008 * wave(3, 17, 83),
        "rmw": 0.007 * wave(5, 29, 79),
        "cma": 0.006 * wave(13, 2, 73),
        "mom": 0.009 * wave(17, 19, 71),
        "rf": 0.0001 * (1 + np.arange(T) % 5),
    },
    index=SESSIONS,
)


def _returns() -> pd.DataFrame:
    """Return the panel's returns with the news in them."""
    columns = []
    for k in range(K):
        own = 0.01 * (1 + 0.2 * k) * wave(k + 2, 3 * k + 1, 103)
        usual = 0.0003 * (k + 1) + (0.6 + 0.1 * k) * FACTORS["mkt"].to_numpy()
        r = usual + 0.3 * FACTORS["smb"].to_numpy() + 0.010 * wave(5, 3, 101) + own
        r[SHARED] += 0.006 * (k + 1) * (-1) ** (k + 1)
        r[OWN[k]] += 0.004 * (k + 1) - 0.006
        columns.append(r)
    return pd.DataFrame(np.stack(columns, axis=1), SESSIONS, SYMBOLS)


RETURNS = _returns()


def on_one_session(position: int = SHARED) -> pd.DataFrame:
    """Return one event that names every symbol."""
    return pd.DataFrame(
        {"event_id": "news", "symbol": SYMBOLS, "session": SESSIONS[position]}
    )


def on_own_sessions() -> pd.DataFrame:
    """Return one event for each symbol, five sessions apart."""
    return pd.DataFrame(
        {
            "event_id": [f"e{k}" for k in range(K)],
            "symbol": SYMBOLS,
            "session": SESSIONS[OWN],
        }
    )


def study(events: pd.DataFrame, tests: Sequence[str], **changed: Any) -> Any:
    """Study the panel; fail where a test is gone."""
    known = find_tests("all", several_sessions=True)[1]
    absent = sorted(set(tests) - known)
    if absent:
        pytest.fail(f"not registered: {', '.join(absent)}")
    settings: dict[str, Any] = {
        "returns": RETURNS,
        "factors": FACTORS,
        "estimation": ESTIMATION,
        "tests": list(tests),
    }
    return af.event_study(events, **{**settings, **changed})


def row(study: Any, test: str, window: tuple[int, int] = (0, 0)) -> pd.Series:
    """Return the row of the group `all` for a test in a window."""
    frame = study.tests
    at = (frame["test"] == test) & (frame["group"] == "all")
    at &= (frame["start"] == window[0]) & (frame["end"] == window[1])
    assert at.sum() == 1, f"{at.sum()} rows named {test}"
    return frame[at].iloc[0]


def stored(name: str) -> Any:
    """Read the numbers that R left."""
    return json.loads((Path(__file__).parent / "r" / f"{name}.json").read_text())
