"""The generalised rank z test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import Fit, FloatArray
from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    two_sided_normal,
)
from aftershock.significance.ranks import (
    few_for_spread,
    heavy_tails,
    standardised_event,
    standardised_residuals,
)
from aftershock.significance.trial import Trial


@dataclass(frozen=True)
class GrankZ(SignificanceTest):
    """Ubar_0 / sqrt(sum M_i/(12(M_i+2)) / N^2) ~ N(0, 1), for independent pairs.

    U as in `grank_t`; M/(12(M+2)) is the variance of a rank among M+1 days.

    Notes
    -----
    Kolari and Pynnonen (2011), Journal of Empirical Finance 18, 953-971. Not valid
    with fewer than 20 pairs: 7 % at a nominal 5 % with 12.

    Measured sizes: docs/calibration.md#grank_z.
    """

    name: ClassVar[str] = "grank_z"
    rows: ClassVar[tuple[str, ...]] = ("grank_z",)
    null: ClassVar[str] = "standardised CARs rank like the residuals of other days"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `grank_z`."""
        event, missing = standardised_event(trial)
        if missing:
            return self.refuse(trial, missing)
        statistic = event_rank_statistic(trial.present.fit, event)
        texts = (trial.shared_session(), few_for_spread(trial))
        row = self.row(
            trial,
            texts,
            statistic=statistic,
            pvalue=two_sided_normal(statistic),
            warning=heavy_tails(trial),
        )
        return [row]


def event_rank_statistic(fit: Fit, event: FloatArray) -> float:
    """Return Ubar_0 over its standard deviation.

    The midrank of one value needs no sorting: one, plus the residuals below it, plus
    half of those equal to it.
    """
    total = variance = 0.0
    for residuals, now in standardised_residuals(fit, event):
        m = np.isfinite(residuals).sum(axis=1)
        below = (residuals < now[:, None]).sum(axis=1)
        equal = (residuals == now[:, None]).sum(axis=1)
        total += float(((1 + below + equal / 2) / (m + 2) - 0.5).sum())
        variance += float((m / (12 * (m + 2))).sum())
    return total / float(np.sqrt(variance))
