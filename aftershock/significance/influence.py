"""What the clustered test of a mean says without each one of its clusters."""

from __future__ import annotations

import numpy as np

from aftershock.abnormal import FloatArray
from aftershock.significance.base import two_sided_t
from aftershock.significance.clustering import clustered_error, t_ratio


def clustered_pvalue(sums: FloatArray, counts: FloatArray) -> float:
    """Return the two-sided p of the test `clustered`; NaN for one cluster.

    Parameters
    ----------
    sums, counts : (G,)
        Sum and number of the values in each cluster.
    """
    if len(sums) < 2:
        return float("nan")
    return two_sided_t(t_ratio(sums, counts, clustered_error), len(sums) - 1)


def leave_one_out(
    sums: FloatArray, counts: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return mean and p of the test `clustered` without each cluster, (G,), (G,).

    Parameters
    ----------
    sums, counts : (G,)
        Sum and number of the values in each cluster.

    Notes
    -----
    The leave-one-cluster-out estimates of MacKinnon, Nielsen and Webb (2023), Stata
    Journal 23, 942-982, there to find clusters of high influence; each with the error
    and the degrees of freedom of the clusters that are left. A description, not a test:
    the largest of G values of p is not one.
    """
    without = [np.arange(len(sums)) != k for k in range(len(sums))]
    means = (sums.sum() - sums) / (counts.sum() - counts)
    return means, np.array([clustered_pvalue(sums[w], counts[w]) for w in without])
