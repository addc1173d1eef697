"""What a strategy sees of prices and precedents, and how its failures are told."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, replace

import numpy as np
import pandas as pd
import pytest

from aftershock.errors import EventError, StrategyError
from aftershock.prices import FRAMES, PricePanel
from aftershock.strategy import (
    Moment,
    Strategy,
    TradePlan,
    decide,
    known_strategies,
    read_news,
)
from aftershock.strategy.base import parameters
from tests.news_views import NY, frame, noisy, views
from tests.scenarios import CALENDAR


@dataclass(frozen=True)
class Rewriting(Strategy):
    """Write a lag below 0 over a plan that was checked."""

    decide: Moment = Moment.event_close

    def plan(self, news):
        plan = TradePlan("AAA", weight=0.1)
        object.__setattr__(plan, "lag", -2)
        return [plan]


def test_a_plan_is_checked_again_after_it_was_handed_over() -> None:
    prices = noisy()
    news = read_news(frame(prices, ("e", 300)), CALENDAR)
    with pytest.raises(StrategyError, match="lag=-2"):
        decide(Rewriting(), news, prices, CALENDAR)


def test_a_symbol_not_yet_listed_has_no_name() -> None:
    prices = noisy()
    close = prices.close.copy()
    close.loc[: prices.sessions[300], "AAA"] = np.nan
    late = PricePanel(close=close)
    view = views(late, frame(prices, ("e", 300)), Moment.event_close)[0]
    assert view.prices.symbols == ("SPY",)
    later = views(late, frame(prices, ("e", 301)), Moment.event_close)[0]
    assert later.prices.symbols == ("AAA", "SPY")


def test_nothing_later_is_in_the_view() -> None:
    prices = noisy()
    news = frame(prices, ("e", 300))
    before = views(prices, news, Moment.publication)[0]
    assert before.prices.last_session == prices.sessions[299]
    opened = views(prices, news, Moment.event_open)[0]
    assert opened.history("AAA").iloc[-1].notna().tolist() == [True] + [False] * 4
    closed = views(prices, news, Moment.event_close)[0].history("AAA")
    assert list(closed.columns) == ["open", "high", "low", "close", "volume"]
    assert closed.index[-1] == prices.sessions[300]
    assert closed["close"].iloc[-1] == prices.close["AAA"].iloc[300]


def test_the_view_is_read_only() -> None:
    prices = noisy()
    view = views(prices, frame(prices, ("e", 300)), Moment.event_close)[0]
    with pytest.raises(FrozenInstanceError):
        view.decided = pd.Timestamp.now("UTC")  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        view.prices.close.to_numpy()[0, 0] = 1.0
    assert repr(view) == f"NewsView(e at {view.decided:%Y-%m-%d %H:%M})"


def test_abnormal_return_against_polyfit() -> None:
    """Slope and intercept from numpy.polyfit over sessions -250 to -11."""
    prices = noisy()
    view = views(prices, frame(prices, ("e", 300)), Moment.event_close)[0]
    moves = prices.close.pct_change()
    past = moves.iloc[50:290]
    beta, alpha = np.polyfit(past["SPY"], past["AAA"], 1)
    ar = moves["AAA"] - alpha - beta * moves["SPY"]
    assert view.abnormal_return("AAA") == pytest.approx(ar.iloc[300], abs=1e-12)
    two = ar.iloc[299:301].sum()
    assert view.abnormal_return("AAA", sessions=2) == pytest.approx(two, abs=1e-12)
    assert np.isnan(view.abnormal_return("ZZZ"))
    opened = views(prices, frame(prices, ("e", 300)), Moment.event_open)[0]
    gap = prices.open.iloc[300] / prices.close.iloc[299] - 1
    expected = gap["AAA"] - alpha - beta * gap["SPY"]
    assert opened.abnormal_return("AAA") == pytest.approx(expected, abs=1e-12)


def test_abnormal_return_without_a_history_takes_off_the_market() -> None:
    prices = noisy(40)
    view = views(prices, frame(prices, ("e", 30)), Moment.event_close)[0]
    moves = prices.close.pct_change().iloc[30]
    assert view.abnormal_return("AAA") == pytest.approx(moves["AAA"] - moves["SPY"])
    alone = prices.select(["AAA"])
    bare = views(alone, frame(prices, ("e", 30)), Moment.event_close)[0]
    assert bare.abnormal_return("AAA") == pytest.approx(moves["AAA"])


def test_precedents_are_only_those_whose_windows_had_closed() -> None:
    """Decided at the close of 300: the window of 295 ends there, that of 296 not."""
    prices = noisy()
    news = frame(prices, ("old", 290), ("edge", 295), ("fresh", 296), ("e", 300))
    view = views(prices, news, Moment.event_close)[-1]
    found = view.precedents("deal", sessions=5)
    assert found.ids == ("old", "edge")
    assert len(found) == 2
    assert repr(found) == "Precedents(old, edge)"
    assert view.precedents("war").rows == ()
    first = next(iter(found))
    moves = prices.close.pct_change()
    past = moves.iloc[40:280]
    beta, alpha = np.polyfit(past["SPY"], past["AAA"], 1)
    ar = moves["AAA"] - alpha - beta * moves["SPY"]
    assert first.reaction == pytest.approx(ar.iloc[290], abs=1e-12)
    assert first.after == pytest.approx(ar.iloc[291:296].sum(), abs=1e-12)


def test_what_came_before_the_prices_is_no_precedent() -> None:
    """Prices from session 10 on: of events on 5 and 200 only 200 has a reaction."""
    prices = noisy()
    news = frame(prices, ("before", 5), ("within", 200), ("e", 300))
    later = {name: getattr(prices, name).iloc[10:] for name in FRAMES}
    view = views(replace(prices, **later), news, Moment.event_close)[-1]
    assert view.precedents("deal").ids == ("within",)


def test_exposures_without_a_price_are_left_out() -> None:
    prices = noisy()
    news = frame(prices, ("e", 300), ("e", 300))
    news.loc[1, "symbol"] = "ZZZ"
    view = views(prices, news, Moment.event_close)[0]
    assert [exposure.symbol for exposure in view.exposures] == ["AAA"]
    assert view.exposures[0].expected == 1
    assert view.event.tags == ("deal",)


@dataclass(frozen=True)
class Broken(Strategy):
    """Divide by nothing."""

    def plan(self, news):
        return [TradePlan("AAA", weight=1 / len(news.event.headline))]


@dataclass(frozen=True)
class Wordy(Strategy):
    """Return words."""

    def plan(self, news):
        return ["buy"]


def test_a_failing_strategy_is_named_with_event_session_file_and_line() -> None:
    prices = noisy()
    items = read_news(frame(prices, ("e-1", 300)), CALENDAR)
    with pytest.raises(StrategyError) as caught:
        decide(Broken(), items, prices, CALENDAR)
    text = str(caught.value)
    for part in (
        "Broken",
        "e-1",
        f"{prices.sessions[300]:%Y-%m-%d}",
        "test_strategy.py:",
    ):
        assert part in text
    assert "ZeroDivisionError" in text
    with pytest.raises(StrategyError, match="TradePlan objects"):
        decide(Wordy(), items, prices, CALENDAR)


@dataclass(frozen=True)
class Single(Strategy):
    """Return a plan where plans are wanted."""

    def plan(self, news):
        return TradePlan("AAA", weight=1, hold=1)


def test_a_plan_that_is_returned_by_itself_is_told_where_it_is_written() -> None:
    prices = noisy()
    items = read_news(frame(prices, ("e-1", 300)), CALENDAR)
    with pytest.raises(StrategyError) as caught:
        decide(Single(), items, prices, CALENDAR)
    error, line = caught.value, Single.plan.__code__.co_firstlineno
    assert error.where.startswith("Single, event e-1")
    told, place = error.found.split(" (")
    assert told == "plan() gave one TradePlan by itself"
    assert place.endswith(f"test_strategy.py:{line})")
    assert error.do == "yield each plan, or return a list of them"


@dataclass(frozen=True)
class Until(Strategy):
    """Hold until the next deal."""

    def plan(self, news):
        return [TradePlan("AAA", weight=1, until="deal")]


def test_until_is_the_next_event_with_the_tag() -> None:
    prices = noisy()
    items = read_news(frame(prices, ("a", 300), ("b", 305)), CALENDAR)
    first, second = decide(Until(), items, prices, CALENDAR)
    assert first.until == prices.sessions[305].tz_localize(NY)
    assert second.until is None


def test_frames_of_events_are_checked() -> None:
    with pytest.raises(EventError, match="column symbol, session is missing"):
        read_news(pd.DataFrame({"event_id": ["e"]}), CALENDAR)
    row = {"event_id": ["e"], "symbol": ["AAA"]}
    with pytest.raises(EventError, match="not a date"):
        read_news(pd.DataFrame({**row, "session": ["soon"]}), CALENDAR)
    with pytest.raises(EventError, match="empty"):
        read_news(pd.DataFrame({**row, "session": [None]}), CALENDAR)
    holiday = read_news(pd.DataFrame({**row, "session": ["2025-07-04"]}), CALENDAR)
    assert holiday[0].session == pd.Timestamp("2025-07-07")


def test_a_workspace_adds_its_own_strategies(tmp_path) -> None:
    folder = tmp_path / "strategies"
    folder.mkdir()
    (folder / "mine.py").write_text(
        "from dataclasses import dataclass\n"
        "from aftershock.strategy import Strategy\n\n\n"
        "@dataclass(frozen=True)\n"
        "class Mine(Strategy):\n"
        "    size: float\n\n"
        "    def plan(self, news):\n"
        "        return []\n"
    )
    found = known_strategies(tmp_path)
    assert {"EventDrift", "ExpectedSign", "Mine"} <= set(found)
    assert parameters(found["Mine"]) == {"size": "required"}
    assert parameters(found["Mine"](size=2.0)) == {"size": 2.0}


def test_each_session_of_a_frame_is_decided_by_itself() -> None:
    """One id on two sessions: two decisions; a late row counts at its own time."""
    from aftershock.calendar import TradingCalendar
    from aftershock.errors import EventError
    from aftershock.strategy import read_news

    calendar = TradingCalendar.load()
    frame = pd.DataFrame(
        {
            "event_id": "fomc",
            "symbol": "A",
            "session": ["2026-03-02", "2026-04-01"],
        }
    )
    items = read_news(frame, calendar)
    assert [f"{i.session:%Y-%m-%d}" for i in items] == ["2026-03-02", "2026-04-01"]
    late = pd.DataFrame(
        {
            "event_id": "e",
            "symbol": ["A", "B"],
            "session": "2026-03-04",
            "published": ["2026-03-02T08:00:00-05:00", "2026-03-04T08:00:00-05:00"],
        }
    )
    (item,) = read_news(late, calendar)
    assert item.known == pd.Timestamp("2026-03-04T08:00:00-05:00")
    with pytest.raises(EventError, match="no time zone"):
        read_news(late.assign(published="2026-03-04T08:00:00"), calendar)
