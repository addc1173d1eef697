"""What every shipped strategy must keep; a new file is tested on its first day."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from aftershock.prices import PricePanel
from aftershock.strategy import Moment, decide, known_strategies, read_news
from tests.scenarios import CALENDAR
from tests.test_strategy import frame, noisy

SHIPPED = known_strategies()


def scrambled(prices: PricePanel, after: pd.Timestamp) -> PricePanel:
    """Return prices whose every number from a session on is another one."""
    later = prices.sessions > after
    names = ("open", "high", "low", "close", "volume")
    frames = {name: getattr(prices, name).copy() for name in names}
    for values in frames.values():
        values[later] = values[later] * 3.0
    return PricePanel(**frames)


@pytest.mark.parametrize("name", SHIPPED)
def test_is_a_frozen_dataclass_with_defaults_and_a_thesis(name: str) -> None:
    cls = SHIPPED[name]
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen
    assert isinstance(cls().decide, Moment)
    assert "Thesis" in cls.__doc__
    assert hash(cls()) == hash(cls())


@pytest.mark.parametrize("name", SHIPPED)
def test_what_comes_later_changes_no_plan(name: str) -> None:
    prices = noisy()
    items = read_news(frame(prices, ("e", 300)), CALENDAR)
    strategy = SHIPPED[name]()
    plans = decide(strategy, items, prices, CALENDAR, "SPY")
    after = max(prices.sessions[300], plans[0].decided.tz_localize(None).normalize())
    other = decide(strategy, items, scrambled(prices, after), CALENDAR, "SPY")
    assert plans == other
    assert all(np.isfinite(decided.plan.weight) for decided in plans)


def test_event_drift_follows_the_first_move_above_its_threshold() -> None:
    prices = noisy()
    close = prices.close.copy()
    close.loc[prices.sessions[300] :, "AAA"] *= 0.8
    down = PricePanel(
        open=close, high=close * 1.01, low=close * 0.99, close=close, volume=close
    )
    items = read_news(frame(prices, ("e", 300)), CALENDAR)
    drift = SHIPPED["EventDrift"](threshold=0.1, hold=3, weight=0.2)
    (decided,) = decide(drift, items, down, CALENDAR, "SPY")
    assert decided.plan.weight == -0.2
    assert decided.plan.hold == 3
    quiet = SHIPPED["EventDrift"](threshold=0.5)
    assert decide(quiet, items, down, CALENDAR, "SPY") == []


def test_expected_sign_shares_its_gross_among_those_with_a_sign() -> None:
    prices = noisy()
    news = frame(prices, ("e", 300), ("e", 300))
    news["symbol"], news["expected"] = ["AAA", "SPY"], [-1, 0]
    items = read_news(news, CALENDAR)
    (decided,) = decide(SHIPPED["ExpectedSign"](gross=0.6), items, prices, CALENDAR)
    assert decided.plan.symbol == "AAA"
    assert decided.plan.weight == pytest.approx(-0.6)
