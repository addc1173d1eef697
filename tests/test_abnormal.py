"""Abnormal returns and windows, by hand."""

from __future__ import annotations

import importlib
import math
import pkgutil
from types import ModuleType

import numpy as np
import pytest

from aftershock.abnormal.sample import Cells, Grid
from aftershock.models.base import ReturnModel
from aftershock.significance.base import SignificanceTest
from aftershock.windows import EstimationWindow, EventWindow
from tests.significance.loops import make_trial

NAN = math.nan


def test_means_over_the_pairs_that_are_there() -> None:
    """Day 0: (1 + 3) / 2; day 1: 2 of one pair; day 2: nobody.

    Over both days only the first pair is whole: 1 + 2; over all three none is.
    """
    found = make_trial([[1.0, -1.0]] * 2, [[1.0, 2.0, NAN], [3.0, NAN, NAN]]).abnormal
    assert found.aar().tolist()[:2] == [2.0, 2.0]
    assert math.isnan(found.aar()[2])
    assert found.caar(EventWindow(0, 1)) == 3.0
    assert math.isnan(found.caar(EventWindow(0, 2)))


def test_a_window_beyond_the_calendar_is_empty() -> None:
    """Five sessions of two symbols: far before, far behind, and the last but one."""
    grid = Grid(np.arange(1.0, 11.0).reshape(5, 2), margin=3)
    cut = grid.windows(np.array([0, 0, 1]), np.array([100, -100, 3]), 3)
    assert np.isnan(cut[:2]).all()
    assert cut[2].tolist()[:2] == [8.0, 10.0]
    assert math.isnan(cut[2, 2])


def test_a_few_windows_are_picked_where_they_lie() -> None:
    """Five sessions of two symbols and of none: what leaves the calendar is blank."""
    table, rows = np.arange(1.0, 11.0).reshape(5, 2), np.array([-1, 3, 9])
    cut = Cells(table).windows(np.array([0, 1, 1]), rows, 3)
    assert np.array_equal(
        cut, [[NAN, 1.0, 3.0], [8.0, 10.0, NAN], [NAN] * 3], equal_nan=True
    )
    shared = Cells(table[:, 0], blank=0.0).windows(np.array([5, 5, 5]), rows, 3)
    assert shared.tolist() == [[0.0, 1.0, 3.0], [7.0, 9.0, 0.0], [0.0] * 3]


def test_windows_as_they_are_documented() -> None:
    """-250 .. -11, 60 rows at least; windows are ordered by their two offsets."""
    usual = EstimationWindow()
    assert (usual.start, usual.end, usual.min_obs, usual.before) == (
        -250,
        -11,
        60,
        None,
    )
    assert EventWindow(-2, 3).length == 6
    assert EventWindow(-1, 5) < EventWindow(0, 0) < EventWindow(0, 1)


def modules() -> list[ModuleType]:
    """Return every module of the numerical core."""
    names = ["abnormal", "models", "significance", "fills", "windows", "luck"]
    found = []
    for name in names:
        top = importlib.import_module(f"aftershock.{name}")
        inside = pkgutil.iter_modules(getattr(top, "__path__", []), f"{top.__name__}.")
        found += [top, *(importlib.import_module(part.name) for part in inside)]
    return found


@pytest.mark.parametrize("module", modules(), ids=lambda m: m.__name__[11:])
def test_what_was_measured_cannot_be_written_over(module: ModuleType) -> None:
    """Results, plans and parameters are frozen: nothing changes what others read."""
    for thing in vars(module).values():
        if isinstance(thing, type) and thing.__module__ == module.__name__:
            params = vars(thing).get("__dataclass_params__")
            assert params is None or params.frozen, thing
            if issubclass(thing, (ReturnModel, SignificanceTest)):
                # what a config names is compared and copied by its parameters
                assert "name" not in vars(thing) or params, thing
