"""The moves of one session taken together: vectors of residuals, session by session."""

from __future__ import annotations

import numpy as np

from aftershock.abnormal import AbnormalReturns, Fit, FloatArray
from aftershock.significance.reference import scaled_reference
from aftershock.significance.trial import Trial
from aftershock.windows import EventWindow

TINY = float(np.finfo(float).tiny)


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
    return _of_all(_corrected(pairs.fit))


def deletions(pairs: AbnormalReturns) -> FloatArray:
    """Return d_t by which a session adds to the scatter: E'E - d_t d_t' is without it.

    Returns
    -------
    (M, n)
        u_t of a regression (Cook and Weisberg 1982, Residuals and Influence, section
        2.2). Where nothing is estimated the scatter is about the mean, and
        d_t = sqrt(M / (M - 1)) (e_t - mean), M the rows that the mean was taken over.
    """
    return _of_all(_deleted(pairs.fit))


def externally_studentised(fit: Fit) -> FloatArray:
    """Return u / sqrt((SSR - d^2) / (df - 1)) of every pair and row, (N, S).

    Notes
    -----
    Each session is judged by a variance that does not contain it (Cook and Weisberg
    1982, Residuals and Influence, section 2.2).
    """
    df = fit.residual_df[:, None]
    left = (fit.sigma[:, None] ** 2 * df - _deleted(fit) ** 2) / (df - 1)
    # a row that is all of the variance leaves none, but for rounding
    return np.asarray(_corrected(fit) / np.sqrt(np.maximum(left, TINY)))


def largest_studentised(pairs: AbnormalReturns) -> FloatArray:
    """Return the largest externally studentised residual of each session, (M,)."""
    return np.asarray(np.abs(_of_all(externally_studentised(pairs.fit))).max(axis=1))


def _of_all(values: FloatArray) -> FloatArray:
    """Return the vectors of the sessions that all pairs have, (M, n)."""
    return values[:, np.isfinite(values).all(axis=0)].T


def _corrected(fit: Fit) -> FloatArray:
    """Return u = e / sqrt(1 - leverage), (N, S); NaN outside the estimation."""
    # a forecast may have a leverage above 1, an estimation row has not
    left = np.where(fit.sample.estimation, 1 - fit.hat, np.nan)
    return np.asarray(fit.residuals / np.sqrt(left))


def _deleted(fit: Fit) -> FloatArray:
    """Return what each session adds to a pair's own sum of squares, as a root."""
    if fit.k:
        return _corrected(fit)
    m = fit.m.astype(float)[:, None]
    return np.asarray(fit.centred * np.sqrt(m / np.maximum(m - 1, 1)))


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
