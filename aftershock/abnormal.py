"""Abnormal returns of all event-symbol pairs in one batch.

Every array here has one row per pair (N) and one column per offset (S), from the
first estimation offset to the last event offset. Nothing loops over pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from aftershock.windows import EventWindow

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sample:
    """What a model may see: returns and factors by pair and offset.

    Attributes
    ----------
    offsets : (S,) integers
    positions : (N,) integers
        Calendar position of each pair's event session.
    returns : (N, S)
        Simple returns; NaN where missing.
    factors : mapping of (N, S)
        Regressors on the same sessions.
    usable : (N, S) bool
        A finite return and all regressors.
    estimation : (N, S) bool
        The usable rows from which the model is estimated.
    """

    offsets: IntArray
    positions: IntArray
    returns: FloatArray
    factors: Mapping[str, FloatArray]
    usable: BoolArray
    estimation: BoolArray

    def take(self, rows: IntArray | BoolArray) -> Sample:
        """Return the sample of some pairs."""
        return Sample(
            self.offsets,
            self.positions[rows],
            self.returns[rows],
            {name: values[rows] for name, values in self.factors.items()},
            self.usable[rows],
            self.estimation[rows],
        )

    def common(self) -> Sample:
        """Return the sample with only those rows at which all pairs have one."""
        shared = self.estimation.all(axis=0)
        return replace(self, estimation=np.broadcast_to(shared, self.estimation.shape))


@dataclass(frozen=True, eq=False)
class Fit:
    """What a return model found, for all pairs.

    Attributes
    ----------
    expected : (N, S)
        Expected return of every usable session, in and out of the estimation.
    residuals : (N, S)
        Estimation residuals; NaN outside the estimation rows.
    sigma, df, m, alpha, beta, r2 : (N,)
        Residual standard deviation, its degrees of freedom, rows used, coefficients.
    hat : (N, S)
        Leverage of the estimation rows.
    design, gram : (N, S, k), (N, k, k)
        Forecast design X* and (X'X)^-1, so that C = I + X* (X'X)^-1 X*'. k may be 0.
    """

    expected: FloatArray
    residuals: FloatArray
    sigma: FloatArray
    df: FloatArray
    m: IntArray
    alpha: FloatArray
    beta: FloatArray
    r2: FloatArray
    hat: FloatArray
    design: FloatArray
    gram: FloatArray

    def take(self, rows: IntArray | BoolArray) -> Fit:
        """Return the fit of some pairs."""
        return Fit(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def forecast_variance(self, columns: slice) -> FloatArray:
        """Return 1'C1 of the window in `columns`, in units of sigma squared, (N,)."""
        x = self.design[:, columns].sum(axis=1)
        length = columns.stop - columns.start
        return np.asarray(length + np.einsum("nk,nkl,nl->n", x, self.gram, x))


class Model(Protocol):
    """What `measure` asks of a return model."""

    def fit(self, sample: Sample) -> Fit:
        """Estimate all pairs at once."""
        ...


@dataclass(frozen=True, eq=False)
class AbnormalReturns:
    """Abnormal returns with everything needed to judge them.

    Attributes
    ----------
    sample, fit
        What went in, what was estimated.
    window : EventWindow
        The event window; `ar` and `sar` have its columns.
    """

    sample: Sample
    fit: Fit
    window: EventWindow

    def __len__(self) -> int:
        return len(self.sample.positions)

    def take(self, rows: IntArray | BoolArray) -> AbnormalReturns:
        """Return the abnormal returns of some pairs."""
        return AbnormalReturns(self.sample.take(rows), self.fit.take(rows), self.window)

    def columns(self, window: EventWindow) -> slice:
        """Return the columns of `window` in the (N, S) arrays."""
        first = int(self.sample.offsets[0])
        return slice(window.start - first, window.end - first + 1)

    @property
    def series(self) -> FloatArray:
        """Abnormal return of every usable session, estimation included, (N, S)."""
        return np.asarray(self.sample.returns - self.fit.expected)

    @property
    def ar(self) -> FloatArray:
        """Abnormal returns of the event window, (N, L)."""
        return self.series[:, self.columns(self.window)]

    @property
    def se(self) -> FloatArray:
        """Forecast standard error s sqrt(C_tt) of each abnormal return, (N, L)."""
        x = self.fit.design[:, self.columns(self.window)]
        spread = 1 + np.einsum("nlk,nkj,nlj->nl", x, self.fit.gram, x)
        return np.asarray(self.fit.sigma[:, None] * np.sqrt(spread))

    @property
    def sar(self) -> FloatArray:
        """Standardised abnormal returns AR / (s sqrt(C_tt)), (N, L)."""
        return self.ar / self.se

    def car(self, window: EventWindow) -> FloatArray:
        """Cumulative abnormal return, (N,); NaN unless every session is there."""
        return np.asarray(self.series[:, self.columns(window)].sum(axis=1))

    def car_se(self, window: EventWindow) -> FloatArray:
        """Forecast standard error s sqrt(1'C1) of the CAR, (N,)."""
        variance = self.fit.forecast_variance(self.columns(window))
        return np.asarray(self.fit.sigma * np.sqrt(variance))

    def scar(self, window: EventWindow) -> FloatArray:
        """Standardised CAR: CAR / (s sqrt(1'C1)), (N,)."""
        return self.car(window) / self.car_se(window)

    def bhar(self, window: EventWindow) -> FloatArray:
        """Buy-and-hold abnormal return prod(1+R) - prod(1+E[R]), (N,)."""
        columns = self.columns(window)
        actual = 1 + np.where(
            self.sample.usable[:, columns], self.sample.returns[:, columns], np.nan
        )
        expected = 1 + self.fit.expected[:, columns]
        return np.asarray(actual.prod(axis=1) - expected.prod(axis=1))

    def aar(self) -> FloatArray:
        """Mean abnormal return of the pairs present at each offset, (L,)."""
        present = np.isfinite(self.ar)
        counts = present.sum(axis=0)
        total = np.where(present, self.ar, 0.0).sum(axis=0)
        mean = np.full(len(counts), np.nan)
        return np.asarray(np.divide(total, counts, out=mean, where=counts > 0))

    def caar(self, window: EventWindow) -> float:
        """Mean CAR of the pairs that have every session of the window."""
        car = self.car(window)
        complete = car[np.isfinite(car)]
        return float(complete.mean()) if len(complete) else float("nan")

    def pvalues(self, window: EventWindow) -> FloatArray:
        """Two-sided Student t p-value of each CAR, (N,)."""
        return np.asarray(2 * stats.t.sf(np.abs(self.scar(window)), self.fit.df))


def gather(
    returns: FloatArray,
    factors: Mapping[str, FloatArray],
    columns: IntArray,
    positions: IntArray,
    offsets: tuple[int, int],
    estimation: tuple[int, int],
    excluded: BoolArray | None = None,
    before: int | None = None,
) -> Sample:
    """Cut the sample of all pairs out of a returns matrix.

    Parameters
    ----------
    returns : (T, K)
        Sessions x symbols, NaN = missing.
    factors : mapping of (T,) or (T, K)
        By session, or by session and symbol.
    columns, positions : (N,) integers
        Each pair's symbol column and event session row.
    offsets : (first, last)
        Offsets of the sample; sessions off the calendar are NaN.
    estimation : (start, end)
        Offsets of the estimation window.
    excluded : (T, K) bool, optional
        Rows that estimation must not use.
    before : int, optional
        Calendar position from which on no row is used for estimation.
    """
    span = np.arange(offsets[0], offsets[1] + 1)
    rows = positions[:, None] + span[None, :]
    inside = (rows >= 0) & (rows < len(returns))
    rows = np.where(inside, rows, 0)
    picked = np.where(inside, returns[rows, columns[:, None]], np.nan)
    drivers = {
        name: np.where(inside, _pick(values, rows, columns), np.nan)
        for name, values in factors.items()
    }
    usable = np.isfinite(picked)
    for values in drivers.values():
        usable &= np.isfinite(values)
    chosen = usable & (span >= estimation[0]) & (span <= estimation[1])
    if before is not None:
        chosen &= rows < before
    if excluded is not None:
        chosen &= ~excluded[rows, columns[:, None]]
    return Sample(span, positions, picked, drivers, usable, chosen)


def _pick(values: FloatArray, rows: IntArray, columns: IntArray) -> FloatArray:
    """Take a factor at (N, S) rows: one for all symbols, or one for each."""
    return values[rows] if values.ndim == 1 else values[rows, columns[:, None]]


def measure(sample: Sample, model: Model, window: EventWindow) -> AbnormalReturns:
    """Fit `model` to all pairs and return their abnormal returns."""
    return AbnormalReturns(sample, model.fit(sample), window)
