"""The signed-rank test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import stats

from aftershock.abnormal import FloatArray
from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    two_sided_normal,
)
from aftershock.significance.trial import Trial

FEWEST_PAIRS = 5


@dataclass(frozen=True)
class Wilcoxon(SignificanceTest):
    """(W+ - m(m+1)/4) / sqrt(m(m+1)(2m+1)/24) ~ N(0, 1) over the m CARs not zero.

    W+ is the sum of the midranks of |CAR| of the positive ones. No correction for
    continuity or ties; n counts the pairs before zeros are dropped.

    Notes
    -----
    Wilcoxon (1945), Biometrics Bulletin 1, 80-83; independent pairs. Fewer than five
    reach |z| = 1.83 at most: at 5 % nothing could ever be rejected.

    Measured sizes: docs/calibration.md#wilcoxon.
    """

    name: ClassVar[str] = "wilcoxon"
    rows: ClassVar[tuple[str, ...]] = ("wilcoxon",)
    null: ClassVar[str] = "the CARs of the pairs are symmetric about zero"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `wilcoxon`."""
        car = trial.present.car(trial.window)
        if not (car != 0).any():
            return self.refuse(trial, "no pair has a CAR other than zero")
        statistic = signed_rank_statistic(car)
        few = f"fewer than {FEWEST_PAIRS} pairs" if trial.n < FEWEST_PAIRS else ""
        texts = (trial.shared_session(), few)
        row = self.row(
            trial,
            texts,
            statistic=statistic,
            pvalue=two_sided_normal(statistic),
        )
        return [row]


def signed_rank_statistic(x: FloatArray) -> float:
    """Return z of W+ of (N,) values, zeros dropped."""
    kept = x[x != 0]
    m = len(kept)
    positive = float(stats.rankdata(np.abs(kept))[kept > 0].sum())
    variance = m * (m + 1) * (2 * m + 1) / 24
    return (positive - m * (m + 1) / 4) / float(np.sqrt(variance))
