"""The market model with the peers beside the market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import Drivers, Fit, FloatArray, Sample
from aftershock.models.base import ReturnModel, ones, regression_fit


@dataclass(frozen=True)
class Sector(ReturnModel):
    """E[R] = a + b Rm + c Rsector, the mean of the other symbols; k = 3.

    Rsector is the factor column `sector` when there is one, else the mean per session
    of all other columns of the returns, missing ones left out.

    Notes
    -----
    It answers another question, "relative to peers": news of the whole sector is
    absorbed, so it never gives a headline. Rsector differs from symbol to symbol.
    Sharpe (1970), Portfolio Theory and Capital Markets, for the multi-index form.
    """

    name: ClassVar[str] = "sector"
    factors: ClassVar[tuple[str, ...]] = ("mkt",)
    formula: ClassVar[str] = "E[R] = a + b Rm + c Rsector"

    def drivers(
        self,
        returns: FloatArray,
        symbols: Sequence[str],
        factors: Mapping[str, FloatArray],
        exposed: frozenset[str],
    ) -> Drivers:
        """Return the market, and the peers of each symbol."""
        peers = factors.get("sector")
        if peers is None:
            peers = mean_of_others(returns)
        return Drivers({"mkt": factors["mkt"], "sector": peers})

    def fit(self, sample: Sample) -> Fit:
        """Estimate a, b and c of every pair."""
        market, peers = sample.factors["mkt"], sample.factors["sector"]
        return regression_fit(sample, [ones(sample), market, peers], beta_at=1)


def mean_of_others(returns: FloatArray) -> FloatArray:
    """Return for each symbol the mean return of all others present, (T, K)."""
    present = np.isfinite(returns)
    known = np.where(present, returns, 0.0)
    total = known.sum(axis=1, keepdims=True) - known
    count = present.sum(axis=1, keepdims=True) - present
    mean = np.full(returns.shape, np.nan)
    return np.asarray(np.divide(total, count, out=mean, where=count > 0))
