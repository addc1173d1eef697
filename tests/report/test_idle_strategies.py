"""Strategies without a trade: one sheet, no p-value, no picture."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.pages import account_rows, idle
from aftershock.pages.telling import told
from aftershock.pages.trades import Trades
from aftershock.pages.trading import Trading
from tests.report.reading import PERCENT, run_with

PLANS = ["event_id", "strategy", "entry_session", "exit_reason"]


def made(*rows):
    """Return the table of trades, of which only a few columns matter here."""
    return pd.DataFrame(rows, columns=PLANS)


def test_why_nothing_was_traded() -> None:
    assert idle.unfilled(made()) == "It made no plan on any of the events."
    plans = [("e", "A", None, why) for why in ("no_price", "group", "group")]
    assert idle.unfilled(made(*plans)) == (
        "None of its 3 plans was filled: group 2, no price 1."
    )


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ([], "none to draw"),
        ([0.0] * 3, "no trade on any of 3 sets either"),
        (
            [0.0, -0.021, 0.04],
            f"it traded on 2 of 3 sets: −2.1{PERCENT} to +4.0{PERCENT}",
        ),
    ],
)
def test_what_other_dates_made(drawn, said) -> None:
    assert idle.other_dates(np.array(drawn)) == said


def run_of(*rows, warnings=()):
    """Return a run of the strategies A and B, which had these trades."""
    labels = ["A", "B"]
    return run_with(
        {
            "strategies": [
                {"label": name, "name": name, "parameters": {"hold": 5}}
                for name in labels
            ],
            "warnings": list(warnings),
        },
        ladder=pd.DataFrame({"strategy": labels, "total_return": 0.0}),
        trades=made(*rows),
        decisions=pd.DataFrame(
            [("A", None), ("A", "no_plan"), ("A", "no_session"), ("B", None)],
            columns=["strategy", "reason"],
        ),
        chance=pd.DataFrame({"strategy": ["A", "B"], "total_return": [0.0, 0.01]}),
    )


def test_all_that_made_no_trade_share_a_sheet() -> None:
    """What the run warned of stands in place of "It made no plan"."""
    why = "nothing is planned for the event; the largest move it could see is X 1 %"
    result = run_of(("e", "B", None, "no_price"), warnings=["else", f"A: {why}"])
    (sheet,) = Trading().draw(result, "a4")
    assert told(sheet).title == "A and B made no trade"
    (listing,) = told(sheet).listings
    assert listing.rows == [
        ["A", f"N{why[1:]}. Of 3 events it wanted no trade on 1 and 1 could not be "
         "decided on.", "hold 5", "no trade on any of 1 sets either"],
        [
            "B", "Its one plan was not filled: no price.", "hold 5",
            f"it traded on 1 of 1 sets: +1.0{PERCENT} to +1.0{PERCENT}",
        ],
    ]  # fmt: skip
    assert not sheet.axes


def test_events_of_whose_plans_none_was_filled_are_counted() -> None:
    """Of e one of two plans was filled, of f none; A, which filled none, says why."""
    made_of = [
        ("e", "B", None, "no_room"),
        ("e", "B", "2026-07-02", "hold"),
        ("f", "B", None, "no_room"),
        ("f", "A", None, "no_room"),
    ]
    result = run_of(*made_of)
    assert account_rows.asked(result, "B") == " Of 1 event no plan was filled on 1."
    assert "filled" not in account_rows.asked(result, "A")


def test_the_page_of_trades_needs_a_plan() -> None:
    assert not Trades().applies(run_of())
    assert Trades().applies(run_of(("e", "B", None, "no_price")))
