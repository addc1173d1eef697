"""The largest contrast that any assignment of signs to the roles could have shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import FloatArray, IntArray
from aftershock.significance.base import (
    NAN,
    Significance,
    SignificanceTest,
    thin_reference,
    upper_rank_pvalue,
)
from aftershock.significance.contrast import no_contrast
from aftershock.significance.family import scaled_vectors, studentised
from aftershock.significance.portfolios import (
    contrast_pairs,
    contrast_symbols,
    differing_design,
    whole_sessions,
)
from aftershock.significance.trial import Trial


@dataclass(frozen=True)
class ContrastSearch(SignificanceTest):
    """max |a'AR| over all signs of the roles, ranked among the same search elsewhere.

    How a contrast is judged whose signs were not declared before the session. Every
    assignment gives +1 shared equally among the roles assigned up, then among the
    symbols of a role, and -1 likewise; all up and all down are among them. The same
    search is made on every estimation session at which all pairs have a residual:
    u_t = e_t / sqrt(1 - leverage) against AR_0 / sqrt(C_00). Both have the covariance
    of the symbols and no scale is estimated, so nothing needs to be left out.
    `contrast_search_ewma` does so on volatility-scaled vectors.
    p = (1 + #{reference >= observed (1 - 1e-12)}) / (B + 1). `estimate` is the largest
    a'AR; `statistic` how many times the median of the reference sessions it is.

    A role that the declared contrast has on both sides counts as two; a symbol
    without a role is a role of its own.

    Notes
    -----
    2^R assignments need not be written out. With k roles up the largest difference of
    means is that of the k largest role means and the others, and swapping the sides
    changes the sign alone, so R sums of sorted role means are enough, for any R.
    At a nominal 5 % one session of four symbols in three roles is rejected in 4.5 %,
    scaled in 4.2 %.
    Westfall and Young (1993), Resampling-Based Multiple Testing, for the maximum of
    dependent statistics over resamples.

    Measured sizes: docs/calibration.md#contrast_search.
    """

    name: ClassVar[str] = "contrast_search"
    rows: ClassVar[tuple[str, ...]] = ("contrast_search", "contrast_search_ewma")
    null: ClassVar[str] = "no contrast of the roles is larger than on ordinary sessions"
    default: ClassVar[bool] = True

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the rows `contrast_search` and `contrast_search_ewma`."""
        reason = _not_searchable(trial)
        if reason:
            return self.refuse(trial, reason)
        table, weights = whole_sessions(trial)
        pairs = contrast_pairs(trial, table)
        differing = differing_design(pairs, table.shape[1])
        if differing:
            return self.refuse(trial, differing)
        shares = role_shares(trial, table[0], weights[0])
        now = pairs.scar(trial.window) * pairs.fit.sigma
        z, scaled = scaled_vectors(trial.family.take(table[0]), trial.window)
        found = float(largest_contrast(pairs.car(trial.window)[None, :] @ shares)[0])
        return [
            self._row("contrast_search", found, studentised(pairs), now, shares),
            self._row("contrast_search_ewma", found, z, scaled, shares),
        ]

    def _row(
        self,
        name: str,
        estimate: float,
        reference: FloatArray,
        now: FloatArray,
        shares: FloatArray,
    ) -> Significance:
        """Rank the largest contrast of `now` among those of the reference sessions."""
        enough, few, note = thin_reference(len(reference), 1)
        observed = float(largest_contrast(now[None, :] @ shares)[0])
        others = largest_contrast(reference @ shares)
        usual = float(np.median(others)) if len(others) else NAN
        return Significance(
            name,
            self.null,
            estimate=estimate,
            statistic=observed / usual,
            pvalue=upper_rank_pvalue(others, observed),
            n=len(now),
            n_sessions=1,
            n_clusters=1,
            valid=enough,
            reason=few,
            warning=note,
        )


def _not_searchable(trial: Trial) -> str:
    """Say why there is nothing to search, if so."""
    if not contrast_symbols(trial):
        return "no contrast was declared"
    if trial.window.length > 1:
        return "a search of one session; this window has several"
    if len(np.unique(trial.family.sample.positions)) > 1:
        return "a search of one session; these events fall on several"
    return no_contrast(trial)


def role_shares(trial: Trial, places: IntArray, weights: FloatArray) -> FloatArray:
    """Return the share of each pair in the mean of each role, (K, R).

    Parameters
    ----------
    places, weights : (K,)
        Where the contrast's symbols, in order, stand in the family; their weights.
    """
    inside = np.flatnonzero(trial.complete & trial.prior)[places]
    signs = np.sign(weights)
    named = [trial.roles[i] if trial.roles else "" for i in inside]
    keys = [
        (role, int(sign)) if role else (trial.symbols[i], 0)
        for role, sign, i in zip(named, signs, inside, strict=True)
    ]
    distinct = sorted(set(keys))
    member = np.array([[key == d for d in distinct] for key in keys], dtype=float)
    return np.asarray(member / member.sum(axis=0))


def largest_contrast(means: FloatArray) -> FloatArray:
    """Return the largest |contrast| over all signs of the roles, (B,).

    Parameters
    ----------
    means : (B, R)
        Mean of each role on each session.
    """
    count = means.shape[1]
    up = np.arange(1, count)
    top = np.sort(means, axis=1)[:, ::-1].cumsum(axis=1)
    whole = top[:, -1:]
    split = top[:, :-1] / up - (whole - top[:, :-1]) / (count - up)
    return np.asarray(np.hstack([np.abs(whole) / count, split]).max(axis=1))
