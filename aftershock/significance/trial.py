"""What a significance test is given to judge: the pairs of one group in one window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy import stats

from aftershock.abnormal import (
    AbnormalReturns,
    BoolArray,
    FloatArray,
    IntArray,
    Model,
    measure,
)
from aftershock.significance.reference import (
    STORMY,
    unusually_volatile,
    volatility_ratio,
)
from aftershock.significance.shared_errors import shared_variance
from aftershock.windows import EventWindow, clusters

NAN = float("nan")
RAISED_VARIANCE = 0.99
LEAST_SHARED, MOST_SHARED = -0.13, 0.05
"""Relative changes of a variance between which a test at 5 % rejects in 3.5 to 5.6."""
POWER_Z = float(stats.norm.ppf(0.975) + stats.norm.ppf(0.8))


PairStatistic = Callable[[AbnormalReturns, EventWindow], FloatArray]


def scar(abnormal: AbnormalReturns, window: EventWindow) -> FloatArray:
    """Return the standardised CAR of each pair, (n,)."""
    return abnormal.scar(window)


@dataclass(frozen=True, eq=False)
class Reference:
    """A statistic's distribution on sessions without the event.

    Attributes
    ----------
    mean, contrast : (B,)
        Mean of the pairs' statistic; its sum with the weights of the contrast (NaN
        without one).
    sessions : (B,) of str
        Where each draw was made, for reading.
    candidates : int
        Sessions that could serve.
    drawn : bool
        Whether draws are random, or the candidates (or shifts) themselves.
    left_out : str
        What could not serve, in words.
    """

    mean: FloatArray
    contrast: FloatArray
    sessions: tuple[str, ...]
    candidates: int
    drawn: bool
    left_out: str = ""


@dataclass(frozen=True, eq=False)
class Trial:
    """The pairs of one group in one tested window.

    Attributes
    ----------
    abnormal : AbnormalReturns
        All pairs that were kept and may be tested, N of them.
    model : Model
        The return model, to fit again where tests need common rows.
    window : EventWindow
        The tested window.
    symbols : (N,) of str
    prior : (N,) bool
        False for pairs with expected sign 0: reported, but in no contrast, family
        or joint test.
    weights : mapping or None
        Contrast weight of each symbol, the same in every session.
    signed : (N,), optional
        Contrast weight of each pair, where every session has signs of its own.
    placebo : callable
        Computes the placebo reference of a trial and a statistic; asked on demand.
    roles : (N,) of str
    seed : int
        For everything that is drawn.
    """

    abnormal: AbnormalReturns
    model: Model
    window: EventWindow
    symbols: tuple[str, ...]
    prior: BoolArray
    weights: Mapping[str, float] | None = None
    signed: FloatArray | None = None
    placebo: Callable[[Trial, PairStatistic], Reference | None] = field(
        default=lambda *_: None
    )
    roles: tuple[str, ...] = ()
    seed: int = 0

    @cached_property
    def complete(self) -> BoolArray:
        """Pairs with every session of the window, (N,) bool."""
        return np.isfinite(self.abnormal.scar(self.window))

    @cached_property
    def present(self) -> AbnormalReturns:
        """Abnormal returns of the complete pairs, n of them."""
        return self.abnormal.take(self.complete)

    @cached_property
    def reference(self) -> Reference | None:
        """Mean SCAR at placebo sessions; None where there are none."""
        return self.reference_of(scar)

    def reference_of(self, statistic: PairStatistic) -> Reference | None:
        """Return a statistic's distribution at placebo sessions, if there are any.

        Parameters
        ----------
        statistic : callable
            (AbnormalReturns, EventWindow) -> one number for each pair.
        """
        return self.placebo(self, statistic)

    @cached_property
    def correlation(self) -> tuple[float, bool]:
        """Mean residual correlation r of Kolari and Pynnonen, and whether exact."""
        from aftershock.significance.correlation import mean_correlation

        return mean_correlation(self)

    @property
    def n(self) -> int:
        """Number of complete pairs."""
        return int(self.complete.sum())

    @property
    def positions(self) -> IntArray:
        """Calendar positions of the complete pairs' event sessions."""
        return self.present.sample.positions

    @property
    def n_sessions(self) -> int:
        """Number of distinct event sessions."""
        return len(np.unique(self.positions))

    @cached_property
    def labels(self) -> IntArray:
        """Cluster label of each complete pair."""
        return clusters(self.positions, self.window.length)

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(np.unique(self.labels))

    @property
    def counts(self) -> dict[str, Any]:
        """Return the fields of a row that count: n, n_sessions, n_clusters."""
        return {
            "n": self.n,
            "n_sessions": self.n_sessions,
            "n_clusters": self.n_clusters,
        }

    @cached_property
    def family(self) -> AbnormalReturns:
        """Abnormal returns of the complete pairs that have a declared direction."""
        return self.abnormal.take(self.complete & self.prior)

    @property
    def family_symbols(self) -> list[str]:
        """Symbols of the family, in its order."""
        chosen = self.complete & self.prior
        return [s for s, inside in zip(self.symbols, chosen, strict=True) if inside]

    def on_common_rows(self, pairs: AbnormalReturns) -> AbnormalReturns:
        """Return `pairs` fitted on the rows that all of them have.

        Exact joint inference needs one design for all pairs; with equal rows this is
        what was there already.
        """
        rows = pairs.sample.estimation
        if len(rows) == 0 or bool((rows == rows[0]).all()):
            return pairs
        return measure(pairs.sample.common(), self.model, pairs.window)

    def shared_session(self) -> str:
        """Say that tested windows share a session, if any two do."""
        if self.n_clusters == self.n:
            return ""
        return "windows share sessions, and the test assumes independent pairs"

    def raised_variance(self, instead: str) -> str:
        """Warn of event-day variance beyond the .99 quantile of its F reference.

        Notes
        -----
        mean SAR^2 over n pairs and L sessions against F(n L, mean df), exact for
        independent pairs; and over the pairs of any one session against the
        1 - .01/L quantile of F(n, mean df), since the news has one day and a mean
        over the window thins it out.
        """
        text = f"event-session variance is raised; see {instead}"
        return text if self._raised else ""

    @cached_property
    def _raised(self) -> bool:
        if not self.n:
            return False
        sar = self.present.sar_of(self.window)
        df, (n, length) = float(self.present.fit.df.mean()), sar.shape
        rare = (1 - RAISED_VARIANCE) / length
        whole = np.mean(sar**2) > stats.f.ppf(RAISED_VARIANCE, sar.size, df)
        one = np.mean(sar**2, axis=0) > stats.f.ppf(1 - rare, n, df)
        return bool(whole or one.any())

    def high_volatility(self, instead: str) -> str:
        """Warn of pairs that were more volatile before the event than in estimation.

        A statistic over the estimation's spread then rejects too often. The mean of
        `volatility_ratio` over the pairs is judged; nothing that is known only
        after the window began enters.
        """
        return STORMY.format(instead) if self._stormy else ""

    @cached_property
    def volatility(self) -> FloatArray:
        """Variance before the window over that of the estimation, (n,)."""
        return volatility_ratio(self.present, self.window)

    @cached_property
    def _stormy(self) -> bool:
        known = np.isfinite(self.volatility)
        if not known.any():
            return False
        df = self.present.fit.df[known].sum()
        mean = np.atleast_1d(self.volatility[known].mean())
        return bool(unusually_volatile(mean, int(known.sum()), df)[0])

    def spread_warning(self, instead: str) -> str:
        """Join both warnings of a spread that is not that of the estimation."""
        told = (self.raised_variance(instead), self.high_volatility(instead))
        return "; ".join(filter(None, told))

    @cached_property
    def shared_errors(self) -> float:
        """By how much of itself the variance of the mean CAR differs from its sum.

        Notes
        -----
        Events of one symbol share estimation sessions: see `shared_variance`.
        """
        if not self.n:
            return 0.0
        return shared_variance(
            np.array(self.symbols, dtype=object)[self.complete].tolist(),
            self.positions,
            (self.window.start, self.window.end),
            self.present.sample.estimation_span,
        )

    def close_events(self) -> str:
        """Warn of a symbol's events whose estimation errors add up, or cancel.

        Notes
        -----
        Four symbols on 12 sessions, six apart, reject in 5.6 % (normal) and 6.4
        (GARCH) over six sessions instead of 5; on 25 sessions, twenty apart, in 2.7.
        """
        change = self.shared_errors
        if LEAST_SHARED <= change <= MOST_SHARED:
            return ""
        side = "above" if change > 0 else "below"
        return (
            "a symbol's events share estimation errors: the variance of the mean is "
            f"about {100 * abs(change):.0f}\u2009% {side} what the test takes it for"
        )

    def minimum_effect(self, correlation: float) -> float:
        """Return (z.975 + z.8) s sqrt(L (1 + (n-1) rho) / n), the detectable CAAR."""
        if not self.n:
            return NAN
        s2 = float(np.mean(self.present.fit.sigma**2))
        inflation = max(1 + (self.n - 1) * correlation, 0.0)
        return POWER_Z * float(np.sqrt(s2 * self.window.length * inflation / self.n))
