"""P-values of several tests at once: the family-wise error, the false discoveries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aftershock.abnormal import FloatArray

CORRECTIONS = {"pvalue_holm": "holm", "pvalue_bh": "fdr_bh", "pvalue_by": "fdr_by"}
"""Columns, and what statsmodels calls the correction."""


def corrected_pvalues(
    pvalues: Sequence[float] | FloatArray | pd.Series, method: str = "holm"
) -> FloatArray:
    """Return the p-values of one family, corrected for its size.

    Parameters
    ----------
    pvalues : array of float
        Shape (n,). NaN is no test: it does not count, and stays.
    method : {"holm", "fdr_bh", "fdr_by"}
        Holm (1979), Benjamini and Hochberg (1995), Benjamini and Yekutieli (2001).

    Returns
    -------
    array of float
        Shape (n,).
    """
    found = np.asarray(pvalues, dtype=float)
    known = np.isfinite(found)
    result = np.full(len(found), np.nan)
    if known.any():
        result[known] = _corrected(found[known], method)
    return result


def _corrected(pvalues: FloatArray, method: str) -> FloatArray:
    """Return the corrected p-values of a family without gaps."""
    if method == "holm":
        return _holm(pvalues)
    from statsmodels.stats.multitest import multipletests

    return np.asarray(multipletests(pvalues, method=method)[1])


def _holm(pvalues: FloatArray) -> FloatArray:
    """Return Holm's p-values as statsmodels does.

    Its own function makes Python collect garbage at every call, which takes a second
    or more in a session that holds much.
    """
    order = np.argsort(pvalues)
    stepwise = pvalues[order] * np.arange(len(pvalues), 0, -1)
    result = np.empty(len(pvalues))
    result[order] = np.minimum(np.maximum.accumulate(stepwise), 1.0)
    return result
