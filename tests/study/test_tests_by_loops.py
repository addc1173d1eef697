"""The tests of a study against plain loops and statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aftershock import event_study
from tests.study.conftest import EVENT, ROWS, SYMBOLS, pair
from tests.study.reference import ewma_rank, leave_one_out


def test_family_by_loop(frames, events) -> None:
    """max |SAR| among externally studentised residuals; the 0-sign pair is outside."""
    study = event_study(events, *frames)
    pairs = [pair(frames, s) for s in SYMBOLS[:3]]
    largest = []
    for k in range(len(ROWS)):
        of_session = []
        for p in pairs:
            u = p.residuals[k] / np.sqrt(1 - p.hat[k])
            rest = p.s**2 * p.df - u**2
            of_session.append(abs(u) / np.sqrt(rest / (p.df - 1)))
        largest.append(max(of_session))
    cars = study.cars.set_index("symbol")
    for symbol, p in zip(SYMBOLS[:3], pairs, strict=True):
        above = sum(value >= abs(p.scar(0, 0)) for value in largest)
        assert cars.loc[symbol, "pvalue_family"] == pytest.approx((1 + above) / 241)
    assert np.isnan(cars.loc["FLAT", "pvalue_family"])
    best = min(cars["pvalue_family"].dropna())
    tests = study.tests.set_index("test")
    assert tests.loc["max_sar", "pvalue"] == pytest.approx(best)
    assert tests.loc["max_sar", "n"] == 3


def test_joint_by_direct_deletion(frames, events) -> None:
    """F of Hotelling's W, and its rank among W_t with the session really left out.

    Leaving a session out changes E'E by u u', u = e / sqrt(1 - h), which is what the
    second implementation takes away before it solves.
    """
    study = event_study(events, *frames, tests=["joint", "joint_ranked"])
    pairs = [pair(frames, s) for s in SYMBOLS[:3]]
    e = np.array([p.residuals for p in pairs]).T
    u = e / np.sqrt(1 - pairs[0].hat)[:, None]
    df, n = pairs[0].df, 3
    now = np.array([p.ar(0) for p in pairs]) / (pairs[0].se(0, 0) / pairs[0].s)
    w = float(now @ np.linalg.inv(e.T @ e / df) @ now)
    f = (df - n + 1) / (n * df) * w
    rows = study.tests.set_index("test")
    assert rows.loc["joint", "statistic"] == pytest.approx(f, rel=1e-10)
    p = stats.f.sf(f, n, df - n + 1)
    assert rows.loc["joint", "pvalue"] == pytest.approx(p, rel=1e-9)
    above = sum(value >= w for value in leave_one_out(e, u, df))
    assert rows.loc["joint_ranked", "statistic"] == pytest.approx(w, rel=1e-10)
    assert rows.loc["joint_ranked", "pvalue"] == pytest.approx((1 + above) / 241)


def test_scaled_twins_by_loop(frames, events) -> None:
    """The EWMA twins of max_sar and joint_ranked on vectors of scaled moves."""
    study = event_study(events, *frames)
    ranked = [ewma_rank(pair(frames, s), -11, 0) for s in SYMBOLS[:3]]
    z = np.array([reference for _, reference, _ in ranked]).T
    now = np.array([own for _, _, own in ranked])
    rows = study.tests.set_index("test")
    above = sum(np.abs(z).max(axis=1) >= np.abs(now).max())
    assert rows.loc["max_sar_ewma", "pvalue"] == pytest.approx((1 + above) / 211)
    assert (rows.loc[["max_sar", "max_sar_ewma"], "n_sessions"] == 1).all()
    own = study.cars.set_index("symbol")["pvalue_family_ewma"]
    largest = np.abs(z).max(axis=1)
    expected = [(1 + sum(largest >= abs(value))) / 211 for value in now]
    assert own[list(SYMBOLS[:3])].tolist() == pytest.approx(expected)
    b = len(z)
    w = b * float(now @ np.linalg.solve(z.T @ z, now))
    assert rows.loc["joint_ranked_ewma", "statistic"] == pytest.approx(w, rel=1e-10)
    count = sum(value >= w for value in leave_one_out(z, z, b))
    assert rows.loc["joint_ranked_ewma", "pvalue"] == pytest.approx((1 + count) / 211)


def test_contrast_is_the_portfolio_regression(frames, events) -> None:
    """a'CAR has the OLS t of the portfolio with the same weights (statsmodels)."""
    import statsmodels.api as sm

    weights = {"UP": 1.0, "DOWN": -0.5, "LOW": -0.5}
    study = event_study(events, *frames, contrast=weights, tests=["contrast"])
    returns, factors = frames
    portfolio = sum(returns[s] * w for s, w in weights.items())
    span = slice(EVENT - 250, EVENT - 10)
    fit = sm.OLS(portfolio.iloc[span], sm.add_constant(factors["mkt"].iloc[span])).fit()
    at = fit.get_prediction([[1.0, factors["mkt"].iloc[EVENT]]])
    estimate = portfolio.iloc[EVENT] - at.predicted_mean[0]
    row = study.tests.set_index("test").loc["contrast"]
    assert row["estimate"] == pytest.approx(estimate, abs=1e-13)
    assert row["statistic"] == pytest.approx(estimate / at.se_obs[0], rel=1e-10)
    assert row["df"] == 238
    low, high = estimate + stats.t.ppf([0.025, 0.975], 238) * at.se_obs[0]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((low, high), abs=1e-12)


def test_expected_signs_share_weight_by_role() -> None:
    """+1 to the one role that rises; -1 split over two roles, then their symbols.

    actor: A. Falling roles rival (B, C) and chip (D): B, C get -1/4, D gets -1/2;
    E has no prior and gets nothing, nor does F, whose sign nobody knows.
    """
    from aftershock.study.design import contrast_weights

    pairs = pd.DataFrame(
        {
            "session": pd.Timestamp("2024-01-02"),
            "symbol": list("ABCDEF"),
            "role": ["actor", "rival", "rival", "chip", "fund", "chip"],
            "expected": [1, -1, -1, -1, 0, np.nan],
        }
    )
    weights = contrast_weights("expected_signs", pairs)
    assert weights == {"A": 1.0, "B": -0.25, "C": -0.25, "D": -0.5}


def test_each_session_has_its_own_signs() -> None:
    """First A up against B and C down, then B up alone, then nothing signed.

    B's mean weight over its two sessions is (-1/2 + 1) / 2.
    """
    from aftershock.study.design import contrast_weights, session_weights

    days = pd.to_datetime(["2024-01-02"] * 3 + ["2024-02-01"] * 2)
    pairs = pd.DataFrame(
        {
            "session": days,
            "symbol": list("ABCBA"),
            "role": ["actor", "rival", "rival", "actor", "peer"],
            "expected": [1, -1, -1, 1, 0],
        }
    )
    every = np.ones(5, dtype=bool)
    own = session_weights("expected_signs", pairs, every)
    assert own.tolist() == [1.0, -0.5, -0.5, 1.0, 0.0]
    mean = contrast_weights("expected_signs", pairs)
    assert mean == {"A": 1.0, "B": 0.25, "C": -0.5}
    assert session_weights("expected_signs", pairs[:3], every[:3]) is None
    assert session_weights({"A": 1}, pairs, every) is None


def test_a_contrast_needs_common_rows(frames, events) -> None:
    """Two symbols with forty estimation rows in common cannot be contrasted."""
    returns = frames[0].copy()
    span = np.arange(500)
    returns["UP"] = returns["UP"].where((span < EVENT - 110) | (span >= EVENT - 10))
    returns["DOWN"] = returns["DOWN"].where(span >= EVENT - 150)
    weights = {"UP": 1.0, "DOWN": -1.0}
    study = event_study(events, returns, frames[1], contrast=weights)
    row = study.tests.set_index("test").loc["contrast"]
    assert not row["valid"]
    assert row["reason"] == "only 40 rows are common to its symbols"


def test_two_sessions_are_several(frames, events) -> None:
    """What needs several sessions is asked of two, and not of one."""
    apart = events.head(2).assign(session=frames[0].index[[EVENT - 20, EVENT]])
    asked = [set(event_study(e, *frames).tests["test"]) for e in (apart, events)]
    wanted = {"clustered", "sign_flip", "adjusted_bmp"}
    assert [wanted & tests for tests in asked] == [wanted, set()]
