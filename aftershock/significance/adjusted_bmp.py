"""The standardised cross-sectional test, corrected for correlation between pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.significance.base import Significance, SignificanceTest, two_sided_t
from aftershock.significance.standardised import standardised_mean
from aftershock.significance.trial import Trial

FEWEST_PAIRS = 10


@dataclass(frozen=True)
class AdjustedBmp(SignificanceTest):
    """Bmp times sqrt((1-r) / (1+(N-1) r)) ~ t(N-1), r the mean residual correlation.

    Notes
    -----
    Kolari and Pynnonen (2010), Review of Financial Studies 23, 3996-4025. With fewer
    than ten pairs the test rejects too often, so it is not valid there.

    Measured sizes: docs/calibration.md#adjusted_bmp.
    """

    name: ClassVar[str] = "adjusted_bmp"
    rows: ClassVar[tuple[str, ...]] = ("adjusted_bmp",)
    null: ClassVar[str] = "the mean standardised CAR of the pairs is zero"
    default: ClassVar[bool] = True
    several_sessions: ClassVar[bool] = True

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `adjusted_bmp`."""
        n = trial.n
        if n < 2:
            return self.refuse(trial, "needs two pairs")
        r, exact = trial.correlation
        inflation = (1 - r) / (1 + (n - 1) * r)
        scale = float(np.sqrt(inflation)) if inflation > 0 else float("nan")
        statistic = standardised_mean(trial) * scale
        reasons = [] if n >= FEWEST_PAIRS else [f"fewer than {FEWEST_PAIRS} pairs"]
        row = self.row(
            trial,
            statistic=statistic,
            df=n - 1,
            pvalue=two_sided_t(statistic, n - 1),
            valid=n >= FEWEST_PAIRS,
            reason="; ".join([*reasons, *([] if exact else ["approximate_r"])]),
            warning=trial.close_events(),
            mde=trial.minimum_effect(r),
        )
        return [row]
