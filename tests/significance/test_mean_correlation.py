"""The mean residual correlation, pair by pair, against numpy's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aftershock.abnormal import Fit, Sample
from aftershock.significance import correlation

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
    """Sixty pairs in no order, sessions of none to ten: each sum added up by hand.

    Every seventh begins late; nothing is estimated, residuals are the returns.
    """
    monkeypatch.setattr(correlation, "RUN_CELLS", cells)
    returns, positions = rows(60, 5), placed(60)
    returns[::7, :10] = np.nan
    fit = fitted(returns, positions, (), ())
    expected = summed_by_hand(positions, np.nan_to_num(returns))
    np.testing.assert_allclose(summed(fit), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("late", [0, 7], ids=["without gaps", "some begin late"])
@pytest.mark.parametrize("known", [False, True], ids=["alone", "with a base"])
def test_sums_are_linear_in_returns(late: int, known: bool) -> None:
    """An intercept and two regressors, by `numpy.linalg.lstsq` for each pair.

    Ten sessions before the estimation and five after it hold returns that no sum may
    have, one of them missing.
    """
    drawn, positions = np.random.default_rng(6), placed(60)
    returns, base = rows(60, 7), drawn.normal(0.01, 0.02, (60, WIDTH))
    regressors = drawn.normal(0, 0.5, (2, 60, WIDTH))
    used = np.zeros((60, WIDTH), dtype=bool)
    used[:, 10:-5] = True
    if late:
        used[::late, :25] = False
    returns[3, -1] = np.nan
    coefficients, residuals = np.zeros((60, 3)), np.zeros((60, WIDTH))
    for i, at in enumerate(used):
        x = np.column_stack([np.ones(at.sum()), *regressors[:, i, at]])
        y = returns[i, at] - known * base[i, at]
        coefficients[i] = np.linalg.lstsq(x, y)[0]
        residuals[i, at] = y - x @ coefficients[i]
    one = np.broadcast_to(np.ones((1, 1)), used.shape)
    fit = fitted(returns, positions, (one, *regressors), coefficients, used)
    fit = replace(fit, base=base if known else None)
    expected = summed_by_hand(positions, residuals)
    np.testing.assert_allclose(summed(fit), expected, rtol=0, atol=1e-12)


def placed(count: int) -> np.ndarray:
    """Draw positions of so many pairs, in no order, some sessions without one."""
    return 100 + np.random.default_rng(4).choice([0, 1, 1, 1, 4, 5, 9], count)


def summed_by_hand(positions: np.ndarray, residuals: np.ndarray) -> np.ndarray:
    """Add e / ||e|| pair by pair to the row of its session, of 100 to 109."""
    total = np.zeros((10, WIDTH))
    for position, row in zip(positions, residuals, strict=True):
        total[position - 100] += row / np.linalg.norm(row)
    return total


def summed(fit: Fit) -> np.ndarray:
    """Return the sums of our own."""
    order = np.argsort(fit.sample.positions, kind="stable")
    return correlation.column_sums(fit, order)


def fitted(returns, positions, regressors, coefficients, used=None) -> Fit:
    """Return a fit of which only what residuals need is told."""
    used = np.isfinite(returns) if used is None else used
    sample = Sample(np.arange(WIDTH), positions, returns, {}, used, used)
    n, k, m = len(returns), len(regressors), used.sum(axis=1)
    nothing = np.full(n, np.nan)
    return Fit(
        sample, regressors, np.asarray(coefficients).reshape(n, k),
        np.zeros((n, k, k)), (m - k).astype(float), m, nothing, nothing,
    )  # fmt: skip
