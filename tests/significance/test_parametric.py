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
from aftershock.significance.joint import Joint, heavy_tails
from aftershock.significance.patell import Patell
from aftershock.significance.skewness import Skewness, hall_statistic
from tests.significance.loops import Days, Window, days_of, make_trial, only

NAN = math.nan
# twelve + and twelve -; the second agrees on 18 of 24 dates: (18 - 6) / 24 = .5
FIRST = [1.0, -1.0] * 12
SECOND = [-x if k < 6 else x for k, x in enumerate(FIRST)]
# of the first it has half the dates right, of the second 12 of 24 too
THIRD = [1.0, 1.0, -1.0, -1.0] * 6
EVENTS = [[0.1, 0.4, -0.2], [0.3, 0.1, 0.2], [-0.2, 0.5, 0.1]]


def patell_by_loop(pairs: list[Days], window: Window) -> float:
    """Both forms of Patell's Z, one pair after the other."""
    kept = [p for p in pairs if p.complete(window)]
    length = window[1] - window[0] + 1
    if length == 1:
        above = sum(p.sars(window)[0] for p in kept)
        return above / math.sqrt(sum(p.df / (p.df - 2) for p in kept))
    total = 0.0
    for p in kept:
        total += sum(p.sars(window)) / math.sqrt(length * p.df / (p.df - 2))
    return total / math.sqrt(len(kept))


def crude_by_loop(pairs: list[Days], window: Window) -> tuple[float, float]:
    """The crude dependence t and T - 1."""
    kept = [p for p in pairs if p.complete(window)]
    means = []
    for offset in range(-400, 0):
        here = [p.residuals[offset] for p in kept if offset in p.residuals]
        if here:
            means.append(sum(here) / len(here))
    centre = sum(means) / len(means)
    spread = math.sqrt(sum((m - centre) ** 2 for m in means) / (len(means) - 1))
    caar = sum(p.car(window) for p in kept) / len(kept)
    length = window[1] - window[0] + 1
    return caar / (math.sqrt(length) * spread), len(means) - 1


def hall_by_loop(x: list[float]) -> float:
    """Hall's series, term by term; scipy gives the unbiased skewness g."""
    n = len(x)
    s = stats.ttest_1samp(x, 0.0).statistic / math.sqrt(n)
    # scipy's G1 = sqrt(n(n-1))/(n-2) m3/m2^1.5, the sample skewness with sd of n-1
    g = float(stats.skew(x, bias=False))
    return math.sqrt(n) * (s + g * s * s / 3 + g * g * s**3 / 27 + g / (6 * n))


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


def test_what_shares_a_session_is_not_valid_where_pairs_must_be_independent() -> None:
    """Events two sessions apart share nothing in one day, and one in three days."""
    trial = make_trial(
        [FIRST, SECOND, THIRD], EVENTS, positions=[500, 502, 900], start=-1
    )
    wide = replace(trial, window=trial.abnormal.window)
    assert only(Patell(), trial).valid
    for test in (Patell(), Skewness()):
        assert "share sessions" not in only(test, trial).reason
        assert "share sessions" in only(test, wide).reason
        assert not only(test, wide).valid
    for other in (AdjustedPatell(), CrudeDependence()):
        assert only(other, wide).valid and only(other, wide).reason == ""


def test_hall_needs_a_hundred_pairs() -> None:
    """Heavy tails: 7.5 % at N = 50; the row is there, and not valid."""
    values = np.random.default_rng(3).normal(0, 1, (100, 1)).tolist()
    enough = only(Skewness(), make_trial([FIRST] * 100, values))
    assert (enough.valid, enough.reason) == (True, "")
    row = only(Skewness(), make_trial([FIRST] * 99, values[:99]))
    assert (row.valid, row.reason) == (False, "fewer than 100 pairs")
    assert np.isfinite(row.pvalue)


def test_uneven_rows_spoil_the_spread_of_means() -> None:
    """Of two pairs one lacks k of 24 days: mean n/n_t = 1 + k/24, allowed to 1.1."""
    for lacking, valid in ((2, True), (3, False)):
        short = [NAN] * lacking + SECOND[lacking:]
        row = only(CrudeDependence(), make_trial([FIRST, short], [[0.1], [0.2]]))
        assert (row.valid, row.df) == (valid, 23)
        assert ("unequal estimation rows" in row.reason) is not valid


def test_raised_variance_names_the_robust_test() -> None:
    """SAR +-10 among four pairs: mean square 100, far beyond any F quantile."""
    trial = make_trial(
        [FIRST, SECOND, THIRD, FIRST[::-1]], [[10.0], [-10.0], [10.0], [-10.0]], df=22
    )
    for test, robust in (
        (Patell(), "bmp"),
        (AdjustedPatell(), "adjusted_bmp"),
        (CrudeDependence(), "adjusted_bmp"),
    ):
        row = only(test, trial)
        assert row.valid and row.warning.endswith(f"see {robust}")
    assert only(Skewness(), trial).warning == ""


def test_raised_variance_of_one_day_is_not_thinned_out() -> None:
    """Two pairs, six days, SAR +-2.8 on one, else 0: mean square 7.84 and 7.84/6.

    F(2, 22) leaves 1 - .01/6 beyond 8.70 and .99 beyond 5.72; F(12, 22) .99 beyond
    3.12. With +-3 the day stands out, and the window (9/6) still does not.
    """
    quiet = [0.0] * 5
    for size, warned in ((2.8, False), (3.0, True)):
        days = [[size, *quiet], [-size, *quiet]]
        trial = make_trial([FIRST, SECOND], days, df=22, window=(0, 5))
        assert bool(trial.raised_variance("bmp")) is warned


def test_high_volatility_before_the_event_is_a_warning() -> None:
    """Residuals +-1, the last eight +-c: v by plain recursion against F(32.3, df)."""
    for c, warned in ((1.2, False), (3.0, True)):
        residuals = FIRST[:16] + [c * x for x in FIRST[16:]]
        v = sum(x * x for x in residuals[:20]) / 20
        for x in residuals:
            v = 0.94 * v + 0.06 * x * x
        assert (v > stats.f.ppf(0.99, 1.94 / 0.06, 22)) == warned
        trial = make_trial([residuals], [[0.5]], df=22)
        told = "high volatility before the event; see bmp" if warned else ""
        assert trial.high_volatility("bmp") == told


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
