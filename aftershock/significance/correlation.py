"""Mean residual correlation over pairs whose windows share sessions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from aftershock.abnormal import (
    BoolArray,
    Fit,
    FloatArray,
    IntArray,
    blocks,
    is_constant,
)
from aftershock.significance.trial import Trial

MOST_PAIRS = 200_000
RUN_CELLS = 2**17
"""Cells of normalised residuals made at once: 1 MB."""
FEWEST_DATES = 20
TINY = 1e-24
"""Share of both sums of squares below which rows do not vary: rounding alone."""


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
        # outside the estimation there is nothing; without it most pairs are complete
        residuals = fit.residuals[order, _hull(fit)]
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
    n, width = residuals.shape
    counts = reach - np.arange(n) - 1
    first = np.repeat(np.arange(n), counts)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    second = np.arange(len(first)) - starts + first + 1
    lag = positions[second] - positions[first]
    # windows may be longer than the estimation: so far apart no date is common
    near = lag < width
    pairs: IntArray = np.stack([first[near], second[near], lag[near]])
    whole: BoolArray = np.asarray(np.isfinite(residuals).all(axis=1))
    plain = whole[pairs[0]] & whole[pairs[1]]
    plain &= len(plain) > n  # sums of runs, of all rows, are for many pairs
    found = np.zeros(len(plain))
    for how, chosen in ((_of_whole, plain), (_with_gaps, ~plain)):
        if chosen.any():
            found[chosen] = how(residuals, pairs[:, chosen])
    return float(found @ ((length - pairs[2]) / length))


def _aligned(
    residuals: FloatArray, pairs: IntArray, blank: float
) -> Iterator[tuple[slice, FloatArray, FloatArray]]:
    """Yield runs of pairs, their rows on the same dates, `blank` where one has none."""
    n, width = residuals.shape
    # before each row lie as many blanks: read from within them, it is read later
    padded = np.concatenate([np.full((n, width), blank), residuals], axis=1).ravel()
    later = np.lib.stride_tricks.sliding_window_view(padded, width)
    first, second, lag = pairs
    for at in blocks(len(first), width):
        yield at, residuals[first[at]], later[(2 * second[at] + 1) * width - lag[at]]


def _of_whole(residuals: FloatArray, pairs: IntArray) -> FloatArray:
    """Correlate pairs of rows without gaps, (P,): sums of runs know the rest.

    Residuals have a mean near zero, so that little is lost in a difference of sums.
    """
    found, (first, second, lag) = np.zeros(pairs.shape[1]), pairs
    count = residuals.shape[1] - lag
    for at, x, y in _aligned(residuals, pairs, 0.0):
        np.einsum("ns,ns->n", x, y, out=found[at])
    (sum_x, sum_y), (squares_x, squares_y) = (
        (total[first, -1] - total[first, lag], total[second, count])
        for total in (_running(residuals), _running(residuals**2))
    )
    scales = squares_x * squares_y
    squares_x, squares_y = squares_x - sum_x**2 / count, squares_y - sum_y**2 / count
    sound = (count >= FEWEST_DATES) & (squares_x * squares_y > TINY * scales)
    dot = found - sum_x * sum_y / count
    scale = np.sqrt(np.maximum(squares_x * squares_y, 0.0))
    return np.asarray(np.divide(dot, scale, out=np.zeros(len(dot)), where=sound))


def _running(values: FloatArray) -> FloatArray:
    """Return the sums of the first 0, 1, ... values of each row."""
    found = np.zeros((len(values), values.shape[1] + 1))
    values.cumsum(axis=1, out=found[:, 1:])
    return found


def _with_gaps(residuals: FloatArray, pairs: IntArray) -> FloatArray:
    """Correlate pairs of rows where both have a value, (P,)."""
    blocked = _aligned(residuals, pairs, np.nan)
    return np.concatenate([_pearson(x, y) for _, x, y in blocked])


def _pearson(x: FloatArray, y: FloatArray) -> FloatArray:
    """Correlate rows where both have a value."""
    known = np.isfinite(x) & np.isfinite(y)
    count = known.sum(axis=1)
    x, y = (_centred(v, known, np.maximum(count, 1)) for v in (x, y))
    squares = [np.einsum("ns,ns->n", v, v) for v in (x, y)]
    scale = np.sqrt(squares[0] * squares[1])
    sound = (count >= FEWEST_DATES) & (scale > 0)
    dot = np.einsum("ns,ns->n", x, y)
    return np.asarray(np.divide(dot, scale, out=np.zeros(len(dot)), where=sound))


def _centred(values: FloatArray, known: BoolArray, count: IntArray) -> FloatArray:
    """Return values about the mean of the known ones of their row, 0 elsewhere."""
    centred = np.where(known, values, 0.0)
    centred -= (centred.sum(axis=1) / count)[:, None]
    centred *= known
    return centred


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
    held, whole = _without_gaps(fit)
    plain = whole[order]
    summed = np.zeros((len(dates) - 1, fit.sample.returns.shape[1]))
    if plain.any():
        first = np.searchsorted(positions[plain], dates)
        summed[:, held] = _linear(fit, order[plain], first)[:, held]
    if not plain.all():
        first = np.searchsorted(positions[~plain], dates)
        _add_each(summed, fit, order[~plain], first)
    return summed


def _without_gaps(fit: Fit) -> tuple[slice, BoolArray]:
    """Return the offsets with estimation rows, and which pairs have all, (N,).

    No pair where residuals are no linear sum, or `sigma` is not their norm.
    """
    held = _hull(fit)
    if not fit.k or fit.scale is not None:
        return held, np.zeros(len(fit.m), dtype=bool)
    return held, fit.sample.estimation[:, held].all(axis=1) & (fit.sigma > 0)


def _hull(fit: Fit) -> slice:
    """Return the columns from the first to the last estimation row of any pair."""
    held = np.flatnonzero(fit.sample.estimation.any(axis=0))
    return slice(int(held[0]), int(held[-1]) + 1)


def _linear(fit: Fit, order: IntArray, first: IntArray) -> FloatArray:
    """Sum normalised residuals without making them: they are linear in what is there.

    With w = 1 / ||e||, sum w e = sum w R - sum_j sum (w b_j) x_j - sum w base.
    """
    weight = 1 / (fit.sigma[order] * np.sqrt(fit.residual_df[order]))

    def added(values: FloatArray, weights: FloatArray) -> FloatArray:
        """Return the weighted sum of the pairs of each session, (P, S)."""
        shape = (len(first) - 1, len(fit.m))
        chosen = sparse.csr_array((weights, order, first), shape)
        if is_constant(values):
            return np.asarray(chosen.sum(axis=1)[:, None] * values[0, 0])
        return np.asarray(chosen @ values)

    total = added(fit.sample.returns, weight)
    for j, x in enumerate(fit.regressors):
        total -= added(x, weight * fit.coefficients[order, j])
    return total if fit.base is None else total - added(fit.base, weight)


def _add_each(summed: FloatArray, fit: Fit, order: IntArray, first: IntArray) -> None:
    """Add the normalised residuals of pairs with gaps to the sums of their session."""
    for at, pairs in _whole_sessions(first, summed.shape[1]):
        # one row a session, 1 at its pairs: a product reads each residual once
        ends = first[at.start : at.stop + 1] - pairs.start
        ones, places = np.ones(ends[-1]), np.arange(ends[-1])
        chosen = sparse.csr_array((ones, places, ends), (len(ends) - 1, ends[-1]))
        summed[at] += chosen @ _normalised(fit, order[pairs])


def _whole_sessions(first: IntArray, width: int) -> Iterator[tuple[slice, slice]]:
    """Cut sessions, whose first pairs these are, into runs; yield them, their pairs."""
    start, most = 0, max(1, RUN_CELLS // width)
    while start < len(first) - 1:
        fits = int(np.searchsorted(first, first[start] + most, side="right")) - 1
        end = max(start + 1, fits)
        yield slice(start, end), slice(int(first[start]), int(first[end]))
        start = end


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


def _normalised(fit: Fit, rows: IntArray) -> FloatArray:
    """Return e_i / ||e_i|| of some pairs, 0 where there is no residual, (B, S)."""
    known = np.where(fit.sample.estimation[rows], fit.residuals_of(rows), 0.0)
    return np.asarray(known / np.sqrt(np.einsum("ns,ns->n", known, known))[:, None])
