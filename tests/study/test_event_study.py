"""The study on simulated frames against a plain second implementation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aftershock import event_study
from aftershock.errors import AftershockError, StudyError
from tests.study.reference import Pair, ewma_rank, leave_one_out

EVENT = 420
ROWS = list(range(-250, -10))
SYMBOLS = ["UP", "DOWN", "LOW", "FLAT"]


@pytest.fixture(scope="module")
def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Heavy-tailed returns of four symbols with different betas, and the market."""
    random = np.random.default_rng(7)
    index = pd.bdate_range("2024-01-02", periods=500)
    market = random.standard_t(5, 500) * 0.008
    noise = random.standard_t(4, (500, 4)) * [0.012, 0.03, 0.025, 0.02]
    values = market[:, None] * [1.3, 2.5, 2.0, 0.4] + noise
    values[EVENT] += [0.08, -0.15, -0.12, 0.0]
    returns = pd.DataFrame(values, index=index, columns=SYMBOLS)
    return returns, pd.DataFrame({"mkt": market}, index=index)


@pytest.fixture(scope="module")
def events(frames: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """One session of news for all four, one of them without a prior sign."""
    return pd.DataFrame(
        {
            "event_id": "news",
            "symbol": SYMBOLS,
            "session": frames[0].index[EVENT],
            "role": ["actor", "rival", "rival", "fund"],
            "expected": [1, -1, -1, 0],
        }
    )


def pair(frames: tuple[pd.DataFrame, pd.DataFrame], symbol: str) -> Pair:
    """The same pair, by the second implementation."""
    returns, factors = frames
    return Pair(returns[symbol].to_numpy(), factors["mkt"].to_numpy(), EVENT, ROWS)


@pytest.mark.parametrize("window", [(0, 0), (-1, 1), (0, 5)])
@pytest.mark.parametrize("symbol", SYMBOLS)
def test_car_and_its_standard_error(frames, events, window, symbol) -> None:
    """CAR, forecast-error se, SCAR, t p-value and BHAR of every pair and window."""
    study = event_study(events, *frames, windows=[window])
    row = study.cars.set_index("symbol").loc[symbol]
    own = pair(frames, symbol)
    assert row["car"] == pytest.approx(own.car(*window), abs=1e-12)
    assert row["se"] == pytest.approx(own.se(*window), abs=1e-12)
    assert row["scar"] == pytest.approx(own.scar(*window), abs=1e-10)
    p = 2 * stats.t.sf(abs(own.scar(*window)), own.df)
    assert row["pvalue"] == pytest.approx(p, abs=1e-12)
    grown = np.prod([1 + own.r[EVENT + o] for o in range(window[0], window[1] + 1)])
    normal = np.prod([1 + own.expected(o) for o in range(window[0], window[1] + 1)])
    assert row["bhar"] == pytest.approx(grown - normal, abs=1e-12)


def test_market_model_agrees_with_statsmodels(frames, events) -> None:
    """Coefficients, sigma, R2 and the prediction standard error of statsmodels OLS."""
    import statsmodels.api as sm

    study = event_study(events, *frames)
    returns, factors = frames
    span = slice(EVENT - 250, EVENT - 10)
    design = sm.add_constant(factors["mkt"].iloc[span])
    fit = sm.OLS(returns["DOWN"].iloc[span], design).fit()
    row = study.pairs.set_index("symbol").loc["DOWN"]
    assert row[["alpha", "beta"]].tolist() == pytest.approx(fit.params.tolist())
    assert row["sigma"] == pytest.approx(np.sqrt(fit.mse_resid), abs=1e-14)
    assert row["r2"] == pytest.approx(fit.rsquared, abs=1e-12)
    at = fit.get_prediction([[1.0, factors["mkt"].iloc[EVENT]]])
    day = study.abnormal_returns.set_index("symbol").loc["DOWN"]
    assert day["se"] == pytest.approx(float(at.se_obs[0]), abs=1e-13)


def test_scaled_quantile_by_loop(frames, events) -> None:
    """The EWMA-scaled rank of every pair, recursion written out."""
    study = event_study(events, *frames)
    for _, row in study.cars.iterrows():
        p, _, _ = ewma_rank(pair(frames, row["symbol"]), -11, 0)
        assert row["pvalue_ewma"] == pytest.approx(p, abs=1e-12)


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


def test_placebo_takes_every_candidate_session(frames, events) -> None:
    """All sessions with 60 rows of their own, clear of gap and event window.

    Session k has k - 11 + 1 estimation rows up to 240; the first return is at 0, so
    k - 10 >= 60 gives k >= 70. The gap starts ten sessions before the event (410),
    the window ends at it: candidates are 70 .. 409 and 421 .. 499.
    """
    study = event_study(events, *frames, tests=["placebo"])
    drawn = study.placebo[study.placebo["test"] == "placebo"]
    where = [*range(70, 410), *range(421, 500)]
    index = frames[0].index
    assert drawn["session"].tolist() == [f"{index[k]:%Y-%m-%d}" for k in where]
    returns, market = frames[0], frames[1]["mkt"].to_numpy()
    k = 300
    scars = [Pair(returns[s].to_numpy(), market, k, ROWS).scar(0, 0) for s in SYMBOLS]
    value = drawn.set_index("session").loc[f"{index[k]:%Y-%m-%d}", "value"]
    assert value == pytest.approx(np.mean(scars), abs=1e-12)
    observed = np.mean([pair(frames, s).scar(0, 0) for s in SYMBOLS])
    above = int((drawn["value"].abs() >= abs(observed)).sum())
    row = study.tests.set_index("test").loc["placebo"]
    assert row["pvalue"] == pytest.approx((1 + above) / (len(where) + 1))


def test_placebo_shifts_move_all_events_together(frames, events) -> None:
    """{"shifts": [...]}: mean SCAR of all pairs, so many sessions earlier."""
    shifts = [30, 60, 90]
    study = event_study(events, *frames, tests=["placebo"], placebo={"shifts": shifts})
    market = frames[1]["mkt"].to_numpy()
    expected = [
        np.mean(
            [
                Pair(frames[0][s].to_numpy(), market, EVENT - h, ROWS).scar(0, 0)
                for s in SYMBOLS
            ]
        )
        for h in shifts
    ]
    drawn = study.placebo[study.placebo["test"] == "placebo"]["value"]
    assert drawn.tolist() == pytest.approx(expected, abs=1e-12)
    row = study.tests.set_index("test").loc["placebo"]
    assert not row["valid"]
    assert row["reason"] == "few_placebo_sessions"


@pytest.mark.parametrize(
    ("model", "k"), [("mean", 1), ("market_adjusted", 0), ("market_no_alpha", 2)]
)
def test_other_models_by_hand(frames, events, model, k) -> None:
    """Expected return, s and forecast error of each model, written out."""
    study = event_study(events, *frames, model=model, windows=[(0, 1)])
    row = study.cars.set_index("symbol").loc["UP"]
    r = frames[0]["UP"].to_numpy()
    m = frames[1]["mkt"].to_numpy()
    y, x = r[EVENT - 250 : EVENT - 10], m[EVENT - 250 : EVENT - 10]
    ev, mev = r[EVENT : EVENT + 2], m[EVENT : EVENT + 2]
    sxx = ((x - x.mean()) ** 2).sum()
    beta = ((x - x.mean()) * y).sum() / sxx
    if model == "mean":
        ar, e, df = ev - y.mean(), y - y.mean(), 239
        spread = 2 + 4 / 240
    elif model == "market_adjusted":
        ar, df = ev - mev, 239
        e = (y - x) - (y - x).mean()
        spread = 2.0
    else:
        ar, df = ev - beta * mev, 238
        e = y - y.mean() - beta * (x - x.mean())
        spread = 2 + mev.sum() ** 2 / sxx
    s = np.sqrt((e**2).sum() / df)
    assert row["car"] == pytest.approx(ar.sum(), abs=1e-12)
    assert row["df"] == df
    assert row["se"] == pytest.approx(s * np.sqrt(spread), abs=1e-12)


def test_saturday_rolls_forward(frames, events) -> None:
    """A Saturday is studied on the Monday after it."""
    saturday = pd.Timestamp("2025-08-16")
    study = event_study(events.assign(session=saturday), *frames)
    assert set(study.cars["event_session"]) == {pd.Timestamp("2025-08-18")}


def test_pairs_without_room_history_or_prices_are_named(frames) -> None:
    """Each pair that cannot be studied has its reason; M is kept where known.

    LATE starts 57 rows before the end of its estimation; THIN has 80 rows: flagged.
    """
    returns = frames[0].copy()
    index = returns.index
    returns["LATE"] = returns["UP"].where(np.arange(500) >= EVENT - 67)
    returns["THIN"] = returns["UP"].where(np.arange(500) >= EVENT - 90)
    returns["STILL"] = 0.0
    sessions = {"UP": 499, "NOPE": EVENT, "LATE": EVENT, "THIN": EVENT, "STILL": EVENT}
    events = pd.DataFrame(
        {
            "event_id": "e",
            "symbol": list(sessions),
            "session": [index[k] for k in sessions.values()],
        }
    )
    study = event_study(events, returns, frames[1], windows=[(0, 1)], model="mean")
    why = dict(zip(study.dropped["symbol"], study.dropped["reason"], strict=True))
    assert why == {
        "UP": "no_calendar_room",
        "NOPE": "no_prices",
        "LATE": "insufficient_estimation",
        "STILL": "zero_variance",
    }
    pairs = study.pairs.set_index("symbol")
    assert pairs["status"].to_dict() == {
        **dict.fromkeys(why, "dropped"),
        "THIN": "flagged",
    }
    assert pairs.loc["LATE", "m"] == 57
    assert pairs.loc["THIN", "m"] == 80
    assert pairs.loc["LATE", "reason"] == "insufficient_estimation"


def test_missing_event_day_leaves_its_window_only(frames, events) -> None:
    """No partial sums: the CAR over the hole is missing, the others stay."""
    returns = frames[0].copy()
    returns.loc[returns.index[EVENT + 1], "UP"] = np.nan
    study = event_study(events, returns, frames[1], windows=[(0, 0), (0, 2)])
    up = study.cars[study.cars["symbol"] == "UP"].set_index("end")
    assert np.isfinite(up.loc[0, "car"])
    assert np.isnan(up.loc[2, "car"])
    n = study.tests[study.tests["test"] == "placebo"].set_index("end")["n"]
    assert n.to_dict() == {0: 4, 2: 3}


def test_same_symbol_and_session_is_tested_once(frames, events) -> None:
    """A second event on the same session stays in the table, flagged, untested."""
    twice = pd.concat([events, events.assign(event_id="zz")])
    study = event_study(twice, *frames, tests="all")
    assert study.tests.loc[study.tests["test"] == "bmp", "n"].tolist() == [4]
    flagged = study.pairs[study.pairs["event_id"] == "zz"]
    assert set(flagged["reason"]) == {"same_session_duplicate"}
    assert len(study.cars) == 8


def test_order_of_input_changes_nothing(frames, events) -> None:
    """Rows of events and columns of returns may come in any order."""
    returns, factors = frames
    one = event_study(events, returns, factors, contrast="expected_signs", tests="all")
    two = event_study(
        events.iloc[::-1],
        returns[SYMBOLS[::-1]],
        factors,
        contrast="expected_signs",
        tests="all",
    )
    numbers = ["estimate", "statistic", "pvalue"]
    pd.testing.assert_frame_equal(one.tests[numbers], two.tests[numbers], rtol=1e-10)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"model": "markte"}, "Did you mean 'market'?"),
        ({"tests": ["bpm"]}, "Did you mean 'bmp'?"),
        ({"windows": [(1, 0)]}, "ends before it starts"),
        ({"windows": []}, "windows: found"),
        ({"placebo": {"draw": 3}}, "placebo"),
        ({"contrast": "signs"}, "expected_signs"),
        ({"factors": None}, "mkt"),
    ],
)
def test_mistakes_are_named(frames, events, change, says) -> None:
    """Each mistake says what was found and what is allowed."""
    settings = {"factors": frames[1], **change}
    with pytest.raises(AftershockError, match=says.replace("?", r"\?")):
        event_study(events, frames[0], **settings)


def test_bad_frames_are_named(frames, events) -> None:
    """A missing column, an odd sign and an unsorted index."""
    with pytest.raises(StudyError, match="session is missing"):
        event_study(events.drop(columns="session"), *frames)
    with pytest.raises(StudyError, match="found 2"):
        event_study(events.assign(expected=2), *frames)
    with pytest.raises(StudyError, match="not in order"):
        event_study(events, frames[0].iloc[::-1], frames[1])


def test_summary_says_the_null_in_words(frames, events) -> None:
    """Print and notebook views hold the null, the reasons, and escape their text."""
    named = events.assign(event_id="<b>news</b>")
    study = event_study(named, *frames, contrast="expected_signs", tests="all")
    text = str(study)
    assert "contrast: the declared contrast of abnormal returns is zero" in text
    assert "not quotable: windows share sessions" in text
    assert "contrast, contrast_ewma, placebo_contrast: quotable only if" in text
    assert "E[R] = a + b Rm" in text
    html = study._repr_html_()
    assert "not quotable: windows share sessions" in html
    assert "<b>news</b>" not in html
    assert "&lt;b&gt;news&lt;/b&gt;" in html


def test_summary_says_what_was_left_out_and_cut(frames, events) -> None:
    """Dropped pairs in text and HTML, the end of estimation, a bound for a rank.

    The rise of every third symbol by 50 % is beyond all 240 sessions: p <= 2/211 of
    the scaled rank, 1/241 of the largest mover.
    """
    returns = frames[0].copy()
    returns.iloc[EVENT] += 0.5
    late = events.iloc[:1].assign(event_id="late", session=frames[0].index[-1])
    cut = str(frames[0].index[EVENT - 10])
    study = event_study(
        pd.concat([events, late]), returns, frames[1], windows=[(0, 1)], before=cut
    )
    one = event_study(events, returns, frames[1])
    assert f"before {cut[:10]}" in str(study)
    for said in (str(study), study._repr_html_()):
        assert "late UP: no_calendar_room" in said
    assert "<= 0.009" in str(one)
    assert "≤\u20090.005" in str(one)


def test_no_session_off_the_calendar_is_measured(frames, events) -> None:
    """A window before an event that lies past, or before, the calendar has no room.

    [-5, -1] of an event in 2030 must not fall on the last sessions there are.
    """
    for date in ("2030-01-01", "2010-01-04"):
        moved = events.assign(session=pd.Timestamp(date))
        study = event_study(moved, *frames, windows=[(-5, -1)])
        assert study.cars.empty
        assert set(study.dropped["reason"]) == {"no_calendar_room"}
        assert set(study.pairs["session"]) == {pd.Timestamp(date)}


def test_one_row_for_each_pair_given(frames) -> None:
    """The same event and symbol on two sessions, one without room: two rows.

    A pair that is dropped and listed twice is two rows as well.
    """
    index = frames[0].index
    events = pd.DataFrame(
        {
            "event_id": ["e", "e", "x", "x"],
            "symbol": ["UP", "UP", "NOPE", "NOPE"],
            "session": [index[EVENT], index[499], index[EVENT], index[EVENT]],
        }
    )
    study = event_study(events, *frames, windows=[(0, 2)])
    assert study.pairs["status"].tolist() == ["ok", "dropped", "dropped", "dropped"]
    assert study.pairs["reason"].tolist()[1:] == [
        "no_calendar_room",
        "no_prices",
        "no_prices",
    ]


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


def test_odd_frames_are_named(frames, events) -> None:
    """A symbol with two columns, and a group column that is not there."""
    returns, factors = frames
    twice = pd.concat([returns, returns[["UP"]]], axis=1)
    with pytest.raises(StudyError, match="UP has more than one column"):
        event_study(events, twice, factors)
    with pytest.raises(StudyError, match="no column 'tag'"):
        event_study(events, returns, factors, by="tag")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"windows": (0, 0)}, "windows: found 0"),
        ({"windows": 3}, "windows: found 3"),
        ({"windows": [(0, "a")]}, r"windows: found \(0, 'a'\)"),
        ({"windows": [(0, 5)], "event": (0, 2)}, r"leaves the event window \[0, 2\]"),
        ({"windows": [(-30, 0)]}, "share sessions"),
        ({"before": "foo"}, "before: found 'foo'"),
        ({"seed": "x"}, "seed: found 'x'"),
        ({"seed": -1}, "seed: found -1"),
        ({"placebo": {"draws": "a"}}, "placebo: found"),
        ({"placebo": {"draws": 0}}, "placebo: found"),
        ({"placebo": {"shifts": [20, 0]}}, "placebo: found"),
        ({"placebo": {"shifts": [2.5]}}, "placebo: found"),
    ],
)
def test_arguments_that_make_no_sense(frames, events, asked, said) -> None:
    with pytest.raises(StudyError, match=said):
        event_study(events, *frames, **asked)


def test_a_series_is_no_frame(frames, events) -> None:
    with pytest.raises(StudyError, match=r"(?s)factors: found a Series.*to_frame"):
        event_study(events, frames[0], frames[1]["mkt"])


def test_joint_placebos_count_every_place_that_could_serve(frames) -> None:
    """Two events; prices begin at session 200 of 500: fewer places than draws miss it.

    Sessions with 60 rows of their own before -10: from 200 + 70 = 270 on, the return
    of session 200 being the first that is missing: 271. The first event at 400 leaves
    out 390 .. 400, the second at 450 leaves out 440 .. 450: 500 - 271 - 11 = 218 each,
    however many of them are drawn; the least p is 1 / (draws + 1).
    """
    returns, index = frames[0].copy(), frames[0].index
    returns.iloc[:201] = np.nan
    rows = [("a", "UP", index[400]), ("b", "UP", index[450])]
    news = pd.DataFrame(rows, columns=["event_id", "symbol", "session"])
    for draws in (50, 199, 1000):
        asked = {"tests": ["placebo"], "placebo": {"draws": draws}}
        row = event_study(news, returns, frames[1], **asked).tests.iloc[0]
        assert row["valid"]
        assert "218" not in row["warning"]  # 218 windows of one session are enough
        thin = event_study(
            news, returns.iloc[:, :1], frames[1], windows=[(0, 14)], **asked
        )
        warning = thin.tests.iloc[0]["warning"]
        assert f"smallest attainable p {1 / (draws + 1):.3f}" in warning
        # [0, 14]: 500 - 14 last days, and 14 more before each gap
        assert f"exploratory: {500 - 271 - 14 - 11 - 28} reference sessions" in warning


def test_shifts_that_cannot_serve_are_named(frames, events) -> None:
    """[0, 0], a gap of ten: 10 and less touch it; 420 leads off; 400 has no rows."""
    asked = {"placebo": {"shifts": [5, 10, 11, 40, 400, 420]}, "tests": ["placebo"]}
    study = event_study(events, *frames, **asked)
    row = study.tests.iloc[0]
    assert "shifts left out: 5, 10, 400, 420" in row["warning"]
    assert study.placebo["session"].tolist() == [
        f"{h} sessions earlier" for h in (11, 40)
    ]


def test_an_infinite_return_is_named(frames, events) -> None:
    returns = frames[0].copy()
    returns.iloc[100, 0] = np.inf
    with pytest.raises(StudyError, match=r"the return of UP on 2024.* has no end"):
        event_study(events, returns, frames[1])


def test_two_sessions_are_several(frames, events) -> None:
    """What needs several sessions is asked of two, and not of one."""
    apart = events.head(2).assign(session=frames[0].index[[EVENT - 20, EVENT]])
    asked = [set(event_study(e, *frames).tests["test"]) for e in (apart, events)]
    wanted = {"clustered", "sign_flip", "adjusted_bmp"}
    assert [wanted & tests for tests in asked] == [wanted, set()]


def test_a_session_without_the_market_is_no_row(frames, events) -> None:
    """The line that numpy fits through the other 239 sessions; nothing is dropped."""
    returns, factors = frames
    holed = factors.copy()
    holed.iloc[EVENT - 100] = np.nan
    pairs = event_study(events, returns, holed).pairs.set_index("symbol")
    rows = np.array([EVENT + k for k in ROWS if k != -100])
    for symbol in SYMBOLS:
        slope, level = np.polyfit(
            factors["mkt"].to_numpy()[rows], returns[symbol].to_numpy()[rows], 1
        )
        found = pairs.loc[symbol, ["m", "beta", "alpha"]].tolist()
        assert found == pytest.approx([239, slope, level], rel=1e-9)
