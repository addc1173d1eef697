"""Models against statsmodels, a quadratic program, and what they were made from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats

import aftershock as af
from aftershock.errors import StudyError
from aftershock.models.sector import mean_of_others
from aftershock.models.synthetic import Synthetic, simplex_weights

SESSIONS = pd.bdate_range("2019-01-01", periods=900)
EVENT = 600
ROWS = np.arange(EVENT - 250, EVENT - 10)


def _panel(seed: int = 1, k: int = 5):
    random = np.random.default_rng(seed)
    market = random.normal(0.0004, 0.01, 900)
    noise = random.normal(0, 0.015, (900, k))
    loadings = np.linspace(0.6, 1.4, k)
    table = market[:, None] * loadings + noise
    names = [f"S{i}" for i in range(k)]
    returns = pd.DataFrame(table, index=SESSIONS, columns=names)
    return returns, pd.DataFrame({"mkt": market}, index=SESSIONS)


def _events(*symbols: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"event_id": "e", "symbol": symbols, "session": SESSIONS[EVENT]}
    )


def test_sector_is_the_regression_on_the_mean_of_the_others():
    """statsmodels on [1, Rm, mean of the other columns]; se of a new observation."""
    returns, factors = _panel()
    study = af.event_study(_events("S1"), returns, factors, model="sector")
    others = returns.drop(columns="S1").mean(axis=1).to_numpy()
    x = np.column_stack([np.ones(900), factors["mkt"], others])
    fit = sm.OLS(returns["S1"].to_numpy()[ROWS], x[ROWS]).fit()
    new = fit.get_prediction(x[EVENT : EVENT + 1])
    row = study.abnormal_returns.iloc[0]
    np.testing.assert_allclose(row["expected_ret"], new.predicted_mean[0], rtol=1e-9)
    np.testing.assert_allclose(row["se"], new.se_obs[0], rtol=1e-9)
    assert row["df"] == 237


def test_a_given_sector_wins():
    returns, factors = _panel()
    given = factors.assign(sector=np.sin(np.arange(900)) / 100)
    study = af.event_study(_events("S1"), returns, given, model="sector")
    x = np.column_stack([np.ones(900), given["mkt"], given["sector"]])
    fit = sm.OLS(returns["S1"].to_numpy()[ROWS], x[ROWS]).fit()
    np.testing.assert_allclose(study.pairs["beta"], fit.params[1], rtol=1e-9)


@pytest.mark.parametrize("model", ["scholes_williams", "dimson"])
def test_a_delayed_price_has_its_beta_back(model: str):
    """Half of the market's move arrives a session late: OLS sees .7 of a beta of 1.4.

    R_t = .7 Rm_t + .7 Rm_(t-1) + noise, so the sum of slopes is 1.4.
    """
    random = np.random.default_rng(5)
    market = random.normal(0, 0.01, 900)
    late = np.concatenate([[0.0], market[:-1]])
    noise = random.normal(0, 0.002, 900)
    returns = pd.DataFrame({"S": 0.7 * market + 0.7 * late + noise}, index=SESSIONS)
    factors = pd.DataFrame({"mkt": market}, index=SESSIONS)
    plain = af.event_study(_events("S"), returns, factors)
    found = af.event_study(_events("S"), returns, factors, model=model)
    assert abs(plain.pairs["beta"].iloc[0] - 0.7) < 0.1
    assert abs(found.pairs["beta"].iloc[0] - 1.4) < 0.1


def test_scholes_williams_by_three_lines():
    """scipy's slope on the market a session before, of the day and a session after.

    b is their sum over 1 + 2 rho, a = mean(R) - b mean(Rm) over the same 240 rows.
    """
    returns, factors = _panel()
    study = af.event_study(_events("S1"), returns, factors, model="scholes_williams")
    market, mine = factors["mkt"].to_numpy(), returns["S1"].to_numpy()[ROWS]
    slopes = [stats.linregress(market[ROWS + k], mine).slope for k in (-1, 0, 1)]
    rho = np.corrcoef(market[ROWS], market[ROWS - 1])[0, 1]
    beta = sum(slopes) / (1 + 2 * rho)
    assert study.pairs["beta"][0] == pytest.approx(beta, rel=1e-10)
    alpha = mine.mean() - beta * market[ROWS].mean()
    assert study.pairs["alpha"][0] == pytest.approx(alpha, rel=1e-8)


def test_leads_are_not_needed_on_the_event_session():
    """The last session of the calendar has no lead, and still has its return."""
    returns, factors = _panel()
    short, market = returns.iloc[: EVENT + 1], factors.iloc[: EVENT + 1]
    full = af.event_study(_events("S1"), returns, factors, model="dimson")
    cut = af.event_study(_events("S1"), short, market, model="dimson")
    assert cut.pairs["status"].tolist() == ["ok"]
    np.testing.assert_array_equal(
        cut.abnormal_returns["ar"], full.abnormal_returns["ar"]
    )


def test_leads_come_from_the_full_calendar():
    """210 rows lie before the day; the last of them has that day's market as its lead.

    The sum of three slopes by least squares on exactly these rows.
    """
    returns, factors = _panel()
    day = EVENT - 40
    study = af.event_study(
        _events("S1"), returns, factors, model="dimson", before=str(SESSIONS[day])
    )
    rows = np.arange(EVENT - 250, day)
    market, mine = factors["mkt"].to_numpy(), returns["S1"].to_numpy()
    x = np.column_stack(
        [np.ones(len(rows)), market[rows - 1], market[rows], market[rows + 1]]
    )
    slopes = np.linalg.lstsq(x, mine[rows], rcond=None)[0][1:]
    assert study.pairs["m"].tolist() == [210]
    assert study.pairs["beta"][0] == pytest.approx(slopes.sum(), rel=1e-10)


def test_the_mean_of_the_others_by_hand():
    """All there; the second missing; only the third there, which has no others."""
    none = np.nan
    found = mean_of_others(
        np.array([[1.0, 2.0, 3.0], [1.0, none, 3.0], [none, none, 5.0]])
    )
    expected = [[2.5, 2.0, 1.5], [3.0, 2.0, 1.0], [5.0, 5.0, none]]
    np.testing.assert_array_equal(found, expected)


def test_a_row_without_a_neighbour_is_not_used():
    """The first session of the calendar has no lag: 239 of the 240 rows are left.

    The slope is the sum of three, a = mean(R) - b mean(Rm) over the same rows.
    """
    returns, factors = _panel()
    events = _events("S1").assign(session=SESSIONS[250])
    study = af.event_study(events, returns, factors, model="dimson")
    assert study.pairs["m"].tolist() == [239]
    rows, market = np.arange(1, 240), factors["mkt"].to_numpy()
    x = np.column_stack(
        [np.ones(239), market[rows - 1], market[rows], market[rows + 1]]
    )
    mine = returns["S1"].to_numpy()[rows]
    beta = np.linalg.lstsq(x, mine, rcond=None)[0][1:].sum()
    assert study.pairs["beta"][0] == pytest.approx(beta, rel=1e-10)
    alpha = mine.mean() - beta * market[rows].mean()
    assert study.pairs["alpha"][0] == pytest.approx(alpha, rel=1e-9)


def test_factors_that_end_early_drop_the_pair_with_their_last_date():
    returns, factors = _panel()
    for name in ("smb", "hml", "rf"):
        factors[name] = 0.0001
    factors["smb"] = np.cos(np.arange(900)) / 200
    factors["hml"] = np.sin(np.arange(900)) / 200
    factors.iloc[700:, 1] = np.nan
    late = pd.DataFrame(
        {"event_id": ["a", "b"], "symbol": "S1", "session": SESSIONS[[EVENT, 750]]}
    )
    study = af.event_study(late, returns, factors, model="ff3")
    assert study.dropped["reason"].tolist() == ["factors_end"]
    assert f"{SESSIONS[699]:%Y-%m-%d}" in study.dropped["detail"].iloc[0]
    with pytest.raises(StudyError, match=f"{SESSIONS[699]:%Y-%m-%d}"):
        af.event_study(late.iloc[1:], returns, factors, model="ff3")


@pytest.mark.parametrize("seed", range(6))
def test_simplex_weights_solve_the_quadratic_program(seed: int):
    """Against SLSQP, and against the optimality conditions themselves."""
    random = np.random.default_rng(seed)
    x = random.normal(0, 0.01, (120, 8))
    y = x @ random.dirichlet(np.ones(8) * 0.4) + random.normal(0, 0.005, 120)
    found = simplex_weights(x, y)
    other = optimize.minimize(
        lambda w: 1e4 * ((y - x @ w) ** 2).sum(),
        np.full(8, 1 / 8),
        bounds=[(0, 1)] * 8,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    assert ((y - x @ found) ** 2).sum() <= ((y - x @ other.x) ** 2).sum() * (1 + 1e-8)
    np.testing.assert_allclose(found, other.x, atol=1e-4)
    gradient = x.T @ (x @ found - y)
    level = gradient[found > 0]
    assert found.min() >= 0
    assert abs(found.sum() - 1) < 1e-12
    assert np.ptp(level) < 1e-12
    assert gradient.min() >= level[0] - 1e-12


def test_synthetic_shows_no_p_value_but_the_placebo_s():
    returns, factors = _panel()
    study = af.event_study(_events("S0"), returns, factors, model="synthetic")
    valid = study.tests[study.tests["valid"].astype(bool)]
    assert set(valid["test"]) == {"placebo"}
    others = study.tests[study.tests["test"] == "max_sar"]
    assert "placebo only" in others["reason"].iloc[0]
    assert study.cars[["pvalue", "pvalue_ewma"]].isna().all().all()


def test_an_exposed_donor_is_refused():
    returns, factors = _panel()
    with pytest.raises(StudyError, match="S0 cannot be a donor"):
        af.event_study(
            _events("S0"), returns, factors, model=Synthetic(donors=("S0", "S1"))
        )
    chosen = af.event_study(
        _events("S0"), returns, factors, model="synthetic", donors=["S3"]
    )
    np.testing.assert_allclose(
        chosen.abnormal_returns["expected_ret"], returns["S3"].iloc[EVENT], rtol=1e-12
    )


def test_garch_refuses_a_short_window_and_defaults_to_a_long_one():
    returns, factors = _panel()
    with pytest.raises(StudyError, match="250"):
        af.event_study(
            _events("S0"), returns, factors, model="garch", estimation=(-200, -11)
        )
    study = af.event_study(
        _events("S0"), returns, factors, model="garch", tests=["cross_sectional"]
    )
    assert study.pairs["m"].tolist() == [500]


def test_factors_that_do_not_vary_are_named() -> None:
    """A market without moves determines no slope."""
    returns, factors = _panel()
    study = af.event_study(_events("S0"), returns, factors * 0)
    assert study.dropped["reason"].tolist() == ["collinear_factors"]
