"""The spread of abnormal returns against that of sessions without the event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from scipy import stats

from aftershock.abnormal import AbnormalReturns, FloatArray
from aftershock.significance.base import Significance, SignificanceTest
from aftershock.significance.placebo import ranked
from aftershock.significance.trial import Trial
from aftershock.windows import EventWindow

SPELL = 60
"""Sessions after which storms are over: .98^60 = .3 of GARCH(1,1) (.08, .90)."""
NORMAL = "assumes normal returns, which daily ones are not; see volatility"


@dataclass(frozen=True)
class Volatility(SignificanceTest):
    """mean SAR^2 over pairs and sessions of the window, against placebo dates.

    One-sided: a small mean is no evidence. `volatility` ranks it among the same at
    placebo sessions, p = (1 + #{reference >= observed (1 - 1e-12)}) / (B + 1).
    `volatility_f` is the parametric row. With n independent pairs of df degrees of
    freedom, each with a variance of its own, the mean of n F(L, df) is told by
    F(n L, n df) after matching the first moment; exact for one pair and session. It
    is never valid: fat tails alone make squares look raised.

    Placebos of several clusters are drawn apart from each other, while squares of
    neighbouring ones rise and fall together: of 12 sessions, six apart, in GARCH(1,1)
    it rejects in 21 % at a nominal 5 %. Clusters must be 60 sessions apart.

    Notes
    -----
    Beaver (1968), Journal of Accounting Research 6, 67-92, for squared standardised
    abnormal returns; Patell (1976), Journal of Accounting Research 14, 246-276.

    Measured sizes: docs/calibration.md#volatility.
    """

    name: ClassVar[str] = "volatility"
    rows: ClassVar[tuple[str, ...]] = ("volatility", "volatility_f")
    by_placebo: ClassVar[bool] = True
    null: ClassVar[str] = "the variance of abnormal returns is that of other sessions"

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the rows `volatility` and `volatility_f`."""
        if not trial.n:
            return self.refuse(trial, "no pair has every session of the window")
        observed = float(volatility(trial.present, trial.window).mean())
        reference = trial.reference_of(volatility)
        if reference is None:
            placebo = replace(
                self.refuse(trial, "few_placebo_sessions")[0],
                estimate=observed,
                statistic=observed,
            )
        else:
            placebo = ranked(
                "volatility", self.null, trial, reference, reference.mean, observed
            )
            if close := _close_together(trial):
                reasons = "; ".join(filter(None, [placebo.reason, close]))
                placebo = replace(placebo, valid=False, reason=reasons)
        return [placebo, self._parametric(trial, observed)]

    def _parametric(self, trial: Trial, observed: float) -> Significance:
        """Judge the mean by its F reference."""
        n, df = trial.n, float(trial.present.fit.df.mean())
        cells = n * trial.window.length
        # the means of F(L, df) and of F(n L, n df)
        matched = observed * (df - 2) / df * n * df / (n * df - 2)
        reasons = filter(None, [trial.shared_session(), NORMAL])
        return Significance(
            "volatility_f",
            self.null,
            estimate=observed,
            statistic=matched,
            df=n * df,
            pvalue=float(stats.f.sf(matched, cells, n * df)),
            valid=False,
            reason="; ".join(reasons),
            **trial.counts,
        )


def _close_together(trial: Trial) -> str:
    """Say that clusters of events share a spell of volatility, if any two do."""
    gaps = np.diff(np.unique(trial.positions))
    apart = gaps[gaps >= trial.window.length]
    if not len(apart) or apart.min() >= SPELL:
        return ""
    return f"events within {SPELL} sessions of each other share spells of volatility"


def volatility(abnormal: AbnormalReturns, window: EventWindow) -> FloatArray:
    """Return the mean SAR^2 of each pair over the window, (n,)."""
    columns = abnormal.columns(window)
    squares = abnormal.series_at(columns) ** 2 / abnormal.fit.day_variance(columns)
    return np.asarray(squares.mean(axis=1))
