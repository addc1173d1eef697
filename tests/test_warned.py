"""Warnings that hold of several strategies are said once, with all their names."""

from __future__ import annotations

from aftershock.tables.warned import run_warnings, said_once

LATE = "1 of 2 events is not asked about"
WARNINGS = [f"A: {LATE}", "SPY: has a gap", f"B: {LATE}", "C: nothing is planned"]


def test_the_same_of_two_strategies_is_one_line_where_the_first_stood() -> None:
    """SPY is no strategy: its colon says nothing."""
    assert said_once(WARNINGS, ["A", "B", "C"]) == [
        f"A and B: {LATE}", "SPY: has a gap", "C: nothing is planned",
    ]  # fmt: skip
    assert said_once(WARNINGS, []) == WARNINGS


def test_many_are_all_named_or_counted() -> None:
    labels = ["A", "B", "C", "D", "E"]
    entries = [{"label": label} for label in labels]
    manifest = {"strategies": entries, "warnings": [f"{x}: {LATE}" for x in labels]}
    assert run_warnings(manifest) == [f"A, B, C, D and E: {LATE}"]
    assert run_warnings(manifest, 3) == [f"A, B, C and 2 more: {LATE}"]
