"""Mistakes in what a study is asked, each named with what is allowed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock import event_study
from aftershock.errors import AftershockError, StudyError


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"model": "markte"}, "Did you mean 'market'?"),
        ({"tests": ["bpm"]}, "Did you mean 'bmp'?"),
        ({"windows": [(1, 0)]}, "ends before it starts"),
        ({"windows": []}, "windows: found"),
        ({"placebo": {"draw": 3}}, "placebo"),
        ({"contrast": "signs"}, "expected_signs"),
        ({"factors": None}, "mkt"),
    ],
)
def test_mistakes_are_named(frames, events, change, says) -> None:
    """Each mistake says what was found and what is allowed."""
    settings = {"factors": frames[1], **change}
    with pytest.raises(AftershockError, match=says.replace("?", r"\?")):
        event_study(events, frames[0], **settings)


def test_bad_frames_are_named(frames, events) -> None:
    """A missing column, an odd sign and an unsorted index."""
    with pytest.raises(StudyError, match="session is missing"):
        event_study(events.drop(columns="session"), *frames)
    with pytest.raises(StudyError, match="found 2"):
        event_study(events.assign(expected=2), *frames)
    with pytest.raises(StudyError, match="not in order"):
        event_study(events, frames[0].iloc[::-1], frames[1])


def test_odd_frames_are_named(frames, events) -> None:
    """A symbol with two columns, and a group column that is not there."""
    returns, factors = frames
    twice = pd.concat([returns, returns[["UP"]]], axis=1)
    with pytest.raises(StudyError, match="UP has more than one column"):
        event_study(events, twice, factors)
    with pytest.raises(StudyError, match="no column 'tag'"):
        event_study(events, returns, factors, by="tag")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"windows": (0, 0)}, "windows: found 0"),
        ({"windows": 3}, "windows: found 3"),
        ({"windows": [(0, "a")]}, r"windows: found \(0, 'a'\)"),
        ({"windows": [(0, 5)], "event": (0, 2)}, r"leaves the event window \[0, 2\]"),
        ({"windows": [(-30, 0)]}, "share sessions"),
        ({"before": "foo"}, "before: found 'foo'"),
        ({"seed": "x"}, "seed: found 'x'"),
        ({"seed": -1}, "seed: found -1"),
        ({"placebo": {"draws": "a"}}, "placebo: found"),
        ({"placebo": {"draws": 0}}, "placebo: found"),
        ({"placebo": {"shifts": [20, 0]}}, "placebo: found"),
        ({"placebo": {"shifts": [2.5]}}, "placebo: found"),
    ],
)
def test_arguments_that_make_no_sense(frames, events, asked, said) -> None:
    with pytest.raises(StudyError, match=said):
        event_study(events, *frames, **asked)


def test_a_series_is_no_frame(frames, events) -> None:
    with pytest.raises(StudyError, match=r"(?s)factors: found a Series.*to_frame"):
        event_study(events, frames[0], frames[1]["mkt"])


def test_an_infinite_return_is_named(frames, events) -> None:
    returns = frames[0].copy()
    returns.iloc[100, 0] = np.inf
    with pytest.raises(StudyError, match=r"the return of UP on 2024.* has no end"):
        event_study(events, returns, frames[1])
