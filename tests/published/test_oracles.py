"""statsmodels, scipy and linearmodels on the made-up panel, at 1e-8."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.system import SUR
from scipy import stats

from tests.published.panel import (
    ESTIMATION,
    FACTORS,
    OWN,
    QUIET,
    RETURNS,
    SESSIONS,
    SHARED,
    SYMBOLS,
    K,
    on_one_session,
    on_own_sessions,
    row,
    study,
)

CLOSE = {"rtol": 1e-8, "atol": 1e-12}


def rows_before(event: int) -> np.ndarray:
    """Return the calendar rows of the estimation window."""
    return np.arange(event + ESTIMATION[0], event + ESTIMATION[1] + 1)


def dummy_regression(
    returns: np.ndarray, event: int, length: int
) -> tuple[Any, np.ndarray]:
    """Regress on a constant, the market and a dummy for each window session."""
    window = event + np.arange(length)
    use = np.concatenate([rows_before(event), window])
    dummies = (use[:, None] == window[None, :]).astype(float)
    market = FACTORS["mkt"].to_numpy()[use]
    design = np.column_stack([np.ones(len(use)), market, dummies])
    return sm.OLS(returns[use], design).fit(), np.r_[0, 0, np.ones(length)]


def pair_car(k: int, event: int, length: int) -> tuple[float, float, np.ndarray]:
    """Return CAR, SCAR and estimation residuals of a pair from statsmodels."""
    returns = RETURNS.to_numpy()[:, k]
    fit, pick = dummy_regression(returns, event, length)
    test = fit.t_test(pick)
    return float(test.effect[0]), float(test.tvalue.item()), fit.resid[: -1 * length]


@pytest.mark.parametrize("position", [SHARED, QUIET])
def test_prediction_standard_error(position: int) -> None:
    """OLS.get_prediction().se_obs is s sqrt(C_tt)."""
    found = study(on_one_session(position), ["cross_sectional"]).abnormal_returns
    market = sm.add_constant(FACTORS["mkt"].to_numpy())
    for k, symbol in enumerate(SYMBOLS):
        y = RETURNS.to_numpy()[:, k]
        rows = rows_before(position)
        fit = sm.OLS(y[rows], market[rows]).fit()
        predicted = fit.get_prediction(market[[position]])
        own = found[found["symbol"] == symbol].iloc[0]
        np.testing.assert_allclose(own["se"], predicted.se_obs[0], **CLOSE)
        ar = y[position] - predicted.predicted_mean[0]
        np.testing.assert_allclose(own["ar"], ar, **CLOSE)


@pytest.mark.parametrize("length", [1, 3, 6])
def test_event_dummies(length: int) -> None:
    """The sum of the dummies' coefficients and its t are CAR and SCAR."""
    window = (0, length - 1)
    cars = study(on_one_session(), ["cross_sectional"], windows=[window]).cars
    for k in range(K):
        fit, pick = dummy_regression(RETURNS.to_numpy()[:, k], SHARED, length)
        test = fit.t_test(pick)
        own = cars[cars["symbol"] == SYMBOLS[k]].iloc[0]
        np.testing.assert_allclose(own["car"], test.effect[0], **CLOSE)
        np.testing.assert_allclose(own["se"], test.sd.item(), **CLOSE)
        np.testing.assert_allclose(own["scar"], test.tvalue.item(), **CLOSE)
        np.testing.assert_allclose(own["pvalue"], test.pvalue.item(), **CLOSE)
        assert own["df"] == fit.df_resid


@pytest.mark.parametrize("length", [1, 4])
def test_ttest_1samp(length: int) -> None:
    """scipy.stats.ttest_1samp on CARs and on SCARs that statsmodels made."""
    window = (0, length - 1)
    pairs = [pair_car(k, int(OWN[k]), length) for k in range(K)]
    found = study(on_own_sessions(), ["cross_sectional", "bmp"], windows=[window])
    for test, values in (("cross_sectional", 0), ("bmp", 1)):
        oracle = stats.ttest_1samp([p[values] for p in pairs], 0)
        own = row(found, test, window)
        np.testing.assert_allclose(own["statistic"], oracle.statistic, **CLOSE)
        np.testing.assert_allclose(own["pvalue"], oracle.pvalue, **CLOSE)
        assert own["df"] == oracle.df
    interval = stats.ttest_1samp([p[0] for p in pairs], 0).confidence_interval()
    own = row(found, "cross_sectional", window)
    np.testing.assert_allclose([own["ci_low"], own["ci_high"]], interval, **CLOSE)


def test_scipy_wilcoxon() -> None:
    """scipy.stats.wilcoxon(method="asymptotic", correction=False)."""
    car = [pair_car(k, int(OWN[k]), 1)[0] for k in range(K)]
    oracle = stats.wilcoxon(car, method="asymptotic", correction=False)
    own = row(study(on_own_sessions(), ["wilcoxon"]), "wilcoxon")
    np.testing.assert_allclose(own["pvalue"], oracle.pvalue, **CLOSE)
    np.testing.assert_allclose(abs(own["statistic"]), abs(oracle.zstatistic), **CLOSE)


def test_scipy_binomtest() -> None:
    """scipy.stats.binomtest on the number of positive CARs."""
    positive = sum(pair_car(k, int(OWN[k]), 1)[0] > 0 for k in range(K))
    own = row(study(on_own_sessions(), ["sign"]), "sign")
    oracle = stats.binomtest(positive, K).pvalue
    np.testing.assert_allclose(own["pvalue"], oracle, **CLOSE)


def test_patell_against_statsmodels_parts() -> None:
    """Patell from the dummies' t and their degrees of freedom, N = 8, df = 88.

    One session: sum t / sqrt(8 * 88/86). Three sessions: the mean over pairs of the
    sum of the single-session t over sqrt(3 * 88/86), times sqrt(8).
    """
    one = [pair_car(k, int(OWN[k]), 1)[1] for k in range(K)]
    found = study(on_own_sessions(), ["patell"], windows=[(0, 0), (0, 2)])
    z = sum(one) / np.sqrt(8 * 88 / 86)
    np.testing.assert_allclose(row(found, "patell")["statistic"], z, **CLOSE)
    each = []
    for k in range(K):
        fit, _ = dummy_regression(RETURNS.to_numpy()[:, k], int(OWN[k]), 3)
        each.append(fit.tvalues[2:].sum())
    z = sum(each) / np.sqrt(3 * 88 / 86) / np.sqrt(8)
    own = row(found, "patell", (0, 2))
    np.testing.assert_allclose(own["statistic"], z, **CLOSE)
    np.testing.assert_allclose(own["pvalue"], 2 * stats.norm.sf(abs(z)), **CLOSE)


# Clusters: every pair of symbols shares a session, seven sessions in all.
SHARING = np.array([0, 0, 1, 2, 3, 4, 5, 6])


def clustered_events() -> pd.DataFrame:
    """Return eight pairs on seven sessions, seven clusters for one-day windows."""
    return on_own_sessions().assign(session=SESSIONS[OWN[SHARING]])


def clustered_cars() -> np.ndarray:
    """Return their CARs from statsmodels."""
    return np.array([pair_car(k, int(OWN[SHARING[k]]), 1)[0] for k in range(K)])


def cluster_fit(y: np.ndarray) -> Any:
    """Regress on a constant with CR1 errors; t with G - 1 degrees of freedom."""
    return sm.OLS(y, np.ones(len(y))).fit(
        cov_type="cluster", cov_kwds={"groups": SHARING}, use_t=True
    )


def test_cluster_robust() -> None:
    """OLS(cov_type="cluster") on a constant: t, p on G - 1, interval."""
    oracle = cluster_fit(clustered_cars())
    own = row(study(clustered_events(), ["clustered"]), "clustered")
    np.testing.assert_allclose(own["statistic"], oracle.tvalues[0], **CLOSE)
    np.testing.assert_allclose(own["pvalue"], oracle.pvalues[0], **CLOSE)
    low, high = oracle.conf_int()[0]
    np.testing.assert_allclose([own["ci_low"], own["ci_high"]], [low, high], **CLOSE)
    assert own["n_clusters"] == 7


def test_sign_flip_enumerated() -> None:
    """All 2^7 sign vectors, each through statsmodels' cluster t."""
    car = clustered_cars()
    observed = abs(cluster_fit(car).tvalues[0])
    signs = [np.array(s) for s in product((-1.0, 1.0), repeat=7)]
    flipped = [abs(cluster_fit(car * s[SHARING]).tvalues[0]) for s in signs]
    expected = np.mean(np.array(flipped) >= observed * (1 - 1e-12))
    own = row(study(clustered_events(), ["sign_flip"]), "sign_flip")
    np.testing.assert_allclose(own["pvalue"], expected, **CLOSE)


def test_jackknife_leaves_clusters_out() -> None:
    """CV3 = (G-1)/G sum (b_without_g - b)^2, each b from statsmodels without g."""
    car = clustered_cars()
    b = sm.OLS(car, np.ones(K)).fit().params[0]
    left = [
        sm.OLS(car[g != SHARING], np.ones((g != SHARING).sum())).fit().params[0]
        for g in range(7)
    ]
    se = np.sqrt(6 / 7 * sum((x - b) ** 2 for x in left))
    own = row(study(clustered_events(), ["jackknife"]), "jackknife")
    np.testing.assert_allclose(own["statistic"], b / se, **CLOSE)
    np.testing.assert_allclose(own["pvalue"], 2 * stats.t.sf(abs(b / se), 6), **CLOSE)


@pytest.mark.parametrize("test", ["adjusted_bmp", "adjusted_patell"])
def test_adjusted_by_pandas_correlation(test: str) -> None:
    """r = mean of DataFrame.corr() over the 28 pairs of one session's residuals."""
    pairs = [pair_car(k, SHARED, 1) for k in range(K)]
    corr = pd.DataFrame({k: p[2] for k, p in enumerate(pairs)}).corr().to_numpy()
    r = corr[np.triu_indices(K, 1)].mean()
    scar = [p[1] for p in pairs]
    statistic = stats.ttest_1samp(scar, 0).statistic * np.sqrt((1 - r) / (1 + 7 * r))
    if test == "adjusted_patell":
        statistic = sum(scar) / np.sqrt(8 * 88 / 86) / np.sqrt(1 + 7 * r)
    own = row(study(on_one_session(), [test]), test)
    np.testing.assert_allclose(own["statistic"], statistic, **CLOSE)


@pytest.mark.parametrize("position", [SHARED, QUIET])
def test_sur_contrast_and_joint(position: int) -> None:
    """linearmodels' SUR with equal regressors: the contrast's t, and the joint F.

    The coefficients' covariance is Sigma (x) (X'X)^-1 with Sigma on df = 88; the F of
    all dummies is (df - n + 1)/(n df) times their Wald statistic.
    """
    use = np.r_[rows_before(position), position]
    data = pd.DataFrame(
        {
            "const": 1.0,
            "mkt": FACTORS["mkt"].to_numpy()[use],
            "news": (use == position).astype(float),
        }
    )
    returns = RETURNS.iloc[use].reset_index(drop=True)
    equations = {s: {"dependent": returns[s], "exog": data} for s in SYMBOLS}
    fit = SUR(equations).fit(method="ols", cov_type="unadjusted", debiased=True)
    at = [f"{s}_news" for s in SYMBOLS]
    effect, cov = fit.params[at].to_numpy(), fit.cov.loc[at, at].to_numpy()
    a = np.r_[1.0, np.full(7, -1 / 7)]
    weights = dict(zip(SYMBOLS, a, strict=True))
    found = study(on_one_session(position), ["contrast", "joint"], contrast=weights)
    own = row(found, "contrast")
    np.testing.assert_allclose(own["estimate"], a @ effect, **CLOSE)
    t = a @ effect / np.sqrt(a @ cov @ a)
    np.testing.assert_allclose(own["statistic"], t, rtol=1e-8)
    wald = effect @ np.linalg.solve(cov, effect)
    f = (88 - K + 1) / (K * 88) * wald
    own = row(found, "joint")
    np.testing.assert_allclose(own["statistic"], f, rtol=1e-8)
    np.testing.assert_allclose(own["pvalue"], stats.f.sf(f, K, 81), rtol=1e-7)
    assert own["df"] == 81


def test_sample_quantile_by_percentileofscore() -> None:
    """Ranks by scipy.stats.percentileofscore among the residuals of statsmodels."""
    cars = study(on_one_session(), ["sample_quantile"]).cars.set_index("symbol")
    for k in range(K):
        car, _, residuals = pair_car(k, SHARED, 1)
        below = stats.percentileofscore(residuals, car, kind="weak") / 100 * 90
        above = 90 - stats.percentileofscore(residuals, car, kind="strict") / 100 * 90
        p = min(1.0, 2 * (1 + min(below, above)) / 91)
        own = cars.loc[SYMBOLS[k], "pvalue_quantile"]
        np.testing.assert_allclose(own, p, **CLOSE)


def ewma_pvalue(k: int, event: int) -> float:
    """Rank of the scaled AR, its variance from DataFrame.ewm(adjust=False)."""
    y = RETURNS.to_numpy()[:, k]
    market = sm.add_constant(FACTORS["mkt"].to_numpy())
    rows = rows_before(event)
    fit = sm.OLS(y[rows], market[rows]).fit()
    x = (y - market @ fit.params)[rows[0] : event + 1]
    seeded = pd.Series(np.r_[np.mean(x[:20] ** 2), x**2])
    v = seeded.ewm(alpha=0.06, adjust=False).mean().to_numpy()[:-1]
    z = x / np.sqrt(v)
    reference, own = z[30:90], z[-1]
    low, high = (reference <= own).sum(), (reference >= own).sum()
    return float(min(1.0, 2 * (1 + min(low, high)) / 61))


def test_ewma_by_pandas() -> None:
    """336 ranks, so that a slightly different weight moves some of them."""
    positions = range(112, 154)
    events = pd.concat([on_one_session(t) for t in positions], ignore_index=True)
    events["event_id"] = [f"e{i // K:03}" for i in range(len(events))]
    cars = study(events, ["cross_sectional"]).cars
    own = cars.set_index(["event_session", "symbol"])["pvalue_ewma"]
    for t in positions:
        for k, symbol in enumerate(SYMBOLS):
            found = own.loc[(SESSIONS[t], symbol)]
            np.testing.assert_allclose(found, ewma_pvalue(k, t), **CLOSE)
