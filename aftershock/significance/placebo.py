"""The same statistic at sessions without the event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    thin_reference,
    upper_rank_pvalue,
)
from aftershock.significance.clustering import FEWEST_CLUSTERS
from aftershock.significance.contrast import contrast_vector, left_out, no_contrast
from aftershock.significance.portfolios import whole_sessions
from aftershock.significance.trial import Reference, Trial


@dataclass(frozen=True)
class Placebo(SignificanceTest):
    """|mean SCAR| ranked among the same at placebo sessions, symbols kept aligned.

    p = (1 + #{|reference| >= |observed| (1 - 1e-12)}) / (B + 1); every model is
    estimated anew for each placebo session.

    Notes
    -----
    Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular
    Biology 9, for counting the observation itself.

    Measured sizes: docs/calibration.md#placebo.
    """

    name: ClassVar[str] = "placebo"
    rows: ClassVar[tuple[str, ...]] = ("placebo",)
    by_placebo: ClassVar[bool] = True
    null: ClassVar[str] = "the mean standardised CAR is that of ordinary sessions"
    default: ClassVar[bool] = True

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `placebo`."""
        if not trial.n:
            return self.refuse(trial, "no pair has every session of the window")
        reference = trial.reference
        if reference is None:
            return self.refuse(trial, "few_placebo_sessions")
        observed = float(trial.present.scar(trial.window).mean())
        row = ranked(self.name, self.null, trial, reference, reference.mean, observed)
        return [row]


@dataclass(frozen=True)
class PlaceboContrast(SignificanceTest):
    """|a'SCAR| of the declared contrast ranked among the same at placebo sessions.

    The placebo for news of mixed sign, whose mean cancels. Of several sessions it is
    the sum over those that have every symbol of the contrast, divided by the number
    of sessions; the reference leaves out the same ones. `estimate` is the mean over
    the sessions that took part.

    Notes
    -----
    Measured sizes: docs/calibration.md#placebo_contrast.
    """

    name: ClassVar[str] = "placebo_contrast"
    rows: ClassVar[tuple[str, ...]] = ("placebo_contrast",)
    by_placebo: ClassVar[bool] = True
    null: ClassVar[str] = "the declared contrast is that of ordinary sessions"
    default: ClassVar[bool] = True

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the row `placebo_contrast`."""
        reason = no_contrast(trial)
        reference = None if reason else trial.reference
        if reference is None:
            return self.refuse(trial, reason or "few_placebo_sessions")
        vector, whole = contrast_vector(trial), len(whole_sessions(trial)[0])
        total = float(vector @ trial.family.scar(trial.window))
        observed = total / trial.n_sessions
        row = ranked(
            self.name, self.null, trial, reference, reference.contrast, observed
        )
        note = "; ".join(filter(None, [row.warning, left_out(trial, whole)]))
        used = int(np.count_nonzero(vector))
        return [replace(row, estimate=total / whole, warning=note, n=used)]


def ranked(
    name: str,
    null: str,
    trial: Trial,
    reference: Reference,
    values: np.ndarray,
    observed: float,
) -> Significance:
    """Rank |observed| among |values|."""
    count = len(values) if not reference.drawn else reference.candidates
    draws = len(values) if reference.drawn else None
    enough, few, note = thin_reference(count, trial.window.length, draws)
    if trial.n_sessions > 1 and trial.n_clusters < FEWEST_CLUSTERS:
        scarce = f"exploratory: fewer than {FEWEST_CLUSTERS} clusters of sessions"
        note = "; ".join(filter(None, [scarce, note]))
    stormy = trial.high_volatility("the tests scaled by volatility")
    note = "; ".join(filter(None, [note, reference.left_out, stormy]))
    return Significance(
        name,
        null,
        estimate=observed,
        statistic=observed,
        pvalue=upper_rank_pvalue(np.abs(values), abs(observed)),
        valid=enough,
        reason=few,
        warning=note,
        **trial.counts,
    )
