"""The pairs of a study on simulated frames against a plain second implementation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aftershock import event_study
from tests.study.conftest import EVENT, ROWS, SYMBOLS, pair
from tests.study.reference import ewma_rank


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
