"""Scholes and Williams' market model for prices that are not of the same moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import Drivers, Fit, FloatArray, Sample
from aftershock.models.base import ReturnModel
from aftershock.models.nonsynchronous import centred, lead_and_lag, with_slope


@dataclass(frozen=True)
class ScholesWilliams(ReturnModel):
    """E[R] = a + b Rm with b = (b-1 + b0 + b+1) / (1 + 2 rho); k = 2.

    Each of the three is a simple slope on Rm[t-1], Rm[t], Rm[t+1] over the same rows;
    rho = corr(Rm[t], Rm[t-1]) over those rows; a = mean(R) - b mean(Rm).

    Notes
    -----
    Assumes that a price is at most one session old. The forecast error is that of
    `market`. Scholes and Williams (1977), Journal of Financial Economics 5, 309-327.
    """

    name: ClassVar[str] = "scholes_williams"
    factors: ClassVar[tuple[str, ...]] = ("mkt",)
    formula: ClassVar[str] = "E[R] = a + b Rm, b from three slopes"

    def drivers(
        self,
        returns: FloatArray,
        symbols: Sequence[str],
        factors: Mapping[str, FloatArray],
        exposed: frozenset[str],
    ) -> Drivers:
        """Return the market and its neighbours."""
        return lead_and_lag(factors)

    def fit(self, sample: Sample) -> Fit:
        """Estimate a and b of every pair."""
        y = np.where(sample.estimation, sample.returns, 0.0)
        now, lag = centred(sample, "mkt"), centred(sample, "mkt_lag")
        lead = centred(sample, "mkt_lead")
        slopes = [
            np.einsum("ns,ns->n", x, y) / np.einsum("ns,ns->n", x, x)
            for x in (lag, now, lead)
        ]
        spread = np.einsum("ns,ns->n", now, now) * np.einsum("ns,ns->n", lag, lag)
        rho = np.einsum("ns,ns->n", now, lag) / np.sqrt(spread)
        return with_slope(sample, sum(slopes) / (1 + 2 * rho))
