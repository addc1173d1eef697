"""The mean CAR with errors from leaving out one cluster of sessions at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aftershock.significance.base import Significance, SignificanceTest
from aftershock.significance.clustering import jackknife_error, mean_row
from aftershock.significance.trial import Trial


@dataclass(frozen=True)
class Jackknife(SignificanceTest):
    """CAAR over its CV3 standard error ~ t(G-1), G clusters of overlapping windows.

    Notes
    -----
    CV3 = (G-1)/G sum_g (CAAR_(g) - CAAR)^2, CAAR_(g) without cluster g. MacKinnon,
    Nielsen and Webb (2023), Journal of Applied Econometrics 38, 671-694. It equals
    `clustered` where clusters are equally large, and is the more careful of the two
    where a few clusters hold most pairs, though not careful enough where they hold
    nearly all (12 %): not valid there. Assumes that clusters are independent; valid
    from six clusters, with the rates of `clustered` where these are equally large.

    Measured sizes: docs/calibration.md#jackknife.
    """

    name: ClassVar[str] = "jackknife"
    rows: ClassVar[tuple[str, ...]] = ("jackknife",)
    null: ClassVar[str] = "the mean CAR of the pairs is zero"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `jackknife`."""
        if not trial.n:
            return self.refuse(trial, "no pair has every session of the window")
        return [mean_row(self.name, self.null, trial, jackknife_error)]
