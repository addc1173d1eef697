"""The founding event on real prices, where these are at hand.

Expected figures come from public pages (close to close on 2026-07-01) and from a
second implementation of the formulae in tests/study/reference.py.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from aftershock.config import load_config
from aftershock.results import EventStudyResult
from aftershock.run.inputs import Inputs, obtain_inputs
from aftershock.run.measuring import study_of
from tests.conftest import ROOT
from tests.study.reference import Pair, ewma_rank, leave_one_out

pytestmark = pytest.mark.realdata
CLOSE_TO_CLOSE = {
    "META": 8.81, "CRWV": -13.92, "NBIS": -17.01, "NVDA": -1.25, "AMD": -6.89,
    "MU": -10.57, "SMH": -5.40, "SOXX": -6.41,
}  # fmt: skip
FAMILY = ["META", "CRWV", "NBIS", "NVDA", "AMD", "AVGO", "MU", "TSM", "ASML", "SNDK"]


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    """What the shipped config reads when it is pointed at the folder."""
    from tests.conftest import realdata_folder

    config = load_config(
        ROOT / "backtests" / "meta_compute.yaml",
        [
            "prices.source.name=folder",
            f"prices.source.path={realdata_folder() / 'prices'}",
        ],
    )
    return obtain_inputs(config)


@pytest.fixture(scope="module")
def study(inputs: Inputs) -> EventStudyResult:
    """The study of the founding event."""
    return study_of(inputs)


def closes(folder: Path, symbol: str) -> dict[str, float]:
    """Adjusted closes by date, read without the package."""
    with (folder / "prices" / f"{symbol}.csv").open() as stream:
        return {r["date"]: float(r["adj_close"]) for r in csv.DictReader(stream)}


def own_pairs(folder: Path) -> dict[str, Pair]:
    """The family by the second implementation, on SPY's own calendar of dates.

    Estimation: offsets -250 .. -11 before 2026-06-01, which leaves -250 .. -22.
    """
    spy = closes(folder, "SPY")
    dates = sorted(spy)
    event = dates.index("2026-07-01")
    rows = [k for k in range(-250, -10) if dates[event + k] < "2026-06-01"]

    def returns(symbol: str) -> np.ndarray:
        price = closes(folder, symbol)
        value = [price.get(d, np.nan) for d in dates]
        return np.concatenate([[np.nan], np.array(value[1:]) / value[:-1] - 1])

    market = returns("SPY")
    return {s: Pair(returns(s), market, event, rows) for s in [*FAMILY, "SMH", "SOXX"]}


def test_moves_of_the_first_of_july(study: EventStudyResult) -> None:
    """Raw returns to two decimals of a percent; META's gap and what came after."""
    day = study.abnormal_returns.query("offset == 0").set_index("symbol")
    for symbol, percent in CLOSE_TO_CLOSE.items():
        assert round(100 * day.loc[symbol, "ret"], 2) == percent, symbol
    assert round(100 * day.loc["META", "gap"], 2) == 7.92
    assert round(100 * day.loc["META", "open_to_close"], 2) == 0.82


def test_market_and_levels(inputs: Inputs) -> None:
    """SPY -0.14 %; META closed at 612.91 after 563.29 (split-adjusted)."""
    returns = inputs.prices.returns()
    assert round(100 * returns["SPY"].loc["2026-07-01"], 2) == -0.14
    bars = inputs.fetched.bars["META"]["close"]
    assert bars.loc["2026-06-30":"2026-07-01"].tolist() == [563.29, 612.91]


def test_pairs(study: EventStudyResult) -> None:
    """Twelve symbols with 229 rows each; four without prices are named."""
    kept = study.pairs[study.pairs["status"] == "ok"]
    assert set(kept["symbol"]) == {*FAMILY, "SMH", "SOXX"}
    assert set(kept["m"]) == {229}
    assert set(study.dropped["symbol"]) == {"IREN", "CIFR", "AMZN", "ORCL"}
    assert set(study.dropped["reason"]) == {"no_prices"}


def test_every_pair_to_1e_8(study: EventStudyResult, realdata: Path) -> None:
    """CAR, se, SCAR and the scaled rank of each pair in each window."""
    own = own_pairs(realdata)
    for row in study.cars.itertuples():
        pair = own[row.symbol]
        window = (row.start, row.end)
        assert row.car == pytest.approx(pair.car(*window), abs=1e-8)
        assert row.se == pytest.approx(pair.se(*window), abs=1e-8)
        assert row.scar == pytest.approx(pair.scar(*window), abs=1e-8)
        if window == (0, 0):
            p, _, _ = ewma_rank(pair, -22, 0)
            assert row.pvalue_ewma == pytest.approx(p, abs=1e-8)


def test_family_joint_and_contrast_to_1e_8(
    study: EventStudyResult, realdata: Path
) -> None:
    """The one-session tests on the ten pairs with a declared sign."""
    own = [own_pairs(realdata)[s] for s in FAMILY]
    e = np.array([p.residuals for p in own]).T
    u = e / np.sqrt(1 - own[0].hat)[:, None]
    df = own[0].df
    now = np.array([p.ar(0) for p in own]) / (own[0].se(0, 0) / own[0].s)
    w = float(now @ np.linalg.inv(e.T @ e / df) @ now)
    rows = study.tests[study.tests["end"].eq(0) & study.tests["start"].eq(0)]
    rows = rows.set_index("test")
    assert rows.loc["joint_ranked", "statistic"] == pytest.approx(w, abs=1e-8)
    above = sum(x >= w for x in leave_one_out(e, u, df))
    assert rows.loc["joint_ranked", "pvalue"] == pytest.approx((1 + above) / 230)
    rest = np.array([p.s**2 * p.df for p in own]) - u**2
    largest = (np.abs(u) / np.sqrt(rest / (df - 1))).max(axis=1)
    most = max(abs(p.scar(0, 0)) for p in own)
    p_family = (1 + (largest >= most).sum()) / 230
    assert rows.loc["max_sar", "pvalue"] == pytest.approx(p_family, abs=1e-8)
    weights = np.array([1.0, *[-0.25] * 2, *[-1 / 14] * 7])
    estimate = float(weights @ [p.ar(0) for p in own])
    portfolio = e @ weights
    se = np.sqrt(portfolio @ portfolio / df) * own[0].se(0, 0) / own[0].s
    assert rows.loc["contrast", "estimate"] == pytest.approx(estimate, abs=1e-8)
    assert rows.loc["contrast", "statistic"] == pytest.approx(estimate / se, abs=1e-8)
