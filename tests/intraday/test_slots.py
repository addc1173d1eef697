"""Slots of the day, the slot in which news can first be answered, and their table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.abnormal import Drivers, Tape, gather, measure
from aftershock.errors import AftershockError, EventError, PriceError, StudyError
from aftershock.intraday import (
    INTRADAY_COLUMNS,
    BarDesign,
    bar_slots,
    event_bars,
    intraday_table,
)
from aftershock.models.mean import Mean
from aftershock.prices.bars import bar_size
from aftershock.windows import EventWindow


def ny(text: str) -> pd.Timestamp:
    """Return a New York wall-clock time."""
    return pd.Timestamp(text, tz="America/New_York")


def placed(moment: str, frequency: str = "5min") -> tuple[str, int]:
    """Return session and slot of the event bar of a moment of November 2025."""
    slots = bar_slots("2025-11-24", "2025-12-03", frequency)
    found = slots.labels.get_indexer(event_bars([ny(moment)], slots))[0]
    return f"{slots.sessions[found]:%m-%d}", int(slots.number[found])


def test_a_regular_session_of_five_minutes_has_a_gap_and_78_bars() -> None:
    slots = bar_slots("2025-11-25", "2025-11-25", "5min")
    assert len(slots) == 79
    assert list(slots.number) == list(range(79))
    # 09:30 and 15:55 in New York are 14:30 and 20:55 UTC in winter
    assert slots.labels[0] == pd.Timestamp("2025-11-25 14:29:59.999999")
    assert slots.labels[1] == pd.Timestamp("2025-11-25 14:30")
    assert slots.labels[-1] == pd.Timestamp("2025-11-25 20:55")
    assert slots.labels.unit == "us"
    assert slots.labels.is_monotonic_increasing


def test_the_last_hour_bar_is_cut_by_the_close() -> None:
    slots = bar_slots("2025-11-25", "2025-11-25", "60min")
    assert len(slots) == 8
    assert slots.labels[-1] == pd.Timestamp("2025-11-25 20:30")
    assert slots.ends[-1] == pd.Timestamp("2025-11-25 21:00")
    assert slots.ends[0] == slots.labels[1]


def test_a_half_day_ends_at_13() -> None:
    # the Friday after Thanksgiving: 3.5 hours are 42 bars of 5 and 4 of 60 minutes
    assert len(bar_slots("2025-11-28", "2025-11-28", "5min")) == 1 + 42
    hours = bar_slots("2025-11-28", "2025-11-28", "60min")
    assert len(hours) == 1 + 4
    assert hours.ends[-1] == pd.Timestamp("2025-11-28 18:00")


def test_summer_time_moves_labels_and_not_slots() -> None:
    # clocks went forward on Sunday 2026-03-08: 09:30 is 14:30 UTC, then 13:30 UTC
    slots = bar_slots("2026-03-06", "2026-03-09", "60min")
    assert len(slots) == 16
    first = slots.labels[slots.number == 1]
    assert list(first) == [
        pd.Timestamp("2026-03-06 14:30"),
        pd.Timestamp("2026-03-09 13:30"),
    ]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2025-11-25 08:30", ("11-25", 0)),  # before the open: that day's gap
        ("2025-11-25 09:29:59", ("11-25", 0)),
        ("2025-11-25 09:30", ("11-25", 1)),  # the open is the first bar's
        ("2025-11-25 10:02", ("11-25", 7)),  # in [10:00, 10:05), the seventh bar
        ("2025-11-25 10:05", ("11-25", 8)),  # on a boundary: the later bar
        ("2025-11-25 15:59:59", ("11-25", 78)),
        ("2025-11-25 16:00", ("11-26", 0)),  # the close is past: the next gap
        ("2025-11-25 16:05", ("11-26", 0)),
        ("2025-11-26 18:00", ("11-28", 0)),  # Thanksgiving lies between
        ("2025-11-28 12:58", ("11-28", 42)),
        ("2025-11-28 13:00", ("12-01", 0)),  # a half day is over at 13:00
        ("2025-11-29 12:00", ("12-01", 0)),  # Saturday
        ("2025-11-30 23:00", ("12-01", 0)),  # Sunday
    ],
)
def test_the_event_bar(moment: str, expected: tuple[str, int]) -> None:
    assert placed(moment) == expected


def test_after_the_close_a_short_last_bar_holds_nothing() -> None:
    # the bar of 15:30 would reach to 16:30 if it were an hour long
    assert placed("2025-11-25 16:10", "60min") == ("11-26", 0)


def test_moments_outside_the_slots_have_none() -> None:
    slots = bar_slots("2025-11-25", "2025-11-26", "5min")
    found = event_bars([ny("2025-11-24 10:00"), ny("2025-11-26 16:00")], slots)
    assert found.isna().all()


def test_a_moment_without_zone_is_refused() -> None:
    slots = bar_slots("2025-11-25", "2025-11-26", "5min")
    with pytest.raises(EventError, match="no time zone"):
        event_bars([pd.Timestamp("2025-11-25 10:00")], slots)


def test_no_session_is_refused() -> None:
    with pytest.raises(StudyError, match="no session"):
        bar_slots("2025-11-29", "2025-11-30", "5min")


@pytest.mark.parametrize("frequency", ["", "0min", "1d", "5 min", "7h", "391min"])
def test_other_sizes_are_refused_in_four_parts(frequency: str) -> None:
    with pytest.raises(PriceError) as caught:
        bar_size(frequency)
    error: AftershockError = caught.value
    assert all([error.found, error.where, error.allowed, error.do])


def test_sizes() -> None:
    assert bar_size("1h") == bar_size("60min") == pd.Timedelta("1h")
    assert bar_size("390min") == pd.Timedelta("6h30min")


def test_default_design_of_five_minutes() -> None:
    """79 slots a session; 20 sessions are 1580 rows.

    The session before the news is offsets -79 .. -1 and is left out, so estimation
    ends at -80 and starts at -80 - 1580 + 1 = -1659.
    """
    design = BarDesign.of("5min")
    assert design.windows == ((0, 0), (0, 6), (0, 12), (0, 78))
    assert design.estimation == (-1659, -80)
    assert design.min_obs == 790


def test_default_design_of_hours_says_each_window_once() -> None:
    design = BarDesign.of("60min", sessions=60)
    assert design.windows == ((0, 0), (0, 1), (0, 7))
    assert design.estimation == (-488, -9)


def test_table_of_slots() -> None:
    """Two sessions of two bars; the event in the second gap, row 3 of the calendar."""
    slots = bar_slots("2025-11-24", "2025-11-25", "195min")
    returns = np.array([[np.nan, 0.01, 0.02, 0.05, -0.01, 0.03]]).T
    volume = pd.DataFrame({"X": [np.nan, 1, 2, np.nan, 4, 5]}, index=slots.labels)
    sample = gather(
        Tape.of(returns, Drivers(), 9),
        np.array([0]),
        np.array([3]),
        (-2, 3),
        (-2, -1),
    )
    abnormal = measure(sample, Mean(), EventWindow(0, 3))
    pairs = pd.DataFrame({"event_id": ["e"], "symbol": ["X"]})
    table = intraday_table(pairs, abnormal, slots, volume)
    assert tuple(table.columns) == INTRADAY_COLUMNS
    assert list(table["slot"]) == [0, 1, 2]  # the fourth lies off the calendar
    assert list(table["offset"]) == [0, 1, 2]
    # mean of the estimation .015; AR .035, -.025, .015; CAR .035, .010, .025
    np.testing.assert_allclose(table["ar"], [0.035, -0.025, 0.015], atol=1e-15)
    np.testing.assert_allclose(table["car"], [0.035, 0.010, 0.025], atol=1e-15)
    # s^2 = 2 x .005^2 / 1; C = 1 + 1/2
    np.testing.assert_allclose(table["se"], np.sqrt(0.00005 * 1.5), rtol=1e-12)
    np.testing.assert_allclose(
        table["sar"], table["ar"] / np.sqrt(0.000075), rtol=1e-12
    )
    np.testing.assert_array_equal(table["volume"], [np.nan, 4, 5])
    assert table["bar_start"].iloc[1] == pd.Timestamp("2025-11-25 14:30", tz="UTC")
