"""When a test of means warns, or may not be quoted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import stats

from aftershock.significance.adjusted_patell import AdjustedPatell
from aftershock.significance.crude_dependence import CrudeDependence
from aftershock.significance.patell import Patell
from aftershock.significance.skewness import Skewness
from tests.significance.loops import EVENTS, FIRST, NAN, SECOND, THIRD, make_trial, only


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
