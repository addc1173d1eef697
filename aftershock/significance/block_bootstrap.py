"""Standardised CARs against blocks of residual vectors of calendar dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import FloatArray, IntArray
from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    thin_reference,
    upper_rank_pvalue,
)
from aftershock.significance.clustering import (
    cluster_sums,
    clustered_error,
    few_clusters,
    t_ratio,
)
from aftershock.significance.family import externally_studentised
from aftershock.significance.trial import Trial

DRAWS = 1_999
SHORTEST_BLOCK, LONGEST_BLOCK = 5, 10


@dataclass(frozen=True)
class BlockBootstrap(SignificanceTest):
    """SCARs among those of resampled residuals, symbols kept aligned.

    For every cluster of overlapping windows a path as long as the cluster is drawn
    from the calendar dates at which all its pairs have a residual, in circular blocks
    of M^(1/3) dates (at least five, at most ten). All pairs of the cluster read the
    same dates, each from its own place in the cluster, so what symbols share and what
    overlapping windows share stays. Clusters are drawn independently.
    p = (1 + #{|ref| >= |obs| (1 - 1e-12)}) / (B + 1), B = 1,999.

    The statistic is made of SCARs and not of CARs because the forecast error, which
    residuals lack, is in their scale. From six clusters on it is the mean over its
    CR1 error by cluster, in every draw anew: a bootstrap-t, which volatility that is
    higher or lower than in the estimation leaves alone (the mean itself rejects 9 % of
    twelve GARCH sessions). Below six it is the mean. Residuals are externally
    studentised, as an abnormal return outside the estimation is; a window's sum is
    divided by sqrt(L). The estimate is the CAAR.

    Notes
    -----
    Politis and Romano (1992), in Exploring the Limits of Bootstrap, for circular
    blocks; Kunsch (1989), Annals of Statistics 17, 1217-1241. Assumes that what is
    abnormal on ordinary sessions is stationary over the estimation window. Valid from
    100 dates for the shortest cluster history, exploratory below twenty windows; not
    valid where a cluster is longer than a quarter of its dates. Four symbols with
    correlation .5 are rejected in 5.3 % on one session and 4.8 % on twelve.

    Measured sizes: docs/calibration.md#block_bootstrap.
    """

    name: ClassVar[str] = "block_bootstrap"
    rows: ClassVar[tuple[str, ...]] = ("block_bootstrap",)
    null: ClassVar[str] = "the mean standardised CAR is that of resampled residuals"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `block_bootstrap`."""
        if not trial.n:
            return self.refuse(trial, "no pair has every session of the window")
        found = resampled(trial)
        if found is None:
            return self.refuse(trial, "a cluster's pairs share no residual date")
        values, fewest, longest = found
        sums, counts = cluster_sums(trial.present.scar(trial.window), trial.labels)
        observed = _observed(sums, counts)
        enough, few, note = thin_reference(fewest, trial.window.length)
        long = "" if 4 * longest <= fewest else "a cluster is too long for its dates"
        mean = bool(few_clusters(len(sums)))
        stormy = trial.high_volatility("the tests scaled by volatility") if mean else ""
        row = self.row(
            trial,
            statistic=observed,
            pvalue=upper_rank_pvalue(np.abs(values), abs(observed)),
            valid=enough and not long,
            reason=few or long,
            warning="; ".join(filter(None, [note, stormy, trial.close_events()])),
        )
        return [row]


def _observed(sums: FloatArray, counts: FloatArray) -> float:
    """Return the mean over its error by cluster; the mean below six clusters."""
    if few_clusters(len(sums)):
        return float(sums.sum() / counts.sum())
    return t_ratio(sums, counts, clustered_error)


def resampled(trial: Trial) -> tuple[FloatArray, int, int] | None:
    """Return the statistic of each draw, (B,), the fewest dates, the longest cluster.

    None where the pairs of a cluster share no residual date.
    """
    random, length = np.random.default_rng(trial.seed), trial.window.length
    drawn, fewest, longest = _Drawn(), 0, 0
    order = np.argsort(trial.labels, kind="stable")
    ends = np.flatnonzero(np.diff(trial.labels[order])) + 1
    standard = externally_studentised(trial.present.fit) / np.sqrt(length)
    for rows in np.split(order, ends):
        vectors, lags = _by_date(standard[rows], trial.positions[rows])
        count, span = vectors.shape[1], int(lags[-1]) + length
        if not count:
            return None
        dates = circular_dates(random, count, span, DRAWS)
        sums = np.zeros(DRAWS)
        for series, lag in zip(vectors, lags, strict=True):
            sums += series[dates[:, lag : lag + length]].sum(axis=1)
        drawn.add(sums, len(rows))
        fewest = min(fewest or count, count)
        longest = max(longest, span)
    return drawn.statistic(), fewest, longest


class _Drawn:
    """Moments of the clusters' sums in every draw: no array of draws by clusters."""

    def __init__(self) -> None:
        self.groups, self.n, self.squared = 0, 0, 0
        self.total, self.squares, self.cross = np.zeros((3, DRAWS))

    def add(self, sums: FloatArray, pairs: int) -> None:
        """Take in one more cluster of so many pairs, (B,)."""
        self.groups, self.n = self.groups + 1, self.n + pairs
        self.squared += pairs**2
        self.total += sums
        self.squares += sums**2
        self.cross += sums * pairs

    def statistic(self) -> FloatArray:
        """Return what `_observed` is, of every draw, (B,)."""
        mean = self.total / self.n
        if few_clusters(self.groups):
            return np.asarray(mean)
        spread = self.squares - 2 * mean * self.cross + mean**2 * self.squared
        spread *= self.groups / (self.groups - 1)
        # a draw whose clusters are alike has no error: it counts as one that is large
        found = np.full(len(mean), np.inf)
        np.divide(self.total, np.sqrt(spread.clip(0.0)), out=found, where=spread > 0)
        return found


def _by_date(standard: FloatArray, positions: IntArray) -> tuple[FloatArray, IntArray]:
    """Add up the pairs of each session on the dates that the whole cluster shares.

    Parameters
    ----------
    standard : (n, S)
        By offset.
    positions : (n,) integers

    Returns
    -------
    vectors : (P, M)
        For each of P event sessions the sum over its pairs on M calendar dates.
    lags : (P,) integers
        Sessions from the first event session.
    """
    distinct, place = np.unique(positions, return_inverse=True)
    lags = distinct - distinct[0]
    width = standard.shape[1] - int(lags[-1])
    if width <= 0:
        return np.empty((len(lags), 0)), lags
    summed = np.zeros((len(lags), standard.shape[1]))
    np.add.at(summed, place, standard)
    # a date stands the further left in the offsets of an event, the later the event
    shifts = lags[-1] - lags
    aligned = np.stack(
        [row[k : k + width] for row, k in zip(summed, shifts, strict=True)]
    )
    return aligned[:, np.isfinite(aligned).all(axis=0)], lags


def circular_dates(
    random: np.random.Generator, count: int, span: int, draws: int
) -> IntArray:
    """Return indices into `count` dates in circular blocks, (draws, span).

    Block length is the cube root of `count`, at least five and at most ten.
    """
    block = int(np.clip(round(count ** (1 / 3)), SHORTEST_BLOCK, LONGEST_BLOCK))
    starts = random.integers(0, count, size=(draws, -(-span // block)))
    dates = starts[:, :, None] + np.arange(block)
    return np.asarray(dates.reshape(draws, -1)[:, :span] % count)
