"""The contract of a return model, and the least squares they share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aftershock.abnormal import (
    BoolArray,
    Drivers,
    Fit,
    FloatArray,
    IntArray,
    Sample,
    blocks,
    is_constant,
)


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
    fewest_rows : int
        A shorter estimation window is refused before any work.
    default_estimation : (start, end), optional
        Offsets in place of the usual ones.
    inference : str
        Why only a placebo's p-value may be shown; empty for most models.
    """

    name: ClassVar[str]
    factors: ClassVar[tuple[str, ...]] = ()
    formula: ClassVar[str]
    fewest_rows: ClassVar[int] = 0
    default_estimation: ClassVar[tuple[int, int] | None] = None
    inference: ClassVar[str] = ""

    def drivers(
        self,
        returns: FloatArray,
        symbols: Sequence[str],
        factors: Mapping[str, FloatArray],
        exposed: frozenset[str],
    ) -> Drivers:
        """Return what the model reads, by session.

        Parameters
        ----------
        returns : (T, K)
        symbols : (K,) of str
        factors : mapping of (T,)
            Every column of the factor frame.
        exposed : frozenset of str
            Symbols that some event names.
        """
        return Drivers({name: factors[name] for name in self.factors})

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
    return np.broadcast_to(1.0, sample.returns.shape)


def rows_used(sample: Sample) -> IntArray:
    """Return M, the number of estimation rows of each pair, (N,)."""
    return np.asarray(sample.estimation.sum(axis=1), dtype=np.int64)


def least_squares(
    y: FloatArray, regressors: Sequence[FloatArray], rows: BoolArray
) -> tuple[FloatArray, FloatArray]:
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
    """
    k = len(regressors)
    moments, cross = np.empty((len(y), k, k)), np.empty((len(y), k, 1))
    for at in blocks(*y.shape):
        chosen = rows[at]
        used = [_Column.of(x[at], chosen) for x in regressors]
        left = _Column.of(y[at], chosen)
        for i, x in enumerate(used):
            cross[at, i, 0] = x.dot(left)
            for j in range(i + 1):
                moments[at, i, j] = moments[at, j, i] = x.dot(used[j])
    gram = _invert(moments)
    return np.matmul(gram, cross)[:, :, 0], gram


@dataclass(frozen=True)
class _Column:
    """A regressor on its rows: one number times ones or zeros, or (B, S) numbers."""

    value: float
    cells: FloatArray | BoolArray

    @classmethod
    def of(cls, x: FloatArray, rows: BoolArray) -> _Column:
        """Return a regressor, 0 outside the rows."""
        if is_constant(x) and x.size:
            return cls(float(x[0, 0]), rows)
        return cls(1.0, np.where(rows, x, 0.0))

    def dot(self, other: _Column) -> FloatArray:
        """Return the sum of products over the sessions, (B,)."""
        scale, plain = self.value * other.value, self.cells.dtype != bool
        if plain and other.cells.dtype != bool:
            return np.asarray(np.einsum("ns,ns->n", self.cells, other.cells))
        # ones and zeros of the same rows: a sum needs no product
        cells = self.cells if plain else other.cells
        return np.asarray(cells.sum(axis=1) * scale)


def _invert(moments: FloatArray) -> FloatArray:
    """Invert (N, k, k) moment matrices; a singular one becomes NaN, not an error."""
    scale = np.sqrt(np.einsum("nkk->nk", moments))
    scale = np.where(scale > 0, scale, np.nan)
    correlation = moments / scale[:, :, None] / scale[:, None, :]
    finite = np.asarray(np.isfinite(correlation).all(axis=(1, 2)))
    values, vectors = np.linalg.eigh(np.where(finite[:, None, None], correlation, 0.0))
    # eigenvalues ascend; a condition number of 1e12 leaves no digits for the slope
    sound = finite & (values[:, 0] * 1e12 > values[:, -1])
    inverse = np.full(moments.shape, np.nan)
    inverse[sound] = (vectors[sound] / values[sound, None, :]) @ np.swapaxes(
        vectors[sound], 1, 2
    )
    return np.asarray(inverse / scale[:, :, None] / scale[:, None, :])


def regression_fit(
    sample: Sample,
    regressors: Sequence[FloatArray],
    beta_at: int | None,
    base: FloatArray | None = None,
) -> Fit:
    """Fit R - base = X b + e by least squares and return all that a study needs.

    Parameters
    ----------
    regressors : k arrays of (N, S)
        The first is the constant.
    beta_at : int, optional
        Which coefficient is the slope on the market.
    base : (N, S), optional
        The known part of the expected return.

    Notes
    -----
    s2 = SSR / (M - k); C = I + X* (X'X)^-1 X*' (Campbell, Lo and MacKinlay 1997,
    The Econometrics of Financial Markets, section 4.4).
    """
    y = sample.returns if base is None else sample.returns - base
    coefficients, gram = least_squares(y, regressors, sample.estimation)
    return fit_of(sample, tuple(regressors), coefficients, gram, beta_at, base)


def fit_of(
    sample: Sample,
    regressors: tuple[FloatArray, ...],
    coefficients: FloatArray,
    gram: FloatArray,
    beta_at: int | None,
    base: FloatArray | None = None,
) -> Fit:
    """Return the fit with given coefficients; s2 = SSR / (M - k).

    Parameters
    ----------
    regressors : k arrays of (N, S)
    coefficients, gram : (N, k), (N, k, k)
    beta_at : int, optional
        Which coefficient is the slope on the market.
    base : (N, S), optional
        The known part of the expected return.
    """
    m = rows_used(sample)
    return Fit(
        sample=sample,
        regressors=regressors,
        coefficients=coefficients,
        gram=gram,
        df=(m - len(regressors)).astype(float),
        m=m,
        alpha=coefficients[:, 0],
        beta=_column(coefficients, beta_at),
        base=base,
    )


def unfitted(sample: Sample, base: FloatArray) -> Fit:
    """Return the fit of an expected return without regression; df = M - 1.

    Parameters
    ----------
    base : (N, S)
        The expected return.
    """
    n, m = len(sample.positions), rows_used(sample)
    missing = np.full(n, np.nan)
    return Fit(
        sample=sample,
        regressors=(),
        coefficients=np.zeros((n, 0)),
        gram=np.zeros((n, 0, 0)),
        df=(m - 1).astype(float),
        m=m,
        alpha=missing,
        beta=missing,
        base=base,
    )


def _column(coefficients: FloatArray, index: int | None) -> FloatArray:
    """Return one coefficient of every pair, NaN where the model has none."""
    if index is None:
        return np.full(len(coefficients), np.nan)
    return np.asarray(coefficients[:, index])
