"""Corrado's tests and the generalised rank tests, by hand and by plain loops."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from aftershock.significance.base import Significance, SignificanceTest
from aftershock.significance.corrado_rank import CorradoRank
from aftershock.significance.corrado_zivney_sign import CorradoZivneySign
from aftershock.significance.grank_t import GrankT
from aftershock.significance.grank_z import GrankZ
from aftershock.significance.ranks import mean_of_columns, midranks
from aftershock.significance.trial import Trial
from tests.significance.loops import (
    NAN,
    Window,
    corrado_by_loop,
    days_of,
    grank_by_loop,
    make_trial,
    only,
)

CORRADO: list[SignificanceTest] = [CorradoRank(), CorradoZivneySign()]
GRANK: list[SignificanceTest] = [GrankT(), GrankZ()]


def two_pairs(window: Window = (0, 0)) -> Trial:
    """Three estimation days; the second pair lacks one, and the second event day."""
    rows, events = [[1, 2, 3], [5, NAN, 5]], [[4], [7]]
    if window == (0, 1):
        events = [[4, 0], [7, NAN]]
    return make_trial(rows, events, sigma=2.0, window=window)


def test_midranks_against_scipy() -> None:
    """Ties share a rank, missing values have none; -0 and 0 are equal."""
    values = np.array(
        [[3.0, 1, 1, NAN, 2], [NAN] * 5, [0.0, -0.0, 5, 5, 5], [5.0, 4, 3, 2, 1]]
    )
    found = midranks(values)
    assert found[0].tolist()[:3] == [4.0, 1.5, 1.5] and math.isnan(found[0, 3])
    assert np.isnan(found[1]).all()
    assert found[2].tolist() == [1.5, 1.5, 4, 4, 4]
    assert found[3].tolist() == [5, 4, 3, 2, 1]
    random = np.random.default_rng(0)
    mixed = random.integers(0, 40, (30, 25)).astype(float)
    mixed[random.random(mixed.shape) < 0.2] = NAN
    expected = stats.rankdata(mixed, axis=1, nan_policy="omit")
    assert np.array_equal(midranks(mixed), expected, equal_nan=True)


def test_midranks_of_neighbouring_floats_against_scipy() -> None:
    """Values one last digit apart, on both sides of zero, huge and tiny ones, ties."""
    random = np.random.default_rng(4)
    values = random.normal(0, 0.02, (40, 300)) * 10.0 ** random.integers(-9, 9, (40, 1))
    values[::3, 7] = np.nextafter(values[::3, 250], np.inf)
    values[1::3, 7] = np.nextafter(values[1::3, 250], -np.inf)
    values[2::6, 9] = values[2::6, 200]
    values[5, :4] = [0.0, -0.0, 5e-324, -5e-324]
    values[random.random(values.shape) < 0.1] = NAN
    expected = stats.rankdata(values, axis=1, nan_policy="omit")
    assert np.array_equal(midranks(values), expected, equal_nan=True)


def test_means_of_columns_over_several_parts() -> None:
    """(1 + 3 + 8)/3, (2 + 4)/2, and a day that nobody has; nothing of no parts."""
    parts = [
        np.array([[1.0, 2.0, NAN], [3.0, NAN, NAN]]),
        np.array([[8.0, 4.0, NAN]]),
    ]
    mean, count = mean_of_columns(parts)
    assert mean.tolist()[:2] == [4.0, 3.0] and math.isnan(mean[2])
    assert count.tolist() == [3, 2, 0]
    assert [len(found) for found in mean_of_columns([])] == [0, 0]


def test_corrado_rank_by_hand() -> None:
    """Pair 1: 1 2 3 | 4, count 4: U = .2 .4 .6 .8. Pair 2: 5 . 5 | 7, count 3:
    midranks 1.5 1.5 3, U = .375 . .375 .75.

    Kbar - 1/2: (.2+.375)/2 = -.2125, .4 = -.1 (one pair), -.0125, +.275.
    N_t/N times squares: .04515625 + .5 x .01 + .00015625 + .075625 = .1259375;
    /4 = .031484375; z = .275/.17743837 = 1.5498339.
    """
    row = only(CorradoRank(), two_pairs())
    assert row.statistic == pytest.approx(0.275 / math.sqrt(0.031484375), rel=1e-13)
    assert row.pvalue == pytest.approx(2 * stats.norm.sf(row.statistic), rel=1e-12)
    assert (row.n, row.n_sessions, row.n_clusters) == (2, 2, 2)
    assert math.isnan(row.df) and row.estimate == 5.5


def test_corrado_rank_over_two_days_by_hand() -> None:
    """Pair 1: 1 2 3 | 4 0, count 5: U = (2 3 4 5 1)/6. Pair 2 lacks the second day.

    Kbar - 1/2: (1/3 + 3/8)/2 - 1/2 = -7/48, 0, (2/3 + 3/8)/2 - 1/2 = 1/48,
    (5/6 + 3/4)/2 - 1/2 = 14/48, 1/6 - 1/2 = -16/48 (one pair). Squares x 48^2 with
    N_t/N: 49 + 0 + 1 + 196 + 128 = 374; /5 = 74.8. sqrt 2 x ((14 - 16)/2)/sqrt 74.8.
    The pair without a complete window stays: n = 2, and the CAAR is of the other.
    """
    trial = two_pairs((0, 1))
    row = only(CorradoRank(), trial)
    assert row.statistic == pytest.approx(-math.sqrt(2 / 74.8), rel=1e-12)
    assert (row.n, trial.n, row.estimate) == (2, 1, 4.0)
    # the same ranked set when only the first of the two days is tested
    first = only(CorradoRank(), replace(trial, window=two_pairs().window))
    assert first.statistic == pytest.approx(14 / math.sqrt(74.8), rel=1e-12)


def test_corrado_zivney_by_hand() -> None:
    """Medians 2.5 and 5: signs - - + + and 0 . 0 +.

    v = -1/sqrt 2, -1, 1/sqrt 2, 2/sqrt 2; squares .5 + 1 + .5 + 2 = 4, /4 = 1:
    z = sqrt 2.
    """
    row = only(CorradoZivneySign(), two_pairs())
    assert row.statistic == pytest.approx(math.sqrt(2), rel=1e-13)
    assert row.n == 2 and math.isnan(row.df)


def test_grank_by_hand() -> None:
    """Residuals/s -1 1 3 and 0 . 2; SCAR 2 and 4, sd sqrt 2: 1.414 and 2.828.

    Ranks of pair 1: 1 2 4, event 3, over M + 2 = 5: U = -.3 -.1 .3, event .1. Pair
    2: 1 . 2, event 3, over 4: -.25 . 0, event .25. Ubar: -.275, -.1 (one), .15,
    event .175. (n_t/N) squares: .075625 + .005 + .0225 + .030625 = .13375, T = 4:
    Z^2 = .030625/.0334375 = .9158879, t = sqrt(.9158879 x 2/(3 - .9158879)), df 2.
    grank_z: (3/60 + 2/48)/4 = .0229167, .175/.1513825 = 1.1560120.
    """
    trial = make_trial([[-2, 2, 6], [0, NAN, 4]], [[4], [8]], sigma=2.0)
    row = only(GrankT(), trial)
    z2 = 0.030625 / 0.0334375
    assert row.statistic == pytest.approx(math.sqrt(z2 * 2 / (3 - z2)), rel=1e-12)
    assert (row.df, row.n) == (2, 2)
    assert row.pvalue == pytest.approx(2 * stats.t.sf(row.statistic, 2), rel=1e-12)
    other = only(GrankZ(), trial)
    assert other.statistic == pytest.approx(1.1560120, abs=5e-8)
    assert math.isnan(other.df)


@pytest.mark.parametrize("window", [(0, 0), (1, 1), (-1, 2), (0, 3)])
@pytest.mark.parametrize("ties", [False, True])
def test_loops_agree_where_days_are_missing(window: Window, ties: bool) -> None:
    """Fifteen pairs: unequal rows, gaps, a day that nobody has, and whole numbers."""
    random = np.random.default_rng(5)
    rows, events = random.normal(0, 3, (15, 50)), random.normal(0.5, 3, (15, 6))
    rows[random.random(rows.shape) < 0.1] = NAN
    rows[:4, :20] = NAN
    rows[:, 7] = NAN
    events[random.random(events.shape) < 0.1] = NAN
    if ties:
        rows, events = rows.round(), events.round()
    # whole numbers stay tied only if all are divided by the same s
    sigma = np.full(15, 2.0) if ties else random.uniform(1, 4, 15)
    trial = make_trial(rows, events, sigma=sigma, window=window, start=-2)
    pairs = days_of(trial)
    rank, sign = corrado_by_loop(pairs, window)
    assert only(CorradoRank(), trial).statistic == pytest.approx(rank, rel=1e-11)
    assert only(CorradoZivneySign(), trial).statistic == pytest.approx(sign, rel=1e-11)
    assert {only(test, trial).n for test in CORRADO} == {15}
    t, z, days = grank_by_loop(pairs, window)
    row = only(GrankT(), trial)
    assert (row.statistic, row.df) == (pytest.approx(t, rel=1e-11), days - 2)
    assert only(GrankZ(), trial).statistic == pytest.approx(z, rel=1e-11)
    assert row.n == sum(p.complete(window) for p in pairs)


def test_a_tie_between_the_event_and_residuals() -> None:
    """SCAR/sd of -.5 and .5 at sd 1/sqrt 2 ... are -.7071 and .7071, as residuals.

    Both events tie with two residuals: midranks by hand 2 of (r, r, e | 1) and so on.
    """
    half = math.sqrt(0.5)
    rows = [[-half, -half, 1.0], [half, half, -1.0]]
    trial = make_trial(rows, [[-0.5], [0.5]])
    # pair 1: three values tied at the bottom, rank 2 of 4; pair 2: at the top, 3 of 4
    row = only(GrankZ(), trial)
    assert row.statistic == pytest.approx(0.0, abs=1e-12)
    lifted = make_trial(
        [*rows, *rows[1:]], [[-0.5], [0.5], [0.5]], positions=[1, 99, 500]
    )
    spread = math.sqrt(((2 / 3) ** 2 + 2 * (1 / 3) ** 2) / 2)
    assert spread < half < 0.5 / spread
    # now beyond their residuals: ranks 1, 4, 4 over 5: U = -.3 .3 .3, mean .1
    expected = 0.1 / math.sqrt(3 * 3 / 60 / 9)
    assert only(GrankZ(), lifted).statistic == pytest.approx(expected, rel=1e-12)


def test_ranks_that_cancel_on_every_day_are_no_news() -> None:
    """The second pair is the first upside down: each day's mean rank is the middle."""
    rows = [[1.0, -1.0, 2.0, -2.0], [-1.0, 1.0, -2.0, 2.0]]
    row = only(GrankT(), make_trial(rows, [[3.0], [-3.0]]))
    assert (row.statistic, row.df, row.pvalue) == (0.0, 3, 1.0)
    # U = -+1/4, +-1/4, 0 without a last digit: nothing varies, and Z is 0
    row = only(GrankT(), make_trial([[-5.0, 5.0], [5.0, -5.0]], [[2.0], [-2.0]]))
    assert (row.statistic, row.df, row.pvalue) == (0.0, 1, 1.0)


def refused(row: Significance) -> bool:
    """Whether a row says why it shows nothing."""
    empty = math.isnan(row.statistic) and math.isnan(row.pvalue)
    return empty and not row.valid and bool(row.reason)


@pytest.mark.parametrize(
    ("rows", "event"),
    [
        ([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]], [[4.0], [5.0]]),
        ([[1 / math.sqrt(2)], [-1 / math.sqrt(2)]], [[1.0], [-1.0]]),
    ],
)
def test_estimation_days_that_rank_alike_leave_no_room(rows, event) -> None:
    """SCAR/sd of 4 and 5 is 5.66 and 7.07, the largest of each pair: U = .3 and .3.

    The days before: (-.3 + .1)/2, (-.1 - .1)/2, (.1 - .3)/2 = -.1 each; S^2 = (3 x
    .01 + .09)/4 = .03, Z^2 = 3 = T - 1, and sqrt(2/0) is no statistic, though the
    last digits leave 4e-16. One day that the window ties with, +-1/sqrt 2 being both:
    Z is 0 and T - 1 is 1, but t(0) is no distribution.
    """
    row = only(GrankT(), make_trial(rows, event))
    assert refused(row)
    assert row.reason == "the estimation days leave no room for ranks"


def test_what_cannot_be_computed_is_a_row_with_a_reason() -> None:
    """No return in the window, one pair, nothing that varies, no estimation."""
    nobody = make_trial([[1, 2, 3]] * 2, [[NAN], [NAN]])
    for test in [*CORRADO, *GRANK]:
        assert refused(only(test, nobody))
    assert {only(test, nobody).n for test in CORRADO} == {2}
    assert {only(test, nobody).n for test in GRANK} == {0}
    one = make_trial([[1, 2, 3]], [[4.0]])
    for grank in GRANK:
        assert refused(only(grank, one))
        assert refused(only(grank, make_trial([[1, 2, 3]] * 2, [[4.0]] * 2)))
    # ranks .2 .4 .6 .8 of a single pair: .3/sqrt(.05) = 1.3416408
    assert only(CorradoRank(), one).statistic == pytest.approx(1.3416408, abs=5e-8)
    still = make_trial([[0, 0, 0]] * 2, [[0.0]] * 2)
    for corrado in CORRADO:
        assert refused(only(corrado, still))


def test_raised_variance_is_a_warning_of_corrado_rank() -> None:
    """Mean square 100 on the event day; the generalised rank test is named."""
    rows = np.random.default_rng(1).normal(0, 1, (4, 40)).tolist()
    trial = make_trial(rows, [[10], [-10], [10], [-10.0]], df=38)
    assert only(CorradoRank(), trial).warning.endswith("see grank_t")
    assert only(GrankT(), trial).warning == ""
