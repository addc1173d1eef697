"""Sentences on trades in the cases that a usual run does not have, word for word."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.pages import account_rows, sample_sections, sweep, trades, trading
from tests.report.reading import PERCENT, run_with
from tests.report.test_parts_of_a_result import parts


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
            f"session opened 0.7{PERCENT} beyond the stop, and that open was the first "
            "price to be had; slippage and other costs came on top.",
        ),
        (
            [("CRWV", "short", 100.0, 108.0, -0.082, 0.0)],
            f"CRWV returned −8.2{PERCENT} with its stop at −8.0{PERCENT}: it was "
            "filled there, slippage and other costs came on top.",
        ),
        (
            [
                ("META", "long", 100.0, 92.0, -0.082, 0.0),
                ("NBIS", "short", 50.0, 54.0, -0.12, 0.03),
                ("AMD", "long", 100.0, 110.0, 0.08, 0.01),
                ("MU", "long", 100.0, 105.0, 0.04, np.nan),
            ],
            "3 trades ended worse than at their stops. For 2 of them the session "
            "opened beyond the stop: that open was the first price to be had; the "
            "other was filled at its stop; slippage and other costs came on top. The "
            f"worst: NBIS returned −12.0{PERCENT} with its stop at −8.0{PERCENT}.",
        ),
        (
            [
                ("META", "long", 100.0, 92.0, -0.09, 0.01),
                ("NBIS", "short", 50.0, 54.0, -0.12, 0.03),
            ],
            "2 trades ended worse than at their stops. Each session opened beyond the "
            "stop: that open was the first price to be had; slippage and other costs "
            f"came on top. The worst: NBIS returned −12.0{PERCENT} with its stop at "
            f"−8.0{PERCENT}.",
        ),
        (
            [
                ("META", "long", 100.0, 92.0, -0.083, 0.0),
                ("NBIS", "short", 50.0, 54.0, -0.082, 0.0),
            ],
            "2 trades ended worse than at their stops. Each was filled at its stop; "
            "slippage and other costs came on top. The worst: META returned "
            f"−8.3{PERCENT} with its stop at −8.0{PERCENT}.",
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


def strategy(ladder=(), trades_=(), manifest=None, **tables):
    """Return the tables of the strategy `Mine` that its first lines are made of."""
    rungs = pd.DataFrame(ladder, columns=["rung", "total_return"])
    names = ["event_id", "entry_session", "exit_reason", "decided"]
    made = pd.DataFrame(trades_, columns=names)
    own = {"ladder": rungs, "trades": made, **tables}
    return run_with(manifest, **{k: t.assign(strategy="Mine") for k, t in own.items()})


SEVEN, CLOSE = "2026-07-02T07:00:00-04:00", "2026-07-02T16:00:00-04:00"
KNOWN = {"events": [{"id": "e", "latest": SEVEN}]}
NEVER = ": the difference was never for sale."


def read(*totals):
    """Return the account at both ends of what is known of the time."""
    return pd.DataFrame({"reading": ["latest", "earliest"], "total_return": totals})


@pytest.mark.parametrize(
    ("decided", "before", "more", "tables", "end"),
    [
        (SEVEN, 0.09, {}, {}, NEVER),
        # the same moment, as another clock shows it
        ("2026-07-02T11:00:00+00:00", 0.09, {}, {}, NEVER),
        (SEVEN, 0.01, {}, {}, "."),
        # an open passed between the news and a decision at the close
        (CLOSE, 0.09, {}, {}, "."),
        (SEVEN, 0.09, {"account": {"latency": "5min"}}, {}, "."),
        (SEVEN, 0.09, {"account": {"fill": "next_close"}}, {}, "."),
        (SEVEN, 0.09, {"account": {"fill": "next_open", "latency": 0.0}}, {}, NEVER),
        # had the news come sooner, another fill could have been had
        (SEVEN, 0.09, {}, {"readings": read(0.02, 0.05)}, "."),
        (SEVEN, 0.09, {}, {"readings": read(0.02, 0.02)}, NEVER),
    ],
)
def test_what_waiting_gave_up_is_not_said_to_be_out_of_reach(
    decided, before, more, tables, end
) -> None:
    trade = [("e", "2026-07-02", "hold", decided)]
    rungs = [(1, before), (2, 0.02)]
    assert trading._standfirst(
        strategy(rungs, trade, KNOWN | more, **tables), "Mine"
    ) == [
        "1 trade on 1 event. Entered at the close before the news it would show "
        f"+{before * 100:.1f}{PERCENT}, at the first fill after its decision "
        f"+2.0{PERCENT}{end}"
    ]


def test_the_rung_before_the_news_is_told_only_beside_the_first_fill() -> None:
    filled = [("e", "2026-07-02", "hold", SEVEN)]
    assert trading._standfirst(strategy([(2, 0.02)], filled), "Mine") == [
        "1 trade on 1 event."
    ]


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0.08, f"8{PERCENT} a year"),
        (-6.86, "none, a loss without it"),
        (np.nan, "\u2013"),
    ],
)
def test_a_borrow_rate_below_nothing_is_none(rate, said) -> None:
    rows = dict(account_rows.worth_rows({"break_even_borrow": rate}, parts()))
    assert rows["borrow rate at which shorts earn 0"] == said


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


PLAIN = {"hold": 5, "stop_loss": None, "longs": ["actor", "customer"], "none": []}


@pytest.mark.parametrize(
    ("label", "parameters", "said"),
    [
        ("Mine", PLAIN, ["Parameters: hold 5, longs actor and customer."]),
        ("Second", {"hold": 3}, ["Parameters of Mine: hold 3."]),
        ("Mine", {}, []),
        # 13 letters each and 2 between: 8 of them are 118, 9 would be 133
        (
            "Mine",
            {f"parameter_{k}": k for k in "abcdefghijkl"},
            [
                "Parameters: "
                + ", ".join(f"parameter_{k} {k}" for k in "abcdefgh")
                + " and 4 more under “Sample and data”."
            ],
        ),
        ("Mine", {"words": "x" * 200}, [f"Parameters: words {'x' * 114}…."]),
    ],
)
def test_the_page_says_what_a_strategy_was_set_to(label, parameters, said) -> None:
    """All of it where it fits one line, else what fits and where the rest is."""
    entry = {"label": label, "name": "Mine", "parameters": parameters}
    other = {"label": "Other", "name": "Other", "parameters": {"hold": 99}}
    manifest = {"strategies": [other, entry]}
    assert account_rows.settings(manifest, label) == said


def test_the_last_page_names_the_class_behind_a_label() -> None:
    entry = {"label": "Short", "name": "EventDrift", "parameters": {"hold": 2}}
    assert sample_sections._played(entry) == "Short (EventDrift, hold 2)"
    assert sample_sections._played(entry | {"label": "EventDrift"}) == (
        "EventDrift (hold 2)"
    )


def test_pictures_give_way_to_long_tables() -> None:
    """60 % of 6 inches; a row is 8 x 1.38 / 72 + 0.035 = 0.1883 inches, a head 0.45:

    5 and 6 rows leave 6 - 0.28 - 11 x 0.1883 - 0.9 = 2.748.
    """
    assert trading._height(6.0, 3, 0) == pytest.approx(3.6)
    assert trading._height(6.0, 5, 6) == pytest.approx(2.748, abs=0.001)
    assert trading._height(6.0, 6, 20) == 2.3


def test_accounts_of_older_runs_have_no_earlier_reading() -> None:
    assert account_rows._sooner(run_with(), "Mine") == []


def test_sweep_without_a_walk_forward() -> None:
    none = pd.DataFrame({"fold": []})
    few = "Too few events to choose on some and trade the others."
    older = pd.DataFrame({"hold": [5, 6], "n_trades": 8})
    assert sweep._standfirst(none, older) == [few]
    same = older.assign(same_trades=1)
    told = "Hold 5 and hold 6 made the same 8 trades."
    assert sweep._standfirst(none, same) == [few, told]


def test_other_dates_that_all_made_the_same_are_told_not_drawn() -> None:
    """A strategy without a plan makes nothing on any date: nothing to draw."""
    assert trading._no_spread(np.zeros(200)) == (
        f"Each of 200 sets of other dates made 0.0{PERCENT}."
    )
    assert trading._no_spread(np.array([0.0, 0.01])) == ""
    assert trading._no_spread(np.array([])).startswith("No session is far enough")
