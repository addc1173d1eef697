"""Crude dependence, Patell and Hall against hand calculation and plain loops."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from aftershock.significance.adjusted_patell import AdjustedPatell
from aftershock.significance.base import Significance
from aftershock.significance.crude_dependence import CrudeDependence
from aftershock.significance.patell import Patell
from aftershock.significance.skewness import Skewness, hall_statistic
from tests.significance.loops import (
    EVENTS,
    FIRST,
    NAN,
    SECOND,
    THIRD,
    Window,
    crude_by_loop,
    days_of,
    hall_by_loop,
    make_trial,
    only,
    patell_by_loop,
)


def test_patell_by_hand() -> None:
    """s = .02, .01; df 10, 6; AR (.03, .01) and (-.005, .02).

    One day: SAR 1.5 and -.5, sum 1; df/(df-2) = 1.25 and 1.5, sum 2.75;
    Z = 1/1.6583124 = .6030227. Two days: CSAR 1.5 + .5 = 2 and -.5 + 2 = 1.5; over
    sqrt(2 x 1.25) = 1.5811388 and sqrt(2 x 1.5) = 1.7320508: 1.2649111 + .8660254 =
    2.1309365; over sqrt 2: 1.5067996. P(|N| > .6030227) = .5464936.
    """
    parts = {
        "sigma": [0.02, 0.01],
        "df": [10, 6],
        "event": [[0.03, 0.01], [-5e-3, 0.02]],
    }
    trial = make_trial([[0.01, -0.01]] * 2, **parts)
    row = only(Patell(), trial)
    assert row.statistic == pytest.approx(1 / math.sqrt(2.75), rel=1e-14)
    assert row.pvalue == pytest.approx(0.5464936, abs=5e-8)
    assert row.estimate == pytest.approx(0.0125, rel=1e-14)
    assert math.isnan(row.df) and math.isnan(row.ci_low) and math.isnan(row.ci_high)
    assert (row.n, row.valid, row.reason, row.warning) == (2, True, "", "")
    both = only(Patell(), replace(trial, window=trial.abnormal.window))
    assert both.statistic == pytest.approx(1.5067996, abs=5e-8)
    assert both.estimate == pytest.approx(0.0275, rel=1e-14)


def test_adjusted_patell_by_hand() -> None:
    """Two pairs of one session with residual correlation .5, a third far away.

    SAR 2, 1, -1.5 with df 12: sum 1.5, 3 x 1.2 = 3.6, Z = 1.5/1.8973666 = .7905694.
    r = (.5 + 0 + 0)/3 = 1/6; 1 + 2/6 = 4/3; Z/1.1547005 = .6846532. Without the
    third pair: 3/sqrt(2.4) = 1.9364917, over sqrt(1.5): 1.5811388.
    """
    events = [[2.0], [1.0], [-1.5]]
    trial = make_trial([FIRST, SECOND, THIRD], events, df=12, positions=[500, 500, 900])
    row = only(AdjustedPatell(), trial)
    assert row.statistic == pytest.approx(0.6846532, abs=5e-8)
    assert row.valid and row.reason == "" and math.isnan(row.df)
    assert row.pvalue == pytest.approx(2 * stats.norm.sf(row.statistic), rel=1e-12)
    assert not only(Patell(), trial).valid
    pair = make_trial([FIRST, SECOND], events[:2], df=12, positions=[500, 500])
    assert only(AdjustedPatell(), pair).statistic == pytest.approx(1.5811388, abs=5e-8)


@pytest.mark.parametrize(
    ("missing", "r"), [(2, 14 / 22), (3, 316 / 440), (4, 0.8), (5, 0.0)]
)
def test_correlation_on_the_dates_that_both_have(missing: int, r: float) -> None:
    """The second pair lacks its first days, of which the signs of six are turned.

    22 common days: 18 agree, 4 do not, both means are 0. 21: sums -1 and 1, products
    18 - 3 = 15; about the means 15 + 1/21 over 21 - 1/21. 20: (18 - 2)/20. 19 are too
    few, and count as 0.
    """
    short = [NAN] * missing + SECOND[missing:]
    trial = make_trial([FIRST, short], [[1.0], [2.0]], positions=[500, 500])
    assert trial.correlation == (pytest.approx(r, rel=1e-12), True)


def test_adjusted_patell_of_pairs_that_cancel() -> None:
    """r = -1 between two pairs: their sum never moves, so nothing can be said."""
    trial = make_trial(
        [FIRST, [-x for x in FIRST]], [[2.0], [1.0]], positions=[500, 500]
    )
    row = only(AdjustedPatell(), trial)
    assert not row.valid and "without variance" in row.reason and math.isnan(row.pvalue)


def test_crude_dependence_by_hand() -> None:
    """Residuals 1 -1 2 0 . and 3 . 0 -2 . (. = missing): AAR 2 -1 1 -1, T = 4.

    Mean .25, squared distances 3.0625 + 1.5625 + .5625 + 1.5625 = 6.75, sd =
    sqrt(6.75/3) = 1.5. CAR 3 and 0: CAAR 1.5, t = 1, df 3, p = .3910022 (from the
    closed form 1 - 2/pi (x/(1+x^2) + atan x), x = 1/sqrt 3: .4330127 + .5235988).
    """
    rows = [[1, -1, 2, 0, NAN], [3, NAN, 0, -2, NAN]]
    row = only(CrudeDependence(), make_trial(rows, [[3.0], [0.0]], sigma=2.0))
    assert row.statistic == pytest.approx(1.0, rel=1e-14)
    assert (row.df, row.n, row.estimate) == (3, 2, 1.5)
    assert row.pvalue == pytest.approx(0.3910022, abs=5e-8)
    assert math.isnan(row.ci_low)
    # four days, CAR 6 and 0: CAAR 3, over 1.5 sqrt 4 the same
    longer = make_trial(rows, [[3, 0, 0, 3], [0, 0, 1, -1]], window=(0, 3), sigma=2.0)
    assert only(CrudeDependence(), longer).statistic == pytest.approx(1.0, rel=1e-14)


def test_skewness_by_hand() -> None:
    """CARs 1 2 3 6: mean 3, distances -2 -1 0 3, sd sqrt(14/3) = 2.1602469.

    S = 1.3887301; sum z^3 = (-8 - 1 + 27)/10.0811523 = 1.7855102; g = 4/6 of it =
    1.1903401. 1.3887301 + 1.1903401 x 1.9285714/3 = .7652186, + 1.4169096 x
    2.6782652/27 = .1405504, + 1.1903401/24 = .0495975: 2.3440967; times 2: 4.6881933.
    """
    trial = make_trial([[1.0, -1.0]] * 4, [[1.0], [2.0], [3.0], [6.0]])
    row = only(Skewness(), trial)
    assert row.statistic == pytest.approx(4.6881933, abs=2e-7)
    assert (row.estimate, row.n, row.n_clusters) == (3.0, 4, 4)
    assert math.isnan(row.df) and math.isnan(row.ci_low)


@pytest.mark.parametrize("seed", range(5))
def test_skewness_against_scipy(seed: int) -> None:
    """S from scipy's one-sample t, g from scipy's unbiased skewness."""
    x = np.random.default_rng(seed).gamma(2.0, 1.0, 9) - 1.0
    # scipy's g is n^2/((n-1)(n-2)) m3/sd^3: the same number as n/((n-1)(n-2)) sum z^3
    assert hall_statistic(x) == pytest.approx(hall_by_loop(x.tolist()), rel=1e-11)


@pytest.mark.parametrize("window", [(0, 0), (1, 1), (-1, 2), (0, 3)])
def test_loops_agree_where_days_are_missing(window: Window) -> None:
    """Twelve pairs with unequal rows, unequal s and df, and gaps in the window."""
    random = np.random.default_rng(11)
    rows, events = random.normal(0, 1, (12, 60)), random.normal(0, 1, (12, 6))
    rows[random.random(rows.shape) < 0.1] = NAN
    rows[:3, :25] = NAN
    rows[:, 5] = NAN
    events[random.random(events.shape) < 0.08] = NAN
    trial = make_trial(
        rows,
        events,
        sigma=random.uniform(0.5, 2, 12),
        df=random.integers(3, 80, 12),
        window=window,
        start=-2,
    )
    pairs = days_of(trial)
    patell = only(Patell(), trial)
    assert patell.statistic == pytest.approx(patell_by_loop(pairs, window), rel=1e-11)
    assert patell.n == sum(p.complete(window) for p in pairs) < 12 or window == (0, 0)
    crude = only(CrudeDependence(), trial)
    expected = crude_by_loop(pairs, window)
    assert (crude.statistic, crude.df) == pytest.approx(expected, rel=1e-11)
    hall = only(Skewness(), trial)
    cars = [p.car(window) for p in pairs if p.complete(window)]
    assert hall.statistic == pytest.approx(hall_by_loop(cars), rel=1e-11)


@pytest.mark.parametrize(
    ("correlation", "inflation"), [(0.5, 2.0), (-0.25, 0.5), (-0.9, 0.0)]
)
def test_the_detectable_effect_by_hand(correlation: float, inflation: float) -> None:
    """(1.959964 + .841621) s sqrt(L (1 + 2 rho) / 3), s^2 = (1 + 4 + 4) / 3 = 3, L 2.

    Pairs that cancel more than entirely leave no variance, and no root of less.
    """
    trial = make_trial(
        [FIRST, SECOND, THIRD], EVENTS, sigma=[1.0, 2.0, 2.0], window=(0, 1)
    )
    found = trial.minimum_effect(correlation)
    expected = 2.801585 * math.sqrt(3 * 2 * inflation / 3)
    assert found == pytest.approx(expected, rel=1e-6)


def refused(row: Significance) -> bool:
    """Whether a row says why it shows nothing."""
    empty = math.isnan(row.statistic) and math.isnan(row.pvalue)
    return empty and not row.valid and bool(row.reason) and bool(row.null)


def test_what_cannot_be_computed_is_a_row_with_a_reason() -> None:
    """No complete pair, one pair, CARs and residuals that do not vary, df of 2."""
    nobody = make_trial([FIRST, SECOND], [[NAN], [NAN]])
    one = make_trial([FIRST], [[1.0]])
    for test in (Patell(), AdjustedPatell(), CrudeDependence(), Skewness()):
        assert refused(only(test, nobody)) and only(test, nobody).n == 0
    assert only(Patell(), one).statistic == pytest.approx(math.sqrt(0.8))
    assert only(AdjustedPatell(), one).statistic == pytest.approx(math.sqrt(0.8))
    # residuals +1, -1: squares 24, sd sqrt(24/23)
    expected = math.sqrt(23 / 24)
    assert only(CrudeDependence(), one).statistic == pytest.approx(expected)
    assert refused(only(Skewness(), one))
    same = make_trial([FIRST] * 3, [[0.5]] * 3)
    assert refused(only(Skewness(), same))
    still = make_trial([[0.0] * 24], [[0.5]])
    assert refused(only(CrudeDependence(), still))
    assert refused(only(Patell(), make_trial([FIRST], [[1.0]], df=2)))
