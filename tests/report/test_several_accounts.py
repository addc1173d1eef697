"""Trades of several strategies, and the names that stand at trades in a picture."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.pages import account_picture, trades
from tests.report.reading import run_with

ROW = {
    "event_id": "e", "symbol": "A", "side": "long", "entry_session": "2026-07-02",
    "exit_session": "2026-07-09", "pnl": 1.0, "ret": 0.01,
}  # fmt: skip


def made(*rows: str) -> pd.DataFrame:
    """Return trades told as ``strategy symbol exit``, the last of July 2026."""
    cells = [row.split() for row in rows]
    return pd.DataFrame(
        [
            ROW | {"strategy": s, "symbol": a, "exit_session": f"2026-07-{day}"}
            for s, a, day in cells
        ]
    )


def test_what_two_strategies_did_alike_is_no_second_witness() -> None:
    """A is bought by three alike, B by two; C by two with other exits.

    Seven rows: 3 + 2 alike, 2 not; four differ: A, B, C, C.
    """
    done = made("One A 09", "Two A 09", "Three A 09", "One B 09", "Two B 09",
                "One C 09", "Two C 10")  # fmt: skip
    same = "made by more than one strategy (same event, symbol, side, entry and exit)"
    assert trades._alike(done) == [
        f"5 of these 7 were {same} and are counted for each: 4 different trades in all."
    ]
    assert trades._alike(done.iloc[1:3]) == [
        f"2 of these 2 were {same} and are counted for each: 1 different trade in all."
    ]
    assert trades._alike(done.iloc[5:]) == []
    assert trades._alike(done.iloc[[0, 3, 5]]) == []


def test_the_trades_of_several_strategies_are_said_to_be_so() -> None:
    done = made("One A 09", "Two B 09")
    result = run_with({"contrast": {"declared": "before"}}, trades=done)
    assert (
        trades._title(result) == "2 trades of 2 strategies, 2 with a gain after costs"
    )
    assert trades._standfirst(result)[0].startswith(
        "Result in money after costs, each strategy on its own account: One +1, Two +1."
    )


def test_ends_less_than_a_line_apart_share_it() -> None:
    """A line is 0.125 inches; 1.0, 1.1 and 1.12 share the first, 1.13 opens another."""
    found = account_picture.lines_of(np.array([1.13, 1.0, 1.12, 1.1, 0.2]))
    assert [line.tolist() for line in found] == [[4], [1, 3, 2], [0]]
    assert account_picture.lines_of(np.array([])) == []


@pytest.mark.parametrize(
    ("room", "kept"), [(9.0, [0, 1, 2]), (0.4, [0, 2]), (0.2, [2]), (0.01, [])]
)
def test_the_smallest_trade_goes_without_a_name_where_there_is_no_room(
    room, kept
) -> None:
    """MMMM is the widest, and its trade the smallest; an I is a fraction of it."""
    names = np.array(["MM", "MMMM", "I"])
    size = np.array([0.2, 0.1, 0.3])
    found = account_picture.that_fit(names, np.array([0, 1, 2]), size, room)
    assert found.tolist() == kept
