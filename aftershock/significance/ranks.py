"""Midranks in event time, and what the tests that rank share."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from aftershock.abnormal import AbnormalReturns, BoolArray, FloatArray
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
    present = np.isfinite(values)
    # what is missing sorts last, so it moves no rank
    filled = np.where(present, values, np.inf)
    order = np.argsort(filled, axis=1)
    ranks = np.argsort(order, axis=1) + 1.0
    ordered = np.sort(filled, axis=1)
    tied = (ordered[:, 1:] == ordered[:, :-1]) & np.isfinite(ordered[:, 1:])
    # few rows have ties, and ranking without them is five times as fast
    rows = tied.any(axis=1)
    ranks[rows] = stats.rankdata(filled[rows], axis=1)
    return np.asarray(np.where(present, ranks, np.nan))


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
    names = np.unique(np.array(trial.symbols), return_inverse=True)[1]
    positions = trial.abnormal.sample.positions
    order = np.lexsort((positions, names))
    names, positions = names[order], positions[order]
    shared = np.zeros(max(days, 1))
    for step in range(1, len(names)):
        apart = positions[step:] - positions[:-step]
        near = (names[step:] == names[:-step]) & (apart < days)
        if not near.any():
            break
        shared += np.bincount(apart[near], minlength=len(shared))
    lag = np.arange(1, len(shared))
    rho = shared[1:] / (len(names) + 2 * shared[0])
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
    fit = trial.present.fit
    squares = np.where(np.isfinite(fit.centred), fit.centred, 0.0) ** 2
    rows = np.maximum(fit.m, 1)
    kurtosis = (squares**2).sum(axis=1) * rows / squares.sum(axis=1) ** 2 - 3
    if trial.window.length == 1 or not kurtosis.mean() > HEAVY:
        return ""
    return "heavy tails: a sum of days ranks too far out among single days"


def standardised_event(trial: Trial) -> tuple[FloatArray, FloatArray, str]:
    """Return what the generalised rank tests rank, for the n complete pairs.

    Returns
    -------
    residuals : (n, S)
        Estimation residuals over s; NaN outside the estimation.
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
        return none, none, "needs two pairs"
    fit, scar = trial.present.fit, trial.present.scar(trial.window)
    spread = float(scar.std(ddof=1))
    if not spread > 0:
        return none, none, "the CARs of the pairs do not vary"
    return fit.residuals / fit.sigma[:, None], scar / spread, ""
