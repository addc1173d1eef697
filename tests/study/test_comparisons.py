"""Groups against each other, corrected p-values, and CARs explained by fields."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import aftershock as af
from aftershock.errors import StudyError
from aftershock.study.comparisons import corrected
from aftershock.study.cross_section import robust_regression

SESSIONS = pd.bdate_range("2020-01-01", periods=700)


@pytest.fixture(scope="module")
def frames():
    """Twelve events, ten sessions apart, on two symbols of two roles."""
    random = np.random.default_rng(3)
    market = random.normal(0, 0.01, 700)
    returns = pd.DataFrame(
        random.normal(0, 0.02, (700, 2)) + market[:, None],
        index=SESSIONS,
        columns=["A", "B"],
    )
    events = pd.DataFrame(
        [
            {"event_id": f"e{k}", "symbol": s, "session": SESSIONS[300 + 10 * k]}
            for k in range(12)
            for s in ("A", "B")
        ]
    )
    events["role"] = events["symbol"].map({"A": "subject", "B": "rival"})
    size = {f"e{k}": 1.0 + k % 4 for k in range(12)}
    kind = {f"e{k}": "soft" if k % 3 else "hard" for k in range(12)}
    events["size"] = events["event_id"].map(size)
    events["kind"] = events["event_id"].map(kind)
    return events, returns, pd.DataFrame({"mkt": market}, index=SESSIONS)


@pytest.fixture(scope="module")
def study(frames):
    events, returns, factors = frames
    return af.event_study(events, returns, factors, by="role", tests=["clustered"])


def test_difference_is_the_paired_mean_where_sessions_pair_the_groups(study):
    """Both groups have one CAR in each of 12 clusters.

    The slope on the dummy is then the mean of d_g = CAR_subject - CAR_rival, its score
    in cluster g is (u1 - u0) / 12 with u about the group means, so CR1 is
    sqrt(G/(G-1) (N-1)/(N-k) sum (d_g - mean d)^2) / 12 with G = 12, N = 24, k = 2.
    """
    car = study.cars.set_index("symbol")["car"]
    d = car["A"].to_numpy() - car["B"].to_numpy()
    error = np.sqrt(12 / 11 * 23 / 22 * ((d - d.mean()) ** 2).sum()) / 12
    row = study.tests.set_index("test").loc["difference"]
    assert row["group"] == "rival - subject"
    np.testing.assert_allclose(row["estimate"], -d.mean(), rtol=1e-10)
    np.testing.assert_allclose(row["statistic"], -d.mean() / error, rtol=1e-8)
    np.testing.assert_allclose(
        row["pvalue"], 2 * stats.t.sf(abs(d.mean() / error), 11), rtol=1e-8
    )
    assert row["n_clusters"] == 12
    assert row["valid"]


def test_corrections_by_hand():
    """Four p-values .01 .02 .03 .2 of one test in one window.

    Holm: .04, .06, .06, .2. BH: .04, .04, .04, .2. BY multiplies BH by 1 + 1/2 + 1/3
    + 1/4 = 25/12: .08333, .08333, .08333, .41667. An invalid row is in no family.
    """
    frame = pd.DataFrame(
        {
            "group": ["a", "b", "c", "d", "e", "all"],
            "start": 0,
            "end": 0,
            "test": "clustered",
            "pvalue": [0.01, 0.02, 0.03, 0.2, 0.001, 0.5],
            "valid": [True, True, True, True, False, True],
            "pvalue_holm": np.nan,
            "pvalue_bh": np.nan,
            "pvalue_by": np.nan,
        }
    )
    found = corrected(frame)
    np.testing.assert_allclose(found["pvalue_holm"][:4], [0.04, 0.06, 0.06, 0.2])
    np.testing.assert_allclose(found["pvalue_bh"][:4], [0.04, 0.04, 0.04, 0.2])
    np.testing.assert_allclose(
        found["pvalue_by"][:4], np.array([0.04, 0.04, 0.04, 0.2]) * 25 / 12
    )
    assert found[["pvalue_holm", "pvalue_bh"]].iloc[4:].isna().all().all()


def test_groups_by_any_field(frames):
    events, returns, factors = frames
    study = af.event_study(events, returns, factors, by="kind", tests=["clustered"])
    assert set(study.tests["group"]) == {"all", "hard", "soft", "hard - soft"}


def test_cross_section_is_ols_with_cluster_errors(study, frames):
    """Coefficients by numpy; CR1 by the sandwich written out, per event session."""
    events = frames[0]
    fields = events[["event_id", "size"]].drop_duplicates()
    found = af.cross_section(study, fields, (0, 0)).set_index("term")
    cars = study.cars.merge(fields)
    y = cars["car"].to_numpy()
    x = np.column_stack([np.ones(24), cars["size"]])
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    e, bread = y - x @ beta, np.linalg.inv(x.T @ x)
    meat = np.zeros((2, 2))
    for session in cars["event_session"].unique():
        inside = (cars["event_session"] == session).to_numpy()
        score = x[inside].T @ e[inside]
        meat += np.outer(score, score)
    cr1 = bread @ meat @ bread * (12 / 11) * (23 / 22)
    np.testing.assert_allclose(found["estimate"], beta, rtol=1e-9)
    np.testing.assert_allclose(found["se"], np.sqrt(np.diag(cr1)), rtol=1e-9)
    hc1 = bread @ (x.T * e**2) @ x @ bread * 24 / 22
    np.testing.assert_allclose(found["se_hc1"], np.sqrt(np.diag(hc1)), rtol=1e-9)
    assert found["n_clusters"].eq(12).all()


def test_an_event_on_two_sessions_is_in_two_clusters(frames):
    """Eight events of A, each on two sessions that adjoin: 16 windows of one."""
    _, returns, factors = frames
    rows = [
        (f"e{k}", "A", SESSIONS[300 + 10 * k + day]) for k in range(8) for day in (0, 1)
    ]
    events = pd.DataFrame(rows, columns=["event_id", "symbol", "session"])
    study = af.event_study(events, returns, factors, tests=["clustered"])
    fields = events[["event_id"]].drop_duplicates().assign(size=np.arange(8.0) % 3)
    assert af.cross_section(study, fields, (0, 0))["n_clusters"].eq(16).all()


def test_wild_bootstrap_enumerates_all_signs_of_few_clusters(study, frames):
    """All 2^12 sign vectors in a plain loop, the null imposed."""
    fields = frames[0][["event_id", "size"]].drop_duplicates()
    found = af.cross_section(study, fields, (0, 0)).set_index("term")
    cars = study.cars.merge(fields).sort_values("event_session", kind="stable")
    y = cars["car"].to_numpy()
    x = np.column_stack([np.ones(24), cars["size"]])
    group = np.repeat(np.arange(12), 2)
    bread = np.linalg.inv(x.T @ x)

    def ratio(values):
        beta = bread @ x.T @ values
        e = values - x @ beta
        scores = (x * e[:, None]).reshape(12, 2, 2).sum(axis=1)
        return abs(beta[1]) / np.sqrt((bread @ scores.T @ scores @ bread)[1, 1])

    observed, mean = ratio(y), y.mean()
    hits = sum(
        ratio(mean + (y - mean) * np.array(signs)[group]) >= observed * (1 - 1e-12)
        for signs in itertools.product((1.0, -1.0), repeat=12)
    )
    assert found.loc["size", "pvalue_wild"] == pytest.approx(hits / 4096, abs=1e-12)


def test_text_becomes_dummies_and_nonsense_is_refused(study, frames):
    fields = frames[0][["event_id", "kind"]].drop_duplicates()
    terms = af.cross_section(study, fields, (0, 0))["term"].tolist()
    assert terms == ["constant", "kind_soft"]
    same = fields[["event_id"]].assign(one=1.0)
    with pytest.raises(StudyError, match="do not determine"):
        af.cross_section(study, same, (0, 0))
    with pytest.raises(StudyError, match="no CARs"):
        af.cross_section(study, fields, (5, 6))


def test_what_is_left_out_is_counted(study, frames):
    """Two of twelve events have no size: four CARs of two symbols."""
    fields = frames[0][["event_id", "size"]].drop_duplicates()
    fields.loc[fields["event_id"].isin(["e1", "e2"]), "size"] = np.nan
    found = af.cross_section(study, fields, (0, 0))
    assert found["n"].eq(20).all()
    assert found["n_dropped"].eq(4).all()


def test_too_many_groups_are_said(frames):
    """Thirteen values: one row says that nothing was compared."""
    events, returns, factors = frames
    many = events.assign(kind=[f"k{k % 13:02d}" for k in range(len(events))])
    study = af.event_study(many, returns, factors, by="kind", tests=["clustered"])
    (row,) = study.tests[study.tests["test"] == "difference"].to_dict("records")
    assert row["reason"] == "13 groups; at most 12 are compared"
    assert not row["valid"]


def test_a_group_of_one_cluster_is_not_compared(frames):
    """Its mean is its one value, so that nothing is known of how it varies.

    The residuals of that side are zero, and CR1 would take its variance for nothing.
    """
    events, returns, factors = frames
    first = events[events["symbol"] == "A"]
    alone = first.assign(kind=["one", *["others"] * 11])
    study = af.event_study(alone, returns, factors, by="kind", tests=["clustered"])
    (row,) = study.tests[study.tests["test"] == "difference"].to_dict("records")
    assert row["reason"] == "a group has one cluster of sessions"
    assert not row["valid"] and row["n_clusters"] == 12


def test_a_variance_of_zero_warns_nobody():
    """Of the last value alone the constant is fitted; rounding makes it less than 0.

    The slope is the mean of the others less it: 11/1000 - 18/1000.
    """
    y = np.array([6, 27, -19, -23, 23, 32, 31, 18]) / 1000
    x = np.column_stack([np.ones(8), [1.0] * 7 + [0.0]])
    found = robust_regression(y, x, np.arange(8))
    np.testing.assert_allclose(found["estimate"][1], -0.007, rtol=1e-12)
    assert found["se"][1] > 0
