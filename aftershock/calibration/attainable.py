"""The size that a discrete test can attain: its p-values lie on a lattice."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from scipy import stats

from aftershock.significance.base import Significance
from aftershock.significance.contrast import declared
from aftershock.significance.family import scaled_vectors
from aftershock.significance.generalized_sign import positive_share
from aftershock.significance.reference import quantile_pvalues, scaled_quantile_pvalues
from aftershock.significance.trial import Trial

FINE = 200
"""From so many reference sessions on, a rank counts as continuous."""
FEW_CLUSTERS = 9
ROUNDING = 1e-9


def attainable_size(row: Significance, trial: Trial, level: float) -> float:
    """Return P(p <= level) under the test's own null, NaN for a continuous test."""
    if row.test == "sign":
        return binomial_size(row.n, level)
    if row.test == "generalized_sign":
        return normal_binomial_size(row.n, positive_share(trial), level)
    if row.test == "sign_flip":
        return flip_size(row.n_clusters, level)
    if row.test == "contrast_ewma" and row.n_sessions > 1:
        return math.nan  # there it is a t of sessions, and ranks nothing
    count = reference_count(row.test, trial) if trial.n else FINE
    sides = 2 if row.test in TWO_SIDED else 1
    return rank_size(count, level, sides) if count < FINE else math.nan


def binomial_size(n: int, level: float) -> float:
    """Return the size of the exact two-sided sign test of `n` pairs.

    The p-value is twice the smaller tail, at most 1; p = 1/2.
    """
    w = np.arange(n + 1)
    tail = np.minimum(stats.binom.cdf(w, n, 0.5), stats.binom.sf(w - 1, n, 0.5))
    rejected = 2 * tail <= level * (1 + ROUNDING)
    return float(stats.binom.pmf(w, n, 0.5)[rejected].sum())


def normal_binomial_size(n: int, share: float, level: float) -> float:
    """Return P(|w - n p| / sqrt(n p (1 - p)) >= z) for w binomial(n, p)."""
    w = np.arange(n + 1)
    z = (w - n * share) / np.sqrt(n * share * (1 - share))
    rejected = np.abs(z) >= stats.norm.isf(level / 2)
    return float(stats.binom.pmf(w, n, share)[rejected].sum())


def flip_size(clusters: int, level: float) -> float:
    """Return the size of all sign vectors of `clusters` clusters.

    A vector and its opposite give the same |t|, so p is a multiple of 2^(1-G).
    """
    if not 0 < clusters < FEW_CLUSTERS:
        return math.nan
    vectors = float(2 ** (clusters - 1))
    return math.floor(level * vectors + ROUNDING) / vectors


def rank_size(count: int, level: float, sides: int = 1) -> float:
    """Return the size of a rank among `count` others: p = sides k / (count + 1)."""
    return sides * math.floor(level / sides * (count + 1) + ROUNDING) / (count + 1)


def reference_count(test: str, trial: Trial) -> int:
    """Return how many sessions a test ranks among; many for one that does not."""
    counted = COUNTS.get(test)
    return FINE if counted is None else counted(trial)


def _plain(trial: Trial) -> int:
    """Count the sessions of `sample_quantile`, the fewest of any pair."""
    return int(quantile_pvalues(trial.present, trial.window)[1].min())


def _scaled(trial: Trial) -> int:
    """Count the sessions of `ewma_quantile`, the fewest of any pair."""
    return int(scaled_quantile_pvalues(trial.present, trial.window)[1].min())


def _contrast_scaled(trial: Trial) -> int:
    """Count the scaled sessions of the contrast's portfolio; many without one."""
    found = declared(trial)
    if isinstance(found, str):
        return FINE
    return int(scaled_quantile_pvalues(found.portfolios, trial.window)[1][0])


def _family(trial: Trial) -> int:
    """Count the sessions at which the whole family has a residual."""
    return int(np.isfinite(trial.family.fit.residuals).all(axis=0).sum())


def _family_scaled(trial: Trial) -> int:
    """Count the sessions at which the whole family has a scaled residual."""
    return len(scaled_vectors(trial.family, trial.window)[0])


def _placebo(trial: Trial) -> int:
    """Count the placebo sessions, or draws."""
    return len(trial.reference.sessions) if trial.reference else FINE


COUNTS: Mapping[str, Callable[[Trial], int]] = {
    "sample_quantile": _plain,
    "ewma_quantile": _scaled,
    "contrast_ewma": _contrast_scaled,
    "joint_ranked": _family,
    "max_sar": _family,
    "contrast_search": _family,
    "joint_ranked_ewma": _family_scaled,
    "max_sar_ewma": _family_scaled,
    "contrast_search_ewma": _family_scaled,
    "placebo": _placebo,
    "placebo_contrast": _placebo,
    "volatility": _placebo,
}
"""Tests that rank, and how many sessions each ranks among."""
TWO_SIDED = ("sample_quantile", "ewma_quantile", "contrast_ewma")
