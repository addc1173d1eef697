"""What a study says where there is nothing to study, or too little."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from aftershock import event_study
from aftershock.errors import StudyError
from aftershock.models.market import Market
from aftershock.significance import joint
from aftershock.study import (
    alignment,
    bars,
    blocks,
    comparisons,
    cross_section,
    design,
    ordinary,
    panel,
    placebo,
    twins,
    usable,
)
from aftershock.study import pairs as pairs_of
from aftershock.windows import EstimationWindow, EventWindow, hull

SESSION = pd.Timestamp("2026-07-01")


def nothing_traded() -> panel.StudyPanel:
    """Return a panel without a session."""
    nothing = pd.DataFrame({"A": [], "mkt": []}, pd.DatetimeIndex([]), dtype=float)
    return panel.make_panel(
        nothing[["A"]], nothing[["mkt"]], Market(), EstimationWindow()
    )


def one_pair(**more):
    return pd.DataFrame(
        {"event_id": ["e"], "symbol": ["A"], "session": [SESSION]} | more
    )


def test_a_panel_without_sessions_has_room_for_no_window() -> None:
    sound, dropped = usable.drop_unusable(
        one_pair(), nothing_traded(), EventWindow(0, 1)
    )
    assert sound.empty
    (row,) = dropped.to_dict("records")
    assert row["reason"] == "no_calendar_room"
    assert row["detail"].endswith(
        "around 2026-07-01 does not fit into nothing .. nothing"
    )


def test_no_pair_makes_no_block() -> None:
    ordered, cuts = blocks._in_blocks(one_pair()[:0], nothing_traded(), 10)
    assert ordered.empty
    assert cuts == []


@pytest.mark.parametrize("session", ["2026-07-01T09:30-04:00", None])
def test_sessions_are_plain_dates(session) -> None:
    with pytest.raises(StudyError, match="is missing, or carries a time zone"):
        pairs_of.pairs_from_frame(
            one_pair(session=[session]), pd.bdate_range("2026-06-01", periods=40)
        )


@pytest.mark.parametrize("session", [20260701, 1.5])
def test_a_number_is_no_session(session) -> None:
    """Pandas would take 20260701 for 20 milliseconds after the start of 1970."""
    with pytest.raises(StudyError, match=f"not a date: found the number {session}"):
        pairs_of.pairs_from_frame(
            one_pair(session=[session]), pd.bdate_range("2026-06-01", periods=40)
        )


def test_no_event_is_no_pair() -> None:
    """An empty column of pandas is one of numbers."""
    nothing = one_pair()[:0].assign(session=np.zeros(0))
    found = pairs_of.pairs_from_frame(nothing, pd.bdate_range("2026-06-01", periods=9))
    assert found.empty
    assert found["session"].dtype.kind == "M"


def test_pairs_are_not_those_of_a_caller() -> None:
    """What a caller does to the frame afterwards is not seen."""
    given = one_pair(role=["seller"])
    found = pairs_of.pairs_from_frame(given, pd.bdate_range("2026-06-01", periods=40))
    given.loc[0, ["symbol", "role"]] = ["B", "buyer"]
    given.loc[0, "session"] = pd.Timestamp("2026-07-02")
    assert found.loc[0, ["symbol", "role", "session"]].tolist() == [
        "A",
        "seller",
        SESSION,
    ]


@pytest.mark.parametrize(
    ("m", "sigma", "df", "code"),
    [
        (59, 0.01, 57, "insufficient_estimation"),
        (60, 0.01, 0, "insufficient_estimation"),
        (60, np.nan, 58, "collinear_factors"),
        (60, 0.0, 58, "zero_variance"),
        (119, 0.01, 117, "short_estimation"),
        (120, 0.01, 118, ""),
    ],
)
def test_a_pair_is_judged_by_its_rows_and_their_spread(m, sigma, df, code) -> None:
    """At least 60 rows are asked for; fewer than 120 are kept and flagged."""
    found = pairs_of._judge(m, sigma, df, 60)
    assert found.code == code
    assert found.drop is (code not in ("", "short_estimation"))


@pytest.mark.parametrize("plan", [1000, "many", {"draws": 1.5}, {"draws": 9, "a": 1}])
def test_a_plan_of_placebos_is_a_mapping(plan) -> None:
    with pytest.raises(StudyError, match="draws"):
        placebo.PlaceboPlan.from_mapping(plan)


def draw_of(values):
    """Return a draw whose statistic is the same wherever it is looked at."""
    trial = SimpleNamespace(positions=np.array([300]), window=EventWindow(0, 0))
    return SimpleNamespace(
        trial=trial,
        columns=np.array([0]),
        candidates=lambda at: np.array([5, 6]),
        at=lambda columns, where: np.array(values),
        panel=SimpleNamespace(estimation=EstimationWindow(-250, -11, 60)),
        own=EventWindow(0, 0),
    )


def test_no_ordinary_session_with_returns_is_no_reference() -> None:
    assert placebo._single(draw_of([[np.nan], [np.nan]])) is None


def test_shifts_that_touch_the_event_or_leave_the_calendar_are_no_reference() -> None:
    """Ten sessions back lie in the gap before the event; 400 lie before all prices."""
    assert placebo._shifted(draw_of([]), [10, 400]) is None


def test_windows_run_forward_and_there_is_at_least_one() -> None:
    with pytest.raises(StudyError, match=r"ends \(-250\) before it starts \(-11\)"):
        EstimationWindow(-11, -250, 60)
    with pytest.raises(StudyError, match="no window to study"):
        hull([])
    assert hull([EventWindow(-1, 1), EventWindow(0, 5)]) == EventWindow(-1, 5)


def test_sessions_with_a_zone_keep_their_date() -> None:
    """Midnight in New York is 1 July there, whatever the date in UTC."""
    index = pd.DatetimeIndex(["2026-07-01"]).tz_localize("America/New_York")
    assert alignment._us(index, timed=False).tolist() == [SESSION]


def test_bars_need_a_bar_and_events_a_session() -> None:
    with pytest.raises(StudyError, match="there is no bar"):
        bars._moments(pd.DataFrame(index=pd.DatetimeIndex([])))
    events = pd.DataFrame({"event_id": ["e"]})
    # the reader of events says what is missing, with all that is
    assert bars._at_bars(events, None) is events


def test_noise_of_a_symbol_without_ordinary_sessions_is_unknown() -> None:
    """Of 0, 1, ... 100 the .95 quantile is 95, whatever the signs."""
    values = np.arange(101.0) * np.where(np.arange(101) % 2, 1, -1)
    found = ordinary._quantile(np.stack([values, np.full(101, np.nan)]))
    assert found[0] == pytest.approx(95.0)
    assert np.isnan(found[1])


def test_a_regression_needs_a_characteristic() -> None:
    with pytest.raises(StudyError, match="no characteristic"):
        cross_section._design(pd.DataFrame(index=[0, 1]))


def test_a_regression_needs_a_pair_with_a_characteristic() -> None:
    with pytest.raises(StudyError, match="no characteristic"):
        cross_section._design(pd.DataFrame({"size": []}))


def test_groups_of_the_same_pairs_are_not_compared() -> None:
    """A pair that is in both groups is in neither side: nothing is left."""
    same = {("e", "A"): (300, 0.1), ("f", "A"): (310, 0.2)}
    trial = SimpleNamespace(window=EventWindow(0, 0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparisons, "_cars", lambda trial: same)
        found = comparisons._difference(trial, trial)
    assert not found.valid
    assert found.reason == "a group has no pair of its own"
    assert np.isnan(found.pvalue)


def test_twins_need_both() -> None:
    """Where one of the two tests was not run, neither leads."""
    rows = pd.DataFrame({"pvalue": [0.01], "valid": True}, index=["max_sar"])
    found = twins.larger(rows, ("max_sar", "max_sar_ewma"))
    assert found["valid"] is False
    assert found["reason"] == "max_sar_ewma was not computed"
    assert found["pvalue"] is None
    three = twins.larger(rows, ("placebo", "max_sar", "clustered"))
    assert three["reason"] == "placebo, clustered was not computed"


@pytest.mark.parametrize(
    ("residuals", "can"),
    [
        (np.ones((2, 2)), False),
        (np.column_stack([np.arange(5.0), np.zeros(5)]), False),
        (np.column_stack([np.arange(5.0), 2 * np.arange(5.0)]), False),
        (np.column_stack([np.arange(5.0), np.arange(5.0) ** 2]), True),
    ],
)
def test_which_scatters_can_be_inverted(residuals, can) -> None:
    """Not with as few rows as symbols, one that never moves, or two that are one."""
    assert joint._invertible(residuals) is can


@pytest.fixture(scope="module")
def wild():
    """Two symbols, the second twice the first, on 300 sessions."""
    random = np.random.default_rng(4)
    index = pd.bdate_range("2024-01-02", periods=300)
    market = random.normal(0, 0.01, 300)
    own = market + random.normal(0, 0.02, 300)
    returns = pd.DataFrame({"A": own, "B": 2 * own}, index=index)
    return returns, pd.DataFrame({"mkt": market}, index=index)


def rows_of(frames, returns, **more):
    events = pd.DataFrame(
        {"event_id": "e", "symbol": ["A", "B"], "session": returns.index[270]}
    )
    study = event_study(events, returns, frames[1], event=(0, 0), **more)
    return study.tests.set_index("test")


def test_one_symbol_under_two_names_is_no_family_of_two(wild) -> None:
    """Twice A is collinear with A: Hotelling's scatter has no inverse."""
    found = rows_of(wild, wild[0], tests=["joint"])
    assert not found["valid"].any()
    assert set(found["reason"]) == {"residuals of the symbols are collinear"}


def test_every_test_gives_a_reason_where_the_session_has_no_return(wild) -> None:
    returns = wild[0].copy()
    returns.iloc[270] = np.nan
    found = rows_of(wild, returns, tests="all")
    assert len(found) > 20
    assert not found["valid"].any()
    assert (found["reason"] != "").all()
    assert found["pvalue"].isna().all()


USUAL = [
    "adjusted_bmp",
    "clustered",
    "contrast",
    "contrast_ewma",
    "contrast_search",
    "contrast_search_ewma",
    "ewma_quantile",
    "joint",
    "joint_ranked",
    "joint_ranked_ewma",
    "max_sar",
    "max_sar_ewma",
    "placebo",
    "placebo_contrast",
    "sign_flip",
]
OVER_SESSIONS = {"adjusted_bmp", "clustered", "sign_flip"}


def test_tests_that_are_run_where_none_is_named() -> None:
    """Those that need several sessions only where there are several."""
    assert sorted(design.find_tests("default", True)[1]) == USUAL
    one = design.find_tests("default", False)[1]
    assert one == set(USUAL) - OVER_SESSIONS


def test_tests_that_placebos_judge_in_every_model() -> None:
    """A model without a variance of its own leaves these p-values, and no others."""
    every = design.find_tests("all", True)[0]
    judged = {test.name for test in every if test.by_placebo}
    assert judged == {"placebo", "placebo_contrast", "volatility", "volume"}
