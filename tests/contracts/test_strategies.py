"""What every shipped strategy must keep; a new file is tested on its first day."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from aftershock.fills import DecidedPlan
from aftershock.prices import PricePanel
from aftershock.strategy import (
    Moment,
    Strategy,
    TradePlan,
    decide,
    known_strategies,
    read_news,
)
from tests.news_views import frame, noisy
from tests.scenarios import CALENDAR

SHIPPED = known_strategies()


NAMES = ("open", "high", "low", "close", "volume")


EVENTS = {"e1": 255, "e2": 265, "e3": 275, "e": 300}
ROLES = {"AAA": "actor", "BBB": "supplier-competitor", "CCC": "sector-fund"}
BETAS = {"AAA": 1.5, "BBB": 0.8, "CCC": 1.2}


def shocked() -> PricePanel:
    """Return prices in which AAA falls by a fifth at the open of session 300.

    CCC falls by 5 % at each event and takes it back three sessions later, but for the
    last one. BBB has the market's moves and its own.
    """
    prices = noisy()
    market, rng = prices.close["SPY"].pct_change().fillna(0.0), np.random.default_rng(3)
    frames = {name: getattr(prices, name).copy() for name in NAMES}
    for symbol in ("BBB", "CCC"):
        moves = BETAS[symbol] * market + rng.normal(0, 0.002, len(market))
        close = 50 * (1 + moves).cumprod()
        for name, factor in zip(NAMES, (1.0, 1.05, 0.95, 1.0, 10.0), strict=True):
            frames[name][symbol] = close * factor
    for name in NAMES[:4]:
        frames[name].loc[frames[name].index[300:], "AAA"] *= 0.8
        for row in EVENTS.values():
            end = row + 3 if row < 300 else None
            frames[name].iloc[row:end, frames[name].columns.get_loc("CCC")] *= 0.95
    return PricePanel(**frames)


def news_of(prices: PricePanel) -> pd.DataFrame:
    """Return four results, foreseen since long, with three symbols in their roles."""
    rows = [(name, row) for name, row in EVENTS.items() for _ in ROLES]
    frame_ = frame(prices, *rows)
    times = len(EVENTS)
    return frame_.assign(
        symbol=list(ROLES) * times,
        role=list(ROLES.values()) * times,
        expected=[1, -1, 0] * times,
        tag="earnings",
        foreseen=prices.sessions[200].tz_localize("America/New_York"),
    )


def scrambled(prices: PricePanel, decided: pd.Timestamp) -> PricePanel:
    """Return prices that are three times as high wherever a close comes later."""
    later = CALENDAR.closes(prices.sessions) > decided
    frames = {name: getattr(prices, name).copy() for name in NAMES}
    for values in frames.values():
        values[later] = values[later] * 3.0
    return PricePanel(**frames)


def plans_of(strategy: Strategy, prices: PricePanel) -> list[DecidedPlan]:
    """Ask a strategy about the four events."""
    items = read_news(news_of(prices), CALENDAR)
    return decide(strategy, items, prices, CALENDAR, "SPY")


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
    plans = plans_of(SHIPPED[name](), prices)
    assert plans
    other = scrambled(prices, max(plan.decided for plan in plans))
    assert plans == plans_of(SHIPPED[name](), other)
    assert all(np.isfinite(decided.plan.weight) for decided in plans)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_order_of_events_changes_no_plan(name: str) -> None:
    """No state is carried from one event to the next."""
    prices = shocked()
    strategy = SHIPPED[name]()
    news = news_of(prices)
    both = [
        decide(strategy, read_news(frame_, CALENDAR), prices, CALENDAR, "SPY")
        for frame_ in (news, news.iloc[::-1])
    ]
    key = lambda d: (d.event_id, d.plan.symbol)  # noqa: E731
    assert sorted(both[0], key=key) == sorted(both[1], key=key)


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


def test_fading_sells_what_rose_and_buys_what_fell() -> None:
    """AAA fell by a fifth: bought. CCC fell by 5 %, less than the threshold of 10."""
    fade = SHIPPED["FadeTheShock"](threshold=0.1, weight=0.2, stop_loss=0.07, hold=4)
    (decided,) = plans_of(fade, shocked())
    assert (decided.event_id, decided.plan.symbol) == ("e", "AAA")
    assert decided.plan == TradePlan("AAA", weight=0.2, hold=4, stop_loss=0.07)


def test_the_pair_has_no_beta_and_the_gross_asked_for() -> None:
    """Betas 1.5 and .8: of gross .6 the actor gets .6 x .8 / 2.3, the rival the rest.

    The betas are estimated, with a residual of half a per cent on 240 sessions.
    """
    pair = SHIPPED["BeneficiaryVsRival"](gross=0.6)
    plans = [d.plan for d in plans_of(pair, shocked()) if d.event_id == "e"]
    weights = {plan.symbol: plan.weight for plan in plans}
    assert weights["AAA"] == pytest.approx(0.6 * 0.8 / 2.3, rel=0.05)
    assert weights["BBB"] == pytest.approx(-0.6 * 1.5 / 2.3, rel=0.05)
    assert sum(map(abs, weights.values())) == pytest.approx(0.6)
    assert {plan.group for plan in plans} == {"e"}


def test_a_pair_without_a_rival_is_no_trade() -> None:
    assert plans_of(SHIPPED["BeneficiaryVsRival"](shorts=("nobody",)), shocked()) == []


def test_the_dip_is_bought_where_such_falls_were_taken_back() -> None:
    """Three earlier falls of CCC came back: the fourth is bought, no other was."""
    (decided,) = plans_of(SHIPPED["BuyTheSectorDip"](gross=0.4), shocked())
    assert decided.event_id == "e"
    assert decided.plan == TradePlan("CCC", weight=0.4, hold=5)
    more = SHIPPED["BuyTheSectorDip"](fewest=4)
    assert plans_of(more, shocked()) == []


def test_the_yardstick_buys_once() -> None:
    plans = plans_of(SHIPPED["BuyAndHold"](weight=0.9), shocked())
    assert {d.event_id for d in plans} == {"e1"}
    assert [d.plan.weight for d in plans] == pytest.approx([0.3] * 3)
    named = plans_of(SHIPPED["BuyAndHold"](symbols=("SPY",)), shocked())
    assert [d.plan for d in named] == [TradePlan("SPY", weight=1.0)]


def test_the_yardstick_waits_for_an_event_with_prices() -> None:
    """CCC is listed between the first event and the second, which buys it alone."""
    prices = shocked()
    frames = {name: getattr(prices, name).copy() for name in NAMES}
    first, second = sorted(EVENTS.values())[:2]
    for values in frames.values():
        values.loc[values.index[: first + 2], "CCC"] = np.nan
    late, news = PricePanel(**frames), news_of(prices)
    news = news[news["symbol"] == "CCC"].assign(role="actor")
    names = sorted(EVENTS, key=EVENTS.__getitem__)
    for given in ({}, {"decide": "event_open"}, {"decide": "sessions_before(1)"}):
        strategy = SHIPPED["BuyAndHold"](**given)
        plans = decide(strategy, read_news(news, CALENDAR), late, CALENDAR, "SPY")
        assert [(d.event_id, d.plan.symbol) for d in plans] == [(names[1], "CCC")]
    assert second > first + 2


def test_the_run_up_is_held_before_the_news() -> None:
    """Decided at the close of 295, held over the opens of 296 and 299: before 300."""
    plans = plans_of(SHIPPED["PreAnnouncement"](gross=0.4), shocked())
    assert [d.plan for d in plans] == [TradePlan("AAA", weight=0.4, hold=3)] * 4
    last = shocked().sessions[295] + pd.Timedelta("16h")
    assert plans[-1].decided == last.tz_localize("America/New_York")
    assert plans_of(SHIPPED["PreAnnouncement"](tag="macro"), shocked()) == []


def test_random_dates_wait_by_event_and_seed() -> None:
    """All of an event on one date, between the bounds; another seed, other dates."""
    lags = {}
    for seed in (1, 2):
        plans = plans_of(SHIPPED["RandomDates"](seed=seed), shocked())
        assert {d.plan.symbol for d in plans} == {"AAA", "BBB"}
        lags[seed] = {d.event_id: d.plan.lag for d in plans}
        assert all(d.plan.lag == lags[seed][d.event_id] for d in plans)
        assert all(20 <= lag <= 120 for lag in lags[seed].values())
    assert lags[1] != lags[2]


def test_random_dates_do_not_know_what_comes() -> None:
    """Without the last event, and prices ending at the one before: the same waits."""
    strategy, prices = SHIPPED["RandomDates"](), shocked()
    items = read_news(news_of(prices), CALENDAR)
    known = prices.until(CALENDAR.close_at(items[-2].session), CALENDAR)
    fewer = decide(strategy, items[:-1], known, CALENDAR, "SPY")
    every = plans_of(strategy, prices)
    waits = [(d.event_id, d.plan.lag) for d in every if d.event_id != items[-1].id]
    assert [(d.event_id, d.plan.lag) for d in fewer] == waits
    assert len(dict(waits)) == 3
