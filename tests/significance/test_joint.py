"""The joint test: heavy tails, nothing estimated, and too few rows."""

from __future__ import annotations

import numpy as np
import pytest

from aftershock.significance.joint import Joint, heavy_tails
from tests.significance.loops import FIRST, make_trial


def test_heavy_tails_are_mardias_kurtosis() -> None:
    """Four vectors +-(1, 0), +-(0, 1): S = I/2, each distance 2, mean square 4.

    Of n = 2 the mean is 8: lighter than normal, no warning. Ten thousand draws from
    Student t(5) have far more; of 300 normal samples 1 % do, and 4 % is 5 errors off.
    """
    cross = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    assert heavy_tails(cross) == ""
    random = np.random.default_rng(1)
    normal = [heavy_tails(random.standard_normal((500, 2))) != "" for _ in range(300)]
    assert np.mean(normal) < 0.04
    assert "see joint_ranked" in heavy_tails(random.standard_t(5, (10_000, 2)))
    # one vector nine times as long: d = 8 * (81, 1 x 7) / 88 = 7.3636, 0.0909 x 7
    # mean square (54.2231 + 7 * .0083) / 8 = 6.785; z = (6.785 - 3) / sqrt(24/8) = 2.19
    # of eight; the .99 quantile of the normal is 2.33, so nine is not yet heavy; of
    # sixteen 256 * (6561 + 15) / (96^2 * 16) = 11.4, z = 8.4 / sqrt(24/16) = 6.9 is
    assert heavy_tails(np.array([[9.0], *[[1.0]] * 7])) == ""
    assert heavy_tails(np.array([[9.0], *[[1.0]] * 15])) != ""


def test_joint_where_nothing_is_estimated() -> None:
    """One symbol, residuals 2 and 0 in turn: about their mean E'E = 24, df 22.

    W = 22 x 3^2 / 24 = 8.25 for an abnormal return of 3, and F = W for one symbol.
    """
    trial = make_trial([[x + 1 for x in FIRST]], [[3.0]], df=22)
    plain, ranked, _ = Joint().evaluate(trial)
    assert (plain.statistic, plain.df) == (pytest.approx(8.25, rel=1e-12), 22)
    assert ranked.statistic == pytest.approx(8.25, rel=1e-12)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (36, "6 rows are not more than twice 3 symbols"),
        (37, "few_placebo_sessions"),
    ],
)
def test_scaled_vectors_need_twice_as_many_rows(days: int, reason: str) -> None:
    """Thirty rows are for the volatility to settle; three symbols need seven more."""
    rows = np.random.default_rng(3).normal(0, 1, (3, days)).tolist()
    trial = make_trial(rows, [[1.0]] * 3, positions=[500] * 3)
    scaled = Joint().evaluate(trial)[2]
    assert (scaled.valid, scaled.reason) == (False, reason)
