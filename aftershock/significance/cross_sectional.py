"""Cross-sectional t test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    interval,
    two_sided_t,
)
from aftershock.significance.trial import Trial


@dataclass(frozen=True)
class CrossSectional(SignificanceTest):
    """sqrt(N) mean(CAR) / sd(CAR) ~ t(N-1), for independent pairs.

    Notes
    -----
    Brown and Warner (1980), Journal of Financial Economics 8, 205-258.

    Measured sizes: docs/calibration.md#cross_sectional.
    """

    name: ClassVar[str] = "cross_sectional"
    rows: ClassVar[tuple[str, ...]] = ("cross_sectional",)
    null: ClassVar[str] = "the mean CAR of the pairs is zero"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `cross_sectional`."""
        n = trial.n
        if n < 2:
            return self.refuse(trial, "needs two pairs")
        car = trial.present.car(trial.window)
        mean, se = float(car.mean()), float(car.std(ddof=1)) / float(np.sqrt(n))
        statistic = mean / se if se > 0 else float("nan")
        low, high = interval(mean, se, n - 1)
        shared = trial.shared_session()
        row = self.row(
            trial,
            [shared],
            estimate=mean,
            statistic=statistic,
            df=n - 1,
            pvalue=two_sided_t(statistic, n - 1),
            ci_low=low,
            ci_high=high,
        )
        return [row]
