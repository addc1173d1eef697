"""When a strategy is asked, and what it is told ahead of the news."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

from aftershock.errors import StrategyError
from aftershock.strategy import Moment, NewsView, Strategy, decide, read_news
from tests.news_views import NY, foreseen, frame, noisy, views
from tests.scenarios import CALENDAR


@pytest.mark.parametrize(
    ("moment", "clock", "row"),
    [
        (Moment.publication, "00:00", 300),
        (Moment.event_open, "09:30", 300),
        (Moment.event_close, "16:00", 300),
        (Moment.sessions_after(3), "16:00", 303),
        ("sessions_after(2)", "16:00", 302),
    ],
)
def test_moments(moment, clock, row) -> None:
    prices = noisy()
    view = views(prices, frame(prices, ("e", 300)), moment)[0]
    expected = prices.sessions[row] + pd.Timedelta(f"{clock}:00")
    assert view.decided == expected.tz_localize(NY)


def test_no_moment_lies_before_the_event_was_known() -> None:
    """Published at 11:00: the open of that session is no moment to decide at."""
    prices = noisy()
    news = frame(prices, ("e", 300))
    news["published"] = (prices.sessions[300] + pd.Timedelta("11h")).tz_localize(NY)
    view = views(prices, news, Moment.event_open)[0]
    assert view.decided == news["published"][0]
    news["precision"] = "day"
    view = views(prices, news, Moment.event_close)[0]
    assert view.decided.strftime("%H:%M:%S") == "23:59:59"


def test_ahead_of_the_news_only_its_day_is_told() -> None:
    """Two symbols, a sign, a headline, two tags: left are day, one tag, one name."""
    prices = noisy()
    rows = [
        foreseen(prices, 295, symbol=symbol, role=role, headline="AAA disappoints")
        for symbol, role in (("AAA", "actor"), ("SPY", "peer"))
    ]
    news = pd.concat(rows)
    tags = news.assign(tag="analyst-note")
    (view,) = views(prices, pd.concat([news, tags]), Moment.sessions_before(5))
    close = prices.sessions[295] + pd.Timedelta("16h")
    assert view.decided == view.event.published == close.tz_localize(NY)
    assert view.event.session == prices.sessions[300]
    assert (view.event.headline, view.event.tags) == ("", ("earnings",))
    assert view.event.id == f"ahead-{prices.sessions[300]:%Y%m%d}"
    assert [(e.symbol, e.expected) for e in view.exposures] == [("AAA", 0)]
    assert view.prices.last_session == prices.sessions[295]


@pytest.mark.parametrize(("since", "asked"), [(295, True), (296, False), (None, False)])
def test_a_day_that_was_not_public_is_not_traded(since, asked) -> None:
    prices = noisy()
    found = views(prices, foreseen(prices, since), "sessions_before(5)")
    assert bool(found) is asked


def test_news_that_may_be_out_is_not_ahead() -> None:
    """A window that opens before the close of the session before: too late to ask."""
    prices = noisy()
    start = (prices.sessions[299] + pd.Timedelta("15h")).tz_localize(NY)
    news = foreseen(prices, 200).assign(earliest=start)
    assert views(prices, news, Moment.sessions_before(1)) == []
    assert views(prices, news, Moment.sessions_before(2))


@pytest.mark.parametrize(
    "text", ["tomorrow", "sessions_after", "event_close(3)", "?", "sessions_before(0)"]
)
def test_unknown_moments_are_refused(text) -> None:
    with pytest.raises(StrategyError, match="no moment"):
        Moment.parse(text)


class Yesterday(Moment):
    """A moment of one's own: the day before the news."""

    def at(self, known, session, calendar):
        return known - pd.Timedelta("1d")


def test_a_moment_of_ones_own_is_refused() -> None:
    with pytest.raises(StrategyError, match="could look ahead"):
        Moment.parse(Yesterday("publication"))
    bent = Moment("sessions_before", 1)
    object.__setattr__(bent, "sessions", -3)
    with pytest.raises(StrategyError, match="no moment"):
        Moment.parse(bent)
    with pytest.raises(StrategyError, match="no moment"):
        Moment("sessions_after", 0.5)  # type: ignore[arg-type]


@dataclass(frozen=True)
class TwoFaced(Strategy):
    """Decide after the news when asked once, before it when asked again."""

    asked: tuple[list[int], ...] = ()
    seen: tuple[list[NewsView], ...] = ()

    @property
    def decide(self):
        self.asked[0].append(1)
        ahead = len(self.asked[0]) % 2
        return Moment.sessions_before(1) if ahead else Moment.event_close

    def plan(self, news):
        self.seen[0].append(news)
        return []


def test_a_moment_that_changes_tells_no_more() -> None:
    """Asked ahead of the news, it is told the day and no headline."""
    prices, seen = noisy(), []
    news = foreseen(prices, 200).assign(headline="what nobody knew")
    decide(TwoFaced(([],), (seen,)), read_news(news, CALENDAR), prices, CALENDAR)
    assert seen[0].decided.date() == prices.sessions[299].date()
    assert seen[0].event.headline == ""


@pytest.mark.parametrize("days", [1, 30])
def test_what_is_told_goes_by_the_time_not_by_the_name(monkeypatch, days: int) -> None:
    """A moment made to lie before the news: not asked, or told what was foreseen."""
    early = pd.Timedelta(days, "D")
    monkeypatch.setattr(Moment, "at", lambda self, known, *_: known - early)
    prices = noisy()
    news = frame(prices, ("e", 300)).assign(headline="what nobody knew")
    assert views(prices, news, Moment.event_close) == []
    known = foreseen(prices, 200).assign(headline="what nobody knew")
    (view,) = views(prices, known, Moment.event_close)
    assert view.event.headline == ""
