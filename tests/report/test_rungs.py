"""Of the page of trading: what the rungs of the ladder refused, and names of trades."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from aftershock.pages import account_picture, account_rows, trading
from aftershock.plots import style
from tests.report.reading import run_with


def run_of(*refused, **more):
    """Return a run of one strategy whose rungs refused these plans."""
    rungs = range(1, len(refused) + 1)
    rows = {"rung": rungs, "total_return": 0.0, "refused": refused}
    ladder = pd.DataFrame(rows).assign(strategy="Mine", **more)
    trades = pd.DataFrame(
        {"event_id": ["e"], "entry_session": ["2026-07-02"], "decided": "",
         "strategy": "Mine", "exit_reason": "hold"}
    )  # fmt: skip
    return run_with({}, ladder=ladder, trades=trades)


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (
            [np.nan, "no_room 1", np.nan, np.nan],
            "Refused plans differ by rung: at the first fill 1 (no room), else none.",
        ),
        (
            ["no_room 5", "no_room 5", "no_room 6", "no_room 4, not_shortable 3"],
            "Refused plans differ by rung: before the news 5 (no room); at the first "
            "fill 5 (no room); with slippage 6 (no room); with commission and borrow 7 "
            "(no room 4, not shortable 3).",
        ),
        (["no_room 5"] * 4, None),
        # chosen on the past, the fifth trades other plans
        ([np.nan] * 4 + ["no_room 9"], None),
    ],
)
def test_rungs_that_refused_other_plans_are_told(refused, said) -> None:
    """As CSV holds it: nothing refused is an empty cell."""
    lines = trading._standfirst(run_of(*refused), "Mine")
    assert lines[1:] == ([said] if said else [])


def test_a_run_of_before_does_not_know_what_its_rungs_refused() -> None:
    result = run_of("", "no_room 1")
    ladder = result.tables["ladder"].drop(columns="refused")
    older = run_with({}, ladder=ladder)
    assert account_rows.rungs_refused(older, "Mine") == []


def test_a_symbol_stands_once_in_a_label() -> None:
    names = ["META", "CRWV", "CRWV", "NBIS", "CRWV"]
    assert account_picture.together(names) == "META CRWV ×3 NBIS"
    assert account_picture.together(["META"]) == "META"


def test_a_counted_name_takes_less_room() -> None:
    """Three trades of CRWV fit where three names would not."""
    with mpl.rc_context(style()):
        once = account_picture.text_width("CRWV ×3", account_picture.SMALL)
        line, size = np.array([0, 1, 2]), np.array([0.3, 0.2, 0.1])
        names = np.array(["CRWV"] * 3)
        fit = account_picture.that_fit(names, line, size, once + 0.01)
    assert fit.tolist() == [0, 1, 2]
