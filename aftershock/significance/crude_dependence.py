"""The test that lets the estimation sessions say how much a mean moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import FloatArray, IntArray
from aftershock.significance.base import Significance, SignificanceTest, two_sided_t
from aftershock.significance.ranks import mean_of_columns, too_few_days
from aftershock.significance.trial import Trial

MOST_UNEVEN = 1.1


@dataclass(frozen=True)
class CrudeDependence(SignificanceTest):
    """CAAR / (sqrt(L) sd_t(AAR_t)) ~ t(T-1), AAR_t over the T estimation offsets.

    Notes
    -----
    Brown and Warner (1980), Journal of Financial Economics 8, 205-258, "crude
    dependence adjustment": correlation between the pairs of one session is in the
    AARs, which are taken to be independent over time and as variable on event
    sessions as before. Offsets at which few pairs have a residual make the spread too
    large: with 60 to 240 rows by pair the test rejects in 0.1 % at a nominal 5 %. It
    is not valid where the mean over offsets of n/n_t is above 1.1 (4 %), where
    recurring symbols leave fewer than 25 independent days, 60 for sums of days (four
    symbols on 12 sessions, six apart: 6.0 % on one day, 7.4 % over six), and for a
    single pair, whose tails nothing averages (GARCH, six sessions: 7.3 %).

    Measured sizes: docs/calibration.md#crude_dependence.
    """

    name: ClassVar[str] = "crude_dependence"
    rows: ClassVar[tuple[str, ...]] = ("crude_dependence",)
    null: ClassVar[str] = (
        "the mean CAR of the pairs is zero and event sessions vary like others"
    )

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `crude_dependence`."""
        means, counts = estimation_means(trial)
        spread = float(means.std(ddof=1)) if len(means) > 1 else 0.0
        if not trial.n or not spread > 0:
            return self.refuse(trial, "needs a pair, and residuals that vary")
        mean, df = trial.abnormal.caar(trial.window), len(means) - 1
        statistic = mean / (float(np.sqrt(trial.window.length)) * spread)
        uneven = float(np.mean(trial.n / counts)) > MOST_UNEVEN
        texts = (
            "the pairs have unequal estimation rows" if uneven else "",
            "a single pair" if trial.n < 2 else "",
            too_few_days(trial),
        )
        row = self.row(
            trial,
            texts,
            estimate=mean,
            statistic=statistic,
            df=df,
            pvalue=two_sided_t(statistic, df),
            warning=trial.spread_warning("adjusted_bmp"),
        )
        return [row]


def estimation_means(trial: Trial) -> tuple[FloatArray, IntArray]:
    """Return AAR_t, the mean residual of the n_t pairs that have one, and n_t.

    Both (T,): only offsets at which at least one complete pair has a residual.
    """
    parts = trial.present.fit.parts()
    means, count = mean_of_columns(
        part.residuals if part.scale is None else part.residuals * part.scale
        for part in parts
    )
    return means[count > 0], count[count > 0]
