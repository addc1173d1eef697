"""The moves of one session taken together: vectors of residuals, session by session."""

from __future__ import annotations

import numpy as np

from aftershock.abnormal import AbnormalReturns, FloatArray
from aftershock.significance.reference import scaled_reference
from aftershock.significance.trial import Trial
from aftershock.windows import EventWindow


def not_a_family(trial: Trial) -> str:
    """Say why the family cannot be tested together, if it cannot."""
    if trial.window.length > 1:
        return "a test of one session; this window has several"
    if not len(trial.family):
        return "no pair with a declared direction"
    if len(np.unique(trial.family.sample.positions)) > 1:
        return "a test of one session; these events fall on several"
    return ""


def studentised(pairs: AbnormalReturns) -> FloatArray:
    """Return u = e / sqrt(1 - leverage) where all pairs have a residual, (M, n)."""
    u = pairs.fit.residuals / np.sqrt(1 - pairs.fit.hat)
    return u[:, np.isfinite(u).all(axis=0)].T


def largest_studentised(pairs: AbnormalReturns) -> FloatArray:
    """Return the largest externally studentised residual of each session, (M,).

    Notes
    -----
    |u| / sqrt((SSR - u^2) / (df - 1)): each session is judged by a variance that does
    not contain it (Cook and Weisberg 1982, Residuals and Influence, section 2.2).
    """
    u = studentised(pairs)
    df = pairs.fit.df
    ssr = pairs.fit.sigma**2 * df
    return np.asarray((np.abs(u) / np.sqrt((ssr - u**2) / (df - 1))).max(axis=1))


def scaled_vectors(
    pairs: AbnormalReturns, window: EventWindow
) -> tuple[FloatArray, FloatArray]:
    """Return volatility-scaled vectors: of reference sessions (B, n), of now (n,)."""
    z, observed = scaled_reference(pairs, window)
    return z[:, np.isfinite(z).all(axis=0)].T, observed


def leave_one_out_distances(
    vectors: FloatArray, residuals: FloatArray, df: float
) -> FloatArray:
    """Return W_t of each session, predicted from the others, (M,).

    Parameters
    ----------
    vectors : (M, n)
        u_t: residuals over sqrt(1 - leverage).
    residuals : (M, n)
        E, whose scatter E'E is the metric.
    df : float

    Notes
    -----
    h_t = u_t' (E'E)^-1 u_t; W_t = (df - 1) h_t / (1 - h_t), by the rank-one update of
    the inverse. The in-sample e_t' S^-1 e_t would be too small: each session helped
    to make the S that judges it.
    """
    inverse = np.linalg.inv(residuals.T @ residuals)
    h = np.einsum("ti,ij,tj->t", vectors, inverse, vectors)
    return np.asarray((df - 1) * h / (1 - h))


def distance(vector: FloatArray, residuals: FloatArray, df: float) -> float:
    """Return W = u' S^-1 u with S = E'E / df."""
    return float(df * vector @ np.linalg.solve(residuals.T @ residuals, vector))
