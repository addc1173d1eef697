"""Frames in which one event has several sessions: each is decided on alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

import aftershock as af
from aftershock.replay import Replay
from aftershock.strategy import Moment, Strategy, TradePlan, read_news
from aftershock.strategy.news import closed_before
from aftershock.walk_forward import walk_forward
from tests.scenarios import CALENDAR, panel

PATHS = 50 + np.random.default_rng(8).normal(0, 1, (3, 115)).cumsum(axis=1)
PRICES = panel(
    {
        name: [(p, p + 0.1, p - 0.1, p) for p in path]
        for name, path in zip(("AAA", "BBB", "CCC"), PATHS.tolist(), strict=True)
    }
)
DAY = pd.Timedelta("1D")
SESSIONS = PRICES.sessions[[12, 30, 55, 80]]
NAMED = pd.DataFrame(
    {
        "event_id": ["x1", "x2", "x3", "x4"],
        "symbol": ["AAA", "BBB", "AAA", "BBB"],
        "session": SESSIONS,
    }
)
REPEATED = NAMED.assign(event_id="x")


@dataclass(frozen=True)
class Linked(Strategy):
    """Two legs under one name, that fill together or not at all."""

    hold: int = 3
    decide: Moment = Moment.event_close

    def plan(self, news):
        for symbol, side in ((news.exposures[0].symbol, 1), ("CCC", -1)):
            yield TradePlan(symbol, weight=0.2 * side, hold=self.hold, group="pair")


def test_linked_legs_wait_for_their_own_session_alone() -> None:
    """The trades are those of four events with names of their own."""
    one, four = (
        af.backtest(Linked(), events, PRICES, market=None, borrow=()).trades
        for events in (REPEATED, NAMED)
    )
    assert four["ret"].notna().sum() == 8
    names = ["symbol", "entry_session", "exit_session", "ret"]
    pd.testing.assert_frame_equal(one[names], four[names])


def test_a_fold_trades_its_own_sessions() -> None:
    """Two folds of two sessions: two legs of each of the last two are traded."""
    replay = Replay.of(REPEATED, PRICES, CALENDAR, None, borrow=())
    found = walk_forward(replay, Linked(), {"hold": [2, 4]}, af.Account(), folds=2)
    assert len(found.fills.trades) == 4
    assert (found.fills.trades["entry_session"] > SESSIONS[2] - DAY).all()


def test_an_earlier_session_of_an_event_came_before() -> None:
    items = read_news(REPEATED, CALENDAR)
    earlier = closed_before(items, items[2], pd.Timestamp("2100-01-01", tz="UTC"))
    assert [item.session for item in earlier] == [SESSIONS[0], SESSIONS[1], SESSIONS[3]]


def test_what_a_frame_leaves_open_is_not_a_word() -> None:
    """Columns that only some events fill: the others' roles and headlines are none."""
    words = {"role": "actor", "headline": "H", "declared": "before", "via": "chips"}
    rows = NAMED.assign(
        **{name: [np.nan, word, None, ""] for name, word in words.items()}
    )
    items = read_news(rows, CALENDAR)
    assert [item.headline for item in items] == ["", "H", "", ""]
    lines = [item.exposures[0] for item in items]
    assert [line.role for line in lines] == ["", "actor", "", ""]
    assert [line.basket for line in lines] == [None, "chips", None, None]
    assert [line.declared for line in lines] == ["unknown", "before", "unknown", ""]
