"""The portfolio that holds every event symbol during its window, in calendar time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import FloatArray, IntArray
from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    interval,
    two_sided_t,
)
from aftershock.significance.trial import Trial

FEWEST_SESSIONS = 60
SESSIONS_A_COEFFICIENT = 10


@dataclass(frozen=True)
class CalendarTime(SignificanceTest):
    """alpha of the portfolio of event symbols on the model's factors, HAC errors.

    On every calendar session inside some pair's window the portfolio holds those
    pairs in equal weights. Its return, less what the model knows beforehand (a
    risk-free rate), is regressed on a constant and the model's regressors; `estimate`
    is the constant, a return for each session of holding, not for a window. A model
    without slopes leaves abnormal returns in place of returns, and the constant alone.

    Errors: Newey and West with l = floor(4 (T/100)^(2/9)) lags and the factor
    T/(T-k), T the calendar sessions held. Student t with 1.5 T / (l + 1) degrees of
    freedom (at most T - k), those of a variance smoothed by Bartlett's weights: with
    t(T-k) instead, 7 to 9 % of portfolios without news are rejected for T from 20 to
    60. Overlapping windows are no harm, since each session is one observation.
    Refused below 60 sessions, or ten for each coefficient: with 40,
    6.4 % are still rejected, with 60 6.1 %, with 100 4.8 %.

    Notes
    -----
    Jaffe (1974), Journal of Business 47, 410-428; Mandelker (1974); Fama (1998),
    Journal of Financial Economics 49, 283-306; Newey and West (1987), Econometrica
    55, 703-708, and (1994), Review of Economic Studies 61, 631-653, for errors and
    lags; Priestley (1981), Spectral Analysis and Time Series, section 6.2.3, for the
    degrees of freedom. Assumes slopes that do not change with what is held.

    Measured sizes: docs/calibration.md#calendar_time.
    """

    name: ClassVar[str] = "calendar_time"
    rows: ClassVar[tuple[str, ...]] = ("calendar_time",)
    null: ClassVar[str] = "the portfolio of event symbols has no abnormal return"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `calendar_time`."""
        if not trial.n:
            return self.refuse(trial, "no pair has every session of the window")
        y, x = calendar_portfolio(trial)
        sessions, k = x.shape
        needed = max(FEWEST_SESSIONS, SESSIONS_A_COEFFICIENT * k)
        if sessions < needed:
            few = f"{sessions} calendar sessions; {needed} are needed"
            return self.refuse(trial, few)
        if collinear(x):
            return self.refuse(trial, "the factors do not vary in the windows")
        lags = newey_west_lags(sessions)
        alpha, se = hac_constant(y, x, lags)
        statistic, df = alpha / se, min(1.5 * sessions / (lags + 1), sessions - k)
        low, high = interval(alpha, se, df)
        row = self.row(
            trial,
            estimate=alpha,
            statistic=statistic,
            df=df,
            pvalue=two_sided_t(statistic, df),
            ci_low=low,
            ci_high=high,
            mde=trial.minimum_effect(trial.correlation[0]) / trial.window.length,
        )
        return [row]


def collinear(x: FloatArray) -> bool:
    """Tell whether the columns, (T, k), cannot be told apart."""
    largest = np.abs(x).max(axis=0)
    if not (largest > 0).all():
        return True
    return bool(np.linalg.matrix_rank(x / largest) < x.shape[1])


def newey_west_lags(sessions: int) -> int:
    """Return floor(4 (T/100)^(2/9)) of Newey and West (1994)."""
    return int(4 * (sessions / 100) ** (2 / 9))


def hac_constant(y: FloatArray, x: FloatArray, lags: int) -> tuple[float, float]:
    """Return the first coefficient of y on x and its Newey-West standard error."""
    from statsmodels.regression.linear_model import OLS

    settings = {"maxlags": lags, "use_correction": True}
    fit = OLS(y, x).fit(cov_type="HAC", cov_kwds=settings)
    return float(fit.params[0]), float(fit.bse[0])


def calendar_portfolio(trial: Trial) -> tuple[FloatArray, FloatArray]:
    """Return the portfolio's returns, (T,), and its regressors, (T, k).

    Rows are the calendar sessions at which some pair is held, in order of time; the
    regressors are means over the pairs held, the constant first.
    """
    pairs, fit = trial.present, trial.present.fit
    columns = pairs.columns(trial.window)
    slopes = [x[:, columns] for x in fit.regressors[1:]]
    returns = pairs.series_at(columns)
    if slopes:
        known = 0.0 if fit.base is None else fit.base[:, columns]
        returns = pairs.sample.returns[:, columns] - known
    offsets = pairs.sample.offsets[columns]
    held = (trial.positions[:, None] + offsets[None, :]).ravel()
    sessions, at = np.unique(held, return_inverse=True)
    means = [_mean_by(values, at, len(sessions)) for values in (returns, *slopes)]
    return means[0], np.column_stack([np.ones(len(sessions)), *means[1:]])


def _mean_by(values: FloatArray, at: IntArray, count: int) -> FloatArray:
    """Return the mean of the values at each session."""
    total = np.bincount(at, weights=values.ravel(), minlength=count)
    return np.asarray(total / np.bincount(at, minlength=count))
