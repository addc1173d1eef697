"""Which symbol moved? The largest of the session's moves, family-wise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import AbnormalReturns, FloatArray
from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    thin_reference,
    upper_rank_pvalue,
)
from aftershock.significance.family import (
    largest_studentised,
    not_a_family,
    scaled_vectors,
)
from aftershock.significance.trial import Trial
from aftershock.windows import EventWindow


@dataclass(frozen=True)
class MaxSar(SignificanceTest):
    """max |SAR| of the session ranked among the same maximum on estimation sessions.

    Notes
    -----
    Westfall and Young (1993), Resampling-Based Multiple Testing, single-step maxT,
    with the estimation sessions as the resamples: the dependence between symbols is
    kept as it is. `max_sar_ewma` ranks volatility-scaled moves.

    Measured sizes: docs/calibration.md#max_sar.
    """

    name: ClassVar[str] = "max_sar"
    rows: ClassVar[tuple[str, ...]] = ("max_sar", "max_sar_ewma")
    null: ClassVar[str] = "no symbol moved more than the largest mover ordinarily does"
    default: ClassVar[bool] = True

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the rows `max_sar` and `max_sar_ewma`."""
        reason = not_a_family(trial)
        if reason:
            return self.refuse(trial, reason)
        pairs = trial.family
        z, now = scaled_vectors(pairs, trial.window)
        return [
            self._row(
                "max_sar",
                largest_studentised(pairs),
                pairs.scar(trial.window),
                trial.high_volatility("max_sar_ewma"),
            ),
            self._row("max_sar_ewma", np.abs(z).max(axis=1), now),
        ]

    def _row(
        self, name: str, reference: FloatArray, moves: FloatArray, stormy: str = ""
    ) -> Significance:
        """Rank the largest move."""
        enough, few, note = thin_reference(len(reference), 1)
        largest = float(np.abs(moves).max())
        return Significance(
            name,
            self.null,
            statistic=largest,
            pvalue=upper_rank_pvalue(reference, largest),
            n=len(moves),
            n_sessions=1,
            n_clusters=1,
            valid=enough,
            reason=few,
            warning="; ".join(filter(None, [stormy, note])),
        )


def family_pvalues(
    pairs: AbnormalReturns, window: EventWindow
) -> tuple[FloatArray, FloatArray]:
    """Return each pair's family-wise p-value, plain and volatility-scaled, (n,), (n,).

    Parameters
    ----------
    pairs : AbnormalReturns
        The pairs of one session that form the family.
    window : EventWindow
        A window of one session.
    """
    z, now = scaled_vectors(pairs, window)
    return (
        _ranks(largest_studentised(pairs), pairs.scar(window)),
        _ranks(np.abs(z).max(axis=1), now),
    )


def _ranks(reference: FloatArray, moves: FloatArray) -> FloatArray:
    """Rank every |move| among the session maxima; NaN without a reference."""
    if not len(reference):
        return np.full(len(moves), np.nan)
    return np.array([upper_rank_pvalue(reference, abs(move)) for move in moves])
