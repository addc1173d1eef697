"""Abnormal returns of all event-symbol pairs in one batch.

Every array here has one row per pair (N) and one column per offset (S), from the
first estimation offset to the last event offset. Nothing loops over pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy import stats

from aftershock.abnormal.fit import Fit, is_constant
from aftershock.abnormal.sample import (
    BoolArray,
    Drivers,
    FloatArray,
    IntArray,
    Sample,
    Tape,
    blocks,
    gather,
)
from aftershock.windows import EventWindow

__all__ = [
    "AbnormalReturns",
    "BoolArray",
    "Drivers",
    "Fit",
    "FloatArray",
    "IntArray",
    "Model",
    "Sample",
    "Tape",
    "blocks",
    "gather",
    "is_constant",
    "measure",
]


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

    def take(self, rows: IntArray | BoolArray | slice) -> AbnormalReturns:
        """Return the abnormal returns of some pairs."""
        if isinstance(rows, np.ndarray) and rows.dtype == bool and rows.all():
            return self
        fit = self.fit.take(rows)
        return AbnormalReturns(fit.sample, fit, self.window)

    def parts(self) -> Iterator[AbnormalReturns]:
        """Yield the abnormal returns in runs of pairs that stay in the cache."""
        for rows in blocks(*self.sample.returns.shape):
            yield self.take(rows)

    def columns(self, window: EventWindow) -> slice:
        """Return the columns of `window` in the (N, S) arrays."""
        first = int(self.sample.offsets[0])
        return slice(window.start - first, window.end - first + 1)

    @cached_property
    def series(self) -> FloatArray:
        """Abnormal return of every usable session, estimation included, (N, S)."""
        return np.asarray(self.sample.returns - self.fit.expected)

    def series_at(self, columns: slice) -> FloatArray:
        """Return `series` of the columns alone, (N, L)."""
        whole = self.columns(self.window)
        if whole.start <= columns.start and columns.stop <= whole.stop:
            return self.ar[:, columns.start - whole.start : columns.stop - whole.start]
        expected = self.fit.expected_at(columns)
        return np.asarray(self.sample.returns[:, columns] - expected)

    def standard_at(self, columns: slice) -> FloatArray:
        """Return the same in the units of the residuals, to be ranked among them."""
        series, scale = self.series_at(columns), self.fit.scale
        return series if scale is None else np.asarray(series / scale[:, columns])

    @cached_property
    def ar(self) -> FloatArray:
        """Abnormal returns of the event window, (N, L)."""
        columns = self.columns(self.window)
        expected = self.fit.expected_at(columns)
        return np.asarray(self.sample.returns[:, columns] - expected)

    @property
    def se(self) -> FloatArray:
        """Forecast standard error s sqrt(C_tt) of each abnormal return, (N, L)."""
        variance = self.fit.day_variance(self.columns(self.window))
        return np.asarray(np.sqrt(variance))

    @cached_property
    def sar(self) -> FloatArray:
        """Standardised abnormal returns AR / (s sqrt(C_tt)), (N, L)."""
        return self.ar / self.se

    def sar_of(self, window: EventWindow) -> FloatArray:
        """Return `sar` of a window inside the event window."""
        first = self.window.start
        return self.sar[:, window.start - first : window.end - first + 1]

    def car(self, window: EventWindow) -> FloatArray:
        """Cumulative abnormal return, (N,); NaN unless every session is there."""
        return np.asarray(self.series_at(self.columns(window)).sum(axis=1))

    def car_se(self, window: EventWindow) -> FloatArray:
        """Forecast standard error s sqrt(1'C1) of the CAR, (N,)."""
        return np.asarray(np.sqrt(self.fit.sum_variance(self.columns(window))))

    def scar(self, window: EventWindow) -> FloatArray:
        """Standardised CAR: CAR / (s sqrt(1'C1)), (N,)."""
        return self.car(window) / self.car_se(window)

    def bhar(self, window: EventWindow) -> FloatArray:
        """Buy-and-hold abnormal return prod(1+R) - prod(1+E[R]), (N,)."""
        columns = self.columns(window)
        actual = 1 + np.where(
            self.sample.usable[:, columns], self.sample.returns[:, columns], np.nan
        )
        expected = 1 + self.fit.expected_at(columns)
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


def measure(sample: Sample, model: Model, window: EventWindow) -> AbnormalReturns:
    """Fit `model` to all pairs and return their abnormal returns."""
    return AbnormalReturns(sample, model.fit(sample), window)
