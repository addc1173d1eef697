"""Of the page of trading: what a result is made of, by event and by role."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.pages import account_rows
from tests.report.reading import PERCENT


def parts(*rows):
    """Return parts of a result: by, name, number of trades, result, mean trade."""
    names = ["by", "name", "n", "pnl", "mean_trade"]
    return pd.DataFrame(rows, columns=names)


def test_what_a_result_is_made_of_adds_up_to_it() -> None:
    """Six events of +600 to +100 are +2,100 on 7 trades: two beyond the room.

    These two: +200 of two trades of 2 % each, +100 of one of 5 %: together +300, three
    trades, (2 + 2 + 5) / 3 = 3 % each. The role's +1,900 on 6 trades of 1 % leave +200
    on one trade, whose return is 4 x 1 + 2 x 2 + 5 - 6 x 1 = 7 %.
    """
    table = parts(
        *[("event", f"e{k}", 1, 100.0 * k, 0.01) for k in (3, 4, 5, 6)],
        ("event", "e2", 2, 200.0, 0.02),
        ("event", "e1", 1, 100.0, 0.05),
        ("role", "actor", 6, 1900.0, 0.01),
    )
    events = account_rows.part_rows(table, "event")
    assert [row[:2] for row in events[:4]] == [
        ["e6", "+600"], ["e5", "+500"], ["e4", "+400"], ["e3", "+300"],
    ]  # fmt: skip
    assert events[4:] == [["2 more", "+300", f"+3.0{PERCENT}", "3"]]
    assert account_rows.part_rows(table, "role") == [
        ["Actor", "+1,900", f"+1.0{PERCENT}", "6"],
        ["without a role", "+200", f"+7.0{PERCENT}", "1"],
    ]


def test_five_events_are_all_listed() -> None:
    table = parts(*[("event", f"e{k}", 1, float(k), 0.01) for k in range(1, 6)])
    names = [row[0] for row in account_rows.part_rows(table, "event")]
    assert names == ["e5", "e4", "e3", "e2", "e1"]


@pytest.mark.parametrize(
    ("value", "declared", "said"),
    [
        (-250.0, "after", "\u2212250"),
        (0.0, "after", "uses no declared signs"),
        (0.0, "before", "none such traded"),
        (np.nan, "after", "\u2013"),
    ],
)
def test_no_result_of_signs_is_no_result_of_zero(value, declared, said) -> None:
    table = parts(("declared", declared, 2, 50.0, 0.01))
    rows = dict(account_rows.worth_rows({"pnl_signs_after": value}, table))
    assert rows["from signs not declared before"] == said


def test_a_mean_trade_without_an_interval_says_what_it_lacks() -> None:
    low_and_high = {"mean_trade_low": -0.01, "mean_trade_high": 0.02}
    for figures, said in (
        ({}, "needs 6 entry sessions"),
        (low_and_high, f"\u22121.0{PERCENT} to +2.0{PERCENT}"),
    ):
        rows = dict(account_rows.worth_rows(figures, parts()))
        assert rows["mean trade, 95\u2009% by session"] == said


@pytest.mark.parametrize(("n", "said"), [(1, "only one trade"), (2, "+50")])
def test_one_trade_has_no_others(n: int, said: str) -> None:
    figures = {"pnl_without_best": 50.0, "pnl_without_worst": 50.0}
    rows = dict(account_rows.worth_rows(figures, parts(("event", "a", n, 100.0, 0.1))))
    assert rows["without the best trade"] == rows["without the worst trade"] == said
