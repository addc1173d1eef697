"""A weighted sum of abnormal returns, its weights declared beforehand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from aftershock.abnormal import AbnormalReturns, Fit, FloatArray, Sample
from aftershock.models.base import residual_sigma
from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    interval,
    thin_reference,
    two_sided_t,
)
from aftershock.significance.reference import scaled_quantile_pvalues
from aftershock.significance.trial import POWER_Z, Trial

FEWEST_ROWS = 60


@dataclass(frozen=True)
class Contrast(SignificanceTest):
    """a'CAR of one session: the OLS t of the portfolio with weights a.

    Rows `contrast` (Student t) and `contrast_ewma` (rank after volatility scaling); a
    headline takes the larger p. The portfolio is fitted on the rows that all its
    symbols have.

    Notes
    -----
    Zellner (1962): with equal regressors the seemingly unrelated estimate of a'AR is
    the least-squares one of the portfolio.
    """

    name: ClassVar[str] = "contrast"
    rows: ClassVar[tuple[str, ...]] = ("contrast", "contrast_ewma")
    null: ClassVar[str] = "the declared contrast of abnormal returns is zero"
    default: ClassVar[bool] = True

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the rows `contrast` and `contrast_ewma`."""
        reason = no_contrast(trial)
        if reason:
            return self.refuse(trial, reason)
        portfolio = contrast_portfolio(trial)
        rows = int(portfolio.fit.m[0])
        if rows < FEWEST_ROWS:
            return self.refuse(trial, f"only {rows} rows are common to its symbols")
        estimate = float(portfolio.car(trial.window)[0])
        counts: dict[str, Any] = {
            "n": contrast_size(trial),
            "n_sessions": 1,
            "n_clusters": 1,
        }
        return [
            self._t(trial, portfolio, estimate, counts),
            self._ranked(trial, portfolio, estimate, counts),
        ]

    def _t(
        self,
        trial: Trial,
        portfolio: AbnormalReturns,
        estimate: float,
        counts: dict[str, Any],
    ) -> Significance:
        """Judge the contrast by Student's t."""
        se, df = float(portfolio.car_se(trial.window)[0]), float(portfolio.fit.df[0])
        low, high = interval(estimate, se, df)
        return Significance(
            "contrast",
            self.null,
            estimate=estimate,
            statistic=estimate / se,
            df=df,
            pvalue=two_sided_t(estimate / se, df),
            ci_low=low,
            ci_high=high,
            mde=POWER_Z * se,
            **counts,
        )

    def _ranked(
        self,
        trial: Trial,
        portfolio: AbnormalReturns,
        estimate: float,
        counts: dict[str, Any],
    ) -> Significance:
        """Judge the contrast by its rank after volatility scaling."""
        pvalues, reference = scaled_quantile_pvalues(portfolio, trial.window)
        enough, few, note = thin_reference(int(reference[0]), trial.window.length)
        return Significance(
            "contrast_ewma",
            self.null,
            estimate=estimate,
            statistic=estimate,
            pvalue=float(pvalues[0]),
            valid=enough,
            reason=few,
            warning=note,
            **counts,
        )


def contrast_size(trial: Trial) -> int:
    """Return how many complete pairs carry a weight."""
    return int(np.count_nonzero(contrast_vector(trial)))


def contrast_vector(trial: Trial) -> FloatArray:
    """Return the weight of each family pair, (n,)."""
    weights = trial.weights or {}
    return np.array([weights.get(symbol, 0.0) for symbol in trial.family_symbols])


def no_contrast(trial: Trial) -> str:
    """Say why there is no contrast to test, if there is none."""
    if not trial.weights:
        return "no contrast was declared"
    absent = sorted(set(trial.weights) - set(trial.family_symbols))
    if absent:
        return (
            f"the contrast needs {', '.join(absent)}: no complete pair of the event "
            "with an expected direction"
        )
    if len(np.unique(trial.family.sample.positions)) > 1:
        return "a contrast of one session; these events fall on several"
    return ""


def contrast_portfolio(trial: Trial) -> AbnormalReturns:
    """Return the contrast as one pair: its abnormal returns, residuals and variance."""
    a = contrast_vector(trial)
    weighted = np.flatnonzero(a)
    pairs = trial.on_common_rows(trial.family.take(weighted))
    a = a[weighted]
    sample = _combined_sample(pairs.sample, a)
    return AbnormalReturns(sample, _combined_fit(pairs.fit, sample, a), pairs.window)


def _combined_sample(sample: Sample, a: FloatArray) -> Sample:
    """Combine the pairs' returns; a session counts where all of them have one."""
    return replace(
        sample.take(np.array([0])),
        returns=(a @ sample.returns)[None, :],
        usable=np.all(sample.usable, axis=0, keepdims=True),
        estimation=np.all(sample.estimation, axis=0, keepdims=True),
    )


def _combined_fit(fit: Fit, sample: Sample, a: FloatArray) -> Fit:
    """Combine the pairs' fits: residuals add up, the design is the same for all."""
    one = replace(
        fit.take(slice(0, 1)),
        sample=sample,
        coefficients=(a @ fit.coefficients)[None, :],
        base=None if fit.base is None else (a @ fit.base)[None, :],
        alpha=(a @ fit.alpha)[None],
        beta=(a @ fit.beta)[None],
    )
    return replace(one, sigma=residual_sigma(one.centred, one.df))
