"""Mean residual correlation over pairs whose windows share sessions."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from aftershock.abnormal import BoolArray, Fit, FloatArray, IntArray, blocks
from aftershock.significance.trial import Trial

MOST_PAIRS = 200_000
FEWEST_DATES = 20


def mean_correlation(trial: Trial) -> tuple[float, bool]:
    """Return r of Kolari and Pynnonen over all N(N-1)/2 pairs, and whether exact.

    Returns
    -------
    r : float
        Mean of share_ij corr_ij, where share is the part of the window that both
        pairs have in common and corr the Pearson correlation of residuals on common
        calendar dates (0 with fewer than 20 of them).
    exact : bool
        False when too many pairs overlap to enumerate and column sums were used.

    Notes
    -----
    Kolari and Pynnonen (2010), Review of Financial Studies 23, 3996-4025, for the
    correction; residuals are aligned by calendar date, not by event time.
    """
    n = trial.n
    if n < 2:
        return 0.0, True
    order, positions, reach = in_order(trial.positions, trial.window.length)
    fit = trial.present.fit
    pairs = n * (n - 1) / 2
    if not too_many(reach):
        held = np.flatnonzero(fit.sample.estimation.any(axis=0))
        # outside the estimation there is nothing; without it most pairs are complete
        rows = slice(int(held[0]), int(held[-1]) + 1)
        residuals = fit.residuals[order, rows]
        total = _exact(residuals, positions, reach, trial.window.length)
        return total / pairs, True
    total = total_of_sums(column_sums(fit, order), n, trial.window.length)
    return total / pairs, False


def in_order(positions: IntArray, length: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return the order of event sessions, them in order, and the end of each overlap.

    Pair k of the order overlaps the pairs k+1 .. reach[k]-1.
    """
    order = np.argsort(positions, kind="stable")
    ordered = positions[order]
    return order, ordered, np.searchsorted(ordered, ordered + length, side="left")


def too_many(reach: IntArray) -> bool:
    """Tell whether more pairs overlap than are enumerated."""
    return int((reach - np.arange(len(reach)) - 1).sum()) > MOST_PAIRS


def _exact(
    residuals: FloatArray, positions: IntArray, reach: IntArray, length: int
) -> float:
    """Sum share_ij corr_ij over the pairs whose windows share a session."""
    n = len(positions)
    counts = reach - np.arange(n) - 1
    first = np.repeat(np.arange(n), counts)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    second = np.arange(len(first)) - starts + first + 1
    lag = positions[second] - positions[first]
    total = 0.0
    # windows may be longer than the estimation: so far apart no date is common
    for distance in np.unique(lag[lag < residuals.shape[1]]):
        share = (length - int(distance)) / length
        chosen = np.flatnonzero(lag == distance)
        for at in blocks(len(chosen), residuals.shape[1]):
            block = chosen[at]
            left, right = residuals[first[block]], residuals[second[block]]
            total += share * float(_pearson(left, right, int(distance)).sum())
    return total


def _pearson(left: FloatArray, right: FloatArray, distance: int) -> FloatArray:
    """Correlate rows on common calendar dates; `right` lies `distance` later."""
    width = left.shape[1]
    x, y = left[:, distance:], right[:, : width - distance]
    both = np.isfinite(x) & np.isfinite(y)
    count = both.sum(axis=1)
    if both.all():
        x, y = (v - v.mean(axis=1, keepdims=True) for v in (x, y))
    else:
        x, y = (_centred(v, both, np.maximum(count, 1)) for v in (x, y))
    squares = [np.einsum("ns,ns->n", v, v) for v in (x, y)]
    scale = np.sqrt(squares[0] * squares[1])
    sound = (count >= FEWEST_DATES) & (scale > 0)
    dot = np.einsum("ns,ns->n", x, y)
    return np.asarray(np.divide(dot, scale, out=np.zeros(len(dot)), where=sound))


def _centred(values: FloatArray, known: BoolArray, count: IntArray) -> FloatArray:
    """Return values about the mean of the known ones of their row, 0 elsewhere."""
    mean = np.where(known, values, 0.0).sum(axis=1) / count
    return np.where(known, values - mean[:, None], 0.0)


def column_sums(fit: Fit, order: IntArray) -> FloatArray:
    """Sum e_i / ||e_i|| over the pairs of each session, (P, S).

    Parameters
    ----------
    fit : Fit
    order : (N,)
        The pairs in order of their positions.

    Returns
    -------
    (P, S)
        A row for each calendar session from the first event's to the last one's.
    """
    positions = fit.sample.positions[order]
    dates = np.arange(positions[0], positions[-1] + 2)
    first = np.searchsorted(positions, dates)
    # one row a position, 1 at its pairs: a product reads each residual once
    at = sparse.csr_array((np.ones(len(order)), order, first))
    return np.asarray(at @ fit.filled(_normalised))


def total_of_sums(summed: FloatArray, pairs: int, length: int) -> float:
    """Sum share_ij corr_ij from the column sums of N pairs, without pairs.

    Parameters
    ----------
    summed : (P, S)
        From `column_sums`.
    pairs, length : int
        N; sessions in the window, L.

    Notes
    -----
    z_i = e_i / ||e_i|| on the pair's own rows; r is the sum over event-window sessions
    of (||sum z||^2 - sum ||z||^2) / (2L). With A_p the sum of z at position p, two
    positions d apart share L - d sessions, so the squared norms add up to
    sum_d (L - d) <A_p, A_(p+d)>, each d > 0 twice, on common calendar dates.
    """
    width = summed.shape[1]
    # a residual vector has norm 1
    total = -float(length * pairs)
    for lag in range(min(length, len(summed), width)):
        left, right = summed[: len(summed) - lag, lag:], summed[lag:, : width - lag]
        weight = (length - lag) * (2 if lag else 1)
        total += weight * float(np.einsum("ps,ps->p", left, right).sum())
    return total / (2 * length)


def _normalised(fit: Fit) -> FloatArray:
    """Return e_i / ||e_i||, 0 where there is no residual, (N, S)."""
    known = np.where(fit.sample.estimation, fit.residuals, 0.0)
    return np.asarray(known / np.sqrt(np.einsum("ns,ns->n", known, known))[:, None])
