"""What the calendar knows, and what it says of a date that it does not.

Days of the week and holidays are stated by hand; New York, as everywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import pytest

import aftershock as af
from aftershock.calendar import TradingCalendar
from aftershock.errors import EventError
from aftershock.strategy import Moment, NewsView, Strategy, TradePlan

CALENDAR = TradingCalendar.load()
FEW = TradingCalendar.load("2020-01-01", "2022-12-31")


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="America/New_York")


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


@pytest.mark.parametrize("date", ["2019-12-31", "2023-01-01"])
@pytest.mark.parametrize("policy", ["next", "previous", "drop", "error"])
def test_a_date_beyond_what_was_loaded_has_no_session(date: str, policy: str) -> None:
    """The next session after 2019 is not the first one that happens to be known."""
    said = f"^{date} leads outside(.|\n)*from 2020-01-02 to 2022-12-30"
    with pytest.raises(EventError, match=said):
        FEW.session_of(at(f"{date} 10:00"), policy)
    for rolled in (FEW.roll_forward, FEW.roll_back):
        with pytest.raises(EventError, match=said):
            rolled(date)


def test_a_holiday_at_either_end_is_inside() -> None:
    """1 January 2020 is a holiday, 31 December 2022 a Saturday: both are known."""
    assert FEW.roll_forward("2020-01-01") == day("2020-01-02")
    assert FEW.session_of(at("2022-12-31 10:00"), "previous") == day("2022-12-30")


def test_two_decades_back() -> None:
    """Friday 2012-05-18; Saturday 1993-02-06, and the Monday after it."""
    assert CALENDAR.session_of(at("2012-05-18 11:30")) == day("2012-05-18")
    assert CALENDAR.session_of(at("1993-02-06 11:30")) == day("1993-02-08")


def test_the_clock_moves_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """In 2031 the sessions of 2032 are known, to Friday the 31st of December."""

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2031, 5, 1, tzinfo=tz)

    monkeypatch.setattr("aftershock.calendar.datetime", Later)
    assert TradingCalendar.load().sessions[-1] == day("2032-12-31")


def test_a_policy_that_is_none() -> None:
    with pytest.raises(EventError, match="no policy is named 'nxt'"):
        CALENDAR.session_of(at("2026-07-01 10:00"), "nxt")


@dataclass(frozen=True)
class Buyer(Strategy):
    """Buy at the close of the event session; one session later sell."""

    decide: Moment = Moment.event_open

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        yield TradePlan("AAA", weight=0.1, entry="next_close", hold=1)


def bought(session: str) -> pd.DataFrame:
    """Return the trades on an event, with prices of May 2012 and January 2014."""
    every = CALENDAR.sessions
    index = every[(every >= "2012-05-01") & (every <= "2014-01-31")]
    close = pd.DataFrame({"AAA": 100.0}, index)
    prices = af.PricePanel(open=close, high=close, low=close, close=close)
    events = pd.DataFrame({"event_id": ["e"], "symbol": "AAA", "session": session})
    return af.backtest(Buyer(), events, prices, account=af.Account()).trades


def test_an_old_event_is_traded_on_its_day() -> None:
    """Friday 18 May 2012 and the Monday after it, not January 2014."""
    trade = bought("2012-05-18").iloc[0]
    assert trade["entry_session"] == day("2012-05-18")
    assert trade["exit_session"] == day("2012-05-21")


def test_an_event_before_all_sessions_is_refused() -> None:
    with pytest.raises(EventError, match="1987-10-19 leads outside"):
        bought("1987-10-19")
