"""Plans that are carried out otherwise than they read are told of."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

import aftershock as af
from aftershock.fills import DecidedPlan, TradePlan
from aftershock.fills.doubts import doubts
from aftershock.replay import Replay
from aftershock.strategy import Strategy
from tests.fills.by_hand import FLAT
from tests.scenarios import CALENDAR, panel

NOON = pd.Timestamp("2025-01-06 12:00", tz="America/New_York")


def told(*plans: TradePlan, **terms: float) -> list[str]:
    """Return what is told of plans on an account of these terms."""
    decided = [DecidedPlan(plan, "e", NOON, NOON) for plan in plans]
    return doubts(decided, af.Account(**terms))


@pytest.mark.parametrize("rule", ["stop_loss", "trailing_stop"])
def test_a_short_s_stop_at_eight_times_its_fill(rule: str) -> None:
    """8 for 8 %: 800 % against it, 8 % is 0.08. A stop of 99 % is meant."""
    near, far = (TradePlan("AAA", weight=-0.1, **{rule: v}) for v in (0.99, 8))
    (line,) = told(near, far)
    assert line == (
        f"{rule} is 8 for 1 of 2 plans, which are short: 800 % against them; as a "
        "fraction 8 % is 0.08"
    )
    assert told(near) == []


def test_weights_beyond_the_account() -> None:
    """10 of an account that holds 1; half of one that holds 0.4 of a symbol."""
    (line,) = told(TradePlan("AAA", weight=10), TradePlan("AAA", weight=-1))
    assert line == (
        "1 of 2 plans ask for a weight of up to 10, 1000 % of the account, and are cut "
        "to its max_gross of 1; 0.1 is 10 %"
    )
    (line,) = told(TradePlan("AAA", weight=-0.5), max_weight=0.4)
    assert line.endswith("its max_weight of 0.4; 0.005 is 0.5 %")
    assert told(TradePlan("AAA", notional=5e9), TradePlan("AAA", weight=1)) == []


@dataclass(frozen=True)
class Nothing(Strategy):
    """Wait for a role that no event has."""

    def plan(self, news):
        return [
            TradePlan(e.symbol, weight=1.5)
            for e in news.exposures
            if e.role == "supplier"
        ]


def test_a_backtest_tells_of_plans_that_are_not_there() -> None:
    prices = panel({"AAA": [FLAT] * 6})
    rows = {"event_id": ["e"], "symbol": ["AAA"], "session": prices.sessions[2:3]}
    for role, said in (
        (
            "actor",
            "Nothing: nothing is planned for the event; its roles: actor",
        ),
        ("supplier", "Nothing: 1 of 1 plans ask for a weight of up to 1.5"),
    ):
        events = pd.DataFrame(rows).assign(role=role)
        book = af.backtest(Nothing(), events, prices, market=None, borrow=())
        assert any(line.startswith(said) for line in book.warnings), book.warnings


@dataclass(frozen=True)
class Waits(Strategy):
    """Wait for a move that no event has."""

    threshold: float = 0.02
    scale: float = 2.0
    hold: int = 1
    bold: bool = True

    def plan(self, news):
        move = news.abnormal_return(news.exposures[0].symbol)
        if abs(move) > self.threshold:
            yield TradePlan("AAA", weight=0.1, hold=self.hold)


def test_percent_in_place_of_a_fraction_where_nothing_is_planned() -> None:
    """3 for 3 %: 300 %, 3 % is 0.03. Defaults of 1 or more are no fractions.

    Ten roles, and none is left out.
    """
    roles = [f"role-{n}" for n in range(10)]
    symbols = [f"S{n}" for n in range(10)]
    prices = panel({name: [FLAT] * 6 for name in [*symbols, "SPY"]})
    events = pd.DataFrame(
        {
            "event_id": "e",
            "symbol": symbols,
            "session": prices.sessions[2],
            "role": roles,
        }
    )
    for strategy, odd in (
        (
            Waits(threshold=3, scale=5.0, hold=9),
            ["threshold is 3, that is 300 %; 0.03"],
        ),
        (Waits(threshold=0.9), []),
    ):
        replay = Replay.of(events, prices, CALENDAR, borrow=())
        first, *more = replay.doubts("Waits", strategy, [], af.Account())
        assert first.endswith(f"its roles: {', '.join(roles[:-1])} and role-9")
        assert [line.partition(" is 3 %")[0] for line in more] == [
            f"Waits: {line}" for line in odd
        ]
