"""The contract of a return model, and the least squares they share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from aftershock.abnormal import BoolArray, Fit, FloatArray, IntArray, Sample


class ReturnModel(ABC):
    """What a symbol would have returned without the news.

    Subclasses are frozen dataclasses, one file each; their fields are parameters.

    Attributes
    ----------
    name : str
        How a config names the model.
    factors : tuple of str
        Columns of the factor frame that the model needs.
    formula : str
        The expected return in one line, for reports.
    """

    name: ClassVar[str]
    factors: ClassVar[tuple[str, ...]] = ()
    formula: ClassVar[str]

    @abstractmethod
    def fit(self, sample: Sample) -> Fit:
        """Estimate all pairs at once.

        Parameters
        ----------
        sample : Sample
            N pairs on S offsets; only `sample.estimation` rows may be used to fit.
        """


def ones(sample: Sample) -> FloatArray:
    """Return the constant regressor, (N, S)."""
    return np.ones(sample.returns.shape)


def rows_used(sample: Sample) -> IntArray:
    """Return M, the number of estimation rows of each pair, (N,)."""
    return np.asarray(sample.estimation.sum(axis=1), dtype=np.int64)


def least_squares(
    y: FloatArray, regressors: Sequence[FloatArray], rows: BoolArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Ordinary least squares of N regressions at once, each on its own rows.

    Parameters
    ----------
    y : (N, S)
        Left-hand side; read only where `rows` is true.
    regressors : k arrays of (N, S)
    rows : (N, S) bool

    Returns
    -------
    coefficients : (N, k)
    gram : (N, k, k)
        (X'X)^-1; NaN where a pair's regressors are collinear or rows too few.
    design : (N, S, k)
        Regressors of all sessions, 0 where they are missing.
    """
    design = np.stack([np.where(np.isfinite(x), x, 0.0) for x in regressors], axis=2)
    used = design * rows[:, :, None]
    moments = np.matmul(used.transpose(0, 2, 1), design)
    cross = np.matmul(used.transpose(0, 2, 1), np.where(rows, y, 0.0)[:, :, None])
    gram = _invert(moments)
    return np.matmul(gram, cross)[:, :, 0], gram, design


def _invert(moments: FloatArray) -> FloatArray:
    """Invert (N, k, k) moment matrices; a singular one becomes NaN, not an error."""
    scale = np.sqrt(np.einsum("nkk->nk", moments))
    scale = np.where(scale > 0, scale, np.nan)
    correlation = moments / scale[:, :, None] / scale[:, None, :]
    finite = np.asarray(np.isfinite(correlation).all(axis=(1, 2)))
    condition = np.linalg.cond(np.where(finite[:, None, None], correlation, 0.0))
    sound = finite & (condition < 1e12)
    inverse = np.full(moments.shape, np.nan)
    inverse[sound] = np.linalg.inv(correlation[sound])
    return inverse / scale[:, :, None] / scale[:, None, :]


def regression_fit(
    sample: Sample, regressors: Sequence[FloatArray], beta_at: int | None
) -> Fit:
    """Fit R = X b + e by least squares and return all that a study needs.

    Parameters
    ----------
    regressors : k arrays of (N, S)
        The first is the constant.
    beta_at : int, optional
        Which coefficient is the slope on the market.

    Notes
    -----
    s2 = SSR / (M - k); C = I + X* (X'X)^-1 X*' (Campbell, Lo and MacKinlay 1997,
    The Econometrics of Financial Markets, section 4.4).
    """
    coefficients, gram, design = least_squares(
        sample.returns, regressors, sample.estimation
    )
    fitted = np.matmul(design, coefficients[:, :, None])[:, :, 0]
    expected = np.where(sample.usable, fitted, np.nan)
    residuals = np.where(sample.estimation, sample.returns - fitted, np.nan)
    m = rows_used(sample)
    df = (m - len(regressors)).astype(float)
    return Fit(
        expected=expected,
        residuals=residuals,
        sigma=residual_sigma(residuals, df),
        df=df,
        m=m,
        alpha=coefficients[:, 0],
        beta=_column(coefficients, beta_at),
        r2=r_squared(sample, residuals),
        hat=np.einsum("nsk,nkj,nsj->ns", design, gram, design),
        design=design,
        gram=gram,
    )


def residual_sigma(residuals: FloatArray, df: FloatArray) -> FloatArray:
    """Return sqrt(SSR / df), (N,); NaN where no degree of freedom is left."""
    ssr = np.nansum(residuals**2, axis=1)
    variance = np.full(len(df), np.nan)
    return np.asarray(np.sqrt(np.divide(ssr, df, out=variance, where=df > 0)))


def r_squared(sample: Sample, residuals: FloatArray) -> FloatArray:
    """Return 1 - SSR / SST of the estimation rows, (N,)."""
    y = np.where(sample.estimation, sample.returns, 0.0)
    m = np.maximum(rows_used(sample), 1)
    sst = (y**2).sum(axis=1) - y.sum(axis=1) ** 2 / m
    ssr = np.nansum(residuals**2, axis=1)
    share = np.divide(ssr, sst, out=np.full(len(sst), np.nan), where=sst > 0)
    return np.asarray(1 - share)


def _column(coefficients: FloatArray, index: int | None) -> FloatArray:
    """Return one coefficient of every pair, NaN where the model has none."""
    if index is None:
        return np.full(len(coefficients), np.nan)
    return np.asarray(coefficients[:, index])
