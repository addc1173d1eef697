"""Figures against numbers worked out by hand, published ones, pandas and scipy."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftershock import performance

PATH = np.array([110.0, 99.0, 118.8])  # from 100: +10 %, -10 %, +20 %


def trades() -> pd.DataFrame:
    """Return one long trade, one short one, and a refused plan."""
    return pd.DataFrame(
        {
            "side": ["long", "short", "long"],
            "size": [10.0, 5.0, np.nan],
            "entry_price": [10.0, 20.0, np.nan],
            "exit_price": [11.0, 22.0, np.nan],
            "fees": [1.0, 1.0, np.nan],
            "slippage": [0.5, 0.5, np.nan],
            "borrow": [0.0, 2.0, np.nan],
            "borrowed": [0.0, 4.0, np.nan],
            "pnl": [9.0, -13.0, np.nan],
            "ret": [0.09, -0.13, np.nan],
            "entry_half": [0, 3, -1],
            "exit_half": [2, 4, -1],
        }
    )


def test_figures_of_a_curve() -> None:
    """Growth 1.188 in three sessions; deepest fall 110 -> 99."""
    figures = performance.curve_figures(PATH, 100.0)
    daily = pd.Series([0.1, -0.1, 0.2])
    assert figures["total_return"] == pytest.approx(0.188)
    assert figures["cagr"] == pytest.approx(1.188**84 - 1)
    assert figures["volatility"] == pytest.approx(daily.std() * math.sqrt(252))
    assert figures["sharpe"] == pytest.approx(
        daily.mean() / daily.std() * math.sqrt(252)
    )
    assert figures["max_drawdown"] == pytest.approx(-0.1)


@settings(deadline=None)  # the first example pays for the import of empyrical
@given(
    st.lists(
        st.integers(-2000, 2500).map(lambda k: k / 1e4), min_size=3, max_size=120
    ).filter(lambda daily: np.ptp(daily) > 1e-3)
)
def test_figures_are_those_of_empyrical(daily: list[float]) -> None:
    """Years of 252 sessions, risk-free rate and target 0, the start counts as a peak.

    Its Calmar ratio is left out where it sees no fall and gives NaN, as ours does.
    """
    import empyrical

    returns = pd.Series(daily, pd.bdate_range("2024-01-02", periods=len(daily)))
    path = 100 * (1 + returns).cumprod().to_numpy()
    ours = performance.curve_figures(path, 100.0)
    theirs = {
        "total_return": empyrical.cum_returns_final(returns),
        "cagr": empyrical.cagr(returns),
        "volatility": empyrical.annual_volatility(returns),
        "sharpe": empyrical.sharpe_ratio(returns),
        "max_drawdown": empyrical.max_drawdown(returns),
    }
    if (returns < 0).any():
        theirs["sortino"] = empyrical.sortino_ratio(returns)
        theirs["calmar"] = empyrical.calmar_ratio(returns)
    for name, value in theirs.items():
        assert ours[name] == pytest.approx(float(value), rel=1e-8, abs=1e-10), name


def test_drawdown_counts_the_start_as_a_peak() -> None:
    assert performance.max_drawdown(np.array([80.0, 90.0]), 100.0) == pytest.approx(
        -0.2
    )


def test_degenerate_curves_have_no_sharpe() -> None:
    assert math.isnan(performance.sharpe(np.zeros(5)))
    assert math.isnan(performance.sharpe(np.array([0.1])))
    assert math.isnan(performance.volatility(np.array([0.1])))
    assert math.isnan(performance.sortino(np.array([-0.1])))
    assert math.isnan(performance.total_return(np.array([]), 1.0))
    assert math.isnan(performance.cagr(np.array([]), 1.0))
    assert performance.cagr(np.array([-5.0]), 1.0) == -1.0


def test_odds_of_a_ratio_without_spread_are_unknown() -> None:
    """1 - g3 SR + (g4 - 1) / 4 SR^2 = 1 - 2 + 1 = 0 for SR 1, g3 2, g4 5."""
    assert math.isnan(performance.probability_above(0.0, 1.0, 24, 2.0, 5.0))


def test_the_luck_of_two_trials() -> None:
    """(1 - g) Phi^-1(1/2) + g Phi^-1(1 - 1/(2e)) = .577216 x .900453 = .519755."""
    assert performance.largest_sharpe(2, 1.0) == pytest.approx(0.519755, abs=2e-6)


def test_a_ruined_account_holds_nothing_over_nothing() -> None:
    """Gross 60 over equity 120 and 0: half, and none; the mean of both is 1/4."""
    equity, gross = np.array([120.0, 0.0]), np.array([60.0, 0.0])
    held = np.array([True, False])
    figures = performance.exposure_figures(equity, gross, held, 100.0)
    assert figures["exposure"] == pytest.approx(0.25)


def test_trade_figures() -> None:
    figures = performance.trade_figures(trades())
    assert figures["n_trades"] == 2
    assert figures["n_refused"] == 1
    assert figures["hit_rate"] == 0.5
    assert figures["mean_trade"] == pytest.approx(-0.02)
    assert figures["pnl"] == pytest.approx(-4.0)
    assert figures["break_even_borrow"] == pytest.approx((-13.0 + 2.0) / 4.0)
    assert math.isnan(performance.trade_figures(trades().iloc[2:])["hit_rate"])
    assert math.isnan(performance.break_even_borrow(trades().iloc[:1]))


def test_turnover_is_half_the_traded_value_per_year() -> None:
    """10 x 21 + 5 x 42 = 420; half over mean equity 105, in 2 of 252 sessions."""
    equity = np.array([100.0, 110.0])
    assert performance.turnover(trades(), equity) == pytest.approx(2.0 * 126)
    assert math.isnan(performance.turnover(trades(), np.array([])))


def test_exposure_figures() -> None:
    """Half of equity held in two of four sessions; Sharpe of those two."""
    equity, cash = np.array([101.0, 103.0, 103.0, 103.0]), 100.0
    gross = np.array([50.5, 51.5, 0.0, 0.0])
    held = np.array([True, True, False, False])
    figures = performance.exposure_figures(equity, gross, held, cash)
    assert figures["exposure"] == pytest.approx(0.25)
    assert figures["time_in_market"] == 0.5
    assert figures["return_per_exposure"] == pytest.approx(0.03 / 0.25)
    daily = np.array([0.01, 2 / 101])
    expected = daily.mean() / daily.std(ddof=1) * math.sqrt(252)
    assert figures["sharpe_invested"] == pytest.approx(expected)


def test_sessions_held_run_from_entry_to_exit() -> None:
    held = performance.sessions_held(trades(), 4)
    assert held.tolist() == [True, True, True, False]


def test_published_sharpe_probabilities() -> None:
    """Bailey and Lopez de Prado (2012), section 4: 24 months, Sharpe .458 a month.

    Under normality .982, with skewness -2.448 and kurtosis 10.164 .913.
    """
    ratio = 0.458
    normal = performance.probability_above(0, ratio, 24, 0, 3)
    assert normal == pytest.approx(0.982, abs=0.0006)
    skewed = performance.probability_above(0, ratio, 24, -2.448, 10.164)
    assert skewed == pytest.approx(0.913, abs=0.0006)


def test_published_deflated_sharpe() -> None:
    """Bailey and Lopez de Prado (2014): annual 2.5 over 1250 days, 100 trials.

    Variance of the trials' annual ratios 1/2, skewness -3, kurtosis 10, 250 days a
    year: SR* = .1132 a day, and .9004.
    """
    best = performance.largest_sharpe(100, np.sqrt(0.5 / 250))
    assert best == pytest.approx(0.1132, abs=0.00005)
    found = performance.probability_above(best, 2.5 / np.sqrt(250), 1250, -3, 10)
    assert found == pytest.approx(0.9004, abs=0.0002)
    assert performance.largest_sharpe(1, 0.1) == 0.0


def test_the_best_of_many_by_simulation() -> None:
    """The mean largest of 50 normals is 2.249; the formula is within 1 %."""
    assert performance.largest_sharpe(50, 1.0) == pytest.approx(2.249, rel=0.015)


def test_moments_are_those_of_scipy() -> None:
    from scipy import stats

    x = np.random.default_rng(2).standard_t(4, 300)
    skewness, kurtosis = performance.moments(x)
    assert skewness == pytest.approx(stats.skew(x), rel=1e-12)
    assert kurtosis == pytest.approx(stats.kurtosis(x, fisher=False), rel=1e-12)
