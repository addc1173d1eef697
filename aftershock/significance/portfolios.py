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
    """Return the symbols with a weight, in order."""
    return sorted(s for s, w in (trial.weights or {}).items() if w)


def whole_sessions(trial: Trial) -> IntArray:
    """Return where the pairs of each session that has every symbol stand, (P, K).

    Rows are event sessions in order of time, columns the symbols of the contrast;
    the numbers are places in `trial.family`.
    """
    place = {symbol: k for k, symbol in enumerate(contrast_symbols(trial))}
    column = np.array([place.get(s, -1) for s in trial.family_symbols], dtype=np.int64)
    rows = np.flatnonzero(column >= 0)
    sessions, at = np.unique(trial.family.sample.positions[rows], return_inverse=True)
    table = np.full((len(sessions), len(place)), -1, dtype=np.int64)
    table[at, column[rows]] = rows
    return table[(table >= 0).all(axis=1)] if place else table


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
    weights : (K,)

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
    """Add up each session's rows with the weights, (P K, ...) -> (P, ...)."""
    # counted, not -1: the coefficients of a model without any have no size
    sessions = len(values) // len(weights)
    several = values.reshape(sessions, len(weights), *values.shape[1:])
    return np.asarray(np.einsum("k,pk...->p...", weights, several))


def _combined_sample(sample: Sample, weights: FloatArray) -> Sample:
    """Combine the pairs' returns; a session counts where all of them have one."""
    size = len(weights)
    usable = sample.usable.reshape(-1, size, sample.usable.shape[1])
    return replace(
        sample.take(slice(0, None, size)),
        returns=_weighted(sample.returns, weights),
        usable=np.asarray(usable.all(axis=1)),
    )


def _combined_fit(fit: Fit, sample: Sample, weights: FloatArray) -> Fit:
    """Combine the pairs' fits: residuals add up, the design is the same for all."""
    first = fit.take(slice(0, None, len(weights)))
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
    df = fit.df.reshape(-1, len(weights)).min(axis=1)
    return replace(one, scale=scale, gram=gram, df=df)


def _combined_scale(fit: Fit, weights: FloatArray) -> FloatArray:
    """Return the spread of the portfolio at each session, 1 where all have 1, (P, S).

    Notes
    -----
    a'D S D a / a'S a, with D the symbols' scales of the session and S the scatter of
    their residuals in units of scale.
    """
    shape = (-1, len(weights), fit.residuals.shape[1])
    scale = np.asarray(fit.scale).reshape(shape) * weights[None, :, None]
    e = np.nan_to_num(fit.residuals.reshape(shape))
    scatter = np.einsum("pks,pls->pkl", e, e)
    of_session = np.einsum("pks,pkl,pls->ps", scale, scatter, scale)
    plain = np.einsum("k,pkl,l->p", weights, scatter, weights)
    return np.asarray(np.sqrt(of_session / plain[:, None]))
