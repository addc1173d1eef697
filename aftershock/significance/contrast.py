"""A weighted sum of abnormal returns, its weights declared beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from aftershock.abnormal import AbnormalReturns, BoolArray, FloatArray
from aftershock.significance.base import (
    NAN,
    Significance,
    SignificanceTest,
    interval,
    thin_reference,
    two_sided_t,
)
from aftershock.significance.clustering import (
    cluster_sums,
    clustered_error,
    few_clusters,
    t_ratio,
)
from aftershock.significance.portfolios import (
    combined,
    contrast_pairs,
    contrast_symbols,
    differing_design,
    whole_sessions,
)
from aftershock.significance.reference import (
    high_volatility,
    scaled_quantile_pvalues,
    scaled_reference,
)
from aftershock.significance.trial import POWER_Z, Trial
from aftershock.windows import clusters

FEWEST_ROWS = 60
NO_SPREAD = 1e-12
"""Residual standard deviation up to which nothing varies but rounding."""

FEW_APART = 60
"""Windows without overlap below which their rank is said to be rough: it rejects in 5.4
to 6.6 % over six sessions, in 4.5 to 4.9 over one (docs/calibration.md#contrast)."""


@dataclass(frozen=True, eq=False)
class Declared:
    """The contrast's portfolios.

    Attributes
    ----------
    portfolios : AbnormalReturns
        One pair for each session, P of them.
    n : int
        Pairs that carry a weight in these sessions.
    left_out : str
        How many sessions could not take part, in words.
    """

    portfolios: AbnormalReturns
    n: int
    left_out: str

    def counts(self, length: int) -> dict[str, Any]:
        """Return the fields of a row that count."""
        positions = self.portfolios.sample.positions
        return {
            "n": self.n,
            "n_sessions": len(positions),
            "n_clusters": len(np.unique(clusters(positions, length))),
        }


@dataclass(frozen=True)
class Contrast(SignificanceTest):
    """a'CAR: the portfolio with the declared weights a, one for each session.

    One session: `contrast` is the OLS t of that portfolio, fitted on the rows that all
    its symbols have; `contrast_ewma` its rank after volatility scaling. A headline
    takes the larger p.

    Several sessions: every session that has all symbols of its contrast gives one
    portfolio CAR, with signs of its own where they come from the events, and
    `contrast` is the t of `clustered` over these CARs. `contrast_ewma` is the same t
    over the CARs scaled by the volatility known before each session: scaled CARs have
    about the same variance whatever the calm or storm of their time, which is what
    the t of a mean wants, and unlike sign flips it does not move in steps at few
    clusters. Both are valid from six clusters (rates 4.5 to 5.9 % on 6, 12 and 25
    sessions); fewer are exploratory.

    Notes
    -----
    Zellner (1962), Journal of the American Statistical Association 57, 348-368: with
    equal regressors the seemingly unrelated estimate of a'AR is the least-squares one
    of the portfolio. Refused where regressors differ by symbol.

    Measured sizes: docs/calibration.md#contrast.
    """

    name: ClassVar[str] = "contrast"
    rows: ClassVar[tuple[str, ...]] = ("contrast", "contrast_ewma")
    null: ClassVar[str] = "the declared contrast of abnormal returns is zero"
    default: ClassVar[bool] = True

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the rows `contrast` and `contrast_ewma`."""
        found = declared(trial)
        if isinstance(found, str):
            return self.refuse(trial, found)
        if len(found.portfolios) == 1:
            return [self._t(trial, found), self._ranked(trial, found)]
        car = found.portfolios.car(trial.window)
        scaled = scaled_reference(found.portfolios, trial.window)[1]
        everywhere = np.isfinite(car)
        return [
            self._clustered("contrast", trial, found, car, everywhere),
            self._clustered("contrast_ewma", trial, found, scaled, np.isfinite(scaled)),
        ]

    def _t(self, trial: Trial, found: Declared) -> Significance:
        """Judge the contrast of one session by Student's t."""
        portfolio = found.portfolios
        estimate = float(portfolio.car(trial.window)[0])
        se, df = float(portfolio.car_se(trial.window)[0]), float(portfolio.fit.df[0])
        low, high = interval(estimate, se, df)
        stormy = high_volatility(portfolio, trial.window, "contrast_ewma")[0]
        return Significance(
            "contrast",
            self.null,
            estimate=estimate,
            statistic=estimate / se,
            df=df,
            pvalue=two_sided_t(estimate / se, df),
            ci_low=low,
            ci_high=high,
            warning="; ".join(filter(None, [found.left_out, stormy])),
            mde=POWER_Z * se,
            **found.counts(trial.window.length),
        )

    def _ranked(self, trial: Trial, found: Declared) -> Significance:
        """Judge the contrast of one session by its rank after volatility scaling."""
        estimate = float(found.portfolios.car(trial.window)[0])
        pvalues, reference = scaled_quantile_pvalues(found.portfolios, trial.window)
        count, length = int(reference[0]), trial.window.length
        enough, few, note = thin_reference(count, length, sides=2)
        apart = int(reference[0]) // trial.window.length
        overlap = trial.window.length > 1 and apart < FEW_APART
        thin = f"{apart} windows of the reference do not overlap" if overlap else ""
        return Significance(
            "contrast_ewma",
            self.null,
            estimate=estimate,
            statistic=float(scaled_reference(found.portfolios, trial.window)[1][0]),
            pvalue=float(pvalues[0]),
            valid=enough,
            reason=few,
            warning="; ".join(filter(None, [found.left_out, note, thin])),
            **found.counts(trial.window.length),
        )

    def _clustered(
        self,
        row: str,
        trial: Trial,
        found: Declared,
        values: FloatArray,
        known: BoolArray,
    ) -> Significance:
        """Judge the portfolios of several sessions by the clustered t of `values`."""
        positions = found.portfolios.sample.positions[known]
        labels = clusters(positions, trial.window.length)
        sums, counts = cluster_sums(values[known], labels)
        df, statistic = len(sums) - 1, t_ratio(sums, counts, clustered_error)
        estimate = float(found.portfolios.car(trial.window)[known].mean())
        se = clustered_error(sums, counts) if row == "contrast" else NAN
        low, high = interval(estimate, se, df) if df > 0 else (NAN, NAN)
        few = few_clusters(len(sums))
        exploratory = f"exploratory: {few}" if few else ""
        spread = np.sqrt(np.sum(found.portfolios.car_se(trial.window)[known] ** 2))
        return Significance(
            row,
            self.null,
            estimate=estimate,
            statistic=statistic,
            df=df if df > 0 else NAN,
            pvalue=two_sided_t(statistic, df) if df > 0 else NAN,
            ci_low=low,
            ci_high=high,
            valid=not few,
            reason=few,
            warning="; ".join(
                filter(
                    None,
                    [
                        "; ".join(filter(None, [exploratory, found.left_out])),
                        trial.close_events(),
                    ],
                )
            ),
            mde=POWER_Z * float(spread) / len(positions),
            **found.counts(trial.window.length),
        )


def contrast_vector(trial: Trial) -> FloatArray:
    """Return the weight of each family pair, (n,); 0 in sessions that lack a symbol."""
    places, weights = whole_sessions(trial)
    vector = np.zeros(len(trial.family_symbols))
    vector[places[weights != 0]] = weights[weights != 0]
    return vector


def no_contrast(trial: Trial) -> str:
    """Say why there is no contrast to test, if there is none."""
    wanted = contrast_symbols(trial)
    if not wanted:
        return "no contrast was declared"
    absent = sorted(set(wanted) - set(trial.family_symbols))
    if absent and trial.signed is None:
        return (
            f"the contrast needs {', '.join(absent)}: no complete pair of the event "
            "with an expected direction"
        )
    if not len(whole_sessions(trial)[0]):
        return "no session has all symbols of the contrast"
    return ""


def left_out(trial: Trial, kept: int) -> str:
    """Say how many sessions could not take part."""
    total = len(np.unique(trial.family.sample.positions))
    lacking = (
        f"{total - kept} of {total} sessions lack a symbol of the contrast or rows"
    )
    return lacking if kept < total else ""


def declared(trial: Trial) -> Declared | str:
    """Return the contrast's portfolios, or say why there are none."""
    reason = no_contrast(trial)
    if reason:
        return reason
    places, weights = whole_sessions(trial)
    pairs = contrast_pairs(trial, places)
    differing = differing_design(pairs, places.shape[1])
    if differing:
        return differing
    portfolios = combined(pairs, weights, trial.model)
    enough = portfolios.fit.m >= FEWEST_ROWS
    if not enough.any():
        most = int(portfolios.fit.m.max())
        return f"only {most} rows are common to its symbols"
    enough &= portfolios.fit.sigma > NO_SPREAD
    if not enough.any():
        return "the residuals of the contrast do not vary: its symbols move as one"
    kept = portfolios.take(enough)
    n = int(np.count_nonzero(weights[enough]))
    return Declared(kept, n, left_out(trial, len(kept)))
