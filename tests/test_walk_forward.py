"""Settings chosen on the past: which, from what, and what they then trade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

import aftershock as af
from aftershock.errors import ConfigError, StrategyError
from aftershock.prices import PricePanel
from aftershock.replay import Replay
from aftershock.run.trading import rung_of_choices
from aftershock.strategy import Moment, Strategy, TradePlan
from aftershock.sweep import sweep_replay
from aftershock.tables import forward_sentence
from aftershock.walk_forward import figures_of, walk_forward
from tests.scenarios import CALENDAR
from tests.test_sweep import ACCOUNT, EVENTS, PRICES, ROWS, Overridden, Plain, Signs

GRID = {"hold": [1, 3, None], "stop_loss": [None, 0.02], "size": [0.2, 0.5]}
REPLAY = Replay.of(EVENTS, PRICES, CALENDAR, None, borrow=())


def test_the_choice_is_the_best_of_what_was_known() -> None:
    """Fold 2 of 4 begins with event 4: a sweep of the first four, prices cut there."""
    found = walk_forward(REPLAY, Signs(), GRID, ACCOUNT, folds=4)
    assert found.choices["events"].tolist() == [2, 2, 2]
    assert found.choices["past_events"].tolist() == [2, 4, 6]
    known = PRICES.until(REPLAY.items[4].known, CALENDAR)
    past = Replay.of(EVENTS.iloc[:4], known, CALENDAR, None, borrow=())
    table = sweep_replay(past, Signs(), GRID, ACCOUNT)
    best = table.loc[table["sharpe"].idxmax()]
    row = found.choices.iloc[1]
    assert row["in_sample"] == pytest.approx(best["sharpe"], rel=1e-12)
    for name in GRID:
        assert row[name] == best[name] or (pd.isna(row[name]) and pd.isna(best[name]))


def test_later_prices_change_no_choice() -> None:
    """Everything after the last fold's first event is scrambled: the same choices."""
    found = walk_forward(REPLAY, Signs(), GRID, ACCOUNT, folds=4)
    rng = np.random.default_rng(1)
    factor = np.exp(rng.normal(0, 0.2, PRICES.close.shape))
    other = PRICES.changed_after(REPLAY.items[6].known, CALENDAR, lambda v: v * factor)
    again = walk_forward(
        Replay.of(EVENTS, other, CALENDAR, None, borrow=()),
        Signs(), GRID, ACCOUNT, folds=4,
    )  # fmt: skip
    pd.testing.assert_frame_equal(found.choices, again.choices)


@dataclass(frozen=True)
class Before(Strategy):
    """Buy what is known to be coming, five sessions ahead."""

    size: float = 0.2
    decide: Moment = Moment.sessions_before(5)

    def plan(self, news):
        return [TradePlan(e.symbol, weight=self.size) for e in news.exposures]


def test_a_fold_decided_ahead_of_its_news_is_chosen_by_then() -> None:
    """The last fold trades five sessions before its first event is known.

    Its setting must not know those five: they are scrambled, and nothing may change.
    """
    days = [day.tz_localize("America/New_York") for day in EVENTS["session"]]
    clock, ahead = pd.Timedelta("8h"), pd.Timedelta("40D")
    events = EVENTS.assign(
        published=[day + clock for day in days],
        foreseen=[day - ahead for day in days],
        role="actor",
    )
    grid = {"hold": [1, 30, None], "size": [0.2, -0.2]}

    def chosen(prices: PricePanel) -> pd.DataFrame:
        replay = Replay.of(events, prices, CALENDAR, None, borrow=())
        return walk_forward(replay, Before(), grid, ACCOUNT, folds=4).choices

    decided = CALENDAR.close_at(CALENDAR.shift(EVENTS["session"][6], -5))
    factor = np.exp(np.random.default_rng(3).normal(0, 0.2, PRICES.close.shape))
    other = PRICES.changed_after(decided, CALENDAR, lambda v: v * factor)
    pd.testing.assert_frame_equal(chosen(PRICES), chosen(other))


def test_each_fold_is_traded_with_its_own_choice() -> None:
    """Two folds: the second half under one setting, as a backtest of it alone."""
    found = walk_forward(REPLAY, Signs(), GRID, ACCOUNT, folds=2)
    (row,) = found.choices.to_dict("records")
    rules = tuple(
        (name, None if pd.isna(row[name]) else row[name])
        for name in ("hold", "stop_loss")
    )
    book = af.backtest(
        Overridden(Signs(row["size"]), rules), EVENTS.iloc[4:], PRICES, ACCOUNT,
        market=None, borrow=(),
    )  # fmt: skip
    mine = found.fills.trades
    np.testing.assert_allclose(mine["pnl"], book.trades["pnl"], rtol=1e-12)
    told = book.metrics.set_index("metric")["value"]
    figures = figures_of(found, REPLAY, ACCOUNT)
    for name in ("total_return", "sharpe", "max_drawdown", "n_trades"):
        assert figures[name] == pytest.approx(told[name], rel=1e-9), name


def test_events_of_one_session_stay_together() -> None:
    twice = pd.concat([EVENTS, EVENTS.assign(event_id=EVENTS["event_id"] + "b")])
    replay = Replay.of(twice, PRICES, CALENDAR, None, borrow=())
    found = walk_forward(replay, Signs(), GRID, ACCOUNT, folds=4)
    assert found.choices["events"].tolist() == [4, 4, 4]
    assert found.choices["first_session"].tolist() == [
        PRICES.sessions[ROWS[k]] for k in (2, 4, 6)
    ]


@pytest.mark.parametrize("folds", [1, 9])
def test_folds_that_cannot_be(folds: int) -> None:
    with pytest.raises(ConfigError, match=r"sweep\.folds"):
        walk_forward(REPLAY, Signs(), GRID, ACCOUNT, folds=folds)


def test_a_past_without_a_trade_has_no_ratio() -> None:
    """The first four of eight expect nothing, so the first of two blocks is idle."""
    idle = EVENTS.assign(expected=[0, 0, 0, 0, 1, 1, 1, 1])
    replay = Replay.of(idle, PRICES, CALENDAR, None, borrow=())
    found = walk_forward(replay, Idle(), {"hold": [3, 1]}, ACCOUNT, folds=4)
    assert found.choices["in_sample"].isna().tolist() == [True, True, False]
    assert found.choices["hold"].tolist()[:2] == [3, 3]
    assert rung_of_choices(found.choices["in_sample"]) == (
        "and settings chosen on the past in 1 of 3 blocks"
    )
    told = figures_of(found, replay, ACCOUNT)
    outcome = pd.DataFrame([told]).assign(fold="out of sample")
    assert forward_sentence(pd.concat([found.choices, outcome])).endswith(
        "The past had no trade to choose by in 2 of 3 blocks: the first setting of the "
        "grid was traded there."
    )


def test_the_last_rung_says_where_the_past_had_a_trade() -> None:
    """By the Sharpe ratios on the past of two blocks."""
    assert rung_of_choices(pd.Series([0.4, -0.2])) == "and settings chosen on the past"
    assert rung_of_choices(pd.Series([np.nan, np.nan])) == "and the first of the grid"


@dataclass(frozen=True)
class Idle(Signs):
    """Trade nothing where nothing is expected."""

    def plan(self, news):
        return super().plan(news) if news.exposures[0].expected else []


def test_keys_of_the_account_are_not_chosen() -> None:
    grid = {**GRID, "fees_bps": [0.0, 50.0]}
    found = walk_forward(REPLAY, Signs(), grid, ACCOUNT, folds=2)
    assert "fees_bps" not in found.choices


def test_what_has_no_parameters_is_not_chosen_from() -> None:
    with pytest.raises(StrategyError, match="Plain is no dataclass"):
        walk_forward(REPLAY, Plain(), {"hold": [1]}, ACCOUNT)
