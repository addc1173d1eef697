"""A user's panel without its news: what is kept of it and what is drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.calibration import OwnPanel, calibrate
from aftershock.calibration.designs import Shift
from aftershock.calibration.own_panel import circular_blocks, null_parts, possible_moves
from aftershock.errors import StudyError
from aftershock.study.design import StudyDesign, find_model
from aftershock.study.panel import StudyPanel, make_panel
from aftershock.windows import EstimationWindow, EventWindow

ESTIMATION = EstimationWindow(-80, -11, 60)
STUDY = StudyDesign(
    find_model("market"),
    estimation=ESTIMATION,
    windows=(EventWindow(0, 1),),
    contrast="expected_signs",
)


def own(late: int = 0, jump: float = 0.3) -> OwnPanel:
    """Two symbols with events at 300 and 303; the second is listed late."""
    random = np.random.default_rng(7)
    days = pd.DatetimeIndex(pd.bdate_range("2001-01-01", periods=400)).as_unit("us")
    market = random.normal(0, 0.01, 400)
    noise = random.normal(0, 0.02, (400, 2))
    returns = pd.DataFrame(
        market[:, None] * [0.5, 1.5] + noise @ [[1, 0.8], [0, 0.6]], days, ["A", "B"]
    )
    returns.iloc[300] += jump
    returns.iloc[:late, 1] = np.nan
    panel = make_panel(
        returns, pd.DataFrame({"mkt": market}, days), STUDY.model, ESTIMATION
    )
    pairs = pd.DataFrame(
        {
            "event_id": ["a", "b"],
            "symbol": ["A", "B"],
            "role": ["subject", "competitor"],
            "expected": [1.0, -1.0],
            "session": [days[300], days[303]],
        }
    )
    return OwnPanel("own", "two pairs", panel, pairs)


class Fixed:
    """A generator that starts its blocks where it is told."""

    def __init__(self, starts: list[int]) -> None:
        self.starts = starts

    def integers(self, low: int, high: int, size: int) -> np.ndarray:
        assert (low, high, size) == (0, 5, len(self.starts))
        return np.array(self.starts)


def test_blocks_are_circular() -> None:
    """Starts 1 and 3, blocks of three out of five places: 1 2 3, 3 4 0; five kept."""
    found = circular_blocks(Fixed([1, 3]), 5, 5, 3)  # type: ignore[arg-type]
    assert found.tolist() == [1, 2, 3, 3, 4]
    found = circular_blocks(Fixed([4, 3]), 5, 6, 3)  # type: ignore[arg-type]
    assert found.tolist() == [4, 0, 1, 3, 4, 0]


def test_residuals_are_those_of_least_squares() -> None:
    """numpy's polyfit on the whole history of each symbol."""
    source = own(late=50)
    expected, residuals, pool = null_parts(source.panel)
    x, y = source.panel.factors["mkt"], source.panel.returns
    for k, first in ((0, 0), (1, 50)):
        slope, level = np.polyfit(x[first:], y[first:, k], 1)
        np.testing.assert_allclose(expected[first:, k], level + slope * x[first:])
        np.testing.assert_allclose(
            residuals[first:, k], y[first:, k] - level - slope * x[first:], atol=1e-15
        )
    assert pool.tolist() == list(range(50, 400))


def draws(source: OwnPanel, count: int, shift: Shift | None = None) -> list[StudyPanel]:
    random = np.random.default_rng(8)
    return [d.panel for d in source.draw(random, count, STUDY, shift or Shift())]


def test_drawn_residuals_keep_the_symbols_aligned() -> None:
    """Every drawn vector is one session's vector, never a mix of two."""
    source = own()
    expected, residuals, _ = null_parts(source.panel)
    (drawn,) = draws(source, 1)
    vectors = drawn.returns - expected
    distance = np.abs(vectors[:, None, :] - residuals[None, :, :]).max(axis=2)
    assert distance.min(axis=1).max() < 1e-12
    place = distance.argmin(axis=1)
    followed = np.diff(place)[np.arange(len(place) - 1) % 10 != 9]
    assert set(followed % 400) == {1}


def test_a_symbol_is_missing_where_it_was() -> None:
    source = own(late=50)
    for drawn in draws(source, 3):
        assert np.isnan(drawn.returns[:50, 1]).all()
        assert np.isfinite(drawn.returns[50:, 1]).all()
        assert np.isfinite(drawn.returns[:, 0]).all()


def test_events_move_together_and_fit() -> None:
    """Windows [0, 1]; 60 of the rows -80 .. -11 are wanted: the first event can stand
    at 70 .. 395 (the second, 3 later, needs one session more: 398 + 1 = 399)."""
    source = own()
    moves = possible_moves(
        source.panel, np.array([0, 1]), np.array([300, 303]), STUDY.event_window
    )
    assert (300 + moves).tolist() == list(range(70, 396))


def test_late_listings_bound_the_moves() -> None:
    """Listed at 50: its event 60 rows and the gap of 10 later, at 120, so 117."""
    source = own(late=50)
    moves = possible_moves(
        source.panel, np.array([0, 1]), np.array([300, 303]), STUDY.event_window
    )
    assert (300 + moves).tolist() == list(range(117, 396))


def test_a_shift_is_in_residual_sigmas() -> None:
    source = own()
    _, residuals, _ = null_parts(source.panel)
    plain, moved = (draws(source, 1, Shift(e, signed=True))[0] for e in (0.0, 2.0))
    found = moved.returns - plain.returns
    rows, columns = np.nonzero(np.abs(found) > 1e-12)
    assert columns.tolist() == [0, 1]
    assert rows[1] - rows[0] == 3
    sd = residuals.std(axis=0)
    np.testing.assert_allclose(found[rows, columns], 2 * sd * [1, -1])


def test_short_common_history_is_refused() -> None:
    with pytest.raises(StudyError, match="only 60 sessions have residuals"):
        null_parts(own(late=340).panel)


def test_the_table_of_a_users_panel() -> None:
    """A test that is right rejects rarely, though the news itself was huge."""
    table = calibrate(
        own(), tests=["cross_sectional", "adjusted_bmp"], replications=60, study=STUDY
    )
    assert set(table["test"]) == {"cross_sectional", "adjusted_bmp"}
    assert set(table["design"]) == {"own"}
    row = table.set_index("test").loc["cross_sectional"]
    # two windows of three sessions apart do not overlap: valid
    assert row["share_valid"] == 1
    assert row["rate_valid"] < 0.2
