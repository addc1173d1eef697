"""A return model fitted with a scale for every time of day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aftershock.abnormal import BoolArray, Fit, FloatArray, IntArray, Sample
from aftershock.errors import StudyError
from aftershock.intraday.slots import GAP
from aftershock.models.base import (
    ReturnModel,
    least_squares,
    ones,
    rows_used,
)

FEWEST_ROWS = 10
ROUNDS = 2
CONSTANT = "constant"
# regressors of each model; how many leading ones are no part of the expected return
FORMS: dict[str, tuple[tuple[str, ...], int]] = {
    "mean": ((CONSTANT,), 0),
    "market": ((CONSTANT, "mkt"), 0),
    "market_no_alpha": ((CONSTANT, "mkt"), 1),
    "market_adjusted": ((CONSTANT,), 1),
}


@dataclass(frozen=True, eq=False)
class TimeOfDay(ReturnModel):
    """The wrapped model by weighted least squares, each slot of the day its own scale.

    Parameters
    ----------
    model : ReturnModel
        mean, market, market_no_alpha or market_adjusted.
    slots : (T,) integers
        Slot of the day of every row of the study calendar; 0 = overnight gap.

    Raises
    ------
    StudyError
        For a model that is not plain least squares.

    Notes
    -----
    Volatility over the day has the shape of a U and the gap is many times a bar
    (Wood, McInish and Ord 1985, Journal of Finance 40, 723-739; Andersen and
    Bollerslev 1997, Journal of Empirical Finance 4, 115-158), so that one s for all
    slots rejects far too often at the open. Var(e_t) = s_j^2 for slot j of row t:

    1. least squares; 2. s_j^2 = sum e^2 / sum (1 - h) over the estimation rows of
    slot j, h the leverage; 3. weighted least squares with 1/s_j^2; 2. and 3. twice.

    A slot with fewer than 10 rows takes those of its nearest bars as well; the gap
    is like no bar and borrows nothing. Where there are still fewer than 10, nothing
    standardised can be said and the scale is NaN.

    df = sum (1 - h) over the rows that gave the scale of the slot of the news, at
    most M - k: the standard error rests on those rows, not on the whole window.
    Assumes that the shape of the day holds from the estimation to the event; rows
    outside the estimation are never read. The standard error of an abnormal return is
    sigma sqrt(scale^2 + x*' G x*), G = (X'W X)^-1, W = 1 / scale^2, with the scale
    relative to the slot of the news, which has 1.
    """

    model: ReturnModel
    slots: IntArray
    name: ClassVar[str] = "time_of_day"
    formula: ClassVar[str] = "as the wrapped model, variance by time of day"

    def __post_init__(self) -> None:
        if self.model.name not in FORMS:
            raise StudyError(
                f"the model '{self.model.name}' cannot be fitted by time of day",
                where="model",
                allowed=", ".join(sorted(FORMS)),
                do="choose one of these for bars of minutes",
            )
        # what a study asks of a model is asked of the wrapped one
        for asked in ("name", "factors", "formula"):
            object.__setattr__(self, asked, getattr(self.model, asked))

    def fit(self, sample: Sample) -> Fit:
        """Estimate scale and coefficients of all pairs."""
        slot = self._slot_of(sample)
        names, silent = FORMS[self.model.name]
        every = {**sample.factors, CONSTANT: ones(sample)}
        regressors = [every[name] for name in names]
        known = sample.factors["mkt"] if self.model.name == "market_adjusted" else None
        step = _weighted(sample, known, regressors, np.ones(sample.returns.shape))
        for _ in range(ROUNDS):
            spread = slot_scale(step.residuals, step.hat, slot)
            within = replace(
                sample, estimation=sample.estimation & np.isfinite(spread.scale)
            )
            step = _weighted(within, known, regressors, spread.scale)
        return _as_fit(step, spread, silent)

    def borrowed(self, sample: Sample) -> BoolArray:
        """Tell which rows' slots took their neighbours' spread too, (N, S)."""
        rows = np.where(sample.estimation, 1.0, np.nan)
        slot = self._slot_of(sample)
        return slot_scale(rows, np.zeros(rows.shape), slot).borrowed

    def _slot_of(self, sample: Sample) -> IntArray:
        """Return the slot of the day of each pair and offset; -1 off the end."""
        rows = sample.positions[:, None] + sample.offsets[None, :]
        inside = (rows >= 0) & (rows < len(self.slots))
        return np.where(inside, self.slots[np.where(inside, rows, 0)], -1)


@dataclass(frozen=True, eq=False)
class _Step:
    """One weighted regression: `residuals` raw, (N, S), `hat` the leverages."""

    sample: Sample
    regressors: tuple[FloatArray, ...]
    known: FloatArray | None
    coefficients: FloatArray
    gram: FloatArray
    residuals: FloatArray
    hat: FloatArray


@dataclass(frozen=True, eq=False)
class Spread:
    """Scale of each row's slot, rows it rests on (less leverage), whether borrowed."""

    scale: FloatArray
    rows: FloatArray
    borrowed: BoolArray


def _weighted(
    sample: Sample,
    known: FloatArray | None,
    regressors: Sequence[FloatArray],
    scale: FloatArray,
) -> _Step:
    """Least squares of (R - known)/scale on x/scale, told in the units of R."""
    y = sample.returns if known is None else sample.returns - known
    scaled = [x / scale for x in regressors]
    rows = sample.estimation
    coefficients, gram = least_squares(y / scale, scaled, rows)
    fitted, hat = np.zeros(y.shape), np.zeros(y.shape)
    for i, x in enumerate(regressors):
        fitted += coefficients[:, i, None] * x
        for j, other in enumerate(scaled):
            hat += gram[:, i, j, None] * scaled[i] * other
    residuals = np.where(rows, y - fitted, np.nan)
    return _Step(sample, tuple(regressors), known, coefficients, gram, residuals, hat)


def slot_scale(residuals: FloatArray, hat: FloatArray, slot: IntArray) -> Spread:
    """Return the spread of each row's slot of the day.

    Parameters
    ----------
    residuals : (N, S)
        NaN outside the estimation rows.
    hat : (N, S)
        Leverages.
    slot : (N, S) integers
        Slot of the day; -1 for rows without one.
    """
    n, width = len(slot), int(slot.max(initial=0)) + 1
    used = np.isfinite(residuals) & (slot >= 0)
    cell = (np.arange(n)[:, None] * width + np.maximum(slot, 0))[used]

    def per_slot(values: FloatArray) -> FloatArray:
        """Add up the values of each pair's slots, (N, J)."""
        total = np.bincount(cell, weights=values[used], minlength=n * width)
        return np.asarray(total.reshape(n, width), dtype=float)

    sums = np.stack(
        [per_slot(residuals**2), per_slot(1 - hat), per_slot(np.ones(slot.shape))]
    )
    sums, borrowed = _borrowed(sums)
    free = sums[1]
    safe = np.where((sums[2] >= FEWEST_ROWS) & (free > 0), free, np.nan)
    variance = sums[0] / safe
    scale = np.sqrt(np.where(variance > 0, variance, np.nan))
    at = (np.arange(n)[:, None], np.maximum(slot, 0))
    off = slot < 0
    return Spread(
        np.where(off, np.nan, scale[at]),
        np.where(off, np.nan, free[at]),
        borrowed[at] & ~off,
    )


def _borrowed(sums: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Widen slots with too few rows to their neighbours, step by step.

    Parameters
    ----------
    sums : (3, N, J)
        Squares, rows less leverage, rows. Slot 0 is left as it is.
    """
    bars = sums[:, :, GAP + 1 :]
    count = bars.shape[2]
    total = np.pad(bars.cumsum(axis=2), ((0, 0), (0, 0), (1, 0)))
    own, found = bars[2] >= FEWEST_ROWS, bars.copy()
    for radius in range(1, count):
        if (found[2] >= FEWEST_ROWS).all():
            break
        low = np.maximum(np.arange(count) - radius, 0)
        high = np.minimum(np.arange(count) + radius + 1, count)
        wider = total[:, :, high] - total[:, :, low]
        found = np.where(found[2] >= FEWEST_ROWS, found, wider)
    widened = np.concatenate([sums[:, :, : GAP + 1], found], axis=2)
    own = np.concatenate([np.ones((len(own), GAP + 1), dtype=bool), own], axis=1)
    return widened, ~own


def _as_fit(step: _Step, spread: Spread, silent: int) -> Fit:
    """Tell a weighted regression as a fit, the scale relative to the news's slot."""
    sample, k = step.sample, len(step.regressors)
    zero = int(np.searchsorted(sample.offsets, 0))
    unit = spread.scale[:, zero]
    m = rows_used(sample)
    free = (m - k).astype(float)
    missing = np.full(len(m), np.nan)
    return Fit(
        sample=sample,
        regressors=step.regressors,
        coefficients=step.coefficients,
        # told for raw x over sigma^2: the weights were 1 / (unit relative)^2
        gram=step.gram / (unit**2)[:, None, None],
        # without a scale for the slot of the news there is nothing to judge by
        df=np.where(np.isfinite(unit), np.minimum(free, spread.rows[:, zero]), 0.0),
        m=m,
        alpha=missing if silent else step.coefficients[:, 0],
        beta=step.coefficients[:, 1] if k > 1 else missing,
        base=step.known,
        certain=silent,
        scale=spread.scale / unit[:, None],
    )
