"""The sign test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import stats

from aftershock.significance.base import Significance, SignificanceTest
from aftershock.significance.trial import Trial


@dataclass(frozen=True)
class Sign(SignificanceTest):
    """(w - N/2) / sqrt(N/4), w positive CARs (zeros are not); exact binomial p-value.

    Notes
    -----
    Conover (1999), Practical Nonparametric Statistics, section 3.4; independent
    pairs. CARs are skewed to the right, so that fewer than half are positive without
    any news: see `generalized_sign`.

    Measured sizes: docs/calibration.md#sign.
    """

    name: ClassVar[str] = "sign"
    rows: ClassVar[tuple[str, ...]] = ("sign",)
    null: ClassVar[str] = "a CAR is as likely positive as not"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `sign`."""
        n = trial.n
        if not n:
            return self.refuse(trial, "no pair has every session of the window")
        positive = int((trial.present.car(trial.window) > 0).sum())
        shared = trial.shared_session()
        row = self.row(
            trial,
            [shared],
            statistic=(positive - n / 2) / float(np.sqrt(n / 4)),
            pvalue=float(stats.binomtest(positive, n, 0.5).pvalue),
        )
        return [row]
