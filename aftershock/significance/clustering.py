"""The mean of pairs that come in clusters: sums by cluster, errors, sign vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from aftershock.abnormal import FloatArray, IntArray
from aftershock.significance.base import (
    NAN,
    Significance,
    interval,
    two_sided_t,
)
from aftershock.significance.trial import Trial

FEWEST_CLUSTERS = 6
UNEQUAL, TOO_UNEQUAL = 0.75, 0.5
ENUMERATED = 12
DRAWS = 9_999
MOST_CELLS = 2_000_000

ErrorOfMean = Callable[[FloatArray, FloatArray], float]


def cluster_sums(values: FloatArray, labels: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return the sum and the number of values in each cluster, (G,), (G,).

    Parameters
    ----------
    values : (n,)
    labels : (n,) integers
        0 .. G-1.
    """
    sums = np.bincount(labels, weights=values)
    return np.asarray(sums), np.bincount(labels).astype(float)


def clustered_error(sums: FloatArray, counts: FloatArray) -> float:
    """Return the CR1 standard error of the mean: sqrt(G/(G-1) sum_g u_g^2) / n.

    u_g = s_g - n_g mean is the sum of a cluster's deviations; NaN for one cluster.

    Notes
    -----
    Liang and Zeger (1986), Biometrika 73, 13-22, for the sandwich; G/(G-1) as in
    Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90, 414-427.
    With one regressor, the constant, the factor (n-1)/(n-k) of other programs is 1.
    """
    groups, n = len(sums), counts.sum()
    if groups < 2:
        return NAN
    deviations = sums - counts * (sums.sum() / n)
    return float(np.sqrt(groups / (groups - 1) * (deviations @ deviations)) / n)


def jackknife_error(sums: FloatArray, counts: FloatArray) -> float:
    """Return the CV3 standard error: sqrt((G-1)/G sum_g (mean_(g) - mean)^2).

    mean_(g) leaves cluster g out; NaN for one cluster.

    Notes
    -----
    MacKinnon, Nielsen and Webb (2023), Journal of Applied Econometrics 38, 671-694;
    centred at the full-sample mean.
    """
    groups, n, total = len(sums), counts.sum(), sums.sum()
    if groups < 2:
        return NAN
    moved = (total - sums) / (n - counts) - total / n
    return float(np.sqrt((groups - 1) / groups * (moved @ moved)))


def t_ratio(sums: FloatArray, counts: FloatArray, error: ErrorOfMean) -> float:
    """Return the mean over its standard error; NaN where that is 0 or unknown."""
    se = error(sums, counts)
    return float(sums.sum() / counts.sum() / se) if se > 0 else NAN


def few_clusters(groups: int) -> str:
    """Say that there are too few clusters, if so."""
    if groups >= FEWEST_CLUSTERS:
        return ""
    return f"fewer than {FEWEST_CLUSTERS} clusters of sessions"


def unequal_clusters(counts: FloatArray) -> tuple[str, str]:
    """Say that a few clusters hold most pairs: as a reason, or as a warning.

    Parameters
    ----------
    counts : (G,)
        Pairs in each cluster.

    Notes
    -----
    By the effective number of clusters G* = (sum n_g)^2 / sum n_g^2, after Carter,
    Schnepel and Steigerwald (2017), Review of Economics and Statistics 99, 698-709.
    Pairs of a cluster correlated .5, nominal 5 %, CR1 and CV3: G*/G .72 rejects 7.0
    and 6.2 %, .68 7.7 and 6.8, .58 11 and 8; twenty pairs beside five or eleven single
    ones (.26, .20) 51 and 37, 12 and 12. `sign_flip` keeps its size in all of them.
    """
    share = counts.sum() ** 2 / (counts @ counts) / len(counts)
    said = "a few clusters hold most pairs; see sign_flip"
    if share < TOO_UNEQUAL:
        return said, ""
    return "", said if share < UNEQUAL else ""


def mean_row(name: str, null: str, trial: Trial, error: ErrorOfMean) -> Significance:
    """Return the t test of the mean CAR with a cluster-robust error.

    Valid from six clusters, unless a few of them hold most pairs; two to five are
    computed all the same, one gives NaN.
    """
    sums, counts = cluster_sums(trial.present.car(trial.window), trial.labels)
    df, statistic = len(sums) - 1, t_ratio(sums, counts, error)
    estimate = float(sums.sum() / counts.sum())
    low, high = interval(estimate, error(sums, counts), df) if df else (NAN, NAN)
    held, warning = unequal_clusters(counts)
    reasons = "; ".join(filter(None, [few_clusters(len(sums)), held]))
    return Significance(
        name,
        null,
        estimate=estimate,
        statistic=statistic,
        df=df if df else NAN,
        pvalue=two_sided_t(statistic, df) if df else NAN,
        ci_low=low,
        ci_high=high,
        valid=not reasons,
        reason=reasons,
        warning="; ".join(filter(None, [warning, trial.close_events()])),
        mde=trial.minimum_effect(trial.correlation[0]),
        **trial.counts,
    )


def sign_vectors(groups: int, random: np.random.Generator) -> Iterator[FloatArray]:
    """Yield blocks of sign vectors, (B, G) of +1 and -1.

    All 2^G of them, the identity first, for up to twelve clusters; else 9,999 drawn.
    Blocks keep memory bounded however many clusters there are.
    """
    if groups <= ENUMERATED:
        bits = np.arange(2**groups)[:, None] >> np.arange(groups) & 1
        yield np.where(bits, -1.0, 1.0)
        return
    block = max(1, MOST_CELLS // groups)
    for start in range(0, DRAWS, block):
        rows = min(block, DRAWS - start)
        heads = random.integers(0, 2, size=(rows, groups), dtype=np.int8)
        yield np.where(heads, -1.0, 1.0)


def flipped_ratios(
    sums: FloatArray, counts: FloatArray, signs: FloatArray
) -> FloatArray:
    """Return the clustered t after each cluster was multiplied by its sign, (B,).

    Parameters
    ----------
    sums, counts : (G,)
    signs : (B, G)

    Notes
    -----
    Deviations are written out: expanding their squares would cancel digits that the
    comparison with the observed t needs.
    """
    groups, n = len(sums), counts.sum()
    flipped = signs * sums
    means = flipped.sum(axis=1) / n
    flipped -= means[:, None] * counts
    squares = np.einsum("bg,bg->b", flipped, flipped)
    errors = np.sqrt(groups / (groups - 1) * squares) / n
    infinite = np.full(len(means), np.inf)
    return np.asarray(np.divide(means, errors, out=infinite, where=errors > 0))
