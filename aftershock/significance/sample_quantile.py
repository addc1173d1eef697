"""One event's CAR ranked among sums of its own residuals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from aftershock.abnormal import AbnormalReturns, FloatArray
from aftershock.significance.base import Significance, SignificanceTest, thin_reference
from aftershock.significance.reference import (
    quantile_pvalues,
    scaled_quantile_pvalues,
)
from aftershock.significance.trial import Trial
from aftershock.windows import EventWindow

Ranks = Callable[[AbnormalReturns, EventWindow], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True)
class SampleQuantile(SignificanceTest):
    """Rank of the CAR among sums of residuals over adjacent estimation sessions.

    For one pair; the column `pvalue_quantile` of the table `cars` has every pair's.

    Notes
    -----
    Gelbach, Helland and Klick (2013), American Law and Economics Review 15, 495-541.

    Measured sizes: docs/calibration.md#sample_quantile.
    """

    name: ClassVar[str] = "sample_quantile"
    rows: ClassVar[tuple[str, ...]] = ("sample_quantile",)
    null: ClassVar[str] = "the CAR is drawn from the pair's ordinary sessions"
    ranks: ClassVar[Ranks] = staticmethod(quantile_pvalues)

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row, computed when there is one pair."""
        if trial.n != 1:
            return self.refuse(trial, "a test of one pair; see the table cars")
        pvalues, counts = type(self).ranks(trial.present, trial.window)
        enough, few, note = thin_reference(int(counts[0]), trial.window.length, sides=2)
        car = float(trial.present.car(trial.window)[0])
        return [
            Significance(
                self.name,
                self.null,
                estimate=car,
                statistic=car,
                pvalue=float(pvalues[0]),
                valid=enough,
                reason=few,
                warning=note,
                mde=trial.minimum_effect(0.0),
                **trial.counts,
            )
        ]


@dataclass(frozen=True)
class EwmaQuantile(SampleQuantile):
    """The same after scaling by the volatility known before each session (EWMA, .94).

    For one pair; the column `pvalue_ewma` of the table `cars` has every pair's.

    Notes
    -----
    Measured sizes: docs/calibration.md#ewma_quantile.
    """

    name: ClassVar[str] = "ewma_quantile"
    rows: ClassVar[tuple[str, ...]] = ("ewma_quantile",)
    null: ClassVar[str] = (
        "the CAR, scaled by prior volatility, is drawn from ordinary sessions"
    )
    ranks: ClassVar[Ranks] = staticmethod(scaled_quantile_pvalues)
    default: ClassVar[bool] = True
