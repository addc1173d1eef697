"""What the table of tests says of each: in full, and by the names that it shows."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.pages import how_unusual, named_tests
from aftershock.pages.telling import told
from tests.report.reading import run_with


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("tails; see joint_ranked", "tails; see “All symbols together, ranked”"),
        ("see max_sar_ewma", "see “… scaled by volatility”"),
        ("see the tests scaled by volatility", "see the tests scaled by volatility"),
        ("one pair; see the table cars",
         "one pair; each pair’s p is in tables/cars.csv, pvalue_quantile and "
         "pvalue_ewma"),
        ("few_placebo_sessions", "few placebo sessions"),
    ],
)  # fmt: skip
def test_a_test_is_pointed_to_by_the_name_that_the_table_shows(code, said) -> None:
    assert named_tests.plainly(code) == said


@pytest.mark.parametrize(
    ("status", "reason"),
    [("dropped", "no pair could be measured"), ("ok", "no contrast was declared")],
)
def test_without_a_pair_no_test_says_that_a_contrast_is_lacking(status, reason) -> None:
    """Where every pair was dropped that is why, whatever a test would need besides."""
    test = {
        "group": "all", "start": 0, "end": 0, "test": "contrast", "statistic": 1.0,
        "pvalue": 0.5, "valid": False, "reason": "no contrast was declared",
    }  # fmt: skip
    result = run_with(
        {"study": {"headline_window": [0, 0]}},
        tests=pd.DataFrame([test]),
        pairs=pd.DataFrame({"status": [status]}),
    )
    assert how_unusual._tests(result)["reason"].tolist() == [reason]


def test_a_reason_that_repeats_is_not_written_out_again() -> None:
    """Three refused tests, the first two for one reason.

    The words for readers aloud keep it in full.
    """
    test = {
        "group": "all", "start": 0, "end": 0, "statistic": None, "pvalue": None,
        "n": 5, "n_sessions": 5, "valid": False, "warning": "", "mde": None,
        "null": "nothing happened",
    }  # fmt: skip
    several = "a test of one session; these events fall on several"
    rows = [("joint_ranked", several), ("joint_ranked_ewma", several), ("sign", "few")]
    result = run_with(
        {
            "study": {"headline_window": [0, 0], "model": "market"},
            "headline": {"start": 0, "end": 0},
        },
        tests=pd.DataFrame([test | {"test": t, "reason": r} for t, r in rows]),
        pairs=pd.DataFrame({"status": ["ok"], "m": [100]}),
        placebo=pd.DataFrame(columns=["test", "window", "value", "group"]),
    )
    (figure,) = how_unusual.HowUnusual().draw(result, "a4")
    set_words = [line.get_text() for line in figure.texts]
    assert set_words.count("no: as above") == 1
    assert [row[-1] for row in told(figure).listings[0].rows] == [
        f"no: {several}", f"no: {several}", "no: few",
    ]  # fmt: skip


def test_two_largest_movers_are_no_symbol_that_stands_out() -> None:
    """Plain it is NBIS, scaled META: neither is rare by both, and page 1 names none."""
    rows = pd.DataFrame(
        {"test": ["max_sar", "max_sar_ewma", "joint"], "valid": True,
         "pvalue": [0.048, 0.035, 0.001], "mover": ["NBIS", "META", ""]}
    )  # fmt: skip
    (said,) = how_unusual._movers(rows)
    assert "of different symbols (NBIS and META): none of them is by both" in said
    assert not how_unusual._movers(rows.assign(mover=["META", "META", ""]))
    assert not how_unusual._movers(rows.assign(pvalue=[0.048, 0.2, 0.001]))
    assert not how_unusual._movers(rows.assign(valid=[True, False, True]))


@pytest.mark.parametrize(
    ("test", "sessions", "said"),
    [
        ("placebo", 7, "no test of this mean is scaled by volatility"),
        ("placebo", 1, "see the tests scaled by volatility"),
        ("placebo_contrast", 7, "see the tests scaled by volatility"),
    ],
)
def test_nobody_is_sent_to_a_test_that_there_is_not(test, sessions, said) -> None:
    """Means of several sessions have no twin that is scaled by volatility."""
    row = pd.Series({
        "test": test, "n_sessions": sessions, "valid": True, "reason": "",
        "warning": "high volatility before the event; see the tests scaled by "
        "volatility", "null": "the mean is zero",
    })  # fmt: skip
    told = named_tests.remark(row)
    assert told == f"yes; high volatility before the event; {said}; null: {row['null']}"
