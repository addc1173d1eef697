"""Numbers and findings in words, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock import tables as t
from aftershock.results import RunResult
from aftershock.tables.left_out import left_out, reason_and_detail, reason_words
from tests.report_fixture import write_run


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0881, "+8.8\u2009%"), (-0.139, "\u221213.9\u2009%"), (0.0001, "0.0\u2009%"),
     (-0.0001, "0.0\u2009%"), (np.nan, "–"), (None, "–")],
)  # fmt: skip
def test_percent(value, text):
    assert t.percent(value) == text


def test_a_p_at_its_floor_is_a_bound():
    """Of 199 references the smallest p is 1/200; 2/200 is not at the floor."""
    assert t.probability(1 / 200, 199) == "≤\u20090.005"
    assert t.probability(2 / 200, 199) == "0.010"
    assert t.probability(1 / 100, 99) == "≤\u20090.010"
    assert t.probability(1e-9) == "<\u20090.001"


def test_lists_and_dates():
    assert t.listed(["A"]) == "A"
    assert t.listed(["A", "B", "C"]) == "A, B and C"
    assert t.listed(list("ABCDE")) == "A, B, C and 2 more"
    assert t.day("2026-07-01", weekday=True) == "Wednesday 1 July 2026"
    assert t.window_name(-1, 1) == "[\u22121, +1]"


def found(tmp_path, **case):
    result = RunResult.load(write_run(tmp_path / "run", **case))
    return t.finding(result.manifest, result.tables)


def test_the_larger_family_p_decides(tmp_path):
    """SY00 has plain p .01: with scaled .03 it moved, with .20 it did not."""
    assert "SY00" in found(tmp_path, family=0.03)
    assert "beyond its beta" in found(tmp_path, family=0.03)
    said = found(tmp_path, family=0.20)
    assert said.startswith("Undecided: no symbol stands out; the least p is of SY00")


def test_an_invalid_test_never_enters_the_title(tmp_path):
    text = found(tmp_path, valid=False, verdict="not_tested")
    assert text.startswith("Not tested")
    assert "p " not in text


@pytest.mark.parametrize(
    ("test", "group", "p", "said"),
    [
        ("max_sar", "all", 0.01, "AA"),
        ("max_sar_ewma", "all", 0.03, "BB"),
        # both have it: neither alone is the largest
        ("max_sar_ewma", "all", 0.5, ""),
        ("max_sar", "suppliers", 0.01, ""),
        ("joint_ranked", "all", 0.01, ""),
        ("max_sar", "all", np.nan, ""),
    ],
)
def test_the_largest_move_has_a_name(test, group, p, said):
    """AA has the smallest plain p, BB the smallest scaled one; [0, 1] is not asked."""
    names = ["symbol", "start", "end", "pvalue_family", "pvalue_family_ewma"]
    rows = [
        ("AA", 0, 0, 0.01, 0.5),
        ("BB", 0, 0, 0.2, 0.03),
        ("CC", 0, 0, 0.3, 0.5),
        ("CC", 0, 1, 0.01, 0.03),
    ]
    row = pd.Series({"test": test, "group": group, "start": 0, "end": 0, "pvalue": p})
    assert t.largest_mover({"cars": pd.DataFrame(rows, columns=names)}, row) == said


def test_summary_says_what_each_strategy_made():
    """Rung 4 of the ladder is the account: 2 trades, 1.5 % lost.

    Rung 5 is of settings chosen on the past, where a grid was swept: not this account.
    """
    ladder = pd.DataFrame(
        {
            "strategy": ["Drift"] * 2 + ["Sign"] * 3,
            "rung": [1, 4, 1, 4, 5],
            "total_return": [0.5, -0.015, 0.2, 0.04, -0.3],
            "n_trades": [2, 2, 11, 11, 7],
        }
    )
    assert t.traded(ladder)[1].replace("\u2009", " ").splitlines() == [
        "strategy  trades  account, after costs",
        "Drift          2                −1.5 %",
        "Sign          11                +4.0 %",
    ]
    assert t.traded(ladder.iloc[:0]) == t.traded(None) == []


def test_summary_has_six_lines_and_the_notice(tmp_path):
    result = RunResult.load(write_run(tmp_path / "run", simulated="Sample data: all"))
    said = t.run_summary(result.manifest, result.tables).splitlines()
    assert sum(line.startswith("SY") for line in said) == 7  # the finding, six rows
    assert said[-1] == "Sample data: all"


def lost(*rows):
    """Return the table `dropped`."""
    return pd.DataFrame(rows, columns=["event_id", "symbol", "reason", "detail"])


@pytest.mark.parametrize(
    ("rows", "events", "said"),
    [
        ([], 1, ""),
        ([("e", "AAA", "no_prices", "")], 1, "Left out: AAA (no prices)."),
        (
            [
                ("e", "AAA", "no_prices", ""),
                ("e", "BBB", "insufficient_estimation", ""),
                ("e", "CCC", "no_prices", ""),
            ],
            1,
            "Left out: AAA, CCC (no prices); BBB (too few sessions to estimate on).",
        ),
        (
            [(f"e{k}", "AAA", "overlap", "") for k in range(7)],
            7,
            "Left out: AAA of e0, AAA of e1, AAA of e2, AAA of e3 (it shares sessions "
            "with another event); and 3 more, see tables/dropped.csv.",
        ),
        (
            [("e", name, "no_prices", "") for name in ("AAA", "BBB", "CCC")]
            + [("f", "AAA", "no_prices", "")],
            2,
            "Left out: AAA, BBB and CCC of e, AAA of f (no prices).",
        ),
        ([("e", "", "a_new_reason", "")], 2, "Left out: e (a new reason)."),
    ],
)
def test_pairs_left_out_are_named_with_the_reason_in_words(rows, events, said):
    assert left_out(lost(*rows), events) == said


def test_summary_names_what_was_left_out(tmp_path):
    """The invented run has no prices of GONE."""
    result = RunResult.load(write_run(tmp_path / "run"))
    said = t.run_summary(result.manifest, result.tables).splitlines()
    assert said[2] == "Left out: GONE (no prices)."


def test_one_fact_has_one_name_for_people() -> None:
    """The table keeps its code; a detail that says the same is not said twice."""
    month = "only the month is known"
    assert reason_words("precision") == month
    assert reason_and_detail("precision", month) == (month, "")
    assert reason_and_detail("no_prices", "not in the folder") == (
        "no prices",
        "not in the folder",
    )
