"""The declared contrast as a portfolio: one for each session that has all symbols."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aftershock.abnormal import (
    AbnormalReturns,
    Fit,
    FloatArray,
    IntArray,
    Model,
    Sample,
    measure,
)
from aftershock.models.base import least_squares
from aftershock.significance.trial import Trial


def contrast_symbols(trial: Trial) -> list[str]:
    """Return the symbols with a weight in some session, in order."""
    if trial.signed is not None:
        # a mean over sessions may be 0 where each session has signs of its own
        signed = zip(trial.symbols, trial.signed, strict=True)
        return sorted({symbol for symbol, weight in signed if weight})
    return sorted(s for s, w in (trial.weights or {}).items() if w)


def family_weights(trial: Trial) -> FloatArray:
    """Return the contrast weight of each pair of the family, (n,); 0 for none."""
    if trial.signed is not None:
        return np.asarray(trial.signed[trial.complete & trial.prior])
    weights = trial.weights or {}
    return np.array([weights.get(s, 0.0) for s in trial.family_symbols], dtype=float)


def _needed(trial: Trial, sessions: IntArray) -> IntArray:
    """Return how many weighted pairs each session must have to take part, (P,)."""
    if trial.signed is None:
        return np.full(len(sessions), len(contrast_symbols(trial)))
    weighted = trial.abnormal.sample.positions[(trial.signed != 0) & trial.prior]
    counts = np.searchsorted(np.sort(weighted), sessions, side="right")
    return counts - np.searchsorted(np.sort(weighted), sessions, side="left")


def whole_sessions(trial: Trial) -> tuple[IntArray, FloatArray]:
    """Return the portfolio of each session that has every symbol of its contrast.

    Returns
    -------
    places : (P, K) integers
        Where its pairs stand in `trial.family`; rows are event sessions in order of
        time, columns symbols in order. Where a session has fewer than K of them, its
        first fills up.
    weights : (P, K)
        0 for what only fills up.
    """
    weights, symbols = family_weights(trial), np.array(trial.family_symbols)
    rows = np.flatnonzero(weights)
    positions = trial.family.sample.positions
    rows = rows[np.lexsort((symbols[rows], positions[rows]))]
    sessions, first, at, counts = np.unique(
        positions[rows], return_index=True, return_inverse=True, return_counts=True
    )
    width = int(counts.max(initial=0))
    places = np.repeat(rows[first], width).reshape(-1, width)
    shares = np.zeros(places.shape)
    within = np.arange(len(rows)) - first[at]
    places[at, within], shares[at, within] = rows, weights[rows]
    whole = counts == _needed(trial, sessions)
    return places[whole], shares[whole]


def differing_design(pairs: AbnormalReturns, size: int) -> str:
    """Say that pairs of one session do not read the same regressors, if so.

    Parameters
    ----------
    pairs : AbnormalReturns
        Sessions one after the other, `size` pairs each.
    """
    base = () if pairs.fit.base is None else (pairs.fit.base,)
    for values in (*pairs.fit.regressors, *base):
        several = values.reshape(-1, size, values.shape[1])
        same = several == several[:, :1]
        if not (same | np.isnan(several) & np.isnan(several[:, :1])).all():
            return "the model's regressors differ by symbol"
    return ""


def contrast_pairs(trial: Trial, table: IntArray) -> AbnormalReturns:
    """Return the pairs of whole sessions, fitted on rows that a session's share.

    Parameters
    ----------
    table : (P, K) integers
        As `whole_sessions` gives it.
    """
    pairs = trial.family.take(table.ravel())
    rows = pairs.sample.estimation
    shared = rows.reshape(*table.shape, -1).all(axis=1).repeat(table.shape[1], axis=0)
    if (shared == rows).all():
        return pairs
    common = replace(pairs.sample, estimation=shared)
    return measure(common, trial.model, pairs.window)


def combined(
    pairs: AbnormalReturns, weights: FloatArray, model: Model
) -> AbnormalReturns:
    """Return the portfolios with `weights`, each as one pair, P of them.

    Parameters
    ----------
    pairs : AbnormalReturns
        Sessions one after the other, K pairs each, with common rows and regressors.
    weights : (P, K)

    Notes
    -----
    With equal regressors what is linear in returns adds up: coefficients, residuals
    and abnormal returns of the portfolio are the weighted sums (Zellner 1962). Where
    the model gives variances (garch) they do not add up, so the portfolio is fitted.
    """
    sample = _combined_sample(pairs.sample, weights)
    if pairs.fit.variance is not None:
        return measure(sample, model, pairs.window)
    fit = _combined_fit(pairs.fit, sample, weights)
    return AbnormalReturns(sample, fit, pairs.window)


def _weighted(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Add up each session's rows with its weights, (P K, ...) -> (P, ...)."""
    several = values.reshape(*weights.shape, *values.shape[1:])
    return np.asarray(np.einsum("pk,pk...->p...", weights, several))


def _combined_sample(sample: Sample, weights: FloatArray) -> Sample:
    """Combine the pairs' returns; a session counts where all of them have one."""
    size = weights.shape[1]
    usable = sample.usable.reshape(-1, size, sample.usable.shape[1])
    return replace(
        sample.take(slice(0, None, size)),
        returns=_weighted(sample.returns, weights),
        usable=np.asarray(usable.all(axis=1)),
    )


def _combined_fit(fit: Fit, sample: Sample, weights: FloatArray) -> Fit:
    """Combine the pairs' fits: residuals add up, the design is the same for all."""
    first = fit.take(slice(0, None, weights.shape[1]))
    one = replace(
        first,
        sample=sample,
        coefficients=_weighted(fit.coefficients, weights),
        base=None if first.base is None else _weighted(np.asarray(fit.base), weights),
        alpha=_weighted(fit.alpha, weights),
        beta=_weighted(fit.beta, weights),
    )
    if fit.scale is None:
        return one
    scale = _combined_scale(fit, weights)
    unit = [x / scale for x in one.regressors]
    _, gram = least_squares(sample.returns / scale, unit, sample.estimation)
    df = fit.df.reshape(weights.shape).min(axis=1)
    return replace(one, scale=scale, gram=gram, df=df)


def _combined_scale(fit: Fit, weights: FloatArray) -> FloatArray:
    """Return the spread of the portfolio at each session, 1 where all have 1, (P, S).

    Notes
    -----
    a'D S D a / a'S a, with D the symbols' scales of the session and S the scatter of
    their residuals in units of scale.
    """
    shape = (*weights.shape, fit.residuals.shape[1])
    scale = np.asarray(fit.scale).reshape(shape) * weights[:, :, None]
    e = np.nan_to_num(fit.residuals.reshape(shape))
    scatter = np.einsum("pks,pls->pkl", e, e)
    of_session = np.einsum("pks,pkl,pls->ps", scale, scatter, scale)
    plain = np.einsum("pk,pkl,pl->p", weights, scatter, weights)
    return np.asarray(np.sqrt(of_session / plain[:, None]))
