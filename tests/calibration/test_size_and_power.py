"""Every test that calls itself valid rejects as often as it says. Slow."""

from __future__ import annotations

import functools

import pandas as pd
import pytest

from aftershock.calibration import DEFECTS, DESIGNS, calibrate

pytestmark = pytest.mark.slow
REPLICATIONS, DEAR = 1000, 150
# the others take an hour; `aftershock calibrate --reference FILE` runs all of them
CHECKED = ("iid_normal", "one_session", "variance_doubled", "student_t")


@functools.cache
def table(design: str) -> pd.DataFrame:
    """Size at 1,000 replications; placebo tests of large designs at 150."""
    found = DESIGNS[design]
    dear = not found.one_session or found.symbols > 4
    heavy = DEAR if dear else REPLICATIONS
    return calibrate(
        design, replications=REPLICATIONS, heavy=heavy, power=0, seed=11, jobs=2
    )


def rate(design: str, test: str, column: str = "rate") -> float:
    """Return one rate of the window [0, 0]."""
    rows = table(design)
    row = rows[(rows["test"] == test) & (rows["length"] == 1)]
    return float(row[column].item())


@pytest.mark.parametrize("design", CHECKED)
def test_valid_tests_have_their_size(design: str) -> None:
    """The band of 3.5 to 6.5 %, widened by 3 standard errors of what 1,000 add."""
    rows = table(design)
    wrong = rows[rows["verdict"].isin(DEFECTS)]
    shown = ["start", "end", "test", "rate_valid", "low", "high", "rate_q4", "verdict"]
    assert wrong.empty, wrong[shown].to_string()


@pytest.mark.parametrize(
    ("design", "test", "percent"),
    [
        ("iid_normal", "cross_sectional", 4.7), ("iid_normal", "bmp", 4.5),
        ("iid_normal", "adjusted_bmp", 4.5), ("iid_normal", "patell", 4.7),
        ("iid_normal", "corrado_rank", 4.7), ("iid_normal", "grank_t", 5.2),
        ("one_session", "cross_sectional", 66), ("one_session", "patell", 62),
        ("one_session", "bmp", 67), ("one_session", "adjusted_bmp", 4.8),
        ("one_session", "corrado_rank", 4.0),
    ],
)  # fmt: skip
def test_reference_points(design: str, test: str, percent: float) -> None:
    """Rates measured independently, by other programs; 4 standard errors."""
    p = percent / 100
    error = (p * (1 - p) / REPLICATIONS) ** 0.5
    assert abs(rate(design, test) - p) < 4 * error


@pytest.mark.parametrize("test", ["cross_sectional", "patell", "bmp", "skewness"])
def test_tests_of_independent_pairs_refuse_a_shared_session(test: str) -> None:
    assert rate("one_session", test, "share_valid") == 0
    assert rate("four_on_12", test, "share_valid") == 0


def test_raised_variance_is_warned_of() -> None:
    """Twice the variance: patell rejects where |z| > 1.96 / sqrt(2), 16.6 %."""
    assert rate("variance_doubled", "patell") == pytest.approx(0.166, abs=0.047)
    assert rate("variance_doubled", "patell", "share_warned") > 0.8
    assert rate("iid_normal", "patell", "share_warned") < 0.03


def test_an_unscaled_t_depends_on_prior_volatility() -> None:
    """About 13 % in the top quartile and 1 % in the bottom; scaled it does not."""
    assert rate("one_pair_garch", "t", "rate_q4") > 0.08
    assert rate("one_pair_garch", "t", "rate_q1") < 0.03
    assert rate("one_pair_garch", "ewma_quantile", "rate_q4") < 0.126
