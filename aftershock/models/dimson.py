"""Dimson's aggregated coefficients, for prices that are not of the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aftershock.abnormal import Fit, Sample
from aftershock.models.base import least_squares, ones
from aftershock.models.nonsynchronous import Nonsynchronous, with_slope


@dataclass(frozen=True)
class Dimson(Nonsynchronous):
    """E[R] = a + b Rm, b the sum of three slopes of one regression; k = 2.

    The regression is on Rm[t-1], Rm[t] and Rm[t+1]; a = mean(R) - b mean(Rm).

    Notes
    -----
    The forecast error is that of `market`. Dimson (1979), Journal of Financial
    Economics 7, 197-226; Fowler and Rorke (1983), Journal of Financial Economics 12,
    279-283, on its bias where the market itself is autocorrelated.
    """

    name: ClassVar[str] = "dimson"
    formula: ClassVar[str] = "E[R] = a + b Rm, b with lead and lag"

    def fit(self, sample: Sample) -> Fit:
        """Estimate a and b of every pair."""
        names = ("mkt_lag", "mkt", "mkt_lead")
        regressors = [ones(sample), *(sample.factors[name] for name in names)]
        slopes, _ = least_squares(sample.returns, regressors, sample.estimation)
        return with_slope(sample, slopes[:, 1:].sum(axis=1))
