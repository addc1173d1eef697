"""The account: the whole way from events to tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from aftershock.errors import StrategyError
from aftershock.events import Event, EventSet, Exposure
from aftershock.fills import Account
from aftershock.portfolio import backtest, labelled
from aftershock.prices import PricePanel
from aftershock.replay import Replay
from aftershock.results import columns
from aftershock.strategy import Moment, Strategy, TradePlan
from tests.scenarios import CALENDAR, panel, rising, sessions


@dataclass(frozen=True)
class BuyAll(Strategy):
    """Buy every exposure."""

    weight: float = 0.5
    hold: int = 1
    decide: Moment = Moment.publication

    def plan(self, news):
        for exposure in news.exposures:
            yield TradePlan(exposure.symbol, weight=self.weight, hold=self.hold)


def events(session: object, **more: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"event_id": ["one"], "symbol": ["AAA"], "session": [session], **more}
    )


@dataclass(frozen=True)
class ByView(Strategy):
    """Buy what the view has."""

    decide: Moment = Moment.publication

    def plan(self, news):
        return [TradePlan(e.symbol, weight=0.2, hold=1) for e in news.exposures]


def test_events_that_could_not_be_asked_about_are_named() -> None:
    """Six sessions: four after the last event lie behind the last price."""
    prices = panel(rising())
    days = prices.sessions
    made = pd.concat(
        [events(days[0]), events(days[5]).assign(event_id="late")], ignore_index=True
    )
    strategy = BuyAll(decide=Moment.sessions_after(4))
    found = backtest(strategy, made, prices, market="SPY", borrow=())
    told = [w for w in found.warnings if w.startswith("BuyAll")]
    assert told == [
        "BuyAll: 1 of 2 events is not asked about (decided on after the last price: "
        "late)"
    ]
    replay = Replay.of(made, prices, CALENDAR, borrow=())
    table = replay.decisions(strategy, found.trades)
    assert table["reason"].tolist() == ["", "after_last_price"]
    assert table["plans"].tolist() == [1, 0]
    told = found.more["decisions"]
    pd.testing.assert_frame_equal(told.drop(columns="strategy"), table)
    assert told["strategy"].tolist() == ["BuyAll"] * 2
    idle = replay.decisions(strategy, found.trades.iloc[:0])
    assert idle["reason"].tolist() == ["no_plan", "after_last_price"]


@dataclass(frozen=True)
class Stopped(Strategy):
    """Buy, or sell, with a stop of 8 %."""

    side: int = 1
    decide: Moment = Moment.publication

    def plan(self, news):
        for e in news.exposures:
            yield TradePlan(e.symbol, weight=0.2 * self.side, hold=3, stop_loss=0.08)


@pytest.mark.parametrize(
    ("side", "bar", "gap"),
    [
        (1, (91.08, 95, 90, 92), 0.01),
        (1, (100, 101, 90, 92), 0.0),
        (1, (92, 101, 90, 92), 0.0),
        (-1, (109.08, 110, 108, 109), 0.01),
        (1, (100, 101, 99, 100), np.nan),
    ],
)
def test_an_open_beyond_a_stop_is_told(side, bar, gap) -> None:
    """From 100 the stops stand at 92 and 108: 91.08 and 109.08 lie 1 % beyond them."""
    flat = (100.0, 101.0, 99.0, 100.0)
    prices = panel({"AAA": [flat, flat, bar, flat, flat, flat], "SPY": [flat] * 6})
    free = Account(fees_bps=0, slippage_bps=0, borrow_rate=0)
    made = backtest(Stopped(side), events(prices.sessions[1]), prices, free, borrow=())
    assert made.trades["exit_gap"].tolist() == pytest.approx([gap], nan_ok=True)


def catalogued(name: str, symbol: str, day: str, precision: str = "exact") -> Event:
    moment = pd.Timestamp(f"{day} 08:00", tz="America/New_York")
    lines = (Exposure(symbol, "actor", 1),)
    return Event(name, "H", moment, moment, precision, tags=("macro",), exposures=lines)


def test_no_event_of_a_catalogue_vanishes() -> None:
    """One is traded, of one the month is known, of one the symbol has no prices."""
    prices = panel(rising())
    day = f"{prices.sessions[1]:%Y-%m-%d}"
    events = EventSet(
        (
            catalogued("fine", "AAA", day),
            catalogued("vague", "AAA", day, "month"),
            catalogued("bare", "ZZZ", day),
        )
    )
    found = backtest(ByView(), events, prices, market="SPY", borrow=())
    table = found.more["decisions"].set_index("event_id")
    reasons = {"fine": "", "vague": "no_session", "bare": "no_prices"}
    assert table["reason"].to_dict() == reasons
    assert table["plans"].to_dict() == {"fine": 1, "vague": 0, "bare": 0}
    said = "ByView: 1 of 3 events is not asked about (only the month is known: vague)"
    assert said in found.warnings


def test_an_event_that_the_policy_drops_is_told_so() -> None:
    """A Saturday's news without a session: its day is known, so not by the month."""
    prices = panel(rising())
    saturday = prices.sessions[prices.sessions.day_of_week == 4][0] + pd.Timedelta(
        days=1
    )
    events = EventSet((catalogued("rest", "AAA", f"{saturday:%Y-%m-%d}"),))
    found = backtest(ByView(), events, prices, market="SPY", borrow=(), policy="drop")
    assert found.more["decisions"]["reason"].tolist() == ["no_session"]
    assert found.warnings[0] == (
        "ByView: 1 of 1 events is not asked about (published on a day without a "
        "session: rest)"
    )


def test_symbols_of_the_account_without_prices_are_told() -> None:
    prices = panel(rising())
    account = Account(borrow_by_symbol={"AAB": 0.5}, slippage_by_symbol={"AAA": 3.0})
    told = Replay.of(events(prices.sessions[0]), prices, CALENDAR, borrow=()).told(
        {}, account
    )
    (line,) = told
    assert line.startswith("account.borrow_by_symbol names AAB, which has no prices")
    assert "Did you mean 'AAA'?" in line


@pytest.mark.parametrize("name", ["session", "benchmark"])
def test_a_class_named_as_another_column_is_refused(name: str) -> None:
    prices = panel(rising())
    own = type(name, (BuyAll,), {})
    with pytest.raises(StrategyError, match=f"the label '{name}'"):
        backtest(own(), events(prices.sessions[0]), prices)


@pytest.mark.parametrize("label", ["session", "benchmark"])
def test_labels_of_other_columns_are_refused(label: str) -> None:
    prices = panel(rising())
    with pytest.raises(StrategyError, match=f"the label '{label}'"):
        backtest({label: BuyAll()}, events(prices.sessions[0]), prices)


def test_from_events_to_tables_by_hand() -> None:
    """500 000 at the open of 110: 4545.45 shares, sold at 120 a session later."""
    prices = panel(rising())
    account = Account(fees_bps=0, slippage_bps=0)
    made = backtest(BuyAll(), events(prices.sessions[1]), prices, account)
    assert list(made.trades.columns) == columns("trades")
    trade = made.trades.loc[0]
    assert trade["strategy"] == "BuyAll"
    assert trade["event_id"] == "one"
    assert trade["size"] == pytest.approx(500_000 / 110)
    assert trade["pnl"] == pytest.approx(500_000 / 110 * 10)
    assert list(made.equity.columns) == ["session", "BuyAll", "benchmark"]
    assert made.equity["session"].tolist() == prices.sessions[1:].tolist()
    at_close = 1_000_000 + 500_000 / 110 * 5
    assert made.equity["BuyAll"].iloc[0] == pytest.approx(at_close)
    assert made.equity["benchmark"].iloc[1] == pytest.approx(1_000_000 * 125 / 115)
    metric = made.metrics.set_index(["strategy", "metric"])["value"]
    assert metric["BuyAll", "n_trades"] == 1
    assert metric["BuyAll", "total_return"] == pytest.approx(500_000 / 110 / 1e5)
    assert metric["benchmark", "total_return"] == pytest.approx(155 / 115 - 1)
    assert list(made.metrics.columns) == columns("metrics")


def test_each_strategy_has_its_own_account() -> None:
    prices = panel(rising())
    small, large = BuyAll(weight=0.1), BuyAll(weight=1.0)
    made = backtest([small, large], events(prices.sessions[1]), prices)
    assert list(made.equity.columns) == ["session", "BuyAll", "BuyAll_2", "benchmark"]
    alone = backtest({"x": large}, events(prices.sessions[1]), prices)
    assert alone.equity["x"].tolist() == made.equity["BuyAll_2"].tolist()


def test_without_a_market_there_is_no_benchmark() -> None:
    prices = panel(rising())
    made = backtest(BuyAll(), events(prices.sessions[1]), prices, market=None)
    assert made.equity["benchmark"].isna().all()
    assert "benchmark" not in set(made.metrics["strategy"])


def test_events_outside_the_prices_leave_the_account_alone() -> None:
    prices = panel(rising())
    made = backtest(BuyAll(), events("2025-06-02"), prices)
    assert made.trades.empty
    assert made.equity.empty
    before = backtest(BuyAll(), events("2024-06-03"), prices)
    assert before.trades.empty
    assert set(before.equity["BuyAll"]) == {1_000_000.0}
    none = backtest(BuyAll(), events("2025-01-03").iloc[:0], prices)
    assert none.trades.empty


def test_per_share_fees_on_total_return_prices_are_told() -> None:
    prices = panel(rising())
    account = Account(fees_per_share=0.01)
    made = backtest(BuyAll(), events(prices.sessions[1]), prices, account)
    assert "total-return" in made.warnings[0]


def test_fills_of_what_has_no_volume_are_told() -> None:
    prices = panel(rising())
    account = Account(slippage_volume_share=1.0)
    made = backtest(BuyAll(), events(prices.sessions[1]), prices, account)
    assert made.warnings[0].endswith("has no volume, so its fills move no price")


def test_what_is_no_strategy_is_named() -> None:
    with pytest.raises(StrategyError, match="is no strategy"):
        labelled([3])  # type: ignore[list-item]
    with pytest.raises(StrategyError, match=r"an instance, such as BuyAll\(\)"):
        labelled(BuyAll)  # type: ignore[arg-type]
    with pytest.raises(StrategyError, match="3 is no strategy"):
        labelled({"mine": 3})  # type: ignore[dict-item]


@pytest.mark.realdata
def test_founding_event_fills_at_the_close_at_the_honest_bound(realdata) -> None:
    """META 2026-07-01: known by 09:29:59 it fills at 612.91, by 09:27 at the open."""
    frame = pd.read_csv(realdata / "prices" / "META.csv", index_col="date")
    frame.index = pd.to_datetime(frame.index)
    kept = frame.loc["2026-06-25":"2026-07-10"]  # type: ignore[misc]
    fields = ("open", "high", "low", "close")

    prices = PricePanel(**{f: kept[[f]].set_axis(["META"], axis=1) for f in fields})
    news = pd.DataFrame(
        {"event_id": ["meta"], "symbol": ["META"], "session": ["2026-07-01"]}
    )
    account = Account(slippage_bps=0)
    for clock, price in (
        ("09:29:59", 612.91),
        ("09:27:00", kept["open"]["2026-07-01"]),
    ):
        news["published"] = pd.Timestamp(f"2026-07-01 {clock}", tz="America/New_York")
        made = backtest(BuyAll(), news, prices, account, market=None)
        assert made.trades["entry_price"][0] == pytest.approx(price)
        assert made.trades["entry_session"][0] == pd.Timestamp("2026-07-01")


def test_sessions_of_the_scenarios_are_whole_days() -> None:
    assert not any(CALENDAR.is_half_day(session) for session in sessions(115))


def test_decisions_of_several_strategies_are_one_table() -> None:
    prices = panel(rising())
    both = {"one": BuyAll(), "two": BuyAll(0.1)}
    found = backtest(both, events(prices.sessions[0]), prices, borrow=())
    table = found.more["decisions"]
    assert table["strategy"].tolist() == ["one", "two"]
    assert table.index.tolist() == [0, 1]
