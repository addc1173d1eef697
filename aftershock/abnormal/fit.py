"""What a return model found, for all pairs: stored small, spelled out on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aftershock.abnormal.sample import BoolArray, FloatArray, IntArray, Sample, blocks

KEPT_CELLS, SHARED_CELLS = 2**24, 2**27
"""Cells of residuals kept from the first look on, and for many: 128 MB, 1 GB."""


def is_constant(regressor: FloatArray) -> bool:
    """Tell whether a regressor is one number, spread over all cells."""
    return regressor.strides == (0, 0)


def _rows_of(regressor: FloatArray, rows: IntArray | BoolArray | slice) -> FloatArray:
    """Return some rows; a constant stays one number."""
    if is_constant(regressor):
        height = len(regressor[:, 0][rows])
        return np.broadcast_to(regressor[:1, :1], (height, regressor.shape[1]))
    return regressor[rows]


@dataclass(frozen=True, eq=False)
class Fit:
    """A model that is linear in what was estimated.

    The expected return is base + sum_j x_j b_j; C = I + X* (X'X)^-1 X*'.

    Attributes
    ----------
    sample : Sample
        N pairs on S offsets.
    regressors : k arrays of (N, S)
    coefficients, gram : (N, k), (N, k, k)
        b and (X'X)^-1. k may be 0.
    df, m : (N,)
        Degrees of freedom of a pair's t, rows used.
    alpha, beta : (N,)
        Intercept and slope on the market; NaN where the model has none.
    base : (N, S), optional
        The known part of the expected return: a risk-free rate, the market itself.
    certain : int
        So many leading regressors enter the fit, but neither the expected return nor
        its error (the intercept of `market_no_alpha`).
    variance : (N, S), optional
        Forecast variance of each abnormal return, in place of sigma^2 C; that of a
        sum is their sum.
    scale : (N, S), optional
        Spread of each session relative to the others, where sessions differ by
        design; residuals and design are in units of it.
    """

    sample: Sample
    regressors: tuple[FloatArray, ...]
    coefficients: FloatArray
    gram: FloatArray
    df: FloatArray
    m: IntArray
    alpha: FloatArray
    beta: FloatArray
    base: FloatArray | None = None
    certain: int = 0
    variance: FloatArray | None = None
    scale: FloatArray | None = None

    def take(self, rows: IntArray | BoolArray | slice) -> Fit:
        """Return the fit of some pairs."""
        taken = Fit(
            self.sample.take(rows),
            tuple(_rows_of(x, rows) for x in self.regressors),
            self.coefficients[rows],
            self.gram[rows],
            self.df[rows],
            self.m[rows],
            self.alpha[rows],
            self.beta[rows],
            None if self.base is None else self.base[rows],
            self.certain,
            None if self.variance is None else self.variance[rows],
            None if self.scale is None else self.scale[rows],
        )
        # what was worked out already is taken along
        for name in {"residuals", "sigma", "positive_share"} & vars(self).keys():
            vars(taken)[name] = vars(self)[name][rows]
        return taken

    @property
    def k(self) -> int:
        """Number of estimated coefficients."""
        return len(self.regressors)

    def parts(self) -> Iterator[Fit]:
        """Yield the fit in runs of pairs whose arrays stay in the cache."""
        for rows in blocks(*self.sample.returns.shape):
            whole = rows == slice(0, len(self.m))
            yield self if whole else self.take(rows)

    def filled(self, work: Callable[[Fit], FloatArray]) -> FloatArray:
        """Return what `work` makes of all pairs, some at a time, (N, S)."""
        filled, start = np.empty(self.sample.returns.shape), 0
        for part in self.parts():
            filled[start : start + len(part.m)] = work(part)
            start += len(part.m)
        return filled

    def _sum(self, first: int, columns: slice = slice(None)) -> FloatArray:
        """Return base + sum of the regressors from the `first` on, (N, S)."""
        total = np.zeros(self.sample.returns[:, columns].shape)
        for j, x in enumerate(self.regressors[first:], first):
            # a constant is one number, not a column
            part = x[:1, :1] if is_constant(x) else x[:, columns]
            total += part * self.coefficients[:, j, None]
        if self.base is not None:
            total += self.base[:, columns]
        return total

    @cached_property
    def expected(self) -> FloatArray:
        """Expected return of every usable session, in and out of the estimation."""
        return self.filled(lambda part: part.expected_at(slice(None)))

    def expected_at(self, columns: slice) -> FloatArray:
        """Return the expected return of the columns, (N, L)."""
        expected = self._sum(self.certain, columns)
        expected[~self.sample.usable[:, columns]] = np.nan
        return expected

    @cached_property
    def residuals(self) -> FloatArray:
        """Estimation residuals in units of `scale`; NaN outside the rows, (N, S)."""
        return self.filled(Fit._residuals)

    def look_often(self) -> None:
        """Keep the residuals now: what asks for them next need not make them anew."""
        if self.sample.returns.size <= SHARED_CELLS:
            _ = self.residuals

    def residuals_of(self, rows: IntArray | BoolArray | slice) -> FloatArray:
        """Return the residuals of some pairs; all are kept only if they were before."""
        return self.take(rows)._residuals()

    def _residuals(self) -> FloatArray:
        """Return the residuals of one run of pairs, without keeping them."""
        if "residuals" in vars(self):
            return self.residuals
        residuals = self.sample.returns - self._sum(0)
        if self.scale is not None:
            residuals /= self.scale
        residuals[~self.sample.estimation] = np.nan
        return residuals

    @cached_property
    def centred(self) -> FloatArray:
        """Residuals about their mean where nothing was estimated, (N, S)."""
        return self.residuals if self.k else self.filled(Fit._centred)

    def _centred(self) -> FloatArray:
        """Work out the centred residuals of one run of pairs."""
        residuals = self._residuals()
        if self.k:
            return residuals
        mean = np.nansum(residuals, axis=1) / np.maximum(self.m, 1)
        return np.asarray(residuals - mean[:, None])

    @property
    def residual_df(self) -> FloatArray:
        """Degrees of freedom of the sum of squares in `sigma`, (N,).

        `df`, but for a scaled fit, whose `df` is that of the scale at the event.
        """
        return self.df if self.scale is None else (self.m - self.k).astype(float)

    @cached_property
    def sigma(self) -> FloatArray:
        """Residual standard deviation sqrt(SSR / df), (N,).

        NaN where there is no residual, or no degree of freedom.
        """
        if self.sample.returns.size <= KEPT_CELLS:
            _ = self.residuals  # tests ask for them soon; `take` hands them on
        found = [part._sigma() for part in self.parts()]
        return np.concatenate(found) if found else np.zeros(0)

    def _sigma(self) -> FloatArray:
        """Work out sigma of one run of pairs."""
        centred = self._centred()
        known = np.isfinite(centred)
        squares = np.where(known, centred, 0.0)
        ssr = np.einsum("ns,ns->n", squares, squares)
        df = np.where(known.any(axis=1), self.residual_df, 0.0)
        variance = np.full(len(df), np.nan)
        return np.asarray(np.sqrt(np.divide(ssr, df, out=variance, where=df > 0)))

    @cached_property
    def positive_share(self) -> FloatArray:
        """Share of positive estimation residuals, (N,)."""
        found = [part._positive_share() for part in self.parts()]
        return np.concatenate(found) if found else np.zeros(0)

    def _positive_share(self) -> FloatArray:
        """Work out the share of one run of pairs."""
        residuals = self._residuals()
        up, known = residuals > 0, np.isfinite(residuals)
        return np.asarray(up.sum(axis=1) / known.sum(axis=1))

    @cached_property
    def kurtosis(self) -> FloatArray:
        """Excess kurtosis of the residuals about their mean, (N,)."""
        found = [part._kurtosis() for part in self.parts()]
        return np.concatenate(found) if found else np.zeros(0)

    def _kurtosis(self) -> FloatArray:
        """Work out the kurtosis of one run of pairs."""
        centred = self._centred()
        squares = np.where(np.isfinite(centred), centred, 0.0) ** 2
        fourth = np.einsum("ns,ns->n", squares, squares)
        return np.asarray(fourth * self.m / squares.sum(axis=1) ** 2 - 3)

    @cached_property
    def hat(self) -> FloatArray:
        """Leverage x' (X'X)^-1 x of every row, (N, S)."""
        total = np.zeros(self.sample.returns.shape)
        for i, x in enumerate(self.regressors):
            for j, y in enumerate(self.regressors):
                total += self.gram[:, i, j, None] * self._unit(x) * self._unit(y)
        return total

    def _unit(self, regressor: FloatArray) -> FloatArray:
        """Return a regressor in units of `scale`."""
        return regressor if self.scale is None else regressor / self.scale

    @cached_property
    def r2(self) -> FloatArray:
        """1 - SSR / SST of what was regressed, R less `base`, (N,)."""
        found = [part._r2() for part in self.parts()]
        return np.concatenate(found) if found else np.zeros(0)

    def _r2(self) -> FloatArray:
        """Work out R2 of one run of pairs."""
        used, y = self.sample.estimation, self.sample.returns
        if self.base is not None and self.k:
            y = y - self.base
        y = np.where(used, y, 0.0)
        sst = (y**2).sum(axis=1) - y.sum(axis=1) ** 2 / np.maximum(self.m, 1)
        e = np.where(used, self._centred(), 0.0)
        if self.scale is not None:
            e = e * self.scale
        ssr = (e**2).sum(axis=1)
        share = np.divide(ssr, sst, out=np.full(len(sst), np.nan), where=sst > 0)
        return np.asarray(1 - share)

    def day_variance(self, columns: slice) -> FloatArray:
        """Return the variance of each abnormal return of the columns, (N, L)."""
        if self.variance is not None:
            return self.variance[:, columns]
        x = self._forecast(columns)
        gram = self.gram[:, self.certain :, self.certain :]
        spread = self._own(columns) + np.einsum("nlk,nkj,nlj->nl", x, gram, x)
        return np.asarray(self.sigma[:, None] ** 2 * spread)

    def sum_variance(self, columns: slice) -> FloatArray:
        """Return the variance of the sum over the columns, s^2 1'C1, (N,)."""
        if self.variance is not None:
            return np.asarray(self.variance[:, columns].sum(axis=1))
        known = [
            np.where(np.isfinite(x[:, columns]), x[:, columns], 0.0).sum(axis=1)
            for x in self.regressors[self.certain :]
        ]
        x = np.stack(known, axis=1) if known else np.zeros((len(self.m), 0))
        gram = self.gram[:, self.certain :, self.certain :]
        own = self._own(columns).sum(axis=1)
        spread = own + np.einsum("nk,nkl,nl->n", x, gram, x)
        return np.asarray(self.sigma**2 * spread)

    def _forecast(self, columns: slice) -> FloatArray:
        """Return the design X* of the columns, (N, L, k); 0 where it is missing."""
        parts = [x[:, columns] for x in self.regressors[self.certain :]]
        if not parts:
            return np.zeros((*self.sample.returns[:, columns].shape, 0))
        design = np.stack(parts, axis=2)
        return np.where(np.isfinite(design), design, 0.0)

    def _own(self, columns: slice) -> FloatArray:
        """Return the squared scale of the columns, 1 without one, (N, L)."""
        if self.scale is None:
            return np.ones(self.sample.returns[:, columns].shape)
        return np.asarray(self.scale[:, columns] ** 2)
