"""The sign test of Corrado and Zivney."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aftershock.abnormal import AbnormalReturns, FloatArray
from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    two_sided_normal,
)
from aftershock.significance.ranks import (
    kept_counts,
    mean_of_columns,
    one_day,
    ranked_set,
    tested_days,
    too_few_days,
    window_statistic,
)
from aftershock.significance.trial import Trial

FEWEST_PAIRS = 5
LEAST_SHARED = -0.05
"""Relative change of a sum's variance from which its signs reject too rarely."""


@dataclass(frozen=True)
class CorradoZivneySign(SignificanceTest):
    """v_0 / sqrt(mean v_t^2) ~ N(0, 1), v_t = sum of sign(AR - median) / sqrt(N_t).

    The median is each pair's own over the estimation and the full event window, and
    the mean is over the same days; a window of L days takes sqrt(L) mean(v) over it.

    Notes
    -----
    Corrado and Zivney (1992), Journal of Financial and Quantitative Analysis 27,
    465-478. All kept pairs count, without the days they miss. The spread of v holds
    the correlation between pairs of one session. It is not valid where v has too few
    values: with fewer than five pairs (four: 8.9 % at a nominal 5 %), and on one day
    of one session, where signs agree (50 pairs of correlation .3: 2.3 %); nor where
    recurring symbols leave too few independent days, as with `corrado_rank`.

    Over several days, signs about an own median sum to zero over the ranked set, and
    that alone brings six days to 4.2 .. 4.8 %. Where a symbol's events lie in each
    other's estimation, each median holds the others' windows too, and the spread holds
    v_0 once for each of them: four symbols with quarterly events, whose sum varies
    10 % less, reject in 3.3 %. From 5 % less on (`Trial.shared_errors`) it is invalid.

    Measured sizes: docs/calibration.md#corrado_zivney_sign.
    """

    name: ClassVar[str] = "corrado_zivney_sign"
    rows: ClassVar[tuple[str, ...]] = ("corrado_zivney_sign",)
    null: ClassVar[str] = (
        "abnormal returns of the window lie above their median as often as below"
    )

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `corrado_zivney_sign`."""
        counts = kept_counts(trial)
        level = mean_signs(trial.abnormal)
        tested = tested_days(trial)
        statistic, missing = window_statistic(level, np.ones(len(level)), tested)
        if missing:
            return [replace(row, **counts) for row in self.refuse(trial, missing)]
        few = f"fewer than {FEWEST_PAIRS} pairs" if counts["n"] < FEWEST_PAIRS else ""
        single = "all pairs share one day" if one_day(trial) else ""
        texts = (few, single, too_few_days(trial), shared_medians(trial))
        row = self.row(
            trial,
            texts,
            statistic=statistic,
            pvalue=two_sided_normal(statistic),
            **counts,
        )
        return [row]


def shared_medians(trial: Trial) -> str:
    """Say that a symbol's events lie in each other's medians, and sums vary less."""
    if trial.window.length == 1 or trial.shared_errors > LEAST_SHARED:
        return ""
    return "a symbol's events lie in each other's estimation: sums of signs vary less"


def mean_signs(abnormal: AbnormalReturns) -> FloatArray:
    """Return v_t of every offset, (S,); NaN on days that no pair has."""
    mean, count = mean_of_columns(_signs(ranked_set(p)) for p in abnormal.parts())
    return np.asarray(mean * np.sqrt(count))


def _signs(values: FloatArray) -> FloatArray:
    """Return on which side of its row's median each value lies; NaN without one."""
    return np.asarray(np.sign(values - row_medians(values)[:, None]))


def row_medians(values: FloatArray) -> FloatArray:
    """Return the median of the finite values of each row, (N,); NaN without one."""
    present = np.isfinite(values)
    count = present.sum(axis=1)
    # np.nanmedian gives the same and takes ten times as long
    ordered = np.sort(np.where(present, values, np.inf), axis=1)
    row, middle = np.arange(len(values)), np.maximum(count, 1)
    low, high = ordered[row, (middle - 1) // 2], ordered[row, middle // 2]
    return np.asarray(np.where(count > 0, (low + high) / 2, np.nan))
