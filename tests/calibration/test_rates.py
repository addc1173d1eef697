"""Rates, what may be, and what is said of them: counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from aftershock.calibration.rates import (
    DEFECTS,
    allowed_rates,
    most_after_storms,
    rejection_rates,
    verdict,
)

NAN = float("nan")
SOUND = {
    "test": "bmp", "rate": 0.05, "rate_valid": 0.05, "share_valid": 1.0,
    "attainable": NAN, "low": 0.035, "high": 0.065, "share_warned": 0.0,
    "rate_unwarned": 0.05,
    "rate_q4": NAN, "unwarned_q4": NAN, "replications": 5000,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "in band"),
        ({"rate_valid": 0.0651}, "outside the band"),
        ({"rate_valid": 0.0349}, "outside the band"),
        ({"rate_valid": 0.16, "share_warned": 0.8}, "outside the band, warned"),
        ({"rate_valid": 0.16, "share_warned": 0.8, "rate_unwarned": 0.08},
         "outside the band"),
        ({"rate_valid": 0.16, "share_warned": 0.01}, "outside the band"),
        ({"rate_valid": 0.16, "variance": 2.0}, "outside the band"),
        ({"rate_valid": 0.16, "variance": 2.0, "test": "placebo"},
         "finds the raised variance"),
        ({"rate_valid": 0.16, "variance": 1.0, "test": "placebo"}, "outside the band"),
        ({"share_valid": 0.89}, "invalid by design"),
        ({"share_valid": 0.89, "rate_valid": 0.6}, "invalid by design"),
        ({"rate": NAN, "share_valid": 0.0}, "not computed"),
        ({"attainable": 0.03125, "low": 0.0239, "high": 0.0386, "rate_valid": 0.03},
         "discrete: attainable size"),
        ({"attainable": 0.03125, "low": 0.0239, "high": 0.0386},
         "discrete: attainable size"),
        ({"attainable": 0.03125, "low": 0.0239, "high": 0.0386, "rate_valid": 0.02},
         "outside its attainable size"),
        ({"attainable": 0.03125, "low": 0.0239, "high": 0.0386, "rate_valid": 0.07},
         "outside its attainable size"),
        ({"test": "max_sar+ewma", "rate_valid": 0.02},
         "conservative: the larger of two p"),
        ({"test": "max_sar+ewma", "rate_valid": 0.07}, "outside the band"),
        ({"test": "ewma_quantile", "rate_q4": 0.0801, "unwarned_q4": 0.0801},
         "too frequent after high volatility"),
        ({"test": "placebo", "rate_q4": 0.0801, "unwarned_q4": 0.03},
         "outside the band, warned"),
        ({"test": "ewma_quantile", "rate_q4": 0.0799}, "in band"),
        ({"test": "t", "rate_q4": 0.13}, "in band"),
    ],
)  # fmt: skip
def test_verdicts(change: dict[str, object], said: str) -> None:
    assert verdict({**SOUND, **change}) == said


def test_the_band_at_5000_and_above_is_as_it_stands() -> None:
    assert allowed_rates(NAN, 5000) == (0.035, 0.065)
    assert allowed_rates(NAN, 9000) == (0.035, 0.065)


def test_fewer_replications_widen_the_band() -> None:
    """1,000: 1/1000 - 1/5000 = .0008; sqrt(.0475 x .0008) = .0061644; x 3 = .018493."""
    low, high = allowed_rates(NAN, 1000)
    assert low == pytest.approx(0.035 - 0.018493, abs=1e-6)
    assert high == pytest.approx(0.065 + 0.018493, abs=1e-6)


def test_discrete_tests_have_three_standard_errors() -> None:
    """1/32 at 5,000: sqrt(.03125 x .96875 / 5000) = .0024606; x 3 = .0073818."""
    low, high = allowed_rates(1 / 32, 5000)
    assert low == pytest.approx(0.03125 - 0.0073818, abs=1e-6)
    assert high == pytest.approx(0.03125 + 0.0073818, abs=1e-6)
    assert allowed_rates(0.0, 5000) == (0.0, 0.0)


def test_the_top_quartile_is_widened_too() -> None:
    """1,000 in all, 250 in the quartile: 1/250 - 4/5000 = .0032;
    sqrt(.08 x .92 x .0032) = .0153467; x 3 = .04604."""
    row = {**SOUND, "replications": 1000}
    assert most_after_storms(row, 0.05) == pytest.approx(0.08 + 0.04604, abs=1e-5)
    assert most_after_storms(SOUND, 0.05) == pytest.approx(0.08)


def frame(pvalues: list[float], valid: list[bool], **more: object) -> pd.DataFrame:
    n = len(pvalues)
    base = {
        "replication": range(n), "start": 0, "end": 0, "test": "x",
        "pvalue": pvalues, "valid": valid, "warned": False, "attainable": NAN,
        "reason": ["" if v else "few" for v in valid], "volatility": NAN,
    }  # fmt: skip
    return pd.DataFrame({**base, **more})


def test_rates_are_counted_over_all_and_over_valid() -> None:
    """p = .01 .05 .2 .5 .04, NaN: 3 of 5 computed reject; of the 3 valid ones
    (.01, .2, .5) one does. 3 of 6 are valid. p = .05 counts as rejected."""
    found = frame(
        [0.01, 0.05, 0.2, 0.5, 0.04, NAN], [True, False, True, True, False, True]
    )
    (row,) = rejection_rates(found).to_dict("records")
    assert row["rate"] == pytest.approx(3 / 5)
    assert row["rate_valid"] == pytest.approx(1 / 3)
    assert row["share_valid"] == pytest.approx(3 / 6)
    assert row["replications"] == 6
    assert row["verdict"] == "invalid by design"
    assert row["reason"] == "few"
    assert row["se"] == pytest.approx(math.sqrt(0.05 * 0.95 / 3))


def test_rejections_without_a_warning_are_counted() -> None:
    """p = .01 warned, .02 not, .3 warned, .4 not: one of four rejects unwarned."""
    found = frame([0.01, 0.02, 0.3, 0.4], [True] * 4, warned=[True, False] * 2)
    (row,) = rejection_rates(found).to_dict("records")
    assert row["rate_unwarned"] == 0.25
    assert row["share_warned"] == 0.5


def test_never_valid_has_no_band() -> None:
    (row,) = rejection_rates(frame([0.01, 0.2], [False, False])).to_dict("records")
    assert row["rate"] == 0.5
    assert math.isnan(row["rate_valid"])
    assert math.isnan(row["low"])
    assert math.isnan(row["high"])


def test_quartiles_are_of_the_replications() -> None:
    """Volatility 1 .. 8: two in each quartile; those with 7 and 8 reject."""
    found = frame([0.5] * 6 + [0.01, 0.02], [True] * 8, volatility=np.arange(1.0, 9.0))
    (row,) = rejection_rates(found).to_dict("records")
    assert [row[f"rate_q{q}"] for q in (1, 2, 3, 4)] == [0, 0, 0, 1]


def test_without_volatility_there_are_no_quartiles() -> None:
    (row,) = rejection_rates(frame([0.01, 0.2], [True, True])).to_dict("records")
    assert all(math.isnan(row[f"rate_q{q}"]) for q in (1, 2, 3, 4))


def test_defects_are_the_verdicts_that_must_not_be() -> None:
    assert set(DEFECTS) == {
        "outside the band",
        "outside its attainable size",
        "too frequent after high volatility",
    }
