"""The market model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aftershock.abnormal import Fit, Sample
from aftershock.models.base import ReturnModel, ones, regression_fit


@dataclass(frozen=True)
class Market(ReturnModel):
    """E[R] = a + b Rm by least squares on the estimation rows; k = 2.

    Notes
    -----
    Assumes that a and b hold on in the event window. MacKinlay (1997), Journal of
    Economic Literature 35, 13-39, section 4.
    """

    name: ClassVar[str] = "market"
    factors: ClassVar[tuple[str, ...]] = ("mkt",)
    formula: ClassVar[str] = "E[R] = a + b Rm"

    def fit(self, sample: Sample) -> Fit:
        """Estimate a and b of every pair."""
        regressors = [ones(sample), sample.factors["mkt"]]
        return regression_fit(sample, regressors, beta_at=1)
