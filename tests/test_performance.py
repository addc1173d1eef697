"""Figures against numbers worked out by hand and against pandas."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
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
    assert math.isnan(performance.total_return(np.array([]), 1.0))
    assert math.isnan(performance.cagr(np.array([]), 1.0))
    assert performance.cagr(np.array([-5.0]), 1.0) == -1.0


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
