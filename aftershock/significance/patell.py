"""Patell's standardised residual test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    two_sided_normal,
)
from aftershock.significance.standardised_sum import standardised_sum
from aftershock.significance.trial import Trial


@dataclass(frozen=True)
class Patell(SignificanceTest):
    """Sum of standardised abnormal returns over its standard deviation ~ N(0, 1).

    One day: sum SAR / sqrt(sum df/(df-2)); a window of L days:
    N^-1/2 sum CSAR / sqrt(L df/(df-2)).

    Notes
    -----
    Patell (1976), Journal of Accounting Research 14, 246-276. Assumes independent
    pairs, and on event sessions the variance of ordinary ones. Not valid for a single
    pair, whose tails nothing averages (GARCH, six sessions: 7.3 % at a nominal 5 %).

    Measured sizes: docs/calibration.md#patell.
    """

    name: ClassVar[str] = "patell"
    rows: ClassVar[tuple[str, ...]] = ("patell",)
    null: ClassVar[str] = (
        "the mean standardised CAR is zero and event sessions vary like others"
    )

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `patell`."""
        statistic, missing = standardised_sum(trial)
        if missing:
            return self.refuse(trial, missing)
        texts = (trial.shared_session(), "a single pair" if trial.n < 2 else "")
        row = self.row(
            trial,
            texts,
            statistic=statistic,
            pvalue=two_sided_normal(statistic),
            warning=trial.spread_warning(
                "adjusted_bmp" if trial.shared_session() else "bmp"
            ),
        )
        return [row]
