"""The signed contrast of one and of several sessions, against portfolios by loops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from aftershock import event_study
from tests.significance.portfolios import (
    CONTRAST,
    FRAMES,
    ROWS,
    SESSIONS,
    SYMBOLS,
    WEIGHTS,
    A,
    events_on,
    portfolio,
    rows_of,
)
from tests.study.reference import Pair, ewma_rank


def test_one_session_is_the_t_of_the_portfolio() -> None:
    """The forecast error of one regression of the portfolio's returns."""
    rows = rows_of(events_on([420]), CONTRAST, end=2)
    pair = portfolio(420)
    assert rows.loc["contrast", "estimate"] == pytest.approx(pair.car(0, 2), rel=1e-10)
    t = pair.scar(0, 2)
    assert rows.loc["contrast", "statistic"] == pytest.approx(t, rel=1e-10)
    p = 2 * stats.t.sf(abs(t), 238)
    assert rows.loc["contrast", "pvalue"] == pytest.approx(p, rel=1e-8)
    assert rows["n"].tolist() == [3, 3]
    assert rows["valid"].all()


@pytest.mark.parametrize("end", [0, 2])
def test_several_sessions_are_portfolios_in_clusters(end: int) -> None:
    """A portfolio CAR a session; statsmodels' clustered t over the eight of them.

    Over [0, 2] sessions 345 and 347 share one: seven clusters.
    """
    rows = rows_of(events_on(SESSIONS), CONTRAST, end=end)
    cars = np.array([portfolio(p).car(0, end) for p in SESSIONS])
    group = [345 if p == 347 and end else p for p in SESSIONS]
    fit = sm.OLS(cars, np.ones(8)).fit(
        cov_type="cluster", cov_kwds={"groups": np.array(group)}, use_t=True
    )
    row = rows.loc["contrast"]
    assert row["estimate"] == pytest.approx(cars.mean(), rel=1e-10)
    assert row["statistic"] == pytest.approx(fit.tvalues[0], rel=1e-9)
    assert row["pvalue"] == pytest.approx(fit.pvalues[0], rel=1e-8)
    ends = row[["ci_low", "ci_high"]].tolist()
    assert ends == pytest.approx(fit.conf_int()[0].tolist(), rel=1e-8)
    counts = row[["n", "n_sessions", "n_clusters", "df"]].tolist()
    assert counts == [24, 8, len(set(group)), len(set(group)) - 1]
    assert rows["valid"].all()
    assert (rows["warning"] == "").all()


def test_scaled_portfolios_of_several_sessions() -> None:
    """Z of every portfolio by the loop over its series; scipy's t over the eight."""
    row = rows_of(events_on(SESSIONS), CONTRAST).loc["contrast_ewma"]
    scaled = [ewma_rank(portfolio(p), -11, 0)[2] for p in SESSIONS]
    oracle = stats.ttest_1samp(scaled, 0.0)
    assert row["statistic"] == pytest.approx(oracle.statistic, rel=1e-9)
    assert row["pvalue"] == pytest.approx(oracle.pvalue, rel=1e-8)
    cars = [portfolio(p).car(0, 0) for p in SESSIONS]
    assert row["estimate"] == pytest.approx(np.mean(cars), rel=1e-10)
    assert np.isnan(row["ci_low"])


def test_sessions_that_lack_a_symbol_are_left_out_and_counted() -> None:
    """B is not named at 380, and C has no return at 455."""
    events = events_on(SESSIONS)
    gone = (events["event_id"] == "e380") & (events["symbol"] == "B")
    returns = FRAMES[0].copy()
    returns.loc[returns.index[455], "C"] = np.nan
    study = event_study(
        events[~gone], returns, FRAMES[1], contrast=WEIGHTS, tests=CONTRAST
    )
    rows = study.tests.set_index("test")
    whole = [p for p in SESSIONS if p not in (380, 455)]
    oracle = stats.ttest_1samp([portfolio(p).car(0, 0) for p in whole], 0.0)
    assert rows.loc["contrast", "statistic"] == pytest.approx(oracle.statistic)
    for name in CONTRAST:
        assert rows.loc[name, ["n", "n_sessions"]].tolist() == [18, 6]
        assert rows.loc[name, "warning"].startswith("2 of 8 sessions lack a symbol")
        assert rows.loc[name, "valid"]


def test_few_clusters_are_exploratory() -> None:
    """Five sessions: computed, not valid, said twice."""
    rows = rows_of(events_on(SESSIONS[3:]), CONTRAST)
    assert not rows["valid"].any()
    assert set(rows["reason"]) == {"fewer than 6 clusters of sessions"}
    assert rows["warning"].str.startswith("exploratory: fewer than 6 clusters").all()
    assert np.isfinite(rows["pvalue"]).all()


def test_one_whole_session_of_several_is_a_contrast_of_one() -> None:
    """Only session 420 names all symbols: its t, and a word on the other."""
    events = pd.concat([events_on([420]), events_on([440], ["A", "B"])])
    rows = rows_of(events, CONTRAST)
    t = portfolio(420).scar(0, 0)
    assert rows.loc["contrast", "statistic"] == pytest.approx(t, rel=1e-10)
    assert rows.loc["contrast", "warning"].startswith("1 of 2 sessions lack")


@pytest.mark.parametrize(
    ("contrast", "symbols", "reason"),
    [
        (None, SYMBOLS, "no contrast was declared"),
        (WEIGHTS, ["A", "B"], "the contrast needs C"),
    ],
)
def test_no_contrast_says_why(contrast, symbols, reason) -> None:
    """Nothing declared, or a symbol without a pair: rows with a reason."""
    names = [*CONTRAST, "placebo_contrast", "contrast_search"]
    rows = rows_of(events_on([420], symbols), names, contrast=contrast)
    assert not rows["valid"].any()
    assert rows["reason"].str.startswith(reason).all()
    split = pd.concat([events_on([400], ["A", "B"]), events_on([420], ["C"])])
    found = rows_of(split, CONTRAST)["reason"]
    assert set(found) == {"no session has all symbols of the contrast"}


def test_common_rows_are_those_of_the_session() -> None:
    """C misses five rows before 455: only portfolios whose windows hold them differ."""
    returns = FRAMES[0].copy()
    lost = [90, 91, 150, 151, 152]
    returns.iloc[lost, 2] = np.nan
    sessions = [p for p in SESSIONS if p != 347]
    study = event_study(
        events_on(sessions), returns, FRAMES[1], contrast=WEIGHTS, tests=CONTRAST
    )
    row = study.tests.set_index("test").loc["contrast"]
    series, market = FRAMES[0].to_numpy() @ A, FRAMES[1]["mkt"].to_numpy()
    cars = [
        Pair(series, market, p, [o for o in ROWS if p + o not in lost]).car(0, 0)
        for p in sessions
    ]
    oracle = stats.ttest_1samp(cars, 0.0)
    assert row["statistic"] == pytest.approx(oracle.statistic, rel=1e-10)


def test_placebo_contrast_of_several_sessions() -> None:
    """|mean over sessions of a'SCAR|, ranked among draws of the table `placebo`."""
    study = event_study(
        events_on(SESSIONS),
        *FRAMES,
        contrast=WEIGHTS,
        tests=["placebo_contrast"],
        placebo={"draws": 150},
    )
    row = study.tests.iloc[0]
    returns, market = FRAMES[0].to_numpy(), FRAMES[1]["mkt"].to_numpy()
    scars = [
        sum(
            a * Pair(returns[:, k], market, p, ROWS).scar(0, 0) for k, a in enumerate(A)
        )
        for p in SESSIONS
    ]
    assert row["estimate"] == pytest.approx(np.mean(scars), rel=1e-9)
    drawn = study.placebo.query("test == 'placebo_contrast'")["value"]
    assert len(drawn) == 150
    extreme = int((drawn.abs() >= abs(np.mean(scars))).sum())
    assert row["pvalue"] == pytest.approx((1 + extreme) / 151, abs=1e-12)


def test_signs_that_balance_are_a_contrast_of_their_own() -> None:
    """One symbol, expected up and down in turn: the mean of sign times CAR, by loops.

    Its weights over all sessions add up to nothing; in each of them it is alone.
    """
    signs = [1, -1] * (len(SESSIONS) // 2)
    events = events_on(SESSIONS, ["A"]).assign(expected=signs)
    names = ["contrast", "placebo_contrast"]
    asked = {"contrast": "expected_signs", "tests": names, "placebo": {"draws": 200}}
    study = event_study(events, *FRAMES, windows=[(0, 0)], **asked)
    rows = study.tests.set_index("test")
    assert rows["valid"].all()
    returns, market = FRAMES[0].to_numpy()[:, 0], FRAMES[1]["mkt"].to_numpy()
    moves = [Pair(returns, market, p, ROWS).car(0, 0) for p in SESSIONS]
    expected = float(np.mean(np.array(signs) * moves))
    assert rows.loc["contrast", "estimate"] == pytest.approx(expected, rel=1e-9)
