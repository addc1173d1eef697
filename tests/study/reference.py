"""A second implementation, written from the formulae with plain loops.

It shares nothing with the package: one pair at a time, explicit matrices, no masks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Pair:
    """Market model of one pair on offsets `rows`, measured at offset(s) `window`."""

    def __init__(
        self,
        returns: Array,
        market: Array,
        event: int,
        rows: list[int],
        alpha: bool = True,
    ) -> None:
        self.event, self.rows = event, rows
        self.r, self.m = returns, market
        y = np.array([returns[event + o] for o in rows])
        x = np.array([[1.0, market[event + o]] for o in rows])
        self.xtx_inverse = np.linalg.inv(x.T @ x)
        self.coefficients = self.xtx_inverse @ x.T @ y
        self.residuals = y - x @ self.coefficients
        self.df = len(rows) - 2
        self.s = float(np.sqrt(self.residuals @ self.residuals / self.df))
        self.hat = np.array([row @ self.xtx_inverse @ row for row in x])
        self.alpha = alpha

    def expected(self, offset: int) -> float:
        """Expected return at an offset."""
        a, b = self.coefficients
        return float((a if self.alpha else 0.0) + b * self.m[self.event + offset])

    def ar(self, offset: int) -> float:
        """Abnormal return at an offset."""
        return float(self.r[self.event + offset]) - self.expected(offset)

    def car(self, start: int, end: int) -> float:
        """Sum of abnormal returns."""
        return sum(self.ar(o) for o in range(start, end + 1))

    def se(self, start: int, end: int) -> float:
        """s sqrt(1'C1), C = I + X* (X'X)^-1 X*' written out."""
        offsets = range(start, end + 1)
        x = np.array([[1.0, self.m[self.event + o]] for o in offsets])
        c = np.eye(len(x)) + x @ self.xtx_inverse @ x.T
        one = np.ones(len(x))
        return self.s * float(np.sqrt(one @ c @ one))

    def scar(self, start: int, end: int) -> float:
        """Standardised CAR."""
        return self.car(start, end) / self.se(start, end)


def ewma_rank(pair: Pair, last_row: int, day: int) -> tuple[float, list[float], float]:
    """Rank of the scaled AR of `day`; its reference; its own scaled value."""
    series = [*pair.residuals, *[pair.ar(o) for o in range(last_row + 1, day + 1)]]
    v = sum(e * e for e in series[:20]) / 20
    scaled = []
    for value in series:
        scaled.append(value / np.sqrt(v))
        v = 0.94 * v + 0.06 * value * value
    reference, own = scaled[30 : len(pair.rows)], scaled[-1]
    return two_sided(reference, own), reference, own


def two_sided(reference: list[float], own: float) -> float:
    """Two-sided rank p-value."""
    below = sum(z <= own for z in reference)
    above = sum(z >= own for z in reference)
    return min(1.0, 2 * min(1 + below, 1 + above) / (len(reference) + 1))


def leave_one_out(e: Array, u: Array, df: float) -> list[float]:
    """W_t of every session, each time with a scatter matrix that lacks the session.

    The update of the inverse is not used: the session's own outer product is taken
    out of E'E and the system solved anew.
    """
    found = []
    for k in range(len(e)):
        without = e.T @ e - np.outer(u[k], u[k])
        found.append(float((df - 1) * u[k] @ np.linalg.solve(without, u[k])))
    return found
