"""`event_study` on bars: the bar of the news, and numbers against statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from aftershock import event_study
from aftershock.errors import StudyError
from aftershock.intraday import bar_slots

SIZE = "195min"
"""Two bars a session: slots 0 (gap), 1 (14:30 UTC in winter), 2 (17:45 UTC)."""
SLOTS = bar_slots("2025-01-02", "2025-02-28", SIZE)
# 2025-02-20, the thirty-second session after 2025-01-02 less 9 January (closed)
DAY = pd.Timestamp("2025-02-20")
SYMBOLS = ["UP", "DOWN"]
DESIGN = {"estimation": (-90, -4), "min_obs": 30, "frequency": SIZE}


@pytest.fixture(scope="module")
def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Returns whose spread follows the time of day, and the market."""
    random = np.random.default_rng(3)
    shape = np.array([0.02, 0.01, 0.005])[SLOTS.number]
    market = 0.5 * shape * random.standard_normal(len(shape))
    noise = shape[:, None] * random.standard_normal((len(shape), 2))
    values = market[:, None] * [1.3, 0.7] + noise
    returns = pd.DataFrame(values, index=SLOTS.labels, columns=SYMBOLS)
    return returns, pd.DataFrame({"mkt": market}, index=SLOTS.labels)


def news(*moments: str) -> pd.DataFrame:
    """Return one event of the symbol UP for each moment."""
    ids = [f"e{k}" for k in range(len(moments))]
    times = pd.Series([pd.Timestamp(m) for m in moments], dtype=object)
    return pd.DataFrame({"event_id": ids, "symbol": "UP", "session": times})


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        ("2025-02-19T16:05-05:00", 0),  # after the close: the next gap
        ("2025-02-20T09:30-05:00", 1),
        ("2025-02-20T14:31", 1),  # without zone: UTC
        ("2025-02-20T20:59+00:00", 2),
    ],
)
def test_the_bar_of_the_news(frames, moment: str, slot: int) -> None:
    """After hours the gap, else the bar that holds the moment."""
    study = event_study(news(moment), *frames, **DESIGN)
    there = (SLOTS.sessions == DAY) & (SLOTS.number == slot)
    assert list(study.pairs["session"]) == list(SLOTS.labels[there])
    assert study.pairs["status"].iloc[0] != "dropped"


def test_numbers_are_those_of_a_weighted_regression(frames) -> None:
    """AR, se, SAR, CAR, its se, df and p-value, by statsmodels and loops over slots."""
    returns, factors = frames
    study = event_study(
        news("2025-02-19T16:05-05:00"), *frames, windows=[(0, 0), (0, 2)], **DESIGN
    )
    zero = int(np.flatnonzero((SLOTS.sessions == DAY) & (SLOTS.number == 0))[0])
    rows, ahead = np.arange(zero - 90, zero - 3), np.arange(zero, zero + 3)
    x = sm.add_constant(factors["mkt"].to_numpy())
    y, slot, scale = returns["UP"].to_numpy(), SLOTS.number, np.ones(3)
    free = np.zeros(3)
    for _ in range(2):
        fit = sm.WLS(y[rows], x[rows], weights=1 / scale[slot[rows]] ** 2).fit()
        root = x[rows] / scale[slot[rows], None]
        h = np.diag(root @ np.linalg.inv(root.T @ root) @ root.T)
        for j in range(3):
            of = slot[rows] == j
            free[j] = (1 - h[of]).sum()
            scale[j] = np.sqrt((fit.resid[of] ** 2).sum() / free[j])
    fit = sm.WLS(y[rows], x[rows], weights=1 / scale[slot[rows]] ** 2).fit()
    said = fit.get_prediction(x[ahead], weights=1 / scale[slot[ahead]] ** 2)
    ar = y[ahead] - said.predicted
    table = study.abnormal_returns
    np.testing.assert_allclose(table["ar"], ar, rtol=1e-8)
    np.testing.assert_allclose(table["se"], said.se_obs, rtol=1e-8)
    np.testing.assert_allclose(table["sar"], ar / said.se_obs, rtol=1e-8)
    np.testing.assert_allclose(table["df"], free[0], rtol=1e-8)
    total = x[ahead].sum(axis=0)
    se = np.sqrt(
        fit.scale * (scale[slot[ahead]] ** 2).sum() + total @ fit.cov_params() @ total
    )
    car = study.cars.set_index("end").loc[2]
    assert car["car"] == pytest.approx(ar.sum(), rel=1e-8)
    assert car["se"] == pytest.approx(se, rel=1e-8)
    expected = 2 * stats.t.sf(abs(ar.sum() / se), free[0])
    assert car["pvalue"] == pytest.approx(expected, rel=1e-8)


def test_a_moment_without_a_bar_is_dropped(frames) -> None:
    """After the last close there is no bar, before the first none either."""
    events = news("2025-02-20T15:00", "2025-03-03T15:00", "2024-12-31T15:00")
    study = event_study(events, *frames, **DESIGN)
    assert list(study.dropped["event_id"]) == ["e1", "e2"]
    assert set(study.dropped["reason"]) == {"no_calendar_room"}
    assert study.dropped["detail"].str.contains("around no bar").all()


def test_times_with_a_zone_are_the_same_moments(frames) -> None:
    returns, factors = frames
    aware = returns.tz_localize("UTC").tz_convert("America/New_York")
    event = news("2025-02-20T15:00")
    one = event_study(event, returns, factors, **DESIGN)
    other = event_study(event, aware, factors.tz_localize("UTC"), **DESIGN)
    pd.testing.assert_frame_equal(one.cars, other.cars)


def test_bars_of_another_size_are_refused(frames) -> None:
    with pytest.raises(StudyError, match="no bar of a regular session starts at"):
        event_study(
            news("2025-02-20T15:00"), *frames, **{**DESIGN, "frequency": "60min"}
        )


def test_placebos_on_bars_are_refused(frames) -> None:
    with pytest.raises(StudyError, match="drawn among days"):
        event_study(news("2025-02-20T15:00"), *frames, placebo={"draws": 9}, **DESIGN)


def test_a_moment_that_is_missing_is_refused(frames) -> None:
    events = news("2025-02-20T15:00").assign(session=pd.NaT)
    with pytest.raises(StudyError, match="moment of an event is missing"):
        event_study(events, *frames, **DESIGN)


def test_ranks_on_few_rows_of_a_slot_are_not_valid(frames) -> None:
    """29 rows of the slot: no rank p-value, and no family; t stays."""
    study = event_study(
        news("2025-02-20T15:00"), *frames, tests=["sample_quantile"], **DESIGN
    )
    row = study.tests.iloc[0]
    assert not row["valid"]
    assert "60 estimation rows" in row["reason"]
    hidden = ["pvalue_quantile", "pvalue_ewma", "pvalue_family", "pvalue_family_ewma"]
    assert study.cars[hidden].isna().all(axis=None)
    assert study.cars["pvalue"].notna().all()


def test_one_spread_for_all_slots_is_not_valid(frames) -> None:
    """`crude_dependence` is refused on bars, `cross_sectional` is not."""
    study = event_study(
        news("2025-02-19T15:00", "2025-02-21T15:00"),
        *frames,
        tests=["crude_dependence", "cross_sectional"],
        **DESIGN,
    )
    rows = study.tests.set_index("test")
    assert not rows.loc["crude_dependence", "valid"]
    assert "on bars" in rows.loc["crude_dependence", "reason"]
    assert "on bars" not in rows.loc["cross_sectional", "reason"]


def test_the_usual_estimation_is_twenty_sessions(frames) -> None:
    """Three slots a session: the 60 rows that end one session before the news."""
    study = event_study(news("2025-02-20T15:00"), *frames, frequency=SIZE)
    assert study.pairs["m"].iloc[0] == 60


def test_the_frequency_of_days_is_the_usual_study() -> None:
    random = np.random.default_rng(5)
    index = pd.bdate_range("2024-01-02", periods=300)
    returns = pd.DataFrame(
        random.standard_normal((300, 2)) / 50, index=index, columns=SYMBOLS
    )
    market = pd.DataFrame({"mkt": returns.mean(axis=1)})
    events = news("2025-01-15")
    one = event_study(events, returns, market)
    other = event_study(events, returns, market, frequency="1d")
    pd.testing.assert_frame_equal(one.tests, other.tests)
    pd.testing.assert_frame_equal(one.cars, other.cars)
