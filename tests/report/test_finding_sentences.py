"""The finding and its test in cases that a usual run does not have, word for word."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.tables import NONE, day, findings, summary, verdict_sentence
from aftershock.tables.summary import counting_sentence
from tests.report.reading import PERCENT


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


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.981, "no symbol stands out; the least p is of {} (family p = 0.981)"),
        (0.08, "no symbol stands out; the least p is of {} (family p = 0.080)"),
        # small, and yet the test may not be quoted, or the symbol is watched only
        (0.04, "{}, stands out most, but not enough (family p = 0.040)"),
    ],
)
def test_nothing_is_said_to_stand_out_where_nothing_does(p, said) -> None:
    told = findings._nobody_moved(moves(p=[1.0, p]), "undecided")
    assert told == "Undecided: " + said.format(f"B, \u22124.0{PERCENT}")


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
    table = pd.DataFrame(rows, columns=["status", "reason", "expected"])
    return table.assign(event_id="e")


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
    lost = table[table["status"] == "dropped"]
    made = counting_sentence({"headline": {"n": n}}, {"pairs": table, "dropped": lost})
    assert made == said


def test_events_without_a_session_are_counted_beside_pairs() -> None:
    """One pair of two is dropped, and both exposures of a month: three are left out."""
    table = pairs_table(("ok", "", 1), ("dropped", "no_prices", 1))
    month = {"event_id": ["m", "m"], "reason": "precision"}
    lost = pd.concat([table[table["status"] == "dropped"], pd.DataFrame(month)])
    made = counting_sentence({"headline": {"n": 1}}, {"pairs": table, "dropped": lost})
    assert made == (
        "It counts 1 of 2 pairs: 1 left out. Beside these, 2 exposures of 1 event "
        "without a session (only the month is known): m."
    )


def test_events_without_a_session_are_named_once(monkeypatch) -> None:
    """The line of counts names `m`; the line of what was left out has the pairs."""
    table = pairs_table(("ok", "", 1), ("dropped", "no_prices", 1))
    month = {"event_id": ["m"], "symbol": ["META"], "reason": ["precision"]}
    lost = pd.concat([pd.DataFrame(month), table[table["status"] == "dropped"]])
    asked = {}
    monkeypatch.setattr(
        summary, "left_out", lambda dropped, n: asked.update(left=dropped) or ""
    )
    monkeypatch.setattr(summary, "finding", lambda *_: "")
    monkeypatch.setattr(summary, "verdict_sentence", lambda *_: "")
    monkeypatch.setattr(summary, "summary_rows", lambda *_: [])
    nothing = pd.DataFrame({"event_id": []})
    tables = {"pairs": table, "dropped": lost, "pending": nothing, "claims": nothing}
    said = summary.run_summary({"headline": {"n": 1}, "events": ["a", "m"]}, tables)
    assert "(only the month is known): m." in said
    assert "m" not in set(asked["left"]["event_id"])
