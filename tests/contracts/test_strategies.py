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


NAMES = ("open", "high", "low", "close", "volume")


def shocked() -> PricePanel:
    """Return prices in which AAA falls by a fifth at the open of session 300."""
    prices = noisy()
    frames = {name: getattr(prices, name).copy() for name in NAMES}
    for values in frames.values():
        values.iloc[300:, 0] *= 0.8
    return PricePanel(**frames)


def scrambled(prices: PricePanel, decided: pd.Timestamp) -> PricePanel:
    """Return prices that are three times as high wherever a close comes later."""
    later = CALENDAR.closes(prices.sessions) > decided
    frames = {name: getattr(prices, name).copy() for name in NAMES}
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
    prices = shocked()
    items = read_news(frame(prices, ("e", 300)), CALENDAR)
    strategy = SHIPPED[name]()
    plans = decide(strategy, items, prices, CALENDAR, "SPY")
    assert plans
    other = scrambled(prices, plans[0].decided)
    assert plans == decide(strategy, items, other, CALENDAR, "SPY")
    assert all(np.isfinite(decided.plan.weight) for decided in plans)


def test_event_drift_follows_the_first_move_above_its_threshold() -> None:
    down = shocked()
    items = read_news(frame(down, ("e", 300)), CALENDAR)
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
