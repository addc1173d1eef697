"""Scholes and Williams' market model for prices that are not of the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import Fit, FloatArray, Sample
from aftershock.models.nonsynchronous import Nonsynchronous, centred, with_slope


@dataclass(frozen=True)
class ScholesWilliams(Nonsynchronous):
    """E[R] = a + b Rm with b = (b-1 + b0 + b+1) / (1 + 2 rho); k = 2.

    Each of the three is a simple slope on Rm[t-1], Rm[t], Rm[t+1] over the same rows;
    rho = corr(Rm[t], Rm[t-1]) over those rows; a = mean(R) - b mean(Rm).

    Notes
    -----
    Assumes that a price is at most one session old. The forecast error is that of
    `market`. Scholes and Williams (1977), Journal of Financial Economics 5, 309-327.
    """

    name: ClassVar[str] = "scholes_williams"
    formula: ClassVar[str] = "E[R] = a + b Rm, b from three slopes"

    def fit(self, sample: Sample) -> Fit:
        """Estimate a and b of every pair."""
        y = np.where(sample.estimation, sample.returns, 0.0)
        now, lag = centred(sample, "mkt"), centred(sample, "mkt_lag")
        lead = centred(sample, "mkt_lead")
        slopes = [_ratio(_dot(x, y), _dot(x, x)) for x in (lag, now, lead)]
        rho = _ratio(_dot(now, lag), np.sqrt(_dot(now, now) * _dot(lag, lag)))
        return with_slope(
            sample, _ratio(slopes[0] + slopes[1] + slopes[2], 1 + 2 * rho)
        )


def _dot(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the inner product of each pair's rows, (N,)."""
    return np.asarray(np.einsum("ns,ns->n", x, y))


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """Divide; NaN where nothing varies."""
    missing = np.full(len(below), np.nan)
    return np.asarray(np.divide(above, below, out=missing, where=below != 0))
