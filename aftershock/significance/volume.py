"""What is traded against what is traded on sessions without the event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aftershock.abnormal import AbnormalReturns, BoolArray, FloatArray
from aftershock.significance.base import Significance, SignificanceTest
from aftershock.significance.placebo import ranked
from aftershock.significance.trial import Trial
from aftershock.windows import EventWindow

LOG_VOLUME = "log_volume"
"""What the sample calls the logarithm of traded shares."""
FEWEST_ROWS = 60


@dataclass(frozen=True)
class Volume(SignificanceTest):
    """Abnormal log turnover, cumulated over the window, against placebo dates.

    Of each pair the logarithm of traded shares less its mean over the estimation
    rows; while the number of shares outstanding stays the same, that is abnormal log
    turnover. Summed over the window and averaged over pairs; p = (1 + #{|reference|
    >= |observed| (1 - 1e-12)}) / (B + 1). Sessions without a trade have no logarithm
    and count as missing; a pair that lacks one in the window leaves the test.

    Notes
    -----
    Ajinkya and Jain (1989), Journal of Accounting and Economics 11, 331-359, and
    Campbell and Wasley (1996), Review of Quantitative Finance and Accounting 6,
    309-326: the logarithm, because raw volume is skewed. It is autocorrelated, so no
    normal reference is given; placebo windows have the same autocorrelation.

    Measured sizes: docs/calibration.md#volume.
    """

    name: ClassVar[str] = "volume"
    rows: ClassVar[tuple[str, ...]] = ("volume",)
    by_placebo: ClassVar[bool] = True
    null: ClassVar[str] = "abnormal log turnover is that of other sessions"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `volume`."""
        if LOG_VOLUME not in trial.abnormal.sample.factors:
            return self.refuse(trial, "no volume was given")
        known = np.isfinite(volume(trial.abnormal, trial.window)) & trial.complete
        if not known.any():
            return self.refuse(trial, "no pair has volume in the window")
        some = _taken(trial, known)
        observed = float(volume(some.abnormal, trial.window).mean())
        reference = some.reference_of(volume)
        if reference is None:
            return self.refuse(some, "few_placebo_sessions")
        return [ranked(self.name, self.null, some, reference, reference.mean, observed)]


def volume(abnormal: AbnormalReturns, window: EventWindow) -> FloatArray:
    """Return the abnormal log turnover of each pair, summed over the window, (n,).

    NaN where a session of the window has none, or fewer than 60 estimation rows do.
    """
    log = abnormal.sample.factors[LOG_VOLUME]
    log = np.where(np.isfinite(log), log, np.nan)
    used = abnormal.sample.estimation & np.isfinite(log)
    count = used.sum(axis=1)
    usual = np.where(used, log, 0.0).sum(axis=1) / np.maximum(count, 1)
    summed = (log[:, abnormal.columns(window)] - usual[:, None]).sum(axis=1)
    return np.where(count >= FEWEST_ROWS, summed, np.nan)


def _taken(trial: Trial, rows: BoolArray) -> Trial:
    """Return the trial of some of its pairs."""
    inside = np.flatnonzero(rows)
    return replace(
        trial,
        abnormal=trial.abnormal.take(rows),
        symbols=tuple(trial.symbols[i] for i in inside),
        prior=trial.prior[rows],
        weights=None,
        signed=None,
        roles=tuple(trial.roles[i] for i in inside) if trial.roles else (),
    )
