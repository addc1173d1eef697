"""The contract of a significance test, and what the tests are given to judge."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import special

from aftershock.abnormal import FloatArray
from aftershock.significance.trial import Trial

NAN = float("nan")


@dataclass(frozen=True)
class Significance:
    """One test of one group in one window: a row of the table `tests`.

    `valid` says whether the p-value may be shown; it depends on the design alone
    (sessions, pairs, rows, overlap), never on the outcome. `reason` says why not.
    `warning` speaks of the outcome. `mde` is the smallest effect that the test would
    have found with power 0.8 at 5 %, in units of `estimate`.
    """

    test: str
    null: str
    estimate: float = NAN
    statistic: float = NAN
    df: float = NAN
    pvalue: float = NAN
    ci_low: float = NAN
    ci_high: float = NAN
    n: int = 0
    n_sessions: int = 0
    n_clusters: int = 0
    valid: bool = True
    reason: str = ""
    warning: str = ""
    mde: float = NAN


class SignificanceTest(ABC):
    """One significance test; subclasses are one file each.

    Attributes
    ----------
    name : str
        How a config names it.
    rows : tuple of str
        The rows it adds to the table `tests`; the first is `name`.
    null : str
        The null hypothesis in words.
    default : bool
        Whether `tests: default` includes it.
    several_sessions : bool
        With `default`: only for studies of several sessions.
    by_placebo : bool
        Whether the p-value comes from placebo sessions, so that it holds for models
        without a standard error.
    """

    name: ClassVar[str]
    rows: ClassVar[tuple[str, ...]]
    null: ClassVar[str]
    default: ClassVar[bool] = False
    several_sessions: ClassVar[bool] = False
    by_placebo: ClassVar[bool] = False

    @abstractmethod
    def evaluate(self, trial: Trial) -> list[Significance]:
        """Test one group in one window.

        Returns
        -------
        list of Significance
            One for each name in `rows`, always: what cannot be computed is a row
            that is not valid and says why.
        """

    def row(
        self, trial: Trial, reasons: Sequence[str] = (), **found: Any
    ) -> Significance:
        """Return the row of a test with one row, from what it found.

        Parameters
        ----------
        reasons : sequence of str
            Why the p-value may not be shown; empty ones do not count.
        found : fields of Significance
            They win over what is the same for most tests: the CAAR as `estimate`,
            its detectable effect, the counts of complete pairs.
        """
        fields = {
            "estimate": trial.abnormal.caar(trial.window),
            "mde": trial.minimum_effect(trial.correlation[0]),
            **trial.counts,
            "valid": not any(reasons),
            "reason": "; ".join(filter(None, reasons)),
        }
        return Significance(self.name, self.null, **{**fields, **found})

    def refuse(self, trial: Trial, reason: str) -> list[Significance]:
        """Return rows that say why there is nothing to show."""
        return [
            Significance(row, self.null, valid=False, reason=reason, **trial.counts)
            for row in self.rows
        ]


def two_sided_normal(statistic: float) -> float:
    """Return the two-sided p-value of a standard normal statistic."""
    return float(2 * special.ndtr(-abs(statistic)))


def two_sided_t(statistic: float, df: float) -> float:
    """Return the two-sided p-value of a Student t statistic."""
    # what `stats.t.sf` computes, without a tenth of a millisecond around it
    return float(2 * special.stdtr(df, -abs(statistic)))


def interval(estimate: float, se: float, df: float) -> tuple[float, float]:
    """Return the 95 % interval estimate -+ t(.975, df) se."""
    half = float(special.stdtrit(df, 0.975)) * se
    return estimate - half, estimate + half


def upper_rank_pvalue(reference: FloatArray, observed: float) -> float:
    """Return (1 + #{reference >= observed (1 - 1e-12)}) / (B + 1).

    NaN has no rank: nothing would be as large, and p the smallest there is.
    """
    if np.isnan(observed):
        return NAN
    at_least = np.count_nonzero(reference >= observed * (1 - 1e-12))
    return float((1 + at_least) / (len(reference) + 1))


def thin_reference(
    count: int, length: int, draws: int | None = None, sides: int = 1
) -> tuple[bool, str, str]:
    """Judge a reference of `count` placebo sessions for a window of `length`.

    Parameters
    ----------
    draws : int, optional
        How often the sessions were drawn jointly; else each stands once.
    sides : int
        2 for p = 2 (1 + k) / (B + 1), twice the smaller tail.

    Returns
    -------
    valid, reason, warning
        Fewer than 100 sessions are not enough; fewer than 20 windows that do not
        overlap are called exploratory.
    """
    independent = count / length
    smallest = sides / ((draws or count) + 1)
    note = (
        f"exploratory: {count} reference sessions hold about {independent:.0f} "
        f"separate windows; smallest attainable p {smallest:.3f}"
    )
    if count < 100:
        return False, "few_placebo_sessions", note
    return True, "", note if independent < 20 else ""
