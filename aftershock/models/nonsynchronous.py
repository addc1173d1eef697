"""What the models for thin or delayed trading share: the market a session off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from aftershock.abnormal import Drivers, Fit, FloatArray, Sample
from aftershock.models.base import (
    ReturnModel,
    fit_of,
    least_squares,
    ones,
    rows_used,
)


class Nonsynchronous(ReturnModel):
    """A market model that also reads the market a session before and after."""

    factors: ClassVar[tuple[str, ...]] = ("mkt",)

    def drivers(
        self,
        returns: FloatArray,
        symbols: Sequence[str],
        factors: Mapping[str, FloatArray],
        exposed: frozenset[str],
    ) -> Drivers:
        """Return the market and its neighbours, from the full calendar.

        Only estimation rows need the neighbours: what is expected of a session reads
        that session's market alone. The last row before `estimation.before` has that
        day's market as its lead.
        """
        market = factors["mkt"]
        blank = np.array([np.nan])
        return Drivers(
            {"mkt": market},
            {
                "mkt_lag": np.concatenate([blank, market[:-1]]),
                "mkt_lead": np.concatenate([market[1:], blank]),
            },
        )


def with_slope(sample: Sample, beta: FloatArray) -> Fit:
    """Return the fit with a given slope: a = mean(R) - b mean(Rm), C of `market`.

    Parameters
    ----------
    beta : (N,)
    """
    market, rows = sample.factors["mkt"], sample.estimation
    regressors = (ones(sample), market)
    _, gram = least_squares(sample.returns, regressors, rows)
    alpha = row_mean(sample, sample.returns) - beta * row_mean(sample, market)
    coefficients = np.stack([alpha, beta], axis=1)
    return fit_of(sample, regressors, coefficients, gram, beta_at=1)


def row_mean(sample: Sample, values: FloatArray) -> FloatArray:
    """Return the mean over each pair's estimation rows, (N,)."""
    total = np.where(sample.estimation, values, 0.0).sum(axis=1)
    return np.asarray(total / np.maximum(rows_used(sample), 1))


def centred(sample: Sample, name: str) -> FloatArray:
    """Return a driver about its mean over the estimation rows, 0 outside, (N, S)."""
    values = sample.factors[name]
    about = values - row_mean(sample, values)[:, None]
    return np.where(sample.estimation, about, 0.0)
