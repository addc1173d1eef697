"""The mean CAR with errors that allow for what clusters of sessions share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aftershock.significance.base import Significance, SignificanceTest
from aftershock.significance.clustering import clustered_error, mean_row
from aftershock.significance.trial import Trial


@dataclass(frozen=True)
class Clustered(SignificanceTest):
    """CAAR over its CR1 standard error ~ t(G-1), G clusters of overlapping windows.

    A cluster is a connected component of the tested windows that share a session.
    The pairs enter through their cluster's sum alone, so this is the test of one
    portfolio CAR for each cluster, weighted by its number of pairs, and standardised
    by the spread of these portfolio CARs among clusters; the estimate stays the CAAR
    of the pairs. With equally large clusters it is the one-sample t of the G means.

    Notes
    -----
    se = sqrt(G/(G-1) sum_g u_g^2) / n, u_g the sum of cluster g's deviations from the
    CAAR. Liang and Zeger (1986), Biometrika 73, 13-22; t(G-1): Cameron, Gelbach and
    Miller (2008), Review of Economics and Statistics 90, 414-427. Assumes that
    clusters are independent, whatever happens inside. Valid from six clusters: four
    symbols with correlation .5 are rejected in 5.2 % on 6 sessions, 5.0 % on 12 and
    4.6 % on 25; not where a few clusters hold most pairs (51 % at worst).

    Measured sizes: docs/calibration.md#clustered.
    """

    name: ClassVar[str] = "clustered"
    rows: ClassVar[tuple[str, ...]] = ("clustered",)
    null: ClassVar[str] = "the mean CAR of the pairs is zero"
    default: ClassVar[bool] = True
    several_sessions: ClassVar[bool] = True

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `clustered`."""
        if not trial.n:
            return self.refuse(trial, "no pair has every session of the window")
        return [mean_row(self.name, self.null, trial, clustered_error)]
