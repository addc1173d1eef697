"""The scale by time of day, against statsmodels and by simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from aftershock.abnormal import (
    AbnormalReturns,
    Drivers,
    FloatArray,
    Tape,
    gather,
    measure,
)
from aftershock.errors import StudyError
from aftershock.intraday import TimeOfDay
from aftershock.models.base import ReturnModel
from aftershock.models.market import Market
from aftershock.models.market_adjusted import MarketAdjusted
from aftershock.models.market_no_alpha import MarketNoAlpha
from aftershock.models.mean import Mean
from aftershock.significance.family import externally_studentised
from aftershock.study.pairs import judge_estimation
from aftershock.windows import EventWindow

PER_SESSION = 4
SPREAD = np.array([0.02, 0.01, 0.004, 0.008])
"""Gap, first, middle and last bar: the shape of a day."""

MODELS: list[ReturnModel] = [Mean(), Market(), MarketNoAlpha(), MarketAdjusted()]


def series(sessions: int, symbols: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Return returns (T, K) and market (T,) whose spread follows the time of day."""
    random = np.random.default_rng(seed)
    shape = np.tile(SPREAD, sessions)
    market = 0.5 * shape * random.standard_normal(len(shape))
    noise = shape[:, None] * random.standard_normal((len(shape), symbols))
    return 0.0002 + 1.2 * market[:, None] + noise, market


def measured(
    returns: FloatArray,
    market: FloatArray,
    model: ReturnModel,
    position: int,
    window: tuple[int, int] = (0, 3),
    sessions: int = 15,
) -> AbnormalReturns:
    """Measure every symbol at one row of the calendar."""
    names = {"mkt": market} if model.factors else {}
    estimation = (-sessions * PER_SESSION, -1)
    count = returns.shape[1]
    sample = gather(
        Tape.of(returns, Drivers(names), len(returns)),
        np.arange(count),
        np.full(count, position),
        (estimation[0], window[1]),
        estimation,
    )
    return measure(sample, model, EventWindow(*window))


def by_time(model: ReturnModel, rows: int) -> TimeOfDay:
    """Return a model by time of day for a calendar of so many rows."""
    return TimeOfDay(model, np.arange(rows) % PER_SESSION)


def oracle(y: FloatArray, x: FloatArray, slot: Any) -> tuple[Any, FloatArray]:
    """Return statsmodels' weighted regression and the scale of each slot.

    The two rounds are written out: leverage and residuals of a regression, s_j^2 =
    sum e^2 / sum (1 - h), the regression with weights 1 / s_j^2.
    """
    scale = np.ones(PER_SESSION)
    for _ in range(2):
        weights = 1 / scale[slot] ** 2
        fit = sm.WLS(y, x, weights=weights).fit()
        root = np.sqrt(weights)[:, None]
        scaled = root * x
        h = np.diag(scaled @ np.linalg.inv(scaled.T @ scaled) @ scaled.T)
        scale = np.array(
            [
                np.sqrt((fit.resid[slot == j] ** 2).sum() / (1 - h[slot == j]).sum())
                for j in range(PER_SESSION)
            ]
        )
    return sm.WLS(y, x, weights=1 / scale[slot] ** 2).fit(), scale


def test_market_model_agrees_with_statsmodels() -> None:
    """AR, its standard error and that of the CAR: WLS prediction of statsmodels."""
    returns, market = series(16, 3, seed=1)
    position = 60
    model = by_time(Market(), len(market))
    abnormal = measured(returns, market, model, position)
    x = sm.add_constant(market)
    slot = np.arange(len(market)) % PER_SESSION
    for k in range(3):
        fit, scale = oracle(returns[:60, k], x[:60], slot[:60])
        ahead, then = x[60:64], slot[60:64]
        forecast = fit.get_prediction(ahead, weights=1 / scale[then] ** 2)
        np.testing.assert_allclose(
            abnormal.ar[k], returns[60:64, k] - forecast.predicted, rtol=1e-9
        )
        singly = [abnormal.car_se(EventWindow(t, t))[k] for t in range(4)]
        np.testing.assert_allclose(singly, forecast.se_obs, rtol=1e-8)
        np.testing.assert_allclose(abnormal.se[k], forecast.se_obs, rtol=1e-8)
        np.testing.assert_allclose(
            abnormal.sar[k],
            (returns[60:64, k] - forecast.predicted) / forecast.se_obs,
            rtol=1e-8,
        )
        total = ahead.sum(axis=0)
        noise = fit.scale * (scale[then] ** 2).sum()
        expected = np.sqrt(noise + total @ fit.cov_params() @ total)
        car = (returns[60:64, k] - forecast.predicted).sum()
        assert abnormal.scar(EventWindow(0, 3))[k] == pytest.approx(
            car / expected, rel=1e-8
        )
        assert abnormal.car_se(EventWindow(0, 3))[k] == pytest.approx(
            expected, rel=1e-8
        )
        assert abnormal.fit.alpha[k] == pytest.approx(fit.params[0], rel=1e-8)
        assert abnormal.fit.beta[k] == pytest.approx(fit.params[1], rel=1e-8)


def test_the_mean_by_hand() -> None:
    """Ten sessions, two slots with +-2 % and +-1 %, five of each sign.

    The weighted mean is 0 by symmetry. Leverage in slot j is w_j / sum w.
    Round 1, w = 1: h = 1/20, sum (1 - h) = 9.5 in each slot; s_1^2 = 10 x .0004 / 9.5,
    s_2^2 = 10 x .0001 / 9.5: a ratio of s of 2.
    Round 2, weights 1 : 4 over 20 rows: h = 1/50 and 4/50, sum (1 - h) = 9.8 and 9.2;
    s_1^2 = .004 / 9.8, s_2^2 = .001 / 9.2.
    Final weights w_1 : w_2 = 1/s_1^2 : 1/s_2^2 = 2450 : 9200, relative scale of slot 2
    r = sqrt(2450/9200); in units of slot 1 SSR = .004 + .001 x 9200/2450 = .00775510
    and sigma^2 = SSR / 19 = .000408163 = s_1^2.
    G = 1 / (10 + 10 x 9200/2450) = .0210300.
    se of slot 1 = sqrt(.000408163 x 1.0210300) = .0204144; df = 9.8.
    """
    first = np.repeat([0.02, -0.02], 5)
    second = np.tile([0.01, -0.01], 5)
    y = np.append(np.column_stack([first, second]).ravel(), [0.03, 0.02])[:, None]
    model = TimeOfDay(Mean(), np.arange(22) % 2)
    sample = gather(
        Tape.of(y, Drivers(), 30),
        np.array([0]),
        np.array([20]),
        (-20, 1),
        (-20, -1),
    )
    abnormal = measure(sample, model, EventWindow(0, 1))
    fit = abnormal.fit
    assert fit.scale is not None
    assert fit.sigma[0] ** 2 == pytest.approx(0.004 / 9.8, rel=1e-12)
    assert fit.scale[0, -2:] == pytest.approx([1, np.sqrt(2450 / 9200)], rel=1e-12)
    assert fit.df[0] == pytest.approx(9.8, rel=1e-12)
    assert abnormal.car_se(EventWindow(0, 0))[0] == pytest.approx(0.0204144, abs=5e-8)
    scar = abnormal.scar(EventWindow(0, 0))[0]
    assert scar == pytest.approx(0.03 / 0.0204144, rel=1e-5)
    assert abnormal.ar[0] == pytest.approx([0.03, 0.02], abs=1e-15)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_equal_spread_is_the_wrapped_model(model: ReturnModel) -> None:
    """Where one slot makes the whole day, nothing but its one scale is left."""
    returns, market = series(30, 5, seed=2)
    plain = measured(returns, market, model, 110, window=(0, 4))
    alike = TimeOfDay(model, np.ones(len(market), dtype=np.int64))
    wrapped = measured(returns, market, alike, 110, window=(0, 4))
    np.testing.assert_allclose(wrapped.ar, plain.ar, rtol=1e-9)
    for window in (EventWindow(0, 0), EventWindow(0, 4), EventWindow(2, 3)):
        np.testing.assert_allclose(
            wrapped.car_se(window), plain.car_se(window), rtol=1e-9
        )
    np.testing.assert_allclose(wrapped.fit.df, plain.fit.df, rtol=1e-9)
    np.testing.assert_allclose(wrapped.fit.alpha, plain.fit.alpha, rtol=1e-9)
    np.testing.assert_allclose(wrapped.fit.beta, plain.fit.beta, rtol=1e-9)


def test_a_pair_stands_alone() -> None:
    """A pair's numbers are the same alone as among others, and after `take`."""
    returns, market = series(16, 4, seed=3)
    model = by_time(Market(), len(market))
    whole = measured(returns, market, model, 60)
    alone = measured(returns[:, 2:3], market, model, 60)
    window = EventWindow(0, 3)
    np.testing.assert_allclose(
        whole.take(np.array([2])).scar(window), alone.scar(window), rtol=1e-9
    )


def test_returns_in_other_units_change_nothing_standardised() -> None:
    returns, market = series(16, 4, seed=4)
    model = by_time(Market(), len(market))
    window = EventWindow(0, 3)
    one = measured(returns, market, model, 60)
    other = measured(100 * returns, 100 * market, model, 60)
    np.testing.assert_allclose(other.scar(window), one.scar(window), rtol=1e-9)
    np.testing.assert_allclose(
        other.car_se(window), 100 * one.car_se(window), rtol=1e-9
    )


def test_nothing_outside_the_estimation_is_read() -> None:
    """Returns of the event and of what follows change no coefficient and no scale."""
    returns, market = series(16, 2, seed=5)
    model = by_time(Market(), len(market))
    before = measured(returns, market, model, 60)
    changed = returns.copy()
    changed[60:] *= 50
    after = measured(changed, market, model, 60)
    window = EventWindow(0, 3)
    np.testing.assert_array_equal(after.car_se(window), before.car_se(window))
    np.testing.assert_array_equal(after.fit.beta, before.fit.beta)


def test_a_bar_with_few_rows_borrows_from_its_neighbours() -> None:
    """Nine rows of the middle bar: it takes those of both its neighbours as well."""
    returns, market = series(16, 1, seed=6)
    returns[2 : 6 * PER_SESSION : PER_SESSION] = np.nan
    model = by_time(Mean(), len(market))
    fit = measured(returns, market, model, 60).fit
    assert fit.scale is not None
    middle = 60 + 2
    borrowed = model.borrowed(fit.sample)[0]
    assert borrowed[middle]
    assert not borrowed[[60, 61, 63]].any()
    # between the spreads of the three, .01, .004 and .008 in truth
    own = fit.scale[0] * fit.sigma[0]
    assert min(own[61], own[63]) * 0.6 < own[middle] < max(own[61], own[63])


def test_a_bar_is_judged_by_a_variance_without_it() -> None:
    """The sum of squares rests on all rows, not on those of the news's slot alone.

    u / sqrt((SSR - u^2) / (M - k - 1)), u = e / sqrt(1 - h), by a loop over rows; `df`
    is the smaller number that the scale of one slot rests on.
    """
    returns, market = series(24, 1, seed=8)
    fit = measured(returns, market, by_time(Mean(), len(market)), 80).fit
    rows = np.flatnonzero(fit.sample.estimation[0])
    e, h = fit.residuals[0, rows], fit.hat[0, rows]
    ssr, m = sum(x * x for x in e), len(rows)
    assert fit.df[0] < m - 1
    found = externally_studentised(fit)[0, rows]
    for k in range(m):
        u = e[k] / np.sqrt(1 - h[k])
        own = np.sqrt((ssr - u * u) / (m - 2))
        assert found[k] == pytest.approx(u / own, rel=1e-10)


def test_a_slot_without_a_scale_is_too_little_estimation() -> None:
    """The gap has nine rows: nothing to judge by, and no word of zero variance."""
    returns, market = series(16, 1, seed=6)
    returns[: 7 * PER_SESSION : PER_SESSION] = np.nan
    found = measured(returns, market, by_time(Mean(), len(market)), 15 * PER_SESSION)
    (verdict,) = judge_estimation(found, 10)
    assert verdict.code == "insufficient_estimation"


def test_a_gap_with_few_rows_says_nothing_standardised() -> None:
    """Nine gaps: the abnormal return is there, its standard error is not."""
    returns, market = series(16, 1, seed=7)
    returns[0 : 6 * PER_SESSION : PER_SESSION] = np.nan
    abnormal = measured(returns, market, by_time(Mean(), len(market)), 60)
    assert np.isfinite(abnormal.ar[0]).all()
    assert np.isnan(abnormal.car_se(EventWindow(0, 0))[0])
    # 15 sessions of 4 rows, six gaps missing and nine left out
    assert abnormal.fit.m[0] == 60 - 15


def test_models_that_are_not_least_squares_are_refused() -> None:
    class Other(ReturnModel):
        name = "other"
        formula = "E[R] = ?"

        def fit(self, sample: Any) -> Any:
            raise AssertionError

    with pytest.raises(StudyError, match="'other' cannot be fitted") as caught:
        TimeOfDay(Other(), np.arange(4))
    assert "market_adjusted" in caught.value.allowed


def test_a_study_asks_the_wrapped_model() -> None:
    model = by_time(Market(), 8)
    assert (model.name, model.factors) == ("market", ("mkt",))
    assert model.formula == Market.formula
