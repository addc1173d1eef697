"""The market model with a variance that clusters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from aftershock.abnormal import Fit, FloatArray, Sample
from aftershock.errors import StudyError
from aftershock.models.base import (
    ReturnModel,
    fit_of,
    least_squares,
    ones,
)

PERCENT = 100.0
FEWEST_ROWS = 250


@dataclass(frozen=True)
class Garch(ReturnModel):
    """E[R] = a + b Rm, the residual variance a GARCH(1,1); k = 2 + 3, df = M - 5.

    SAR = AR / sqrt(h_t|T), SCAR = CAR / sqrt(sum of h_t|T): h is forecast from the
    last estimation row, across the gap before the event, one step for each session.

    Notes
    -----
    Estimated symbol by symbol by maximum likelihood (package arch, normal errors, its
    default backcast, returns in percent) on the usable rows taken as consecutive. The
    error of a and b is left out of h. Bollerslev (1986), Journal of Econometrics 31,
    307-327.
    """

    name: ClassVar[str] = "garch"
    factors: ClassVar[tuple[str, ...]] = ("mkt",)
    formula: ClassVar[str] = "E[R] = a + b Rm, variance GARCH(1,1)"
    fewest_rows: ClassVar[int] = FEWEST_ROWS
    default_estimation: ClassVar[tuple[int, int] | None] = (-510, -11)

    def fit(self, sample: Sample) -> Fit:
        """Estimate every pair, one after the other."""
        regressors = (ones(sample), sample.factors["mkt"])
        _, gram = least_squares(sample.returns, regressors, sample.estimation)
        n = len(sample.positions)
        coefficients = np.full((n, 2), np.nan)
        variance = np.full(sample.returns.shape, np.nan)
        for row in np.flatnonzero(sample.estimation.sum(axis=1) >= FEWEST_ROWS):
            coefficients[row], variance[row] = _one(sample, int(row))
        fit = fit_of(sample, regressors, coefficients, gram, beta_at=1)
        return replace(fit, df=fit.df - 3, variance=variance)


def _one(sample: Sample, row: int) -> tuple[FloatArray, FloatArray]:
    """Estimate one pair; return (a, b) and its variances on the offsets, (S,)."""
    used = np.flatnonzero(sample.estimation[row])
    found = _estimate(
        sample.returns[row, used] * PERCENT, sample.factors["mkt"][row, used] * PERCENT
    )
    constant, slope, omega, reaction, memory = (float(p) for p in found.params)
    ahead = sample.returns.shape[1] - 1 - int(used[-1])
    variance = np.full(sample.returns.shape[1], np.nan)
    variance[used] = np.asarray(found.conditional_volatility) ** 2
    level = omega + reaction * float(found.resid[-1]) ** 2 + memory * variance[used[-1]]
    for step in range(ahead):
        variance[used[-1] + 1 + step] = level
        level = omega + (reaction + memory) * level
    return np.array([constant / PERCENT, slope]), variance / PERCENT**2


def _estimate(y: FloatArray, market: FloatArray) -> Any:
    """Estimate mean and variance together by maximum likelihood.

    Raises
    ------
    StudyError
        When the package arch is not installed.
    """
    try:
        from arch.univariate import arch_model
    except ImportError as error:
        raise StudyError(
            "the model 'garch' needs the package arch, which is not installed",
            where="model",
            do="pip install 'aftershock[garch]'",
        ) from error
    model = arch_model(y, x=market[:, None], mean="LS", vol="GARCH", rescale=False)
    return model.fit(disp="off", show_warning=False)
