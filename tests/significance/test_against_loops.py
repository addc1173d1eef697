"""Whole studies on uneven histories: pairs fitted apart, formulae in loops."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aftershock import event_study
from tests.significance.loops import (
    Days,
    Window,
    corrado_by_loop,
    crude_by_loop,
    fitted,
    grank_by_loop,
    hall_by_loop,
    patell_by_loop,
)

EVENT: Window = (-2, 4)
_NAMES = """
    crude_dependence patell adjusted_patell skewness corrado_rank corrado_zivney_sign
    sign generalized_sign wilcoxon grank_t grank_z
"""
NAMES = _NAMES.split()


@pytest.fixture(scope="module")
def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fourteen symbols; three listed late, gaps everywhere, also in event windows."""
    random = np.random.default_rng(21)
    index = pd.bdate_range("2023-01-02", periods=520)
    market = random.normal(0, 0.01, 520)
    spread = random.uniform(0.01, 0.03, 14)
    returns = market[:, None] + random.standard_t(5, (520, 14)) * spread
    returns[random.random(returns.shape) < 0.02] = np.nan
    returns[:180, :3] = np.nan
    names = [f"S{k}" for k in range(14)]
    return (
        pd.DataFrame(returns, index=index, columns=names),
        pd.DataFrame({"mkt": market}, index=index),
    )


@pytest.fixture(scope="module")
def events(frames: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """Twenty-one events: each symbol once, seven twice."""
    returns = frames[0]
    rows = [(f"e{k}", f"S{k % 14}", returns.index[300 + 10 * k]) for k in range(21)]
    return pd.DataFrame(rows, columns=["event_id", "symbol", "session"])


@pytest.fixture(scope="module")
def pairs(
    frames: tuple[pd.DataFrame, pd.DataFrame], events: pd.DataFrame
) -> list[Days]:
    """Every pair by the second implementation."""
    returns, factors = frames
    return [
        fitted(
            returns[e.symbol], factors["mkt"], returns.index.get_loc(e.session), EVENT
        )
        for e in events.itertuples()
    ]


@pytest.mark.parametrize("window", [(0, 0), (-1, 1), (0, 4)])
def test_every_statistic(frames, events, pairs, window: Window) -> None:
    """The market model with its forecast errors, unequal M, and missing days."""
    study = event_study(events, *frames, windows=[window], event=EVENT, tests=NAMES)
    rows = study.tests.set_index("test")
    assert set(rows.index) == set(NAMES)
    kept = [p for p in pairs if p.complete(window)]
    cars = [p.car(window) for p in kept]
    rank, sign = corrado_by_loop(pairs, window)
    grank_t, grank_z, days = grank_by_loop(pairs, window)
    n, w = len(kept), sum(x > 0 for x in cars)
    p = np.mean([np.mean([e > 0 for e in k.residuals.values()]) for k in kept])
    upper = stats.wilcoxon(
        cars, alternative="greater", correction=False, method="asymptotic"
    )
    expected = {
        "crude_dependence": crude_by_loop(pairs, window)[0],
        "patell": patell_by_loop(pairs, window),
        # no two windows share a session, so r = 0
        "adjusted_patell": patell_by_loop(pairs, window),
        "skewness": hall_by_loop(cars),
        "corrado_rank": rank,
        "corrado_zivney_sign": sign,
        "sign": (w - n / 2) / math.sqrt(n / 4),
        "generalized_sign": (w - n * p) / math.sqrt(n * p * (1 - p)),
        "wilcoxon": upper.zstatistic,
        "grank_t": grank_t,
        "grank_z": grank_z,
    }
    for name, value in expected.items():
        assert rows.loc[name, "statistic"] == pytest.approx(value, rel=1e-9), name
        whole = name.startswith("corrado")
        assert rows.loc[name, "n"] == (len(pairs) if whole else n)
        assert rows.loc[name, "estimate"] == pytest.approx(np.mean(cars), rel=1e-9)
    assert rows.loc["grank_t", "df"] == days - 2
    normal = rows.drop(["grank_t", "crude_dependence", "sign"])
    by_normal = 2 * stats.norm.sf(normal["statistic"].abs())
    assert normal["pvalue"].to_numpy() == pytest.approx(by_normal, rel=1e-10)
    assert normal["df"].isna().all() and rows["ci_low"].isna().all()


def test_some_days_are_missing(pairs: list[Days]) -> None:
    """The study above is not one of complete data."""
    assert {p.complete((0, 4)) for p in pairs} == {True, False}
    assert len({len(p.residuals) for p in pairs}) > 5
