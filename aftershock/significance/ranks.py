"""Midranks in event time, and what the tests that rank share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from scipy import stats

from aftershock.abnormal import (
    AbnormalReturns,
    BoolArray,
    Fit,
    FloatArray,
    IntArray,
    blocks,
)
from aftershock.significance.shared_errors import distances
from aftershock.significance.trial import Trial
from aftershock.windows import clusters

FEWEST_DAYS, FEWEST_FOR_SUMS = 25, 60
FEWEST_FOR_SPREAD = 20
HEAVY = 2.0


def midranks(values: FloatArray) -> FloatArray:
    """Rank the finite values of each row, ties sharing the mean of their ranks.

    Parameters
    ----------
    values : (N, S)

    Returns
    -------
    (N, S)
        1 for the smallest of the row; NaN where there is no value.
    """
    ranks = np.empty(values.shape)
    for rows in blocks(*values.shape):
        ranks[rows] = _midranks(values[rows])
    return ranks


def _midranks(values: FloatArray) -> FloatArray:
    """Rank a few rows, by sorting whole numbers that carry their column.

    Notes
    -----
    The bits of a float, with those of a negative one turned round, are ordered as
    floats are. The lowest of them give way to the column, so that one sort of whole
    numbers, three times as fast as an argsort, says which value stands where. Rows with
    two values that agree in the bits left, tied or not, are ranked by scipy.
    """
    present = np.isfinite(values)
    # what is missing sorts last, so it moves no rank; -0 + 0 is 0
    filled = np.where(present, values, np.inf) + 0.0
    width = values.shape[1]
    low = (1 << width.bit_length()) - 1
    bits = filled.view(np.int64)
    keys = (bits ^ ((bits >> 63) & np.iinfo(np.int64).max)) & ~low
    keys |= np.arange(width)
    keys.sort(axis=1)
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, keys & low, np.arange(1.0, width + 1)[None, :], axis=1)
    near = (keys[:, 1:] ^ keys[:, :-1]) & ~low == 0
    missing = int(np.array(np.inf).view(np.int64)) & ~low
    rows = (near & (keys[:, 1:] < missing)).any(axis=1)
    ranks[rows] = stats.rankdata(filled[rows], axis=1)
    return np.asarray(np.where(present, ranks, np.nan))


def mean_of_columns(parts: Iterable[FloatArray]) -> tuple[FloatArray, IntArray]:
    """Return the mean of each column over all rows that have a value, and their number.

    Parameters
    ----------
    parts : (B, S) each
        Some rows at a time; NaN where there is no value, and so is the mean of none.
    """
    total, count = np.zeros(0), np.zeros(0, dtype=np.int64)
    for values in parts:
        here = np.isfinite(values)
        total = _added(total, np.where(here, values, 0.0).sum(axis=0))
        count = _added(count, here.sum(axis=0))
    mean = np.full(len(count), np.nan)
    return np.divide(total, count, out=mean, where=count > 0), count


def _added(total: Any, more: Any) -> Any:
    """Return a sum that may not have begun."""
    return total + more if len(total) else more


def centred_ranks(values: FloatArray) -> FloatArray:
    """Return midrank / (1 + values of the row) - 1/2, (N, S)."""
    ranks = midranks(values)
    count = np.isfinite(ranks).sum(axis=1)
    return np.asarray(ranks / (1 + count)[:, None] - 0.5)


def ranked_set(abnormal: AbnormalReturns) -> FloatArray:
    """Return what Corrado's tests rank, (N, S); NaN on every other session.

    Estimation residuals, and the abnormal returns of the whole event window, which
    may be longer than the tested one.
    """
    values = abnormal.fit.residuals.copy()
    columns = abnormal.columns(abnormal.window)
    values[:, columns] = abnormal.standard_at(columns)
    return values


def tested_days(trial: Trial) -> BoolArray:
    """Tell which offsets of the sample belong to the tested window, (S,)."""
    offsets = trial.abnormal.sample.offsets
    window = trial.window
    return np.asarray((offsets >= window.start) & (offsets <= window.end))


def window_statistic(
    level: FloatArray, weight: FloatArray, tested: BoolArray
) -> tuple[float, str]:
    """Set the mean level of the tested days against the spread of all days.

    Parameters
    ----------
    level : (S,)
        One number a day, zero under the null; NaN on days that no pair has.
    weight : (S,)
        Of a day's square in the variance.
    tested : (S,) bool

    Returns
    -------
    statistic : float
        sqrt(L) mean(level of the tested days) / sqrt(mean(weight level^2)), L the
        tested days that a pair has.
    reason : str
        Why there is none.
    """
    known = np.isfinite(level)
    if not (known & tested).any():
        return float("nan"), "no pair has a return in the window"
    spread = float(np.sqrt(np.mean(weight[known] * level[known] ** 2)))
    if not spread > 0:
        return float("nan"), "the abnormal returns of the pairs do not vary"
    chosen = level[known & tested]
    return float(np.sqrt(len(chosen)) * chosen.mean()) / spread, ""


def kept_counts(trial: Trial) -> dict[str, Any]:
    """Return n, n_sessions and n_clusters of all kept pairs, complete or not."""
    positions = trial.abnormal.sample.positions
    labels = clusters(positions, trial.window.length)
    return {
        "n": len(positions),
        "n_sessions": len(np.unique(positions)),
        "n_clusters": len(np.unique(labels)),
    }


def one_day(trial: Trial) -> bool:
    """Whether the window is one session and all kept pairs have the same."""
    positions = trial.abnormal.sample.positions
    return trial.window.length == 1 and len(np.unique(positions)) < 2


def recurrence(trial: Trial) -> tuple[int, float]:
    """Return T, the estimation days, and how many of them hold as much as one.

    Notes
    -----
    When a symbol has several events, one residual is on several days of event time.
    Day means that are a apart then share rho_a = C(a)/C(0), C(a) the pairs of events
    of one symbol that lie `a` sessions apart, and the mean of their squares is as
    uncertain as that of T/c independent ones, c = 1 + 2 sum_a (1 - a/T) rho_a^2
    (Bartlett's formula); c = 1 when no symbol recurs.
    """
    days = int(trial.abnormal.sample.estimation.any(axis=0).sum())
    shared = distances(trial.symbols, trial.abnormal.sample.positions, max(days, 1))
    lag = np.arange(1, len(shared))
    rho = shared[1:] / (len(trial.symbols) + 2 * shared[0])
    return days, float(1 + 2 * ((1 - lag / len(shared)) * rho**2).sum())


def too_few_days(trial: Trial, fewest: int = 0) -> str:
    """Say that symbols recur so often that few estimation days are independent.

    Needed are 25 days to judge one session and 60 for several, whose sums share the
    forecast errors of neighbours too; or `fewest`.
    """
    days, as_one = recurrence(trial)
    fewest = fewest or (FEWEST_DAYS if trial.window.length == 1 else FEWEST_FOR_SUMS)
    if as_one == 1 or days >= fewest * as_one:
        return ""
    return f"symbols recur: estimation is worth fewer than {fewest} independent days"


def few_for_spread(trial: Trial) -> str:
    """Say that sd(SCAR) of so few pairs is too uncertain for the generalised ranks."""
    return (
        f"fewer than {FEWEST_FOR_SPREAD} pairs" if trial.n < FEWEST_FOR_SPREAD else ""
    )


def heavy_tails(trial: Trial) -> str:
    """Warn where sums of days have thinner tails than the days they rank among.

    Notes
    -----
    Scaled to one spread, a sum of Student t(3.5) days ranks further out than a single
    day: 6.8 % at a nominal 5 % over six days. The mean excess kurtosis of t(6) is 2.
    """
    if trial.window.length == 1 or not trial.present.fit.kurtosis.mean() > HEAVY:
        return ""
    return "heavy tails: a sum of days ranks too far out among single days"


def standardised_event(trial: Trial) -> tuple[FloatArray, str]:
    """Return what the generalised rank tests rank among `standardised_residuals`.

    Returns
    -------
    event : (n,)
        SCAR / sd(SCAR), the window as one extra day.
    reason : str
        Why it cannot be computed.

    Notes
    -----
    Kolari and Pynnonen (2011), Journal of Empirical Finance 18, 953-971. Dividing by
    the spread over pairs makes the test robust to event-day variance.
    """
    none = np.empty(0)
    if trial.n < 2:
        return none, "needs two pairs"
    scar = trial.present.scar(trial.window)
    spread = float(scar.std(ddof=1))
    if not spread > 0:
        return none, "the CARs of the pairs do not vary"
    return scar / spread, ""


def standardised_residuals(
    fit: Fit, event: FloatArray
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield residuals over s, (B, S), beside the event of the same pairs, (B,).

    NaN outside the estimation.
    """
    start = 0
    for part in fit.parts():
        stop = start + len(part.m)
        yield part.residuals / part.sigma[:, None], event[start:stop]
        start = stop
