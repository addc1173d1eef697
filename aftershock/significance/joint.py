"""Did anything happen on this session? All symbols at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import stats

from aftershock.abnormal import AbnormalReturns, FloatArray
from aftershock.significance.base import (
    Significance,
    SignificanceTest,
    thin_reference,
    upper_rank_pvalue,
)
from aftershock.significance.family import (
    deletions,
    distance,
    leave_one_out_distances,
    not_a_family,
    scaled_vectors,
    studentised,
)
from aftershock.significance.portfolios import differing_design
from aftershock.significance.trial import Trial

HEAVY = 0.99


@dataclass(frozen=True)
class Joint(SignificanceTest):
    """Hotelling's W of one session: as F, and ranked among the estimation sessions.

    Notes
    -----
    W = AR' S^-1 AR / c, with S = E'E / df on the rows all pairs share and c the
    forecast variance factor; F = (df - n + 1) / (n df) W ~ F(n, df - n + 1).
    `joint_ranked` needs no normal distribution: W is ranked among the W_t of the
    estimation sessions, each predicted from the others. `joint_ranked_ewma` does so
    after scaling every pair by the volatility known before each session.
    Campbell, Lo and MacKinlay (1997), section 5.3, for the F test of a multivariate
    regression. The F is exact for normal returns only; heavy tails of the estimation
    sessions are warned of (GARCH with t(5): it rejects in 11 % at a nominal 5 %).

    Measured sizes: docs/calibration.md#joint.
    """

    name: ClassVar[str] = "joint"
    rows: ClassVar[tuple[str, ...]] = ("joint", "joint_ranked", "joint_ranked_ewma")
    null: ClassVar[str] = "no symbol's expected abnormal return differs from zero"
    default: ClassVar[bool] = True

    def evaluate(self, trial: Trial) -> list[Significance]:
        """Return the rows `joint`, `joint_ranked` and `joint_ranked_ewma`."""
        reason = not_a_family(trial)
        if reason:
            return self.refuse(trial, reason)
        pairs = trial.on_common_rows(trial.family)
        differing = differing_design(pairs, len(pairs))
        if differing:
            return self.refuse(trial, differing)
        residuals = _common(pairs)
        if not _invertible(residuals):
            few = f"{len(residuals)} common rows for {len(pairs)} symbols"
            collinear = "residuals of the symbols are collinear"
            short = len(residuals) <= 2 * len(pairs)
            return self.refuse(trial, few if short else collinear)
        counts: dict[str, Any] = {"n": len(pairs), "n_sessions": 1, "n_clusters": 1}
        return [
            *self._plain(trial, pairs, residuals, counts),
            self._scaled(trial, counts),
        ]

    def _plain(
        self,
        trial: Trial,
        pairs: AbnormalReturns,
        residuals: FloatArray,
        counts: dict[str, Any],
    ) -> list[Significance]:
        """Judge W by F and by rank."""
        df, n, m = float(pairs.fit.df[0]), len(pairs), len(residuals)
        rows = float(pairs.fit.residual_df[0])
        w = distance(pairs.scar(trial.window) * pairs.fit.sigma, residuals, rows)
        ranks = leave_one_out_distances(
            studentised(pairs), deletions(pairs), residuals, rows
        )
        room = "" if m > 2 * n else f"{m} rows are not more than twice {n} symbols"
        f = (df - n + 1) / (n * df) * w
        enough, few, note = thin_reference(m, 1)
        return [
            Significance(
                "joint",
                self.null,
                statistic=f,
                df=df - n + 1,
                pvalue=float(stats.f.sf(f, n, df - n + 1)),
                valid=not room,
                reason=room,
                warning=heavy_tails(residuals),
                **counts,
            ),
            Significance(
                "joint_ranked",
                self.null,
                statistic=w,
                pvalue=upper_rank_pvalue(ranks, w),
                valid=enough and not room,
                reason=room or few,
                warning=note,
                **counts,
            ),
        ]

    def _scaled(self, trial: Trial, counts: dict[str, Any]) -> Significance:
        """Judge the volatility-scaled vector by rank."""
        z, now = scaled_vectors(trial.family, trial.window)
        b, n = len(z), len(now)
        room = "" if b > 2 * n else f"{b} rows are not more than twice {n} symbols"
        enough, few, note = thin_reference(b, 1)
        sound = b > n and _invertible(z)
        w = distance(now, z, b) if sound else float("nan")
        ranks = leave_one_out_distances(z, z, z, b) if sound else np.empty(0)
        return Significance(
            "joint_ranked_ewma",
            self.null,
            statistic=w,
            pvalue=upper_rank_pvalue(ranks, w) if sound else float("nan"),
            valid=enough and not room,
            reason=room or few,
            warning=note,
            **counts,
        )


def heavy_tails(residuals: FloatArray) -> str:
    """Warn of residual vectors (M, n) whose tails no normal distribution has.

    Notes
    -----
    Mardia (1970), Biometrika 57, 519-530: the mean of (e' S^-1 e)^2, S = E'E / M, has
    mean n (n + 2) and variance 8 n (n + 2) / M under normality; beyond its .99
    quantile is called heavy.
    """
    m, n = residuals.shape
    d = np.einsum(
        "ti,ij,tj->t", residuals, np.linalg.inv(residuals.T @ residuals / m), residuals
    )
    z = (float(np.mean(d**2)) - n * (n + 2)) / np.sqrt(8 * n * (n + 2) / m)
    if z <= float(stats.norm.ppf(HEAVY)):
        return ""
    return "returns have heavier tails than normal ones; see joint_ranked"


def _common(pairs: AbnormalReturns) -> FloatArray:
    """Return the residual vectors of the sessions that all pairs have, (M, n).

    Where nothing is estimated (k = 0) residuals are centred, as the variance is.
    """
    e = pairs.fit.residuals
    e = e[:, np.isfinite(e).all(axis=0)].T
    return e if pairs.fit.k else e - e.mean(axis=0)


def _invertible(residuals: FloatArray) -> bool:
    """Tell whether the scatter matrix can be inverted."""
    m, n = residuals.shape
    if m <= n:
        return False
    scale = np.sqrt((residuals**2).sum(axis=0))
    if not (scale > 0).all():
        return False
    return bool(np.linalg.cond(residuals / scale) < 1e8)
