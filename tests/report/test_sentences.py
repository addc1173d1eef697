"""Sentences of pages in the cases that a usual run does not have, word for word."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from aftershock.pages import (
    account_rows,
    across_events,
    calibration,
    card,
    cautions,
    choices,
    days_around,
    every_symbol,
    minutes_in_words,
    sample_and_data,
    sweep,
    trades,
    trading,
    usual_range,
    what_happened,
)
from aftershock.pages.sheet import apart
from aftershock.tables import NONE, day, findings, verdict_sentence
from aftershock.tables.summary import counting_sentence

PERCENT = "\u2009%"


def run_with(manifest=None, **tables):
    """Return what a page reads of a result."""
    return SimpleNamespace(manifest=manifest or {}, tables=tables)


def curve(group, *, found, shown):
    """Return three choices between 1 and 3 percent."""
    return pd.DataFrame(
        {
            "group": group,
            "estimate": [0.01, 0.02, 0.03],
            "found": [k < found for k in range(3)],
            "quotable": [k < shown for k in range(3)],
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
        ({"precision": "session", "sessions": ["2026-07-01"]}, []),
        ({}, []),
    ],
)
def test_how_well_the_time_is_known(event, said) -> None:
    assert list(cautions._time(event)) == said


def test_symbols_with_a_short_estimation_are_named() -> None:
    rows = pd.DataFrame({"symbol": ["A", "B", "C"], "status": ["ok", *["flagged"] * 2]})
    assert list(cautions._estimation({"study": {}}, rows)) == [
        "Fewer than 120 estimation sessions: B and C."
    ]
    assert list(cautions._estimation({"study": {}}, rows[:1])) == []


def test_result_of_a_strategy_without_enough_other_dates() -> None:
    """No p, no share of dates: luck cannot be told."""
    said = trading._title("Mine", {"n_trades": 3.0, "total_return": -0.05}, 0)
    assert said == (
        f"Mine lost 5.0{PERCENT} after costs; there are too few other dates to tell "
        "luck"
    )


@pytest.mark.parametrize(
    ("least", "share"), [(76, "75 of 200"), (6, "5 of 200"), (1, "none of 200")]
)
def test_dates_that_did_the_same_are_counted_too(least, share) -> None:
    """p is (1 + those at least as good) / 201 (methods.md): ties are among them."""
    figures = {"n_trades": 3.0, "total_return": 0.02, "placebo_pvalue": least / 201}
    assert trading._title("Mine", figures, 200) == (
        f"Mine earned 2.0{PERCENT} after costs; {share} other dates did as well or "
        "better"
    )


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        (["2026-07-02"], "One trade describes; it does not show that a rule works."),
        (
            ["2026-07-02"] * 2,
            "2 trades, entered at 1 session, describe what was; that a rule works "
            "they do not show.",
        ),
        (
            ["2026-07-02", "2026-07-03"] * 250,
            "500 trades, entered at 2 sessions, describe what was; that a rule works "
            "they do not show.",
        ),
    ],
)
def test_the_trades_page_says_their_number(entered, said) -> None:
    """Five hundred trades are not few, and two sessions are."""
    made = pd.DataFrame({"entry_session": entered, "strategy": "Mine", "pnl": 1.0})
    (told,) = trades._standfirst(run_with({}, trades=made))
    assert told == f"Result in money after costs: Mine +{len(entered)}. {said}"


def stopped(*rows):
    """Return trades with stops: symbol, side, entry, level, return, gap."""
    names = ["symbol", "side", "entry_price", "exit_level", "ret", "exit_gap"]
    return pd.DataFrame(rows, columns=names)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # 0.7 points of the 0.9 are the gap, the rest is slippage and commission
        (
            [("CRWV", "long", 100.0, 92.0, -0.089, 0.007)],
            f"CRWV returned −8.9{PERCENT} with its stop at −8.0{PERCENT}: the "
            f"session opened 0.7{PERCENT} beyond it, where it was filled; slippage and "
            "other costs come on top.",
        ),
        (
            [("CRWV", "short", 100.0, 108.0, -0.082, 0.0)],
            f"CRWV returned −8.2{PERCENT} with its stop at −8.0{PERCENT}: it was "
            "filled there, slippage and other costs come on top.",
        ),
        (
            [
                ("META", "long", 100.0, 92.0, -0.082, 0.0),
                ("NBIS", "short", 50.0, 54.0, -0.12, 0.03),
                ("AMD", "long", 100.0, 110.0, 0.08, 0.01),
                ("MU", "long", 100.0, 105.0, 0.04, np.nan),
            ],
            "3 trades returned less than their stops: 2 filled at an open beyond the "
            f"stop, all after costs. The most, NBIS returned −12.0{PERCENT} with its "
            f"stop at −8.0{PERCENT}.",
        ),
        # what a tenth of a percent does not show needs no word
        ([("META", "long", 100.0, 92.0, -0.0803, 0.0)], None),
        ([("META", "long", 100.0, 92.0, -0.079, 0.0)], None),
        ([("MU", "long", 100.0, np.nan, -0.2, np.nan)], None),
        ([], None),
    ],
)
def test_a_trade_that_returned_less_than_its_stop_is_explained(rows, said) -> None:
    """A stop at 92 after an entry at 100 stands at -8 %, a short's at 108 too."""
    assert trades._beyond_stops(stopped(*rows)) == ([said] if said else [])


def test_trades_of_older_runs_have_no_levels() -> None:
    made = stopped(("CRWV", "long", 100.0, 92.0, -0.089, 0.007))
    assert trades._beyond_stops(made.drop(columns="exit_gap")) == []


def strategy(ladder=(), trades_=()):
    """Return the tables of the strategy `Mine` that its first lines are made of."""
    rungs = pd.DataFrame(ladder, columns=["rung", "total_return"])
    made = pd.DataFrame(trades_, columns=["event_id", "entry_session", "exit_reason"])
    return run_with(
        ladder=rungs.assign(strategy="Mine"), trades=made.assign(strategy="Mine")
    )


def test_the_rung_before_the_news_is_told_only_beside_the_first_fill() -> None:
    filled = [("e", "2026-07-02", "hold")]
    both = strategy([(1, 0.09), (2, 0.02)], filled)
    assert trading._standfirst(both, "Mine") == [
        "1 trade on 1 event. Entered at the close before the news it would show "
        f"+9.0{PERCENT}, at the first fill that anyone could have had +2.0{PERCENT}: "
        "the difference was never for sale."
    ]
    worse = strategy([(1, 0.01), (2, 0.02)], filled)
    assert trading._standfirst(worse, "Mine") == [
        "1 trade on 1 event. Entered at the close before the news it would show "
        f"+1.0{PERCENT}, at the first fill that anyone could have had +2.0{PERCENT}."
    ]
    assert trading._standfirst(strategy([(2, 0.02)], filled), "Mine") == [
        "1 trade on 1 event."
    ]


def test_why_nothing_was_traded() -> None:
    none = strategy()
    assert trading._standfirst(none, "Mine") == [
        "It made no plan on any of the events."
    ]
    plans = [("e", None, "no_price"), ("f", None, "group"), ("g", None, "group")]
    assert trading._standfirst(strategy(trades_=plans), "Mine") == [
        "None of its 3 plans was filled: group 2, no_price 1."
    ]


@pytest.mark.parametrize(
    ("declared", "name", "said"),
    [
        ("before", "ExpectedSign", []),
        ("after", "EventDrift", []),
        (
            "after",
            "ExpectedSign",
            [
                "Mine trades expected signs that were not declared before the event: "
                "that result rests on hindsight."
            ],
        ),
    ],
)
def test_hindsight_of_signs_is_said_of_those_who_trade_them(
    declared, name, said
) -> None:
    manifest = {
        "contrast": {"declared": declared},
        "strategies": [{"label": "Mine", "name": name}],
    }
    assert trades._hindsight(run_with(manifest)) == said


def test_accounts_of_older_runs_have_no_earlier_reading() -> None:
    assert account_rows._sooner(run_with(), "Mine") == []


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
    assert what_happened._when(event) == said


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


def test_sweep_without_a_walk_forward() -> None:
    none = pd.DataFrame({"fold": []})
    assert sweep._standfirst(none) == [
        "Too few events to choose on some and trade the others."
    ]


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
    (said,) = across_events._role_standfirst(means)
    assert said.endswith(" Too few sessions for an interval: Peers.")
    (none,) = across_events._role_standfirst(means[1:])
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
    assert sample_and_data._contrast({"declared": "before"}) == ""
    weighed = sample_and_data._contrast({"weights": {"A": 1.0}, "declared": "before"})
    assert weighed == "A +1.000; signs declared: before"


def test_no_places_stay_none() -> None:
    assert apart([], 1.0) == []
    assert apart([0.0, 0.0], 1.0) == pytest.approx([-0.5, 0.5])


def moves(**more):
    """Return two symbols of which none can be told from noise."""
    rows = pd.DataFrame(
        {"symbol": ["A", "B"], "car": [0.01, -0.04], "p": 0.5, "m": 200}
    )
    return rows.assign(expected=[1, -1]).assign(**more)


def test_finding_without_any_return() -> None:
    said = findings._nobody_moved(moves(car=np.nan, p=np.nan), "not_tested")
    assert said == "Not tested: no symbol has a return on every session of the window"
    untested = findings._nobody_moved(moves(p=np.nan), "not_tested")
    assert untested == f"Not tested: the largest move was B \u22124.0{PERCENT}"


def test_finding_counts_movers_beyond_the_third_and_the_undecided() -> None:
    rows = pd.DataFrame(
        {"symbol": list("ABCDE"), "car": [0.5, 0.4, 0.3, 0.2, 0.1], "expected": 1}
    )
    every = findings._who_moved(rows, rows, "market")
    assert every == (
        f"A rose 50.0{PERCENT}, B rose 40.0{PERCENT}, C rose 30.0{PERCENT} and 2 more "
        "moved beyond their betas"
    )
    one = findings._who_moved(rows[:1], rows[:2], "market")
    assert one == f"A rose 50.0{PERCENT} beyond its beta; 1 other move is undecided"


def test_joint_finding_names_the_contrast_where_that_leads() -> None:
    contrast = findings._moved_together(
        moves(), {"test": "contrast_search", "estimate": 0.05}
    )
    assert contrast == (
        f"Expected winners against losers: +5.0{PERCENT}; no symbol stands out alone"
    )
    joint = findings._moved_together(moves(), {"test": "joint_ranked"})
    assert joint.startswith("Together the 2 symbols moved more")


def test_a_test_that_may_not_be_quoted_gives_no_p() -> None:
    headline = {"test": "joint_ranked", "valid": False, "pvalue": 0.001}
    said = verdict_sentence({"headline": headline | {"reason": "too_few sessions"}})
    assert said == (
        "The leading test, joint ranked, may not be quoted: too few sessions."
    )
    bare = verdict_sentence({"headline": {"valid": False}})
    assert bare == (
        "The leading test, no test, may not be quoted: it was not computed."
    )


def test_no_day_is_a_dash() -> None:
    assert day(None) == day("") == NONE
    assert day("2026-07-01") == "1 July 2026"


def pairs_table(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["status", "reason", "expected"])


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (6, ""),
        (
            2,
            "It counts 2 of 6 pairs: 1 left out, 1 awaited, 1 repeating a symbol in "
            "its session, 1 of expected sign 0, watched only.",
        ),
        (
            3,
            "It counts 3 of 6 pairs: 1 left out, 1 awaited, 1 repeating a symbol in "
            "its session.",
        ),
        (
            1,
            "It counts 1 of 6 pairs: 1 left out, 1 awaited, 1 repeating a symbol in "
            "its session, 2 that this test cannot use.",
        ),
    ],
)
def test_pairs_that_the_leading_test_does_not_count(n, said) -> None:
    """Six pairs, one of each kind and two plain ones; a mean takes the fund, too."""
    table = pairs_table(
        ("ok", "", 1),
        ("flagged", "short_estimation", -1),
        ("ok", "", 0),
        ("flagged", "same_session_duplicate", 1),
        ("dropped", "no_prices", 1),
        ("pending", "window_not_over", 1),
    )
    made = counting_sentence({"headline": {"n": n}}, {"pairs": table})
    assert made == said


def test_other_dates_that_all_made_the_same_are_told_not_drawn() -> None:
    """A strategy without a plan makes nothing on any date: nothing to draw."""
    assert trading._no_spread(np.zeros(200)) == (
        f"Each of 200 sets of other dates made 0.0{PERCENT}."
    )
    assert trading._no_spread(np.array([0.0, 0.01])) == ""
    assert trading._no_spread(np.array([])).startswith("No session is far enough")
