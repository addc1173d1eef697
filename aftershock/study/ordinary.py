"""What is ordinary for a symbol just before a session, and what would stand out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftershock.abnormal import AbnormalReturns, BoolArray, FloatArray, IntArray
from aftershock.significance.base import thin_reference
from aftershock.significance.reference import (
    DECAY,
    scaled_reference,
    scaled_series,
    two_sided,
)
from aftershock.windows import EventWindow

DAY = EventWindow(0, 0)
LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Ordinary:
    """What sessions before the event session say of each pair.

    Attributes
    ----------
    m : (N,) integers
        Estimation rows.
    alpha, beta : (N,)
    sigma_now : (N,)
        EWMA volatility of abnormal returns, as known before the session.
    threshold : (N,)
        The abnormal move that 95 % of ordinary sessions, scaled to that volatility,
        stay within.
    reference : (N, S)
        Scaled abnormal returns of the ordinary sessions, NaN elsewhere.

    Notes
    -----
    All but `m` are NaN where a pair has fewer estimation rows than it needs.
    """

    m: IntArray
    alpha: FloatArray
    beta: FloatArray
    sigma_now: FloatArray
    threshold: FloatArray
    reference: FloatArray

    @property
    def count(self) -> IntArray:
        """Ordinary sessions behind each threshold, (N,)."""
        return np.asarray(np.isfinite(self.reference).sum(axis=1), dtype=np.int64)

    @property
    def thin(self) -> BoolArray:
        """Whether these are too few for a p-value, (N,)."""
        return np.array([not thin_reference(int(n), 1)[0] for n in self.count], bool)

    def surprise(self, ar: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Rank abnormal moves of one session among the ordinary ones.

        Parameters
        ----------
        ar : (N,)

        Returns
        -------
        z, percentile, pvalue : (N,)
            The move over `sigma_now`; the share of ordinary |Z| below |z|; the
            two-sided rank p-value of `ewma_quantile`, NaN where `thin`.
        """
        z = np.asarray(ar) / self.sigma_now
        count = self.count
        below = (np.abs(self.reference) < np.abs(z)[:, None]).sum(axis=1)
        known = np.isfinite(z) & (count > 0)
        share = np.where(known, below / np.maximum(count, 1), np.nan)
        pvalue = np.where(self.thin, np.nan, two_sided(self.reference, z)[0])
        return z, share, pvalue


def ordinary(abnormal: AbnormalReturns, min_obs: int) -> Ordinary:
    """Return what is ordinary before offset 0 of every pair."""
    sigma = _sigma_before(abnormal)
    reference, _ = scaled_reference(abnormal, DAY)
    enough = abnormal.fit.m >= min_obs

    def shown(values: FloatArray) -> FloatArray:
        """Blank what too few rows stand behind."""
        return np.where(enough, values, np.nan)

    return Ordinary(
        m=abnormal.fit.m,
        alpha=shown(abnormal.fit.alpha),
        beta=shown(abnormal.fit.beta),
        sigma_now=shown(sigma),
        threshold=shown(sigma * _quantile(reference)),
        reference=np.where(enough[:, None], reference, np.nan),
    )


def _sigma_before(abnormal: AbnormalReturns) -> FloatArray:
    """Return the EWMA volatility known before the event session, (N,)."""
    x, v = scaled_series(abnormal)
    stop = abnormal.columns(DAY).start
    x, v = x[:, :stop], v[:, :stop]
    result = np.full(len(x), np.nan)
    for row, (moves, variance) in enumerate(zip(x, v, strict=True)):
        seen = np.flatnonzero(np.isfinite(moves))
        if len(seen):
            last = seen[-1]
            level = DECAY * variance[last] + (1 - DECAY) * moves[last] ** 2
            result[row] = np.sqrt(level)
    return result


def _quantile(reference: FloatArray) -> FloatArray:
    """Return the .95 quantile of |Z| over each pair's ordinary sessions, (N,)."""
    result = np.full(len(reference), np.nan)
    for row, values in enumerate(np.abs(reference)):
        known = values[np.isfinite(values)]
        if len(known):
            result[row] = np.quantile(known, LEVEL)
    return result
