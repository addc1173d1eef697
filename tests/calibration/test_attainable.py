"""The size of tests on a lattice, by hand and by enumeration."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from aftershock.calibration.attainable import (
    binomial_size,
    flip_size,
    normal_binomial_size,
    rank_size,
)


@pytest.mark.parametrize("n", [1, 5, 6, 12, 25, 50])
def test_sign_test_against_scipy(n: int) -> None:
    """Every outcome through scipy.stats.binomtest."""
    wanted = sum(
        stats.binom.pmf(w, n, 0.5)
        for w in range(n + 1)
        if stats.binomtest(w, n, 0.5).pvalue <= 0.05 + 1e-12
    )
    assert binomial_size(n, 0.05) == pytest.approx(wanted)


def test_sign_test_by_hand() -> None:
    """n = 6: only 0 and 6 reject (p = 2/64 = .03125): size 2/64."""
    assert binomial_size(6, 0.05) == pytest.approx(2 / 64)
    assert binomial_size(5, 0.05) == 0  # p = 2/32 = .0625


def test_normal_approximation_by_hand() -> None:
    """n = 10, p = 1/2: z = (w - 5) / sqrt(2.5); |w - 5| >= 3.0990 means w = 0, 1, 9
    and 10: 2 (1 + 10) / 1024 = .021484."""
    assert normal_binomial_size(10, 0.5, 0.05) == pytest.approx(22 / 1024)


@pytest.mark.parametrize("clusters", [2, 3, 5, 6, 8])
def test_sign_flips_by_enumeration(clusters: int) -> None:
    """All sign vectors of one sample, each in turn taken for the data.

    The clustered t of each vector is ranked among those of all; the share of vectors
    with p <= .05 is the size under the null of symmetry.
    """
    x = np.random.default_rng(clusters).normal(size=clusters)
    t = []
    for signs in itertools.product((1, -1), repeat=clusters):
        y = x * signs
        t.append(abs(stats.ttest_1samp(y, 0).statistic))
    p = [np.mean([other >= one * (1 - 1e-12) for other in t]) for one in t]
    wanted = np.mean([value <= 0.05 + 1e-12 for value in p])
    assert flip_size(clusters, 0.05) == pytest.approx(float(wanted))


def test_many_clusters_count_as_continuous() -> None:
    assert math.isnan(flip_size(9, 0.05))
    assert flip_size(8, 0.05) == 6 / 128
    assert flip_size(6, 0.05) == 1 / 32


def test_ranks_by_hand() -> None:
    """60 others, two tails: k/61 <= .025 for k = 1 only: 2/61 = .0328.
    180 others, one tail: 9/181 = .0497. 199 others: 10/200 = .05 exactly."""
    assert rank_size(60, 0.05, 2) == pytest.approx(2 / 61)
    assert rank_size(180, 0.05) == pytest.approx(9 / 181)
    assert rank_size(199, 0.05) == pytest.approx(0.05)
    assert rank_size(10, 0.05) == 0
