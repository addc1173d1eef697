"""The standardised cross-sectional test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aftershock.significance.base import Significance, SignificanceTest, two_sided_t
from aftershock.significance.standardised import standardised_mean
from aftershock.significance.trial import Trial


@dataclass(frozen=True)
class Bmp(SignificanceTest):
    """sqrt(N) mean(SCAR) / sd(SCAR) ~ t(N-1), for independent pairs.

    Notes
    -----
    Boehmer, Musumeci and Poulsen (1991), Journal of Financial Economics 30, 253-272;
    SCAR carries the forecast-error variance.
    """

    name: ClassVar[str] = "bmp"
    rows: ClassVar[tuple[str, ...]] = ("bmp",)
    null: ClassVar[str] = "the mean standardised CAR of the pairs is zero"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `bmp`."""
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
        return [row]
