"""The generalised rank t test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import Fit, FloatArray
from aftershock.significance.base import Significance, SignificanceTest, two_sided_t
from aftershock.significance.ranks import (
    centred_ranks,
    few_for_spread,
    heavy_tails,
    mean_of_columns,
    standardised_event,
    standardised_residuals,
    too_few_days,
)
from aftershock.significance.trial import Trial

FEWEST_CLUSTERS, FEWEST_DAYS = 12, 60
ROUNDING = 1e-12
"""T - 1 - Z^2 over T up to which Z^2 is T - 1: every estimation day ranks alike."""


@dataclass(frozen=True)
class GrankT(SignificanceTest):
    """Z sqrt((T-2)/(T-1-Z^2)) ~ t(T-2), Z = Ubar_0/S: ranks with the window as a day.

    Each pair's estimation residuals over s are ranked together with SCAR/sd(SCAR);
    U = midrank/(M_i+2) - 1/2; Ubar_t its mean over the n_t pairs of day t;
    S^2 = (1/T) sum (n_t/N) Ubar_t^2 over the T-1 estimation days and the extra one.

    Notes
    -----
    Kolari and Pynnonen (2011), Journal of Empirical Finance 18, 953-971. S holds the
    correlation between pairs, but sd(SCAR) does not: pairs of one session move
    together and look too far out among their own residuals. Four symbols of
    correlation .5 are rejected at a nominal 5 % in 16 % on one session, 7-8 % on five
    and 5.7 % on twelve; independent pairs in 7 % at N = 12 and 5.6 % at N = 20. It is
    not valid with fewer than 12 clusters or 20 pairs, nor where recurring symbols
    leave fewer than 60 independent days: four of them on 12 or 25 sessions, six
    apart, are rejected in 6.5 to 7 %.

    Measured sizes: docs/calibration.md#grank_t.
    """

    name: ClassVar[str] = "grank_t"
    rows: ClassVar[tuple[str, ...]] = ("grank_t",)
    null: ClassVar[str] = "standardised CARs rank like the residuals of other days"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `grank_t`."""
        event, missing = standardised_event(trial)
        if missing:
            return self.refuse(trial, missing)
        z, days = rank_ratio(trial.present.fit, event)
        room = days - 1 - z**2
        if not (days > 2 and room > ROUNDING * days):
            return self.refuse(trial, "the estimation days leave no room for ranks")
        statistic = z * float(np.sqrt((days - 2) / room))
        texts = (
            few_clusters(trial),
            few_for_spread(trial),
            too_few_days(trial, FEWEST_DAYS),
        )
        row = self.row(
            trial,
            texts,
            statistic=statistic,
            df=days - 2,
            pvalue=two_sided_t(statistic, days - 2),
            warning=heavy_tails(trial),
        )
        return [row]


def few_clusters(trial: Trial) -> str:
    """Say that the pairs move together on too few occasions."""
    if trial.n_sessions == 1:
        return "all pairs share one session"
    few = trial.n_clusters < FEWEST_CLUSTERS
    return f"fewer than {FEWEST_CLUSTERS} clusters" if few else ""


def rank_ratio(fit: Fit, event: FloatArray) -> tuple[float, int]:
    """Return Z = Ubar_0 / S and T, estimation days and the extra one.

    Parameters
    ----------
    fit : Fit
        Of the n pairs whose residuals are ranked.
    event : (n,)
        What stands for the window.
    """
    pairs = standardised_residuals(fit, event)
    # M_i + 2 is one more than the ranked days of the pair
    u = (centred_ranks(np.column_stack(both)) for both in pairs)
    means, count = mean_of_columns(u)
    held = count > 0
    means = means[held]
    days = int(held.sum())
    spread = float(np.sqrt((count[held] / len(event) * means**2).sum() / days))
    return (float(means[-1]) / spread if spread > 0 else 0.0), days
