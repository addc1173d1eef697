"""The signed contrast of one and of several sessions, against portfolios by loops."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from aftershock import event_study
from aftershock.abnormal import Fit, Sample
from aftershock.models.base import (
    ReturnModel,
    fit_of,
    least_squares,
    ones,
    regression_fit,
)
from tests.study.reference import Pair, ewma_rank

ROWS = list(range(-250, -10))
SYMBOLS = ["A", "B", "C", "D"]
WEIGHTS = {"A": 1.0, "B": -0.5, "C": -0.5}
A = np.array([1.0, -0.5, -0.5, 0.0])
SESSIONS = [330, 345, 347, 380, 401, 420, 440, 455]


def make_frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return four correlated symbols and a market."""
    random = np.random.default_rng(17)
    index = pd.bdate_range("2023-01-02", periods=480)
    market = random.normal(0, 0.01, 480)
    shared = random.normal(0, 0.01, 480)
    noise = random.normal(0, 0.015, (480, 4)) + shared[:, None]
    returns = pd.DataFrame(market[:, None] + noise, index=index, columns=SYMBOLS)
    return returns, pd.DataFrame({"mkt": market}, index=index)


FRAMES = make_frames()


def events_on(sessions: list[int], symbols: list[str] = SYMBOLS) -> pd.DataFrame:
    """Return an event a session that names every symbol."""
    rows = [(f"e{p}", s, FRAMES[0].index[p]) for p in sessions for s in symbols]
    return pd.DataFrame(rows, columns=["event_id", "symbol", "session"])


def rows_of(
    events: pd.DataFrame, names: list[str], end: int = 0, **more: object
) -> pd.DataFrame:
    """Return the table of tests by name."""
    settings = {"windows": [(0, end)], "contrast": WEIGHTS, "tests": names, **more}
    return event_study(events, *FRAMES, **settings).tests.set_index("test")


def portfolio(position: int) -> Pair:
    """Return the contrast as one pair, by the second implementation."""
    returns, factors = FRAMES
    return Pair(returns.to_numpy() @ A, factors["mkt"].to_numpy(), position, ROWS)


CONTRAST = ["contrast", "contrast_ewma"]


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


@dataclass(frozen=True)
class OwnFactor(ReturnModel):
    """A regressor that differs by symbol."""

    name: ClassVar[str] = "own_factor"
    factors: ClassVar[tuple[str, ...]] = ("mkt",)
    formula: ClassVar[str] = "E[R] = a + b x"

    def fit(self, sample: Sample) -> Fit:
        """Multiply the market by a number of the symbol's own."""
        several = np.arange(1.0, len(sample.positions) + 1)[:, None]
        own = sample.factors["mkt"] + 0.001 * several * np.cos(sample.offsets)
        return regression_fit(sample, [ones(sample), own], beta_at=1)


def test_regressors_that_differ_are_refused() -> None:
    """A contrast needs one design; the placebo does not."""
    names = [*CONTRAST, "contrast_search", "placebo_contrast"]
    rows = rows_of(events_on([420]), names, model=OwnFactor())
    for name in names[:3]:
        assert rows.loc[name, "reason"] == "the model's regressors differ by symbol"
        assert not rows.loc[name, "valid"]
    assert rows.loc["placebo_contrast", "valid"]


@dataclass(frozen=True)
class Scaled(ReturnModel):
    """Weighted least squares: sessions on odd offsets are twice as wide."""

    name: ClassVar[str] = "scaled"
    factors: ClassVar[tuple[str, ...]] = ("mkt",)
    formula: ClassVar[str] = "E[R] = a + b Rm"

    def fit(self, sample: Sample) -> Fit:
        """Fit in units of the scale."""
        wide = np.where(sample.offsets % 2 == 1, 2.0, 1.0)
        scale = np.broadcast_to(wide, sample.returns.shape)
        x = (ones(sample), sample.factors["mkt"])
        unit = [v / scale for v in x]
        b, gram = least_squares(sample.returns / scale, unit, sample.estimation)
        return replace(fit_of(sample, x, b, gram, 1), scale=scale)


def test_a_scale_for_each_session_is_kept() -> None:
    """statsmodels' WLS of the portfolio: its forecast error, wide sessions and all.

    Window [0, 1]: variance s^2 (1^2 + 2^2) + 1'X* V X*'1.
    """
    row = rows_of(events_on([420]), CONTRAST, end=1, model=Scaled()).loc["contrast"]
    offsets = np.array(ROWS)
    wide = np.where(offsets % 2 == 1, 2.0, 1.0)
    y = FRAMES[0].to_numpy() @ A
    x = sm.add_constant(FRAMES[1]["mkt"].to_numpy())
    fit = sm.WLS(y[420 + offsets], x[420 + offsets], weights=1 / wide**2).fit()
    ahead = x[[420, 421]]
    car = (y[[420, 421]] - ahead @ fit.params).sum()
    spread = fit.scale * 5 + ahead.sum(axis=0) @ fit.cov_params() @ ahead.sum(axis=0)
    assert row["estimate"] == pytest.approx(car, rel=1e-9)
    assert row["statistic"] == pytest.approx(car / np.sqrt(spread), rel=1e-9)


def test_a_contrast_of_returns_less_the_market() -> None:
    """Nothing is estimated: C = 1, and the spread is taken about the mean."""
    position = SESSIONS[0]
    row = rows_of(events_on([position]), ["contrast"], model="market_adjusted")
    excess = FRAMES[0].to_numpy() @ A - A.sum() * FRAMES[1]["mkt"].to_numpy()
    past = excess[position - 250 : position - 10]
    t = excess[position] / past.std(ddof=1)
    assert row.loc["contrast", "estimate"] == pytest.approx(excess[position], rel=1e-12)
    assert row.loc["contrast", "statistic"] == pytest.approx(t, rel=1e-10)
    assert row.loc["contrast", "df"] == 239


def test_every_session_has_the_signs_of_its_own_events() -> None:
    """A against B, then C against D and A, turn by turn; the t over the portfolios.

    The third kind of session expects only B to rise: its portfolio is B alone. Each
    session is a cluster, so that CR1 with G/(G-1) is the t of a mean.
    """
    kinds = [
        {"A": (1, "up"), "B": (-1, "down")},
        {"C": (1, "up"), "D": (-1, "down"), "A": (-1, "other")},
        {"B": (1, "up"), "C": (0, "fund")},
    ]
    shares = [{"A": 1.0, "B": -1.0}, {"C": 1.0, "D": -0.5, "A": -0.5}, {"B": 1.0}]
    rows, cars = [], []
    returns, market = FRAMES[0], FRAMES[1]["mkt"].to_numpy()
    for k, position in enumerate(SESSIONS):
        for symbol, (sign, role) in kinds[k % 3].items():
            rows.append((f"e{k}", symbol, returns.index[position], sign, role))
        path = sum(w * returns[s].to_numpy() for s, w in shares[k % 3].items())
        past = slice(position - 250, position - 10)
        fit = sm.OLS(path[past], sm.add_constant(market[past])).fit()
        cars.append(path[position] - fit.params @ [1.0, market[position]])
    names = ["event_id", "symbol", "session", "expected", "role"]
    events = pd.DataFrame(rows, columns=names)
    row = rows_of(events, ["contrast", "placebo_contrast"], contrast="expected_signs")
    found = row.loc["contrast"]
    t = np.mean(cars) / (np.std(cars, ddof=1) / np.sqrt(len(cars)))
    assert found["estimate"] == pytest.approx(np.mean(cars), rel=1e-10)
    assert found["statistic"] == pytest.approx(t, rel=1e-9)
    assert found["n"] == 3 * 2 + 3 * 3 + 2 * 1
    assert found["n_sessions"] == len(SESSIONS)
    assert np.isfinite(row.loc["placebo_contrast", "pvalue"])
    assert row.loc["placebo_contrast", "n"] == found["n"]


def test_a_sign_that_nobody_knows_has_no_part() -> None:
    """A is to rise, B to fall, and of C nothing was said: A less B, and no more."""
    events = events_on([420], ["A", "B", "C"]).assign(
        expected=[1, -1, np.nan], role=["actor", "rival", "rival"]
    )
    names = [*CONTRAST, "placebo_contrast", "contrast_search"]
    numbers = ["estimate", "statistic", "pvalue"]
    found = rows_of(events, names, contrast="expected_signs")[numbers]
    known = rows_of(events, names, contrast={"A": 1.0, "B": -1.0})[numbers]
    pd.testing.assert_frame_equal(found, known)
    assert np.isfinite(found.to_numpy()).all()


def test_symbols_that_move_as_one_have_no_contrast() -> None:
    """A less its own copy is 0 on every session: there is nothing to divide by."""
    returns = FRAMES[0].assign(B=FRAMES[0]["A"])
    found = event_study(
        events_on([420], ["A", "B"]), returns, FRAMES[1],
        contrast={"A": 1.0, "B": -1.0}, tests=CONTRAST,
    ).tests  # fmt: skip
    assert not found["valid"].any()
    assert found["reason"].str.endswith("its symbols move as one").all()
