"""Tests of signs and signed ranks, by hand and against scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from aftershock.significance.base import SignificanceTest
from aftershock.significance.generalized_sign import GeneralizedSign
from aftershock.significance.sign import Sign
from aftershock.significance.wilcoxon import Wilcoxon, signed_rank_statistic
from tests.significance.loops import days_of, make_trial, only

NAN = math.nan
TESTS: list[SignificanceTest] = [Sign(), GeneralizedSign(), Wilcoxon()]
ROWS = [[1.0, -1.0, 2.0, -2.0]]


def test_sign_by_hand() -> None:
    """Eight of nine positive: z = 3.5/1.5, p = 2 (1 + 9)/2^9 = .0390625.

    Of 1 -2 3 0 5 three are positive, the zero is not: z = .5/sqrt 1.25, p = 1.
    """
    nine = make_trial(ROWS * 9, [[1.0]] * 8 + [[-1.0]])
    row = only(Sign(), nine)
    assert row.statistic == pytest.approx(3.5 / 1.5, rel=1e-14)
    assert row.pvalue == pytest.approx(0.0390625, rel=1e-12)
    five = make_trial(ROWS * 5, [[1], [-2], [3], [0], [5.0]])
    row = only(Sign(), five)
    assert row.statistic == pytest.approx(0.4472136, abs=5e-8)
    assert (row.pvalue, row.n, row.estimate) == (pytest.approx(1.0), 5, 1.4)
    assert math.isnan(row.df) and math.isnan(row.ci_low)


def test_generalized_sign_by_hand() -> None:
    """Positive shares 1/2, 1/4, 2/3 (one missing), 0 (zeros are not): mean 17/48.

    Three of four CARs positive: (3 - 17/12)/sqrt(4 x 17/48 x 31/48) = 1.6553060.
    """
    rows = [[1, -1, 2, -2], [1, -1, 0, -2], [1, NAN, 2, -2], [0, 0, 0, -1.0]]
    trial = make_trial(rows, [[1], [2], [3], [-1.0]])
    row = only(GeneralizedSign(), trial)
    by_hand = (3 - 17 / 12) / math.sqrt(4 * 17 / 48 * 31 / 48)
    assert by_hand == pytest.approx(1.6553060, abs=5e-8)
    assert row.statistic == pytest.approx(by_hand, rel=1e-13)
    assert row.pvalue == pytest.approx(2 * stats.norm.sf(by_hand), rel=1e-12)
    assert math.isnan(row.df)


def test_wilcoxon_by_hand() -> None:
    """1 -2 4 0 2: four are left, |x| = 1 2 4 2 have midranks 1 2.5 4 2.5.

    W+ = 1 + 4 + 2.5 = 7.5, mean 4 x 5/4 = 5, variance 4 x 5 x 9/24 = 7.5 without
    corrections: z = 2.5/2.7386128 = .9128709. n counts the zero too.
    """
    trial = make_trial(ROWS * 5, [[1], [-2], [4], [0], [2.0]])
    row = only(Wilcoxon(), trial)
    assert row.statistic == pytest.approx(0.9128709, abs=5e-8)
    assert (row.n, row.estimate) == (5, 1.0)
    assert row.pvalue == pytest.approx(2 * stats.norm.sf(0.9128709), abs=1e-7)


@pytest.mark.parametrize("seed", range(6))
def test_wilcoxon_against_scipy(seed: int) -> None:
    """Without ties scipy's normal approximation is the same z."""
    x = np.random.default_rng(seed).normal(0.3, 1, 23)
    x[:3] = 0.0
    kind = {"zero_method": "wilcox", "correction": False, "method": "asymptotic"}
    upper = stats.wilcoxon(x, alternative="greater", **kind)
    assert signed_rank_statistic(x) == pytest.approx(upper.zstatistic, rel=1e-12)
    row = only(Wilcoxon(), make_trial(ROWS * 23, x[:, None].tolist()))
    oracle = stats.wilcoxon(x, **kind)
    assert row.pvalue == pytest.approx(oracle.pvalue, rel=1e-11)


@pytest.mark.parametrize("window", [(0, 0), (-1, 1), (0, 2)])
def test_loops_agree_where_days_are_missing(window: tuple[int, int]) -> None:
    """scipy's binomial test, and shares counted one by one."""
    random = np.random.default_rng(8)
    rows, events = random.normal(-0.2, 1, (21, 40)), random.normal(0, 1, (21, 5))
    rows[random.random(rows.shape) < 0.2] = NAN
    events[random.random(events.shape) < 0.08] = NAN
    events[3, 2] = 0.0
    trial = make_trial(rows, events, window=window, start=-2)
    kept = [p for p in days_of(trial) if p.complete(window)]
    n, w = len(kept), sum(p.car(window) > 0 for p in kept)
    shares = [sum(e > 0 for e in p.residuals.values()) / len(p.residuals) for p in kept]
    p = sum(shares) / n
    row = only(Sign(), trial)
    assert (row.n, n < 21) == (n, True)
    assert row.pvalue == pytest.approx(stats.binomtest(w, n, 0.5).pvalue, rel=1e-12)
    general = only(GeneralizedSign(), trial)
    expected = (w - n * p) / math.sqrt(n * p * (1 - p))
    assert general.statistic == pytest.approx(expected, rel=1e-12)


def test_shared_sessions_are_not_valid() -> None:
    """Pairs of one session are not independent, and the reason says so."""
    events, positions = [[1.0], [2.0], [-1.0], [3.0], [4.0]], [500, 500, 900, 950, 990]
    apart = make_trial(ROWS * 5, events)
    together = make_trial(ROWS * 5, events, positions=positions)
    for test in TESTS:
        assert only(test, apart).valid and only(test, apart).reason == ""
        row = only(test, together)
        assert not row.valid and "share sessions" in row.reason
        assert (row.n_sessions, row.n_clusters) == (4, 4)
        # computed all the same
        assert row.pvalue == only(test, apart).pvalue


def test_what_cannot_be_computed_is_a_row_with_a_reason() -> None:
    """No complete pair; zeros only; residuals of one sign."""
    nobody = make_trial(ROWS * 2, [[NAN], [NAN]])
    for test in TESTS:
        row = only(test, nobody)
        assert (row.n, row.valid, math.isnan(row.pvalue)) == (0, False, True)
        assert row.reason
    zeros = make_trial(ROWS * 2, [[0.0], [0.0]])
    assert "zero" in only(Wilcoxon(), zeros).reason
    # neither of two is positive: z = -1/sqrt .5, p = 2/4
    assert only(Sign(), zeros).statistic == pytest.approx(-math.sqrt(2))
    assert only(Sign(), zeros).pvalue == pytest.approx(0.5)
    falling = make_trial([[-1.0, -2.0]], [[1.0]])
    assert "one sign" in only(GeneralizedSign(), falling).reason
    # one pair, positive: W+ = 1, (1 - .5)/sqrt(1 x 2 x 3/24) = 1
    one = make_trial(ROWS, [[1.0]])
    assert only(Wilcoxon(), one).statistic == pytest.approx(1.0)
    # the largest |z| of four is 5/sqrt 7.5 = 1.83: nothing can be rejected at 5 %
    four = only(Wilcoxon(), make_trial(ROWS * 4, [[1.0], [2.0], [3.0], [4.0]]))
    assert four.statistic == pytest.approx(5 / math.sqrt(7.5))
    assert (four.valid, four.reason) == (False, "fewer than 5 pairs")
