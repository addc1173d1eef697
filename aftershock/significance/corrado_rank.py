"""Corrado's rank test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from aftershock.abnormal import AbnormalReturns, FloatArray
from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    two_sided_normal,
)
from aftershock.significance.ranks import (
    centred_ranks,
    kept_counts,
    mean_of_columns,
    one_day,
    ranked_set,
    tested_days,
    too_few_days,
    window_statistic,
)
from aftershock.significance.trial import Trial

FEWEST_ON_ONE_DAY = 20


@dataclass(frozen=True)
class CorradoRank(SignificanceTest):
    """sqrt(L) (mean Kbar_t - 1/2) / S ~ N(0, 1), in event time.

    U = midrank / (1 + count) of each pair's abnormal returns over the estimation and
    the full event window; Kbar_t = mean U of the N_t pairs present on day t;
    S^2 = mean over all ranked days of (N_t/N) (Kbar_t - 1/2)^2.

    Notes
    -----
    Corrado (1989), Journal of Financial Economics 23, 385-395, with the missing-data
    form of Corrado and Zivney (1992). All kept pairs count, without the days they
    miss. S holds the correlation between pairs of one session. The mean rank of few
    pairs on one day of one session is too flat to be normal: four of correlation .5
    are rejected in 2.6 % at a nominal 5 %, so it is not valid there. Nor is it where
    the same symbols recur within few sessions, so that S rests on fewer than 25
    independent days, 60 for sums of days (four symbols on 12 sessions, six apart:
    6.0 % on one day, 6.5 % over six; on 18 sessions 6.0 and 6.8 %).

    Measured sizes: docs/calibration.md#corrado_rank.
    """

    name: ClassVar[str] = "corrado_rank"
    rows: ClassVar[tuple[str, ...]] = ("corrado_rank",)
    null: ClassVar[str] = "abnormal returns of the window rank like those of other days"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `corrado_rank`."""
        counts = kept_counts(trial)
        level, weight = mean_ranks(trial.abnormal)
        statistic, missing = window_statistic(level, weight, tested_days(trial))
        if missing:
            return [replace(row, **counts) for row in self.refuse(trial, missing)]
        few = counts["n"] < FEWEST_ON_ONE_DAY and one_day(trial)
        texts = (
            f"one day and fewer than {FEWEST_ON_ONE_DAY} pairs" if few else "",
            too_few_days(trial),
        )
        row = self.row(
            trial,
            texts,
            statistic=statistic,
            pvalue=two_sided_normal(statistic),
            # on one session the generalised ranks are not valid themselves
            warning=trial.raised_variance(
                "grank_t" if trial.n_sessions > 1 else "placebo"
            ),
            **counts,
        )
        return [row]


def mean_ranks(abnormal: AbnormalReturns) -> tuple[FloatArray, FloatArray]:
    """Return Kbar_t - 1/2 and N_t/N of every offset, (S,); NaN on days without pair."""
    ranked = (centred_ranks(ranked_set(part)) for part in abnormal.parts())
    level, count = mean_of_columns(ranked)
    return level, count / max(len(abnormal), 1)
