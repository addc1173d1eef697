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
    """Wait for exposures that no event has, by their role."""

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
            "Nothing: nothing is planned for the event; the largest one-session "
            "abnormal return it could see is AAA 0.0\N{THIN SPACE}%; its roles: actor",
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


def test_what_could_be_seen_where_nothing_is_planned() -> None:
    """Ten roles, named to a strategy that asks for them; to others the largest move.

    S4 falls from 100 to 82.7 while the market rises by 1 %: with six sessions of prices
    its own return is taken off, -17.3 % - 1 %.
    """
    roles, symbols = [f"role-{n}" for n in range(10)], [f"S{n}" for n in range(10)]
    bars = {name: [FLAT] * 6 for name in [*symbols, "SPY"]}
    bars["S4"] = [*[FLAT] * 2, *[(90.0, 91.0, 82.0, 82.7)] * 4]
    bars["SPY"] = [*[FLAT] * 2, *[(100.0, 101.0, 99.0, 101.0)] * 4]
    prices = panel(bars)
    one = pd.DataFrame({"event_id": "e", "symbol": symbols, "role": roles})
    one["session"] = prices.sessions[2]
    two = pd.concat([one, one.assign(event_id="f", session=prices.sessions[3])])
    move = "the largest one-session abnormal return it could see is S4 −18.3 %"
    named = f"{', '.join(roles[:-1])} and role-9"
    for events, strategy, said in (
        (one, Waits(), f"Waits: nothing is planned for the event; {move}"),
        (two, Waits(), f"Waits: nothing is planned for any of 2 events; {move} (e)"),
        (one, Nothing(), f"{move}; its roles: {named}"),
        (two, Nothing(), f"{move} (e); their roles: {named}"),
    ):
        replay = Replay.of(events, prices, CALENDAR, borrow=())
        label = type(strategy).__name__
        (line,) = replay.doubts(label, strategy, [], af.Account())
        line = line.replace("\N{THIN SPACE}", " ")
        assert line.startswith(f"{label}: ") and line.endswith(said), line


def test_percent_in_place_of_a_fraction_where_nothing_is_planned() -> None:
    """3 for 3 %: 300 %, 3 % is 0.03. Defaults of 1 or more are no fractions."""
    prices = panel({"AAA": [FLAT] * 6, "SPY": [FLAT] * 6})
    rows = {"event_id": ["e"], "symbol": ["AAA"], "session": prices.sessions[2:3]}
    events = pd.DataFrame(rows)
    for strategy, odd in (
        (
            Waits(threshold=3, scale=5.0, hold=9),
            ["threshold is 3, that is 300 %; 0.03"],
        ),
        (Waits(threshold=0.9), []),
    ):
        replay = Replay.of(events, prices, CALENDAR, borrow=())
        _, *more = replay.doubts("Waits", strategy, [], af.Account())
        assert [line.partition(" is 3 %")[0] for line in more] == [
            f"Waits: {line}" for line in odd
        ]


@dataclass(frozen=True)
class Elsewhere(Strategy):
    """Plan for symbols that the event does not name."""

    symbols: tuple[str, ...] = ("AMZN",)

    def plan(self, news):
        return [TradePlan(s, weight=0.1, hold=1) for s in ("AAA", *self.symbols)]


def test_plans_for_symbols_without_prices_are_told() -> None:
    """On each of two events one plan for AAA, which is there, and one for AMZN."""
    prices = panel({"AAA": [FLAT] * 6, "SPY": [FLAT] * 6})
    days = prices.sessions[2:4]
    events = pd.DataFrame({"event_id": ["e", "f"], "symbol": "AAA", "session": days})
    for symbols, said in (
        (("AMZN",), "2 of 4 plans, on 2 events, are for AMZN, which has no prices"),
        (("AMZN", "OR"), "4 of 6 plans, on 2 events, are for AMZN and OR, which have"),
        (("AAAA",), "which has no prices here, and cannot fill. Did you mean 'AAA'?"),
    ):
        book = af.backtest(Elsewhere(symbols), events, prices, market=None, borrow=())
        (line,) = book.warnings
        assert line.startswith("Elsewhere: ") and said in line, line
    (line,) = af.backtest(Elsewhere(), events[:1], prices, market=None).warnings
    assert "1 of 2 plans, on 1 event, is for AMZN" in line
    assert not af.backtest(Elsewhere(()), events, prices, market=None).warnings
    replay = Replay.of(events, prices, CALENDAR, borrow=())
    plans = replay.decide(Elsewhere())
    assert not replay.doubts("E", Elsewhere(), plans, af.Account(), {"AMZN": "?"})
