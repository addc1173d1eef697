"""Residuals of a market without news: mean 0, variance 1, by session and symbol."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from scipy import signal

from aftershock.abnormal import FloatArray

BURN_IN = 250
VOLUME_LEVEL, VOLUME_SIGMA, AUTOREGRESSION = 14.0, 0.4, 0.5


class Shocks(ABC):
    """How residuals are drawn.

    Attributes
    ----------
    correlation : float
        Between the symbols of one session.
    """

    correlation: float = 0.0

    @abstractmethod
    def draw(
        self, random: np.random.Generator, length: int, shape: tuple[int, int]
    ) -> tuple[FloatArray, FloatArray]:
        """Draw residuals and the variance that was known before each.

        Parameters
        ----------
        length : int
            Sessions, T.
        shape : (R, K)
            Replications and symbols; symbols of one replication may be correlated.

        Returns
        -------
        shocks, variance : (T, R, K)
            The variance is NaN where it never changes.
        """


@dataclass(frozen=True)
class NormalShocks(Shocks):
    """Normal, with one `correlation` between all symbols of a session."""

    correlation: float = 0.0

    def draw(
        self, random: np.random.Generator, length: int, shape: tuple[int, int]
    ) -> tuple[FloatArray, FloatArray]:
        """Draw sqrt(rho) c_t + sqrt(1 - rho) u_it."""
        found = correlated_normal(random, length, shape, self.correlation)
        return found, np.full(found.shape, np.nan)


@dataclass(frozen=True)
class StudentShocks(Shocks):
    """Student t with `df` degrees of freedom over its standard deviation."""

    df: float

    def draw(
        self, random: np.random.Generator, length: int, shape: tuple[int, int]
    ) -> tuple[FloatArray, FloatArray]:
        """Draw t sqrt((df - 2) / df)."""
        found = random.standard_t(self.df, (length, *shape))
        found *= np.sqrt((self.df - 2) / self.df)
        return found, np.full(found.shape, np.nan)


@dataclass(frozen=True)
class GarchShocks(Shocks):
    """GARCH(1,1) of unconditional variance 1 with Student t innovations.

    Notes
    -----
    h_t = (1 - a - b) + a e_(t-1)^2 + b h_(t-1), e_t = sqrt(h_t) z_t (Bollerslev 1986,
    Journal of Econometrics 31, 307-327). Correlated symbols share the mixing variable
    of z_t, so that z_t is multivariate t.
    """

    reaction: float = 0.08
    persistence: float = 0.90
    df: float = 5.0
    correlation: float = 0.0

    def draw(
        self, random: np.random.Generator, length: int, shape: tuple[int, int]
    ) -> tuple[FloatArray, FloatArray]:
        """Run the recursion over sessions, all symbols together."""
        total = length + BURN_IN
        z = correlated_normal(random, total, shape, self.correlation)
        mixed = shape if self.correlation == 0 else (shape[0], 1)
        z *= np.sqrt((self.df - 2) / random.chisquare(self.df, (total, *mixed)))
        shocks, variance = np.empty(z.shape), np.empty(z.shape)
        h = np.ones(shape)
        for t in range(total):
            variance[t], shocks[t] = h, np.sqrt(h) * z[t]
            floor = 1 - self.reaction - self.persistence
            h = floor + self.reaction * shocks[t] ** 2 + self.persistence * h
        return shocks[BURN_IN:], variance[BURN_IN:]


def log_volume(
    random: np.random.Generator, length: int, shape: tuple[int, int], rho: float
) -> FloatArray:
    """Return log volume (T, R, K): autocorrelated, standard deviation 0.4.

    v_t = 0.5 v_(t-1) + u_t, u correlated `rho` between symbols, about a level of 14.
    """
    u = correlated_normal(random, length + BURN_IN, shape, rho)
    v = signal.lfilter([np.sqrt(1 - AUTOREGRESSION**2)], [1, -AUTOREGRESSION], u, 0)
    return np.asarray(VOLUME_LEVEL + VOLUME_SIGMA * v[BURN_IN:])


def correlated_normal(
    random: np.random.Generator, length: int, shape: tuple[int, int], rho: float
) -> FloatArray:
    """Return standard normal (T, R, K), correlation `rho` between symbols."""
    own = random.standard_normal((length, *shape))
    if rho == 0:
        return own
    common = random.standard_normal((length, shape[0], 1))
    return np.asarray(np.sqrt(rho) * common + np.sqrt(1 - rho) * own)
