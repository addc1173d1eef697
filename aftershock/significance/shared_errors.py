"""What events of one symbol share through the rows that their models are fitted on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


def shared_variance(
    symbols: Sequence[str],
    positions: IntArray,
    window: tuple[int, int],
    estimation: tuple[int, int],
) -> float:
    """Return by how much of itself the variance of a mean CAR differs from its sum.

    Parameters
    ----------
    symbols : sequence of str
        Of N pairs.
    positions : (N,)
        Calendar positions of their event sessions.
    window, estimation : (first, last)
        Offsets from the event session.

    Notes
    -----
    Abnormal returns off a fitted mean of M rows, residuals of unit variance, an event
    j that lies d sessions before an event k of the same symbol. The errors of their
    means have the M - d rows in common, and what happened in j's window is in k's mean:
    Cov(CAR_j, CAR_k) = L^2 (M - d) / M^2 - L (days of j's window among k's rows) / M.
    A test that adds squares takes it for zero; Var(CAR) = L (1 + L / M). Slopes on the
    market are left out. Windows that overlap (d < L) are one cluster, and left out too.
    """
    length, rows = window[1] - window[0] + 1, estimation[1] - estimation[0] + 1
    total = 0.0
    for own in _by_symbol(symbols, positions):
        days = np.unique(own)
        for lag in range(1, len(days)):
            apart = days[lag:] - days[:-lag]
            if apart.min() > window[1] - estimation[0]:
                break
            total += _covariance(apart[apart >= length], window, estimation)
    return 2 * total / (len(symbols) * length * (1 + length / rows))


def _by_symbol(symbols: Sequence[str], positions: IntArray) -> list[IntArray]:
    """Return the positions of each symbol's events, in one pass over them."""
    codes = pd.factorize(np.asarray(symbols, dtype=object))[0]
    order = np.argsort(codes, kind="stable")
    ends = np.flatnonzero(np.diff(codes[order])) + 1
    return np.split(positions[order], ends)


def _covariance(
    apart: IntArray, window: tuple[int, int], estimation: tuple[int, int]
) -> float:
    """Return the sum of Cov(CAR_j, CAR_k) over pairs of events so far apart."""
    length, rows = window[1] - window[0] + 1, estimation[1] - estimation[0] + 1
    common = np.clip(rows - apart, 0, None)
    last = np.minimum(window[1] - apart, estimation[1])
    first = np.maximum(window[0] - apart, estimation[0])
    inside = np.clip(last - first + 1, 0, None)
    return float(np.sum(length**2 * common / rows**2 - length * inside / rows))
