"""`af.sweep`: each row is a backtest of its own; names, order and threads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module

import numpy as np
import pandas as pd
import pytest

import aftershock as af
from aftershock.errors import ConfigError, StrategyError
from aftershock.registry import build
from aftershock.strategy import Moment, Strategy, TradePlan
from tests.scenarios import random_panel

SWEEP = import_module("aftershock.sweep")
PRICES = random_panel(np.random.default_rng(5), 115)
ROWS = [4, 9, 15, 22, 30, 41, 58, 70]
EVENTS = pd.DataFrame(
    {
        "event_id": [f"e{k}" for k in range(len(ROWS))],
        "symbol": ["AAA", "BBB"] * 4,
        "session": PRICES.sessions[ROWS],
        "expected": [1, -1, -1, 1, 1, 1, -1, -1],
    }
)
ACCOUNT = af.Account(cash=10_000.0, slippage_bps=3.0, fees_min=1.0)
FREE = {"market": None, "borrow": ()}


@dataclass(frozen=True)
class Signs(Strategy):
    """Trade the expected signs, with a linked leg in CCC on every second event."""

    size: float = 0.3
    hold: int = 4
    decide: Moment = Moment.publication

    def plan(self, news):
        line = news.exposures[0]
        linked = f"{news.event.id}" if news.event.id in ("e1", "e3") else None
        side = self.size * line.expected
        yield TradePlan(line.symbol, weight=side, hold=self.hold, group=linked)
        if linked:
            yield TradePlan("CCC", weight=-side, hold=self.hold, group=linked)


@dataclass(frozen=True)
class Overridden(Strategy):
    """The plans of `Signs`, with rules written into each."""

    inner: Signs = Signs()
    rules: tuple[tuple[str, object], ...] = ()
    decide: Moment = Moment.publication

    def plan(self, news):
        return [replace(p, **dict(self.rules)) for p in self.inner.plan(news)]


GRID = {
    "size": [0.1, 0.6],
    "hold": [1, 5, None],
    "stop_loss": [None, 0.02],
    "lag": [0, 2],
    "fees_bps": [0.0, 20.0],
}


def test_every_row_is_a_backtest_of_its_own() -> None:
    """Plans written with the rules, played one by one through vectorbt's account."""
    table = af.sweep(Signs(), EVENTS, PRICES, GRID, ACCOUNT, **FREE)
    assert list(table.columns) == [*GRID, *SWEEP.CURVE]
    assert len(table) == 48
    assert table["fees_bps"].tolist()[:4] == [0.0, 20.0, 0.0, 20.0]
    for row in table.iloc[::5].to_dict("records"):
        held = None if pd.isna(row["hold"]) else int(row["hold"])
        stop = None if pd.isna(row["stop_loss"]) else row["stop_loss"]
        rules = (("hold", held), ("stop_loss", stop), ("lag", row["lag"]))
        book = af.backtest(
            Overridden(Signs(row["size"]), rules),
            EVENTS,
            PRICES,
            ACCOUNT.replace(fees_bps=row["fees_bps"]),
            **FREE,
        )
        told = book.metrics.set_index("metric")["value"]
        for name in ("total_return", "sharpe", "max_drawdown"):
            assert row[name] == pytest.approx(told[name], rel=1e-9, abs=1e-12), row
        assert row["n_trades"] == told["n_trades"]


@pytest.mark.parametrize("fill", ["next_open", "next_close"])
def test_trades_alone_are_those_of_an_account_without_limits(fill: str) -> None:
    """With room for all, each trade returns what it does by itself.

    Entered at a close, the bar of the entry is over and stops nothing.
    """
    grid = {"hold": [2, 6], "stop_loss": [None, 0.03]}
    account = ACCOUNT.replace(max_gross=100.0, fees_min=0.0, fill=fill)
    table = af.sweep(Signs(0.01), EVENTS, PRICES, grid, account, curve=False, **FREE)
    assert list(table.columns) == [*grid, *SWEEP.TRADES]
    for row in table.to_dict("records"):
        stop = None if pd.isna(row["stop_loss"]) else row["stop_loss"]
        rules = (("hold", row["hold"]), ("stop_loss", stop))
        trades = af.backtest(
            Overridden(Signs(0.01), rules), EVENTS, PRICES, account, **FREE
        ).trades
        ret = trades["ret"].dropna()
        assert row["n_trades"] == len(ret)
        assert row["mean_trade"] == pytest.approx(ret.mean(), rel=1e-9)
        assert row["median_trade"] == pytest.approx(ret.median(), rel=1e-9)
        assert row["std_trade"] == pytest.approx(ret.std(), rel=1e-9)
        assert row["hit_rate"] == pytest.approx((ret > 0).mean())


@pytest.mark.parametrize("curve", [True, False])
def test_threads_change_nothing(curve: bool) -> None:
    one, three = (
        af.sweep(Signs(), EVENTS, PRICES, GRID, ACCOUNT, jobs=jobs, curve=curve, **FREE)
        for jobs in (1, 3)
    )
    pd.testing.assert_frame_equal(one, three, check_exact=True)


def test_a_strategy_is_asked_once_for_its_own_fields(monkeypatch) -> None:
    """Rules and costs change fills, not plans: two sizes are asked, not 48 times."""
    asked = []
    replay = import_module("aftershock.replay")
    original = replay.decide
    monkeypatch.setattr(
        replay, "decide", lambda s, *a: (asked.append(s.size), original(s, *a))[1]
    )
    af.sweep(Signs(), EVENTS, PRICES, GRID, ACCOUNT, **FREE)
    assert asked == [0.1, 0.6]


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ({"stoploss": [1]}, "Did you mean 'stop_loss'"),
        ({"hold": []}, "sweep.grid.hold"),
        ({"hold": "12"}, "a list of values"),
        ({"lag": [0, -1]}, "sweep.grid.lag"),
        ({"lag": [2**62]}, "sweep.grid.lag"),
        ({"lag": 5}, "a list of values"),
        ({"hold": [1.5]}, "sweep.grid.hold"),
        ({"stop_loss": [0.0]}, "sweep.grid.stop_loss"),
        ({"fees_bps": [-1.0]}, "account.fees_bps"),
    ],
)
def test_a_grid_that_cannot_be(grid, said: str) -> None:
    with pytest.raises(ConfigError, match=said.replace(".", r"\.")):
        af.sweep(Signs(), EVENTS, PRICES, grid, ACCOUNT, **FREE)


def test_without_events_nothing_is_traded() -> None:
    table = af.sweep(Signs(), EVENTS.iloc[:0], PRICES, {"hold": [1, 2]}, **FREE)
    assert table["n_trades"].tolist() == [0, 0]
    assert table["total_return"].tolist() == [0.0, 0.0]


class Plain(Strategy):
    """A strategy above which nobody wrote @dataclass."""

    def plan(self, news):
        return []


def test_what_has_no_parameters_is_named() -> None:
    """Swept, and made from a config or for an audit: no dataclass, no fields."""
    for ask in (
        lambda: af.sweep(Plain(), EVENTS, PRICES, {"hold": [1]}, ACCOUNT, **FREE),
        lambda: build("strategy", Plain, {}),
    ):
        with pytest.raises(StrategyError, match="Plain is no dataclass"):
            ask()


def test_a_class_is_no_strategy() -> None:
    with pytest.raises(StrategyError, match=r"an instance, such as Signs\(\)"):
        af.sweep(Signs, EVENTS, PRICES, {"hold": [1]}, ACCOUNT, **FREE)
