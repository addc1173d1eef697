"""Market-adjusted returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aftershock.abnormal import Fit, Sample
from aftershock.models.base import ReturnModel, unfitted


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
        return unfitted(sample, sample.factors["mkt"])
