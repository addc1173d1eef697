"""Market-adjusted returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import Fit, Sample
from aftershock.models.base import ReturnModel, r_squared, residual_sigma, rows_used


@dataclass(frozen=True)
class MarketAdjusted(ReturnModel):
    """E[R] = Rm: nothing is estimated, so C = I; df = M - 1.

    Notes
    -----
    s2 = sum((AR - mean AR)^2) / (M - 1). Assumes beta 1 and alpha 0 for everyone.
    Brown and Warner (1985), Journal of Financial Economics 14, 3-31.
    """

    name: ClassVar[str] = "market_adjusted"
    factors: ClassVar[tuple[str, ...]] = ("mkt",)
    formula: ClassVar[str] = "E[R] = Rm"

    def fit(self, sample: Sample) -> Fit:
        """Measure the spread of R - Rm of every pair."""
        market, n = sample.factors["mkt"], len(sample.positions)
        expected = np.where(sample.usable, market, np.nan)
        residuals = np.where(sample.estimation, sample.returns - market, np.nan)
        m = rows_used(sample)
        df = (m - 1).astype(float)
        mean = np.nansum(residuals, axis=1) / np.maximum(m, 1)
        missing = np.full(n, np.nan)
        return Fit(
            expected=expected,
            residuals=residuals,
            sigma=residual_sigma(residuals - mean[:, None], df),
            df=df,
            m=m,
            alpha=missing,
            beta=missing,
            r2=r_squared(sample, residuals - mean[:, None]),
            hat=np.zeros(residuals.shape),
            design=np.zeros((*residuals.shape, 0)),
            gram=np.zeros((n, 0, 0)),
        )
