"""The sign test against the share of positive residuals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    two_sided_normal,
)
from aftershock.significance.trial import Trial


@dataclass(frozen=True)
class GeneralizedSign(SignificanceTest):
    """(w - N p) / sqrt(N p (1-p)) ~ N(0, 1), w positive CARs (zeros are not).

    p is the mean over pairs of the share of positive estimation residuals.

    Notes
    -----
    Cowan (1992), Review of Quantitative Finance and Accounting 2, 343-358;
    independent pairs.

    Measured sizes: docs/calibration.md#generalized_sign.
    """

    name: ClassVar[str] = "generalized_sign"
    rows: ClassVar[tuple[str, ...]] = ("generalized_sign",)
    null: ClassVar[str] = "a CAR is positive as often as estimation residuals are"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `generalized_sign`."""
        n = trial.n
        if not n:
            return self.refuse(trial, "no pair has every session of the window")
        share = positive_share(trial)
        if not 0 < share < 1:
            return self.refuse(trial, "the estimation residuals have one sign only")
        positive = int((trial.present.car(trial.window) > 0).sum())
        statistic = (positive - n * share) / float(np.sqrt(n * share * (1 - share)))
        shared = trial.shared_session()
        row = self.row(
            trial,
            [shared],
            statistic=statistic,
            pvalue=two_sided_normal(statistic),
        )
        return [row]


def positive_share(trial: Trial) -> float:
    """Return the mean over pairs of the share of positive estimation residuals."""
    return float(trial.present.fit.positive_share.mean())
