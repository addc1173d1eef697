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
    e = pairs.fit.residuals
    rows = np.isfinite(e).all(axis=0)
    return np.asarray((e[:, rows] / np.sqrt(1 - pairs.fit.hat[:, rows])).T)


def deletions(pairs: AbnormalReturns) -> FloatArray:
    """Return d_t by which a session adds to the scatter: E'E - d_t d_t' is without it.

    Returns
    -------
    (M, n)
        u_t of a regression (Cook and Weisberg 1982, Residuals and Influence, section
        2.2). Where nothing is estimated the scatter is about the mean, and
        d_t = sqrt(M / (M - 1)) (e_t - mean), M the rows that the mean was taken over.
    """
    if pairs.fit.k:
        return studentised(pairs)
    e, m = pairs.fit.centred, pairs.fit.m.astype(float)
    rows = np.isfinite(e).all(axis=0)
    return np.asarray((e[:, rows] * np.sqrt(m / (m - 1))[:, None]).T)


def largest_studentised(pairs: AbnormalReturns) -> FloatArray:
    """Return the largest externally studentised residual of each session, (M,).

    Notes
    -----
    |u| / sqrt((SSR - d^2) / (df - 1)): each session is judged by a variance that does
    not contain it (Cook and Weisberg 1982, Residuals and Influence, section 2.2).
    """
    u, d = studentised(pairs), deletions(pairs)
    df = pairs.fit.df
    left = (pairs.fit.sigma**2 * df - d**2) / (df - 1)
    return np.asarray((np.abs(u) / np.sqrt(left)).max(axis=1))


def scaled_vectors(
    pairs: AbnormalReturns, window: EventWindow
) -> tuple[FloatArray, FloatArray]:
    """Return volatility-scaled vectors: of reference sessions (B, n), of now (n,)."""
    z, observed = scaled_reference(pairs, window)
    return z[:, np.isfinite(z).all(axis=0)].T, observed


def leave_one_out_distances(
    vectors: FloatArray, removed: FloatArray, residuals: FloatArray, df: float
) -> FloatArray:
    """Return W_t of each session, predicted from the others, (M,).

    Parameters
    ----------
    vectors : (M, n)
        u_t, what is judged.
    removed : (M, n)
        d_t, what the session adds to the scatter.
    residuals : (M, n)
        E, whose scatter E'E is the metric.
    df : float

    Notes
    -----
    W_t = (df - 1) u_t' (E'E - d_t d_t')^-1 u_t by the rank-one update of the inverse
    A: u'Au + (u'Ad)^2 / (1 - d'Ad), which is h / (1 - h) where d = u. The in-sample
    e_t' S^-1 e_t would be too small: each session helped to make the S that judges it.
    """
    inverse = np.linalg.inv(residuals.T @ residuals)
    own = np.einsum("ti,ij,tj->t", vectors, inverse, vectors)
    cross = np.einsum("ti,ij,tj->t", vectors, inverse, removed)
    gone = np.einsum("ti,ij,tj->t", removed, inverse, removed)
    return np.asarray((df - 1) * (own + cross**2 / (1 - gone)))


def distance(vector: FloatArray, residuals: FloatArray, df: float) -> float:
    """Return W = u' S^-1 u with S = E'E / df."""
    return float(df * vector @ np.linalg.solve(residuals.T @ residuals, vector))
