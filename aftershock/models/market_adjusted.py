"""Market-adjusted returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import Fit, Sample
from aftershock.models.base import ReturnModel, residual_sigma, rows_used


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
        n, m = len(sample.positions), rows_used(sample)
        df = (m - 1).astype(float)
        missing = np.full(n, np.nan)
        fit = Fit(
            sample=sample,
            regressors=(),
            coefficients=np.zeros((n, 0)),
            gram=np.zeros((n, 0, 0)),
            sigma=np.full(n, np.nan),
            df=df,
            m=m,
            alpha=missing,
            beta=missing,
            base=sample.factors["mkt"],
        )
        fit.sigma[:] = residual_sigma(fit.centred, df)
        return fit
