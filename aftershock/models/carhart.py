"""Carhart's four factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aftershock.abnormal import Fit, Sample
from aftershock.models.base import ReturnModel
from aftershock.models.risk_factors import excess_fit


@dataclass(frozen=True)
class Carhart(ReturnModel):
    """E[R] = rf + a + b (Rm - rf) + s SMB + h HML + m MOM; k = 5.

    Notes
    -----
    Assumes that the loadings hold on in the event window. The factors are published
    with a lag: an event after their last date cannot be studied.
    Carhart (1997), Journal of Finance 52, 57-82.
    """

    name: ClassVar[str] = "carhart"
    factors: ClassVar[tuple[str, ...]] = ("mkt", "smb", "hml", "mom", "rf")
    formula: ClassVar[str] = "E[R] = rf + a + b (Rm - rf) + s SMB + h HML + m MOM"

    def fit(self, sample: Sample) -> Fit:
        """Estimate the loadings of every pair."""
        return excess_fit(sample, ("smb", "hml", "mom"))
