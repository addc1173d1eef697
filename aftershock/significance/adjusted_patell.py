"""Patell's test, corrected for correlation between pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    two_sided_normal,
)
from aftershock.significance.standardised_sum import standardised_sum
from aftershock.significance.trial import Trial


@dataclass(frozen=True)
class AdjustedPatell(SignificanceTest):
    """Patell / sqrt(1 + (N-1) r) ~ N(0, 1), r the mean residual correlation.

    Notes
    -----
    Kolari and Pynnonen (2010), Review of Financial Studies 23, 3996-4025. Assumes on
    event sessions the variance of ordinary ones. Not valid for a single pair, whose
    tails nothing averages.

    Measured sizes: docs/calibration.md#adjusted_patell.
    """

    name: ClassVar[str] = "adjusted_patell"
    rows: ClassVar[tuple[str, ...]] = ("adjusted_patell",)
    null: ClassVar[str] = (
        "the mean standardised CAR is zero and event sessions vary like others"
    )

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `adjusted_patell`."""
        total, missing = standardised_sum(trial)
        r, exact = trial.correlation
        inflation = 1 + (trial.n - 1) * r
        if not missing and inflation <= 0:
            missing = "the residual correlations leave the sum without variance"
        if missing:
            return self.refuse(trial, missing)
        statistic = total / float(np.sqrt(inflation))
        single = "a single pair" if trial.n < 2 else ""
        row = self.row(
            trial,
            statistic=statistic,
            pvalue=two_sided_normal(statistic),
            valid=not single,
            reason=single if exact else "approximate_r",
            warning="; ".join(
                filter(
                    None, [trial.spread_warning("adjusted_bmp"), trial.close_events()]
                )
            ),
            mde=trial.minimum_effect(r),
        )
        return [row]
