"""The bars around the news: what is drawn from where, and what may be said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from aftershock.pages.minute_by_minute import MinuteByMinute
from aftershock.pages.minutes_in_words import (
    event_shown,
    leading_of,
    moments_of,
    since_news,
    title_of,
)
from aftershock.results import COLUMNS, RunResult, empty


def tables(slot: int = 0, events: tuple[str, ...] = ("one",), **test: Any) -> Any:
    """Bars of an hour, a gap of 2 % and 3 % by the close; one search of one slot."""
    bars = [
        {"event_id": event, "symbol": "AA", "offset": k, "ar": 0.01, "slot": slot + k,
         "bar_start": f"2026-05-2{1 + i}T13:30:00+00:00"}
        for i, event in enumerate(events) for k in range(-1, 3)
    ]  # fmt: skip
    cars = [
        {"event_id": event, "symbol": "AA", "start": 0, "end": end, "car": car,
         "ci_low": car - 0.01, "ci_high": car + 0.01}
        for event in events for end, car in ((0, 0.02), (1, -0.01), (7, 0.03))
    ]  # fmt: skip
    row = {"group": "all", "start": 0, "end": 0, "test": "contrast_search", "n": 1,
           "pvalue": 0.01, "valid": True} | test  # fmt: skip
    long = row | {"end": 7, "valid": False, "pvalue": 0.0001}
    return {
        "intraday": pd.DataFrame(bars),
        "intraday_cars": pd.DataFrame(cars),
        "intraday_tests": pd.DataFrame([row, long]),
    }


def said(given: Any) -> str:
    moments = moments_of(given, "one", "60min")
    return title_of(moments, leading_of(given, moments))


STEPS = (
    "AA +2.0\u2009% at the open, \u22121.0\u2009% after an hour and "
    "+3.0\u2009% at the close"
)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (tables(), f"{STEPS}; at the open more than ordinary bars bring"),
        (tables(pvalue=0.2), f"Undecided: {STEPS}"),
        (tables(valid=False), f"Not tested: {STEPS}"),
        (tables(pvalue=np.nan), f"Not tested: {STEPS}"),
        (tables(events=("one", "two")), f"Not tested: {STEPS}"),
        (tables(n=3), f"At the open the 3 symbols moved more than on ordinary bars; "
                      f"{STEPS}"),
    ],
)  # fmt: skip
def test_the_title_is_no_stronger_than_the_test(given: Any, text: str) -> None:
    """The row of a session, p = 0.0001, is invalid: it must never lend a claim."""
    assert said(given) == text


def test_news_within_a_session_has_no_open() -> None:
    """The bar of the news and one more are two hours."""
    moments = moments_of(tables(slot=3), "one", "60min")["moment"].tolist()
    assert moments == ["after an hour", "after 2 hours", "a session later"]


def test_the_path_is_zero_before_the_news_and_breaks_at_a_missing_bar() -> None:
    """Moves 1, 2 | 3, 4 per mille: before -2 stood 2 lower; then 3, 7."""
    offset = pd.Series([-2, -1, 0, 1, 2, 3])
    ar = pd.Series([0.001, 0.002, 0.003, 0.004, np.nan, 0.001])
    found = since_news(ar, offset).tolist()
    assert found[:4] == pytest.approx([-0.002, 0.0, 0.003, 0.007])
    assert np.isnan(found[4:]).all()


def test_the_focus_is_shown_or_else_the_latest_event() -> None:
    both = tables(events=("one", "two"))
    assert event_shown(both, "one") == "one"
    assert event_shown(both, "three") == "two"
    assert event_shown({}, "one") == ""


def test_a_study_of_days_has_no_page() -> None:
    result = RunResult({n: empty(n) for n in COLUMNS}, {"focus": "one"}, {})
    assert not MinuteByMinute().applies(result)
