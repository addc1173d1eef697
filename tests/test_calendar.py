"""Sessions and moments of the New York exchange.

Every expected date, opening and closing time below is stated by hand from the
exchange's published holidays and hours (09:30 to 16:00 New York, 13:00 on half
days; New York is four hours behind UTC from March to November, else five).
"""

import pandas as pd
import pytest

from aftershock.calendar import (
    TradingCalendar,
    event_sessions,
    knowable_at,
)
from aftershock.errors import EventError
from aftershock.events.moments import parse_moment

NY = "America/New_York"


@pytest.fixture(scope="module")
def calendar() -> TradingCalendar:
    return TradingCalendar.load()


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz=NY).as_unit("us")


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def sessions_of(calendar, text, precision="exact", policy="next"):
    moment = at(text)
    found = event_sessions(moment, moment, precision, calendar, policy)
    return [f"{session:%Y-%m-%d}" for session in found]


class TestCalendar:
    def test_sessions_are_naive_microsecond_midnights(self, calendar):
        assert str(calendar.sessions.dtype) == "datetime64[us]"
        assert calendar.sessions.tz is None
        assert (calendar.sessions == calendar.sessions.normalize()).all()

    @pytest.mark.parametrize(
        "date",
        ["2025-01-09", "2026-07-03", "2026-06-19", "2026-07-04", "2025-12-25"],
    )
    def test_closed_days(self, calendar, date):
        """9 Jan 2025 mourned a president; 4 Jul 2026 is a Saturday, so 3 Jul is off."""
        assert not calendar.is_session(date)

    @pytest.mark.parametrize("date", ["2025-07-03", "2025-11-28", "2025-12-24"])
    def test_half_days_close_at_13(self, calendar, date):
        assert calendar.is_half_day(date)
        assert calendar.close_at(date) == at(f"{date} 13:00")
        assert calendar.open_at(date) == at(f"{date} 09:30")

    def test_ordinary_day(self, calendar):
        assert not calendar.is_half_day("2026-07-01")
        assert calendar.close_at("2026-07-01") == at("2026-07-01 16:00")
        assert str(calendar.close_at("2026-07-01").tz) == NY

    def test_a_holiday_weekend_is_stepped_over(self, calendar):
        assert calendar.roll_forward("2026-07-03") == day("2026-07-06")
        assert calendar.roll_back("2026-07-05") == day("2026-07-02")
        assert calendar.shift("2026-07-02", 1) == day("2026-07-06")
        assert calendar.shift("2026-07-06", -2) == day("2026-07-01")

    def test_opens_and_closes_of_many_sessions_are_utc(self, calendar):
        """16:00 is 20:00 UTC in summer, 21:00 in winter; the half day 18:00 UTC."""
        index = pd.DatetimeIndex(["2026-07-01", "2026-01-05", "2025-11-28"])
        closes = calendar.closes(index)
        assert [f"{t:%H:%M}" for t in closes] == ["20:00", "21:00", "18:00"]
        assert [f"{t:%H:%M}" for t in calendar.opens(index)] == [
            "13:30",
            "14:30",
            "14:30",
        ]
        assert str(closes.dtype) == "datetime64[us, UTC]"

    def test_the_first_session_has_its_moments_too(self, calendar):
        """Tuesday 1990-01-02 is the first of the calendar, and opens at 14:30 UTC."""
        first = calendar.opens(pd.DatetimeIndex(["1990-01-02"]))
        assert [f"{t:%Y-%m-%d %H:%M}" for t in first] == ["1990-01-02 14:30"]

    def test_a_date_that_is_no_session_is_named(self, calendar):
        with pytest.raises(EventError, match=r"2026-07-03 \(Friday\)"):
            calendar.close_at("2026-07-03")

    def test_beyond_its_ends(self, calendar):
        with pytest.raises(EventError, match="outside the exchange calendar"):
            calendar.roll_forward("2199-01-01")
        with pytest.raises(EventError, match="outside the exchange calendar"):
            calendar.shift("1990-01-02", -1)

    def test_same_dates_same_object(self):
        assert TradingCalendar.load() is TradingCalendar.load()
        assert TradingCalendar.load("2014-01-01", "2027-12-31") is TradingCalendar.load(
            pd.Timestamp("2014-01-01"), "2027-12-31"
        )


class TestEventSessions:
    @pytest.mark.parametrize(
        ("moment", "session"),
        [
            ("2026-07-01 08:00", "2026-07-01"),  # before the open
            ("2026-07-01 00:00", "2026-07-01"),
            ("2026-07-01 09:29:59", "2026-07-01"),
            ("2026-07-01 09:30", "2026-07-01"),  # during the session
            ("2026-07-01 15:59:30", "2026-07-01"),  # seconds matter
            ("2026-07-01 15:59:59.999", "2026-07-01"),
            ("2026-07-01 16:00", "2026-07-02"),  # at the close
            ("2026-07-01 16:30", "2026-07-02"),  # after it
            ("2026-07-02 16:30", "2026-07-06"),  # after it, before a long weekend
            ("2025-07-03 12:59:59", "2025-07-03"),  # half day
            ("2025-07-03 13:00", "2025-07-07"),
            ("2025-11-28 14:00", "2025-12-01"),
            ("2026-07-04 12:00", "2026-07-06"),  # weekend
            ("2026-07-03 12:00", "2026-07-06"),  # holiday
            ("2025-01-09 10:00", "2025-01-10"),
        ],
    )
    def test_moments(self, calendar, moment, session):
        assert sessions_of(calendar, moment) == [session]

    @pytest.mark.parametrize(
        ("policy", "expected"),
        [("next", ["2026-07-06"]), ("previous", ["2026-07-02"]), ("drop", [])],
    )
    @pytest.mark.parametrize("moment", ["2026-07-04 12:00", "2026-07-03 08:00"])
    def test_policies_on_days_without_session(self, calendar, moment, policy, expected):
        assert sessions_of(calendar, moment, policy=policy) == expected

    def test_policy_error_names_the_day(self, calendar):
        with pytest.raises(EventError, match="Saturday 2026-07-04"):
            sessions_of(calendar, "2026-07-04 12:00", policy="error")

    @pytest.mark.parametrize("policy", ["previous", "drop", "error"])
    def test_after_the_close_is_no_matter_of_policy(self, calendar, policy):
        assert sessions_of(calendar, "2026-07-02 17:00", policy=policy) == [
            "2026-07-06"
        ]

    def test_utc_moments_count_in_new_york(self, calendar):
        """19:59 UTC in July is 15:59 in New York; 02:00 UTC is the evening before."""
        for text, session in [
            ("2026-07-01T19:59:00Z", "2026-07-01"),
            ("2026-07-01T20:00:00Z", "2026-07-02"),
            ("2026-07-02T02:00:00Z", "2026-07-02"),
        ]:
            moment = pd.Timestamp(text)
            assert event_sessions(moment, moment, "exact", calendar) == (day(session),)

    def test_window_inside_one_session(self, calendar):
        found = event_sessions(
            at("2026-07-01 04:00"), at("2026-07-01 09:29:59"), "session", calendar
        )
        assert found == (day("2026-07-01"),)

    def test_window_over_two_sessions_gives_both(self, calendar):
        found = event_sessions(
            at("2026-07-02 13:43"), at("2026-07-02 16:16"), "session", calendar
        )
        assert found == (day("2026-07-02"), day("2026-07-06"))

    def test_a_whole_day_of_which_more_is_claimed_spans_two(self, calendar):
        """Only days and guesses are rounded to a day: its evening is the next's."""
        window = at("2026-07-01 00:00"), at("2026-07-01 23:59:59")
        both = (day("2026-07-01"), day("2026-07-02"))
        assert event_sessions(*window, "session", calendar) == both
        assert event_sessions(*window, "approximate", calendar) == both[:1]

    def test_a_moment_that_is_about_right_stays_behind_the_close(self, calendar):
        assert sessions_of(calendar, "2026-07-01 17:00", "approximate") == [
            "2026-07-02"
        ]

    def test_the_first_session_of_all_has_an_open(self, calendar):
        first = calendar.sessions[:1]
        assert calendar.opens(first)[0] == calendar.open_at(first[0])

    def test_window_over_a_night_is_one_session(self, calendar):
        found = event_sessions(
            at("2026-07-01 20:00"), at("2026-07-02 05:35"), "session", calendar
        )
        assert found == (day("2026-07-02"),)

    def test_window_over_three_sessions_is_refused(self, calendar):
        with pytest.raises(EventError, match="more than two sessions"):
            event_sessions(
                at("2026-06-29 10:00"), at("2026-07-01 10:00"), "approximate", calendar
            )

    @pytest.mark.parametrize(
        ("date", "session"),
        [("2026-07-01", "2026-07-01"), ("2026-07-04", "2026-07-06")],
    )
    def test_day_only_is_that_day_rolled_forward(self, calendar, date, session):
        """A whole day ends after the close, and yet belongs to its own session."""
        found = event_sessions(
            at(f"{date} 00:00"), at(f"{date} 23:59:59"), "day", calendar
        )
        assert found == (day(session),)
        assert sessions_of(calendar, f"{date} 17:00", "day") == [session]

    def test_day_with_a_known_session_follows_its_window(self, calendar):
        found = event_sessions(
            at("2026-05-20 16:00"), at("2026-05-20 20:00"), "day", calendar
        )
        assert found == (day("2026-05-21"),)

    def test_day_only_follows_the_policy(self, calendar):
        window = at("2026-07-04 00:00"), at("2026-07-04 23:59:59")
        assert event_sessions(*window, "day", calendar, "previous") == (
            day("2026-07-02"),
        )
        assert event_sessions(*window, "day", calendar, "drop") == ()

    def test_month_has_no_session(self, calendar):
        assert sessions_of(calendar, "2025-06-15 12:00", "month") == []


class TestKnowable:
    def test_the_latest_moment_counts(self, calendar):
        latest = at("2026-07-01 09:29:59")
        assert knowable_at(latest, "session") == latest

    def test_a_day_is_known_when_it_is_over(self, calendar):
        """So nothing fills on 1 July: the next open after it is that of 2 July."""
        for text in ("2026-07-01 09:29:59", "2026-07-01 23:59:59"):
            assert knowable_at(at(text), "day") == at("2026-07-01 23:59:59")


class TestParseMoment:
    @pytest.mark.parametrize(
        ("text", "utc"),
        [
            ("2026-07-01T08:00:00-04:00", "2026-07-01T12:00:00"),
            ("2026-07-01T08:00:00Z", "2026-07-01T08:00:00"),
            ("2026-07-01 08:00:00-04:00", "2026-07-01T12:00:00"),
            ("2026-07-01T08:00:00 America/New_York", "2026-07-01T12:00:00"),
            ("2026-07-01 08:00 America/New_York", "2026-07-01T12:00:00"),
            ("2026-01-05T08:00:00 America/New_York", "2026-01-05T13:00:00"),
            ("2026-07-01T17:00:00 Asia/Tokyo", "2026-07-01T08:00:00"),
            ("2026-11-01T01:30:00-05:00", "2026-11-01T06:30:00"),
        ],
    )
    def test_readable(self, text, utc):
        moment = parse_moment(text)
        assert moment == pd.Timestamp(utc, tz="UTC")
        assert (str(moment.tz), moment.unit) == (NY, "us")

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("2026-03-08T02:30:00 America/New_York", "does not exist"),
            ("2026-11-01T01:30:00 America/New_York", "happens twice"),
            ("2026-07-01T08:00:00", "no time zone"),
            ("2026-07-01T08:00:00 Mars/Olympus", "not a time zone"),
            ("yesterday", "is not a time"),
            ("2026/07/01", "is not a time"),
            ("2026-13-01T08:00:00Z", "is not a time"),
        ],
    )
    def test_unreadable_is_named_with_its_place(self, text, fault):
        with pytest.raises(EventError, match=fault) as caught:
            parse_moment(text, "events.yaml:3")
        assert str(caught.value).startswith("events.yaml:3: ")
        assert text.split()[-1] in str(caught.value)

    def test_what_the_message_tells_to_write_can_be_read(self):
        with pytest.raises(EventError) as caught:
            parse_moment("2026-07-08 16:30")
        told = caught.value.do.split("'")[1]
        assert parse_moment(told) == pd.Timestamp("2026-07-08T20:30", tz="UTC")
