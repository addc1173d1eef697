"""What events of one symbol share through the rows that their models are fitted on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
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
    # further apart there is nothing to share
    reach = max(window[1] - estimation[0] + 1, length, 1)
    counts = distances(symbols, positions, reach, once=True)[length:]
    total = counts @ _covariance(np.arange(length, reach), window, estimation)
    return float(2 * total / (len(symbols) * length * (1 + length / rows)))


def distances(
    symbols: Sequence[str], positions: IntArray, reach: int, *, once: bool = False
) -> IntArray:
    """Count the pairs of events of one symbol by the sessions between them, (reach,).

    Parameters
    ----------
    symbols : sequence of str
        Of N events.
    positions : (N,)
        Calendar positions of their sessions.
    reach : int
        Pairs so far apart, or farther, are not counted.
    once : bool
        Events of a symbol on one session are one.
    """
    found = np.zeros(reach, dtype=np.int64)
    codes = pd.factorize(np.asarray(symbols, dtype=object))[0]
    # one number for both, so far apart that no two symbols come near each other
    span = reach + int(np.ptp(positions)) if len(positions) else 0
    at = codes * span + positions
    at = np.unique(at) if once else np.sort(at)
    first = np.arange(len(at))
    for step in range(1, len(at)):
        first = first[: np.searchsorted(first, len(at) - step)]
        apart = at[first + step] - at[first]
        near = apart < reach
        first = first[near]
        if not len(first):
            break
        found += np.bincount(apart[near], minlength=reach)
    return found


def _covariance(
    apart: IntArray, window: tuple[int, int], estimation: tuple[int, int]
) -> FloatArray:
    """Return Cov(CAR_j, CAR_k) of events so far apart."""
    length, rows = window[1] - window[0] + 1, estimation[1] - estimation[0] + 1
    common = np.clip(rows - apart, 0, None)
    last = np.minimum(window[1] - apart, estimation[1])
    first = np.maximum(window[0] - apart, estimation[0])
    inside = np.clip(last - first + 1, 0, None)
    return np.asarray(length**2 * common / rows**2 - length * inside / rows)
