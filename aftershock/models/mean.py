"""Constant mean return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aftershock.abnormal import Fit, Sample
from aftershock.models.base import ReturnModel, ones, regression_fit


@dataclass(frozen=True)
class Mean(ReturnModel):
    """E[R] = mean(R) over the estimation rows; k = 1.

    Notes
    -----
    Assumes a constant expected return, so market-wide news counts as abnormal.
    Brown and Warner (1985), Journal of Financial Economics 14, 3-31.
    """

    name: ClassVar[str] = "mean"
    formula: ClassVar[str] = "E[R] = mean(R)"

    def fit(self, sample: Sample) -> Fit:
        """Estimate the mean of every pair."""
        return regression_fit(sample, [ones(sample)], beta_at=None)
