"""Sentences on a study in the cases that a usual run does not have, word for word."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.pages import (
    announced,
    calibration,
    card,
    cautions,
    choices,
    days_around,
    every_symbol,
    minutes_in_words,
    roles_over_time,
    sample_sections,
    usual_range,
    what_happened,
)
from aftershock.pages.sheet import apart
from tests.report.reading import PERCENT, run_with


def curve(group, *, found, shown):
    """Return three choices between 1 and 3 percent."""
    return pd.DataFrame(
        {
            "group": group,
            "estimate": [0.01, 0.02, 0.03],
            "found": [k < found for k in range(3)],
            "quotable": [k < shown for k in range(3)],
            **dict.fromkeys(choices.KEYS, "as configured"),
        }
    )


@pytest.mark.parametrize(
    ("group", "declared", "found", "shown", "said"),
    [
        (
            "contrast",
            "after",
            3,
            3,
            f"Winners minus losers: +1.0{PERCENT} to +3.0{PERCENT} over 3 ways to "
            "measure",
        ),
        (
            "contrast",
            "before",
            0,
            0,
            f"+1.0{PERCENT} to +3.0{PERCENT} over 3 ways to measure; none may show a "
            "p-value",
        ),
        (
            "contrast",
            "before",
            1,
            2,
            f"1 of 2 ways to measure find p < 0.05: +1.0{PERCENT} to +3.0{PERCENT}",
        ),
        # a mean over pairs rests on no sign: when it was declared says nothing
        (
            "all",
            "after",
            2,
            3,
            f"2 of 3 ways to measure find p < 0.05: +1.0{PERCENT} to +3.0{PERCENT}",
        ),
    ],
)
def test_title_of_the_choices(group, declared, found, shown, said) -> None:
    """Counts are quoted only where signs were declared before, or none is needed."""
    result = run_with({"contrast": {"declared": declared}})
    assert choices._title(result, curve(group, found=found, shown=shown)) == said


def test_standfirst_of_the_choices_says_what_is_estimated() -> None:
    late, early = (
        run_with({"contrast": {"declared": when}}) for when in ("after", "before")
    )
    pairs = choices._standfirst(late, curve("all", found=1, shown=3))
    assert pairs.startswith("The mean over all pairs, sessions as clusters. 1 of the 3")
    assert "exploratory" not in pairs
    assert "may not" not in pairs
    signed = choices._standfirst(late, curve("contrast", found=1, shown=2))
    assert signed.startswith("The expected winners minus the expected losers. 1 of")
    assert "(exploratory: their signs were not declared before the news)" in signed
    assert "; the other 1 may not." in signed
    told = choices._standfirst(early, curve("contrast", found=1, shown=2))
    assert "exploratory" not in told
    assert "repeat" not in told


def test_a_way_that_another_market_does_not_change_is_no_way_of_its_own() -> None:
    """A model without a market gives 2 % on SPY and on QQQ: of three ways, two differ;
    on another span of estimation the same number is a finding of its own."""
    ways = curve("all", found=1, shown=3).assign(
        market=["SPY", "SPY", "QQQ"], estimate=[0.01, 0.02, 0.02]
    )
    said = choices._repeated(ways)
    assert said.startswith(" 1 way repeats another: with another market")
    assert choices._repeated(ways.assign(estimation=["a", "a", "b"])) == ""


@pytest.mark.parametrize(
    ("ret", "left", "said"),
    [
        (0.10, 0.04, f"40{PERCENT} of the move came after the open."),
        (0.10, -0.02, "the open overshot the close-to-close move."),
        (0.0, 0.01, "the open overshot the close-to-close move."),
    ],
)
def test_what_was_left_after_the_open(ret, left, said) -> None:
    """4 of 10 points came after the open; a fall after a rise was an overshoot."""
    rows = pd.DataFrame(
        {"symbol": ["A"], "car": [ret], "ret": ret, "gap": 0.06, "open_to_close": left}
    )
    (told,) = cautions._still_tradable(rows)
    assert told.endswith(said)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            {"sessions": ["2026-07-01", "2026-07-02"], "precision": "day"},
            ["The time of the news spans two sessions; both are shown."],
        ),
        ({"precision": "day"}, ["The time of the news is known to the day only."]),
        (
            {"precision": "approximate"},
            ["Day and session of the news are an informed guess."],
        ),
        ({"precision": "session", "sessions": ["2026-07-01"]}, []),
        ({}, []),
    ],
)
def test_how_well_the_time_is_known(event, said) -> None:
    assert list(cautions._time(event)) == said


def test_symbols_with_a_short_estimation_are_named() -> None:
    """D repeats a session: flagged, on a full estimation."""
    repeated = "same_session_duplicate"
    reasons = [np.nan, "short_estimation", f"short_estimation; {repeated}", repeated]
    rows = pd.DataFrame({"symbol": list("ABCD"), "reason": reasons})
    assert list(cautions._estimation({"study": {}}, rows)) == [
        "Fewer than 120 estimation sessions: B and C."
    ]
    assert list(cautions._estimation({"study": {}}, rows.iloc[[0, 3]])) == []


def calibrated(*verdicts):
    return pd.DataFrame({"share_valid": 1.0, "verdict": verdicts})


def test_title_of_the_calibration_counts_the_defects() -> None:
    fine = calibration._title(calibrated("in band", "invalid by design"))
    assert fine == "All 2 valid tests reject as often as they say"
    spoilt = calibration._title(calibrated("in band", "outside the band"))
    assert spoilt == "1 of 2 valid tests reject too often or too seldom"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({}, ""),
        (
            {"precision": "day", "latest": "2026-07-01T23:59:59-04:00"},
            "Published Wednesday 1 July 2026.",
        ),
        (
            {
                "precision": "month",
                "latest": "2026-07-31T23:59:59-04:00",
                "sessions": ["2026-07-31"],
            },
            "Published Friday 31 July 2026; first session 31 July 2026.",
        ),
    ],
)
def test_when_the_news_came_out(event, said) -> None:
    assert announced.when_of(event) == said


@pytest.mark.parametrize(
    ("precision", "said"),
    [
        ("exact", "Mine  ·  1 July 2026, by 09:29 ET"),
        ("day", "Mine  ·  1 July 2026"),
        (None, "Mine"),
    ],
)
def test_what_stands_over_the_card(precision, said) -> None:
    """A clock only where the time of the day is known; no moment without an event."""
    event = {"id": "e", "latest": "2026-07-01T09:29:00-04:00", "precision": precision}
    manifest = {"title": "Mine", "focus": "e", "events": [event] if precision else []}
    assert card._kicker(manifest) == said


def test_no_card_of_several_sessions() -> None:
    """A mean over sessions is no finding of one event."""
    result = run_with({"headline": {"n_sessions": 2}})
    assert what_happened.WhatHappened().card(result) is None


def test_cells_too_narrow_for_numbers_show_none() -> None:
    values = np.array([0.123, -0.456])
    assert every_symbol._digits(values, 2.0) == 1
    assert every_symbol._digits(values, 0.01) is None


def test_a_mean_path_that_cannot_be_judged_is_not_said_to_be_an_average() -> None:
    paths = pd.DataFrame(
        {"symbol": "", "group": "actor", "band_high": [np.nan], "band_low": np.nan,
         "offset": 0, "car": 0.1}
    )  # fmt: skip
    title = days_around._title(paths, ["actor"])
    assert title == "Too few ordinary paths to say what is unusual"
    assert days_around._on_average(title) == title
    assert days_around._on_average("No role left") == "On average no role left"


def test_bars_that_measured_nothing() -> None:
    moments = pd.DataFrame(
        {"symbol": ["A"], "end": [6], "moment": "after an hour", "car": np.nan}
    )
    title = minutes_in_words.title_of(moments, {})
    assert title == "Not measured: every symbol lacks a bar"
    (said,) = minutes_in_words.standfirst(moments, {}, [])
    assert said.endswith(" No test of this event on bars may be quoted.")


def test_test_on_bars_is_told_with_the_moments_tried() -> None:
    moments = pd.DataFrame({"moment": ["after an hour", "at the close"]})
    test = {"pvalue": 0.04, "moment": "at the close", "n": 1, "tried": 2}
    said, left = minutes_in_words.standfirst(moments, test, ["bars: A has none"])
    assert (
        "the largest contrast of any signs at the close, n = 1 symbol, p = 0.040, "
        "times 2 moments." in said
    )
    assert left == "Bars: A has none."


def test_roles_with_too_few_sessions_are_named_beside_the_others() -> None:
    means = pd.DataFrame({"role": ["actor", "peer"], "low": [-0.1, np.nan]})
    (said,) = roles_over_time._role_standfirst(means)
    assert said.endswith(" Too few sessions for an interval of their mean: Peers.")
    (none,) = roles_over_time._role_standfirst(means[1:])
    assert none.endswith("No mean has an interval.")


def test_a_map_without_a_value_names_no_largest() -> None:
    rows = pd.DataFrame({"symbol": ["A"], "role": "actor", "usual": 0.1})
    blank = usual_range.Heat(rows, np.array([[np.nan]]), np.array([0.0]), "")
    assert usual_range._largest(blank) == ""
    known = usual_range.Heat(rows, np.array([[np.nan, -0.2]]), np.array([0.0, 1.0]), "")
    assert usual_range._largest(known) == (
        f"Largest: A \u221220.0{PERCENT} on session +1."
    )


def test_contrast_without_weights_is_left_out() -> None:
    assert sample_sections._contrast({"declared": "before"}) == ""
    weighed = sample_sections._contrast({"weights": {"A": 1.0}, "declared": "before"})
    assert weighed == "A +1.000; signs declared: before"


def test_no_places_stay_none() -> None:
    assert apart([], 1.0) == []
    assert apart([0.0, 0.0], 1.0) == pytest.approx([-0.5, 0.5])
