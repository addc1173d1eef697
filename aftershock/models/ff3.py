"""The three factors of Fama and French."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aftershock.abnormal import Fit, Sample
from aftershock.models.base import ReturnModel
from aftershock.models.risk_factors import excess_fit


@dataclass(frozen=True)
class Ff3(ReturnModel):
    """E[R] = rf + a + b (Rm - rf) + s SMB + h HML; k = 4.

    Notes
    -----
    Assumes that the loadings hold on in the event window. The factors are published
    with a lag: an event after their last date cannot be studied.
    Fama and French (1993), Journal of Financial Economics 33, 3-56.
    """

    name: ClassVar[str] = "ff3"
    factors: ClassVar[tuple[str, ...]] = ("mkt", "smb", "hml", "rf")
    formula: ClassVar[str] = "E[R] = rf + a + b (Rm - rf) + s SMB + h HML"

    def fit(self, sample: Sample) -> Fit:
        """Estimate the loadings of every pair."""
        return excess_fit(sample, ("smb", "hml"))
