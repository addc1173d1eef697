"""Pairs are worked on in blocks; where a block ends must change nothing."""

import numpy as np
import pandas as pd
import pytest

import aftershock as af
from aftershock.abnormal import sample
from aftershock.results import EventStudyResult

ESTIMATION, WINDOW = (-70, -6), (-5, 5)
SESSIONS, HEIGHT = 260, 3
WIDTH = WINDOW[1] - ESTIMATION[0] + 1


def world(count: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Simulate events with gaps, a symbol listed late, one without any prices."""
    random = np.random.default_rng(count)
    index = pd.bdate_range("2020-01-01", periods=SESSIONS)
    market = random.normal(0.0004, 0.01, SESSIONS)
    names = ["OLD", "NEW", "HOLES", "NONE"]
    noise = random.normal(0, 0.02, (SESSIONS, len(names)))
    returns = pd.DataFrame(market[:, None] * 1.3 + noise, index, names)
    returns.loc[index[:95], "NEW"] = np.nan
    returns.loc[index[5::7], "HOLES"] = np.nan
    returns["NONE"] = np.nan
    chosen = pd.DataFrame(
        {
            "event_id": [f"e{k}" for k in range(count)],
            "symbol": [names[k % len(names)] for k in range(count)],
            "session": index[random.choice(np.arange(75, 250), count, replace=False)],
        }
    )
    return chosen, returns, pd.DataFrame({"mkt": market}, index)


def study(count: int, **more: object) -> EventStudyResult:
    """Study the simulated events."""
    frames = world(count)
    tests = [
        "cross_sectional",
        "patell",
        "corrado_rank",
        "grank_t",
        "corrado_zivney_sign",
    ]
    return af.event_study(
        *frames,
        estimation=ESTIMATION,
        min_obs=20,
        windows=[WINDOW],
        tests=tests,
        **more,
    )


@pytest.fixture
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a block hold three pairs."""
    monkeypatch.setattr(sample, "BLOCK_CELLS", HEIGHT * WIDTH)


@pytest.mark.usefixtures("short_blocks")
@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 40])
def test_each_pair_by_least_squares(count: int) -> None:
    """Alpha, beta, s, R2 and the CAR of each pair by `numpy.linalg.lstsq`."""
    found = study(count)
    _, returns, factors = world(count)
    cars = found.cars.set_index("event_id")
    for row in found.pairs.itertuples():
        at = returns.index.get_loc(row.session)
        y, x = returns[row.symbol].to_numpy(), factors["mkt"].to_numpy()
        past = np.arange(max(at + ESTIMATION[0], 0), at + ESTIMATION[1] + 1)
        past = past[np.isfinite(y[past])]
        assert (row.status == "dropped") == (len(past) < 20)
        if row.status == "dropped":
            continue
        design = np.column_stack([np.ones(len(past)), x[past]])
        b, ssr, _, _ = np.linalg.lstsq(design, y[past], rcond=None)
        spread = np.sqrt(ssr[0] / (len(past) - 2))
        sst = ((y[past] - y[past].mean()) ** 2).sum()
        expected = [len(past), *b, spread, 1 - ssr[0] / sst]
        got = [row.m, row.alpha, row.beta, row.sigma, row.r2]
        assert got == pytest.approx(expected, rel=1e-9)
        now = np.arange(at + WINDOW[0], at + WINDOW[1] + 1)
        car = (y[now] - b[0] - b[1] * x[now]).sum()
        assert cars.loc[row.event_id, "car"] == pytest.approx(
            car, rel=1e-9, nan_ok=True
        )
    assert len(found.pairs) == count


@pytest.mark.parametrize("model", ["market", "mean", "market_adjusted", "dimson"])
def test_blocks_change_no_table(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One block for all pairs, and blocks of three: the same tables."""
    whole = study(40, model=model)
    tables = {name: whole.table(name) for name in ("pairs", "cars", "tests", "aar")}
    monkeypatch.setattr(sample, "BLOCK_CELLS", HEIGHT * WIDTH)
    cut = study(40, model=model)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, cut.table(name), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("level", [0.0, 0.01, 1.0])
def test_a_market_far_from_zero_keeps_its_slope(level: float) -> None:
    """b is sum(dx dy) / sum(dx dx) about the means, up to 100 spreads from zero."""
    random = np.random.default_rng(5)
    index = pd.bdate_range("2020-01-01", periods=SESSIONS)
    market = level + random.normal(0, 0.01, SESSIONS)
    returns = pd.DataFrame(
        {"A": market * 0.7 + random.normal(0, 0.02, SESSIONS)}, index
    )
    events = pd.DataFrame({"event_id": ["e"], "symbol": ["A"], "session": [index[200]]})
    found = af.event_study(events, returns, pd.DataFrame({"mkt": market}, index))
    rows = np.arange(0, 190)
    dx, dy = (v[rows] - v[rows].mean() for v in (market, returns["A"].to_numpy()))
    slope = (dx * dy).sum() / (dx * dx).sum()
    assert found.pairs["beta"].iloc[0] == pytest.approx(slope, rel=1e-9)
