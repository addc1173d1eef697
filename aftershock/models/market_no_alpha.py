"""The market model with its intercept left out of the expected return."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aftershock.abnormal import Fit, Sample
from aftershock.models.base import ReturnModel, ones, regression_fit


@dataclass(frozen=True)
class MarketNoAlpha(ReturnModel):
    """E[R] = b Rm, b from the regression with intercept; s2 = SSR/(M-2) of that.

    Notes
    -----
    C_ts = 1{t=s} + Rm_t Rm_s / Sxx, the forecast error of b alone. A fitted alpha
    extrapolates a past run: over many sessions that swamps what the news did.
    Residuals are those of the regression, alpha included, so they have mean zero.
    """

    name: ClassVar[str] = "market_no_alpha"
    factors: ClassVar[tuple[str, ...]] = ("mkt",)
    formula: ClassVar[str] = "E[R] = b Rm"

    def fit(self, sample: Sample) -> Fit:
        """Estimate b of every pair."""
        full = regression_fit(sample, [ones(sample), sample.factors["mkt"]], beta_at=1)
        # the (1, 1) element of (X'X)^-1 with an intercept is 1 / Sxx
        none = np.full_like(full.alpha, np.nan)
        return replace(full, certain=1, alpha=none)
