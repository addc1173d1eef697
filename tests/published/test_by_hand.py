"""Small cases worked with pencil and paper; every number can be checked by eye.

Estimation has four or five sessions, which no real study should use: that is what
makes it possible to follow each sum. All through `aftershock.event_study`.
"""

from __future__ import annotations

from math import atan, erfc, pi, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest

import aftershock as af
from aftershock.study.design import find_tests
from tests.published.worked import CLOSE, t3, worked

# Four symbols against a market that stands still. Estimation (percent):
#   A   1 -1  1 -1    B   2 -2  2 -2    C   1 -1 -1  1    D   2 -2 -2  2
# means 0; sums of squares 4, 16, 4, 16; df = 3; s2 = 4/3, 16/3, 4/3, 16/3.
# On the event session R = 1, 2, 3, 6. The market-adjusted model: AR = R, C = 1.
FOUR = {
    "A": [1, -1, 1, -1, 1],
    "B": [2, -2, 2, -2, 2],
    "C": [1, -1, -1, 1, 3],
    "D": [2, -2, -2, 2, 6],
}


def four(tests: list[str], **settings: Any) -> pd.Series:
    """Return the row of the first of `tests` on the four symbols."""
    settings = {"model": "market_adjusted", **settings}
    table = worked(FOUR, [0] * 5, 4, tests, **settings).tests
    return table.set_index("test").loc[tests[0]]


def test_cross_sectional() -> None:
    """AR 1 2 3 6: mean 3, squares 4 + 1 + 0 + 9 = 14, sd = sqrt(14/3).

    t = 2 * 3 / sqrt(14/3) = 6 sqrt(3/14) = 2.7775, df 3;
    interval 3 -+ 3.182446305284263 * sqrt(14/3)/2, in percent.
    """
    row = four(["cross_sectional"])
    t = 6 * sqrt(3 / 14)
    half = 3.182446305284263 * sqrt(14 / 3) / 2
    assert (row["statistic"], row["df"]) == (pytest.approx(t, **CLOSE), 3)
    assert row["pvalue"] == pytest.approx(t3(t), **CLOSE)
    assert row["estimate"] == pytest.approx(0.03, **CLOSE)
    assert row["ci_low"] == pytest.approx((3 - half) / 100, rel=1e-9)
    assert row["ci_high"] == pytest.approx((3 + half) / 100, rel=1e-9)
    assert not row["valid"]  # one session: the pairs are not independent


def test_bmp() -> None:
    """SAR = AR/s = sqrt(3)/2 (1, 1, 3, 3): the factor cancels.

    1 1 3 3: mean 2, sd = sqrt(4/3); t = 2 * 2 / sqrt(4/3) = 2 sqrt(3), df 3.
    """
    row = four(["bmp"])
    assert (row["statistic"], row["df"]) == (pytest.approx(2 * sqrt(3), **CLOSE), 3)
    assert row["pvalue"] == pytest.approx(t3(2 * sqrt(3)), **CLOSE)


def test_bmp_by_the_normal() -> None:
    """The same 2 sqrt(3); P(|N| > 2 sqrt(3)) = erfc(sqrt(6)) = 5.3201e-4."""
    row = four(["bmp_normal"])
    assert row["statistic"] == pytest.approx(2 * sqrt(3), **CLOSE)
    assert row["pvalue"] == pytest.approx(erfc(sqrt(6)), **CLOSE)
    assert np.isnan(row["df"])
    assert "fewer than 30 pairs; see bmp" in row["reason"]
    assert not row["valid"]


def test_patell() -> None:
    """SAR sum sqrt(3)/2 * 8 = 4 sqrt(3); each has variance df/(df-2) = 3.

    Z = 4 sqrt(3) / sqrt(4 * 3) = 2; P(|N| > 2) = erfc(sqrt(2)) = .04550026.
    """
    row = four(["patell"])
    assert row["statistic"] == pytest.approx(2.0, **CLOSE)
    assert row["pvalue"] == pytest.approx(0.04550026389635842, **CLOSE)
    assert np.isnan(row["df"])


def test_adjusted_patell_and_bmp() -> None:
    """Residual correlations: A and B 1, C and D 1, the other four pairs 0.

    r = 2/6 = 1/3 over all six pairs, but with four common dates, fewer than twenty,
    every correlation counts as 0: r = 0 and nothing is adjusted. With the four
    estimation sessions repeated six times (24 dates) r = 1/3:
    s2 = 24/23 and 96/23, df = 23, SAR = sqrt(23/24) (1, 1, 3, 3);
    patell Z = 8 sqrt(23/24) / sqrt(4 * 23/21) = 4 sqrt(21/24) = sqrt(14)
    adjusted: sqrt(14) / sqrt(1 + 3/3) = sqrt(7)
    bmp 2 sqrt(3) * sqrt((2/3) / 2) = 2.
    """
    row = four(["adjusted_bmp"])
    assert row["statistic"] == pytest.approx(2 * sqrt(3), **CLOSE)
    assert (row["df"], row["pvalue"]) == (3, pytest.approx(t3(2 * sqrt(3)), **CLOSE))
    long = {s: [*(v[:4] * 6), v[4]] for s, v in FOUR.items()}
    settings: dict[str, Any] = {"model": "market_adjusted"}
    study = worked(long, [0] * 25, 24, ["adjusted_bmp"], **settings)
    assert study.tests["statistic"].iloc[0] == pytest.approx(2.0, **CLOSE)
    study = worked(long, [0] * 25, 24, ["adjusted_patell"], **settings)
    assert study.tests["statistic"].iloc[0] == pytest.approx(sqrt(7), **CLOSE)


def test_sign_and_wilcoxon() -> None:
    """Four of four positive.

    sign: z = (4 - 2) / 1 = 2, exact p = 2 * (1/2)^4 = 1/8
    wilcoxon: W+ = 10, mean 4*5/4 = 5, variance 4*5*9/24 = 7.5, z = 5/sqrt(7.5)
    """
    row = four(["sign"])
    assert row["statistic"] == pytest.approx(2.0, **CLOSE)
    assert row["pvalue"] == pytest.approx(0.125, **CLOSE)
    assert four(["wilcoxon"])["statistic"] == pytest.approx(5 / sqrt(7.5), **CLOSE)


def test_skewness() -> None:
    """z = (-2, -1, 0, 3)/sd, sd = sqrt(14/3); sum z^3 = 18 / (14/3)^1.5.

    g = 4/(3*2) * that = 12 (3/14)^1.5; S = 3 sqrt(3/14);
    statistic 2 (S + g S^2/3 + g^2 S^3/27 + g/24), N = 4.
    """
    g, s = 12 * (3 / 14) ** 1.5, 3 * sqrt(3 / 14)
    expected = 2 * (s + g * s**2 / 3 + g**2 * s**3 / 27 + g / 24)
    assert four(["skewness"])["statistic"] == pytest.approx(expected, **CLOSE)


def test_crude_dependence() -> None:
    """AAR of estimation 1.5 -1.5 0 0: sd = sqrt(4.5/3) = sqrt(1.5); T = 4.

    t = 3 / sqrt(1.5) = sqrt(6), df 3.
    """
    row = four(["crude_dependence"])
    assert row["statistic"] == pytest.approx(sqrt(6), **CLOSE)
    assert row["pvalue"] == pytest.approx(t3(sqrt(6)), **CLOSE)


def test_corrado_rank() -> None:
    """Midranks over four estimation sessions and the event session, over 6.

    A  1 -1  1 -1  1 ->  4 1.5 4 1.5 4     B  2 -2 2 -2 2 -> the same
    C  1 -1 -1  1  3 -> 3.5 1.5 1.5 3.5 5  D -> the same
    mean rank: 3.75 1.5 2.75 2.5 4.5; less 3: .75 -1.5 -.25 -.5 1.5, over 6.
    mean square: (.5625 + 2.25 + .0625 + .25 + 2.25)/5 = 5.375/5 = 1.075
    Z = 1.5 / sqrt(1.075); nothing is missing, so N_t/N = 1.
    """
    expected = 1.5 / sqrt(1.075)
    assert four(["corrado_rank"])["statistic"] == pytest.approx(expected, **CLOSE)


def test_grank() -> None:
    """SCAR/sd(SCAR) as the extra day; on the event session R = 3, 4, 3, 6.

    SCAR = sqrt(3)/2 (3, 2, 3, 3): mean 11/4, squares 3/16 + 9/16 = 3/4, variance 1/4;
    over its sd 6 4 6 6, above every residual/s, which are -+ sqrt(3)/2. Midranks:
    A, B  3.5 1.5 3.5 1.5 | 5      C, D  3.5 1.5 1.5 3.5 | 5
    mean less 3: .5 -1.5 -.5 -.5 | 2, over M + 2 = 6.
    T = 5; S^2 = (.25 + 2.25 + .25 + .25 + 4)/5/36 = 1.4/36; Z = 2/sqrt(1.4);
    t = Z sqrt((5-2)/(5-1-Z^2)), df 3
    grank_z = (2/6) / sqrt(4 * 4/(12*6)/16) = sqrt(72)/3 = sqrt(8).
    """
    event = dict(zip("ABCD", (3, 4, 3, 6), strict=True))
    returns = {s: [*v[:4], event[s]] for s, v in FOUR.items()}
    model = {"model": "market_adjusted"}
    table = worked(returns, [0] * 5, 4, ["grank_t", "grank_z"], **model).tests
    table = table.set_index("test")
    z = 2 / sqrt(1.4)
    t = z * sqrt(3 / (4 - z * z))
    assert table.loc["grank_t", "statistic"] == pytest.approx(t, **CLOSE)
    assert table.loc["grank_t", "df"] == 3
    assert table.loc["grank_z", "statistic"] == pytest.approx(sqrt(8), **CLOSE)


def test_corrado_zivney_sign() -> None:
    """Signs of AR less the median over estimation and event.

    A, B: the median of 1 -1 1 -1 1 is 1: signs 0 -1 0 -1 0.
    C, D: the median of 1 -1 -1 1 3 is 1: signs 0 -1 -1 0 1.
    v_t = sum / sqrt(4): 0 -2 -1 -1 1; mean v^2 = 7/5; z = 1 / sqrt(1.4).
    """
    row = four(["corrado_zivney_sign"])
    assert row["statistic"] == pytest.approx(1 / sqrt(1.4), **CLOSE)


def test_clusters_by_hand() -> None:
    """Two symbols on each of two sessions, AR 1 3 and 4 8 percent: G = 2.

    mean 4; sums of x - 4 by cluster: (-3 - 1) = -4 and (0 + 4) = 4.
    CR1: V = G/(G-1) (16 + 16)/4^2 = 4, se = 2, t = 2, df 1:
    p = 1 - 2 atan(2)/pi. Leave-one-out means 6 and 2: CV3 = 1/2 (4 + 4) = 4: t = 2.
    """
    known = find_tests("all", several_sessions=True)[1]
    wanted = [t for t in ("clustered", "jackknife") if t in known]
    if not wanted:
        pytest.fail("not registered: clustered, jackknife")
    index = pd.bdate_range("2020-01-06", periods=7)
    still = [1, -1, 1, -1]
    returns = pd.DataFrame(
        {
            "A": [*still, 1, 0, 0],
            "B": [*still, 3, 0, 0],
            "C": [0, 0, *still[:3], -1, 4],
            "D": [0, 0, *still[:3], -1, 8],
        },
        index,
    )
    events = pd.DataFrame(
        {
            "event_id": ["a", "a", "b", "b"],
            "symbol": list("ABCD"),
            "session": index[[4, 4, 6, 6]],
        }
    )
    table = af.event_study(
        events,
        returns / 100,
        pd.DataFrame({"mkt": np.zeros(7)}, index),
        model="market_adjusted",
        estimation=(-4, -1),
        min_obs=3,
        tests=wanted,
    ).tests.set_index("test")
    for test in wanted:
        assert table.loc[test, "statistic"] == pytest.approx(2.0, **CLOSE)
        assert table.loc[test, "df"] == 1
        assert table.loc[test, "pvalue"] == pytest.approx(1 - 2 * atan(2) / pi, **CLOSE)
        assert not table.loc[test, "valid"]  # two clusters
