"""Models worked with pencil and paper; every number can be checked by eye.

Estimation has four or five sessions, which no real study should use: that is what
makes it possible to follow each sum. All through `aftershock.event_study`.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import pytest

from tests.published.worked import CLOSE, t3, worked

RETURNS = {"A": [2.0, 4.0, 5.0, 4.0, 5.0, 10.0, 4.0]}
MARKET = [1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 3.0]
BOTH: dict[str, Any] = {"windows": [(0, 0), (0, 1)]}


def test_market_model() -> None:
    """Five estimation sessions, in percent.

    Rm    1  2  3  4  5     mean 3, Sxx = 4 + 1 + 0 + 1 + 4 = 10
    R     2  4  5  4  5     mean 4, Sxy = 4 + 0 + 0 + 0 + 2 = 6
    b = 6/10 = .6           a = 4 - .6 * 3 = 2.2
    fitted  2.8 3.4 4.0 4.6 5.2
    e       -.8  .6 1.0 -.6 -.2   SSR = .64 + .36 + 1 + .36 + .04 = 2.4
    df = 5 - 2 = 3, s2 = .8; SST = 4 + 0 + 1 + 0 + 1 = 6, R2 = 1 - 2.4/6 = .6
    Event: Rm 5, R 10: expected 2.2 + 3 = 5.2, AR = 4.8
           C = 1 + 1/5 + (5-3)^2/10 = 1.6, se = sqrt(.8 * 1.6) = sqrt(1.28)
    Day 1: Rm 3, R 4: expected 4, AR = 0
    [0,1]: CAR = 4.8; sum of X* = (2, 8), about the mean of Rm 8 - 2*3 = 2;
           1'C1 = 2 + 2^2/5 + 2^2/10 = 3.2, se = sqrt(.8 * 3.2) = 1.6, SCAR = 3
           BHAR = 1.10 * 1.04 - 1.052 * 1.04 = .048 * 1.04 = .04992
    """
    study = worked(RETURNS, MARKET, 5, ["cross_sectional"], **BOTH)
    pair = study.pairs.iloc[0]
    assert pair["status"] == "flagged"
    assert (pair["m"], pair["df"]) == (5, 3)
    assert pair["beta"] == pytest.approx(0.6, **CLOSE)
    assert pair["alpha"] == pytest.approx(0.022, **CLOSE)
    assert pair["sigma"] == pytest.approx(sqrt(0.8) / 100, **CLOSE)
    assert pair["r2"] == pytest.approx(0.6, **CLOSE)
    day = study.abnormal_returns.set_index("offset").loc[0]
    assert day["expected_ret"] == pytest.approx(0.052, **CLOSE)
    assert day["ar"] == pytest.approx(0.048, **CLOSE)
    assert day["se"] == pytest.approx(sqrt(1.28) / 100, **CLOSE)
    assert day["pvalue"] == pytest.approx(t3(4.8 / sqrt(1.28)), **CLOSE)
    car = study.cars.set_index("end").loc[1]
    assert car["car"] == pytest.approx(0.048, **CLOSE)
    assert car["se"] == pytest.approx(0.016, **CLOSE)
    assert car["scar"] == pytest.approx(3.0, **CLOSE)
    assert car["bhar"] == pytest.approx(0.04992, **CLOSE)
    assert car["pvalue"] == pytest.approx(t3(3.0), **CLOSE)


def test_market_model_without_alpha() -> None:
    """The same five sessions; the constant is left out of the expected return.

    Event: expected .6 * 5 = 3, AR = 7; C = 1 + 5^2/10 = 3.5, se = sqrt(.8 * 3.5)
    Day 1: expected 1.8, AR = 2.2
    [0,1]: CAR = 9.2; 1'C1 = 2 + (5 + 3)^2/10 = 8.4, se = sqrt(.8 * 8.4)
    """
    model = {"model": "market_no_alpha", **BOTH}
    study = worked(RETURNS, MARKET, 5, ["cross_sectional"], **model)
    assert study.pairs["beta"].iloc[0] == pytest.approx(0.6, **CLOSE)
    assert study.pairs["alpha"].isna().all()
    cars = study.cars.set_index("end")
    assert cars.loc[0, "car"] == pytest.approx(0.07, **CLOSE)
    assert cars.loc[0, "se"] == pytest.approx(sqrt(2.8) / 100, **CLOSE)
    assert cars.loc[1, "car"] == pytest.approx(0.092, **CLOSE)
    assert cars.loc[1, "se"] == pytest.approx(sqrt(6.72) / 100, **CLOSE)


@pytest.mark.parametrize(
    ("model", "day", "window"),
    [
        ("mean", (6.8, 4.44), (7.6, 10.36)),
        ("market_adjusted", (5.0, 1.2), (6.0, 2.4)),
    ],
)
def test_mean_and_market_adjusted(
    model: str, day: tuple[float, float], window: tuple[float, float]
) -> None:
    """R = 2 1 4 3 6, then 10 and 4; CAR and variance of day 0 and of [0, 1].

    mean: expected 16/5 = 3.2; SST = 1.44 + 4.84 + .64 + .04 + 7.84 = 14.8, df = 4,
          s2 = 3.7; event AR = 6.8, C = 1 + 1/5, variance 3.7 * 1.2 = 4.44;
          [0,1]: CAR = 6.8 + .8, 1'C1 = 2 + 4/5, variance 3.7 * 2.8 = 10.36
    market_adjusted: R - Rm = 1 -1 1 -1 1, mean .2, squares about it 5 - 5 * .04 = 4.8,
          df = 4, s2 = 1.2 (about zero it would be 1.25); C = I;
          event AR = 5; [0,1]: CAR = 5 + 1, variance 2 * 1.2
    """
    returns = {"A": [2.0, 1.0, 4.0, 3.0, 6.0, 10.0, 4.0]}
    settings = {"model": model, **BOTH}
    study = worked(returns, MARKET, 5, ["cross_sectional"], **settings)
    assert study.pairs["df"].iloc[0] == 4
    for end, (car, variance) in enumerate((day, window)):
        row = study.cars.set_index("end").loc[end]
        assert row["car"] == pytest.approx(car / 100, **CLOSE)
        assert row["se"] == pytest.approx(sqrt(variance) / 100, **CLOSE)
