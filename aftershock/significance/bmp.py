"""The standardised cross-sectional test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from aftershock.significance.base import (
    NAN,
    Significance,
    SignificanceTest,
    two_sided_normal,
    two_sided_t,
)
from aftershock.significance.standardised import standardised_mean
from aftershock.significance.trial import Trial

ENOUGH = 30
"""Pairs from which t(N-1) is near the normal: 5.97 % beyond 1.96 at N = 30."""


@dataclass(frozen=True)
class Bmp(SignificanceTest):
    """sqrt(N) mean(SCAR) / sd(SCAR) ~ t(N-1), for independent pairs.

    Notes
    -----
    Boehmer, Musumeci and Poulsen (1991), Journal of Financial Economics 30, 253-272;
    SCAR carries the forecast-error variance. `bmp_normal` is the same statistic
    judged by N(0, 1), as the paper does.

    Measured sizes: docs/calibration.md#bmp.
    """

    name: ClassVar[str] = "bmp"
    rows: ClassVar[tuple[str, ...]] = ("bmp", "bmp_normal")
    null: ClassVar[str] = "the mean standardised CAR of the pairs is zero"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the rows `bmp` and `bmp_normal`."""
        if trial.n < 2:
            return self.refuse(trial, "needs two pairs")
        statistic = standardised_mean(trial)
        shared = trial.shared_session()
        row = self.row(
            trial,
            [shared],
            statistic=statistic,
            df=trial.n - 1,
            pvalue=two_sided_t(statistic, trial.n - 1),
        )
        few = f"fewer than {ENOUGH} pairs; see bmp" if trial.n < ENOUGH else ""
        normal = replace(
            row,
            test="bmp_normal",
            df=NAN,
            pvalue=two_sided_normal(statistic),
            valid=not (shared or few),
            reason="; ".join(filter(None, [shared, few])),
        )
        return [row, normal]
