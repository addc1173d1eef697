"""A mix of symbols that the news does not touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import Drivers, Fit, FloatArray, Sample
from aftershock.errors import StudyError
from aftershock.models.base import ReturnModel, rows_used, unfitted

PREFIX = "donor "


@dataclass(frozen=True)
class Synthetic(ReturnModel):
    """E[R] = sum_d w_d R_d, w >= 0 and sum 1, fitted to the estimation rows.

    Parameters
    ----------
    donors : tuple of str
        Symbols that the event does not touch; empty for every column of the returns
        that no event names. A donor serves a pair if it has all its estimation rows.

    Notes
    -----
    No standard error is known, so inference is by placebo only; sigma, the spread of
    the residuals about their mean, is a scale, not an estimate of the forecast error.
    Abadie, Diamond and Hainmueller (2010), Journal of the American Statistical
    Association 105, 493-505, on returns instead of levels.
    """

    donors: tuple[str, ...] = ()

    name: ClassVar[str] = "synthetic"
    formula: ClassVar[str] = "E[R] = sum of w R over donors, w >= 0, sum 1"
    inference: ClassVar[str] = "a synthetic control is judged by placebo only"

    def drivers(
        self,
        returns: FloatArray,
        symbols: Sequence[str],
        factors: Mapping[str, FloatArray],
        exposed: frozenset[str],
    ) -> Drivers:
        """Return the donors' returns.

        Raises
        ------
        StudyError
            For a donor without returns, or one that an event names; for no donor.
        """
        free = [symbol for symbol in symbols if symbol not in exposed]
        wrong = [d for d in self.donors if d not in free]
        chosen = list(self.donors or free)
        if wrong or not chosen:
            raise StudyError(
                f"{', '.join(wrong)} cannot be a donor"
                if wrong
                else "no donor is left",
                where="donors",
                allowed="symbols with returns that no event names: "
                + (", ".join(free) or "there is none"),
                do="name others in `donors`, and have their prices beside the rest",
            )
        places = [list(symbols).index(d) for d in chosen]
        named = zip(chosen, places, strict=True)
        return Drivers(optional={PREFIX + d: returns[:, k] for d, k in named})

    def fit(self, sample: Sample) -> Fit:
        """Find the mix of every pair, one after the other."""
        names = [name for name in sample.factors if name.startswith(PREFIX)]
        pool = np.stack([sample.factors[name] for name in names])
        m = rows_used(sample)
        base = np.full(sample.returns.shape, np.nan)
        for row in np.flatnonzero(m > 1):
            base[row] = _mix(sample, pool[:, row], int(row))
        return unfitted(sample, base)


def _mix(sample: Sample, pool: FloatArray, row: int) -> FloatArray:
    """Return the mix of one pair on all offsets, (S,); NaN without a donor."""
    used = sample.estimation[row]
    serving = np.isfinite(pool[:, used]).all(axis=1)
    if not serving.any():
        return np.full(len(used), np.nan)
    weights = simplex_weights(pool[serving][:, used].T, sample.returns[row, used])
    chosen = weights > 0
    return np.asarray(weights[chosen] @ pool[serving][chosen])


def simplex_weights(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the w >= 0 with sum 1 that minimise |y - Xw|^2, exactly, (D,).

    Notes
    -----
    Active sets: least squares on the support, a step back to the boundary where a
    weight would turn negative, and a new member while its gradient is the lower one
    (Lawson and Hanson 1974, Solving Least Squares Problems, chapter 23, with the sum
    as an equality).
    """
    gram, cross = x.T @ x, x.T @ y
    weights = np.zeros(len(cross))
    weights[int(np.argmin(np.diag(gram) - 2 * cross))] = 1.0
    tolerance = 1e-12 * max(float(np.abs(gram).max()), float(np.abs(cross).max()))
    for _ in range(50 * len(cross)):
        gradient = gram @ weights - cross
        # on the support all gradients are equal: the multiplier of the sum
        gain = gradient - gradient @ weights
        gain[weights > 0] = 0.0
        enters = int(np.argmin(gain))
        if gain[enters] >= -tolerance:
            break
        weights = _settle(gram, cross, weights, enters)
    return weights


def _settle(
    gram: FloatArray, cross: FloatArray, weights: FloatArray, enters: int
) -> FloatArray:
    """Add a member to the support and move to the optimum of what stays in it."""
    support = weights > 0
    support[enters] = True
    while True:
        target = np.zeros(len(weights))
        target[support] = _on_support(gram, cross, np.flatnonzero(support))
        if (target[support] > 0).all():
            return target
        falling = support & (target <= 0)
        room = weights[falling] / np.maximum(weights[falling] - target[falling], 1e-300)
        weights = weights + float(room.min()) * (target - weights)
        weights[falling & (weights <= 1e-15)] = 0.0
        weights[np.flatnonzero(falling)[int(np.argmin(room))]] = 0.0
        support = weights > 0
        weights = weights / weights.sum()


def _on_support(gram: FloatArray, cross: FloatArray, at: np.ndarray) -> FloatArray:
    """Solve least squares with weights that sum to 1, on the support alone."""
    size = len(at)
    system = np.ones((size + 1, size + 1))
    system[:size, :size] = gram[np.ix_(at, at)]
    system[size, size] = 0.0
    right = np.append(cross[at], 1.0)
    # least squares, since donors may be collinear
    return np.asarray(np.linalg.lstsq(system, right, rcond=None)[0][:size])
