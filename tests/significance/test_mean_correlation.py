"""The mean residual correlation, pair by pair, against numpy's own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from aftershock.significance import correlation

if TYPE_CHECKING:
    from aftershock.abnormal import Fit

WIDTH = 60


def rows(count: int, seed: int) -> np.ndarray:
    """Draw residuals of so many pairs, about a mean that is not zero."""
    return np.random.default_rng(seed).normal(0.3, 1.0, (count, WIDTH))


def by_hand(residuals: np.ndarray, positions: np.ndarray, length: int) -> float:
    """Sum share times `numpy.corrcoef` on the dates that both have.

    Pair j lies `lag` sessions after pair i, so that its k-th session is the
    (k + lag)-th of i.
    """
    total = 0.0
    for i in range(len(residuals)):
        for j in range(i + 1, len(residuals)):
            lag = int(positions[j] - positions[i])
            if lag >= min(length, WIDTH):
                continue
            x, y = residuals[i, lag:], residuals[j, : WIDTH - lag]
            both = np.isfinite(x) & np.isfinite(y)
            if both.sum() >= 20 and np.ptp(x[both]) > 0 and np.ptp(y[both]) > 0:
                r = np.corrcoef(x[both], y[both])[0, 1]
                total += (length - lag) / length * float(r)
    return total


def found(residuals: np.ndarray, positions: np.ndarray, length: int) -> float:
    """Return the sum of our own; positions are in order."""
    reach = np.searchsorted(positions, positions + length, side="left")
    return correlation._exact(residuals, positions, reach, length)


@pytest.mark.parametrize("length", [1, 5, 21, 75])
def test_rows_without_gaps(length: int) -> None:
    """Thirty pairs on twenty sessions: more pairs of pairs than rows, sums of runs."""
    positions = np.sort(np.random.default_rng(7).integers(0, 20, 30))
    residuals = rows(30, length)
    assert found(residuals, positions, length) == pytest.approx(
        by_hand(residuals, positions, length), abs=1e-12
    )


def test_rows_with_gaps_beside_whole_ones() -> None:
    """Every third row begins late, one has a hole, one does not vary."""
    positions = np.sort(np.random.default_rng(8).integers(0, 12, 24))
    residuals = rows(24, 9)
    residuals[::3, :25] = np.nan
    residuals[1, 30:34] = np.nan
    residuals[2] = 0.25
    assert found(residuals, positions, 11) == pytest.approx(
        by_hand(residuals, positions, 11), abs=1e-12
    )


def test_few_overlaps_are_correlated_one_by_one() -> None:
    """Two of three rows share a session: fewer pairs than rows."""
    residuals, positions = rows(3, 4), np.array([0, 2, 90])
    r = np.corrcoef(residuals[0, 2:], residuals[1, :-2])[0, 1]
    assert found(residuals, positions, 5) == pytest.approx(3 / 5 * r, abs=1e-13)


@pytest.mark.parametrize("cells", [1, 3 * WIDTH, 2**17])
def test_sums_of_sessions_whatever_the_run(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty pairs in no order, sessions of none to ten: each sum added up by hand."""
    monkeypatch.setattr(correlation, "RUN_CELLS", cells)
    drawn = np.random.default_rng(4)
    positions = 100 + drawn.choice([0, 1, 1, 1, 4, 5, 9], 60)
    residuals = rows(60, 5)
    residuals[::7, :10] = np.nan
    sample = SimpleNamespace(
        positions=positions, returns=residuals, estimation=np.isfinite(residuals)
    )
    fit = SimpleNamespace(sample=sample, residuals_of=lambda chosen: residuals[chosen])
    expected = np.zeros((10, WIDTH))
    for position, row in zip(positions, np.nan_to_num(residuals), strict=True):
        expected[position - 100] += row / np.linalg.norm(row)
    order = np.argsort(positions, kind="stable")
    summed = correlation.column_sums(cast("Fit", fit), order)
    np.testing.assert_allclose(summed, expected, rtol=0, atol=1e-12)
