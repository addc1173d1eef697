"""Trials built by hand, and the formulae a second time: one pair at a time, no masks.

Nothing here is shared with the package but the classes that carry numbers into it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from aftershock.abnormal import AbnormalReturns, Fit, Sample
from aftershock.models.market import Market
from aftershock.significance.base import Significance, SignificanceTest
from aftershock.significance.trial import Trial
from aftershock.windows import EventWindow

Array = NDArray[np.float64]
Window = tuple[int, int]
NAN = math.nan
# twelve + and twelve -; the second agrees on 18 of 24 dates: (18 - 6) / 24 = .5
FIRST = [1.0, -1.0] * 12
SECOND = [-x if k < 6 else x for k, x in enumerate(FIRST)]
# of the first it has half the dates right, of the second 12 of 24 too
THIRD = [1.0, 1.0, -1.0, -1.0] * 6
EVENTS = [[0.1, 0.4, -0.2], [0.3, 0.1, 0.2], [-0.2, 0.5, 0.1]]


@dataclass
class Days:
    """One pair: residuals and abnormal returns by offset, s, df, and its design."""

    residuals: dict[int, float]
    ar: dict[int, float]
    s: float
    df: float
    design: dict[int, Array] | None = None
    inverse: Array | None = None

    def complete(self, window: Window) -> bool:
        """Whether every session of the window is there."""
        return all(o in self.ar for o in range(window[0], window[1] + 1))

    def car(self, window: Window) -> float:
        """Sum of abnormal returns."""
        return sum(self.ar[o] for o in range(window[0], window[1] + 1))

    def se(self, window: Window) -> float:
        """s sqrt(1'C1), C = I + X* (X'X)^-1 X*'; C = I without a design."""
        offsets = range(window[0], window[1] + 1)
        c = np.eye(len(offsets))
        if self.design is not None and self.inverse is not None:
            x = np.array([self.design[o] for o in offsets])
            c = c + x @ self.inverse @ x.T
        one = np.ones(len(c))
        return self.s * float(np.sqrt(one @ c @ one))

    def scar(self, window: Window) -> float:
        """Standardised CAR."""
        return self.car(window) / self.se(window)

    def sars(self, window: Window) -> list[float]:
        """Standardised abnormal return of each day."""
        days = range(window[0], window[1] + 1)
        return [self.ar[o] / self.se((o, o)) for o in days]


def fitted(
    returns: pd.Series,
    market: pd.Series,
    event: int,
    event_window: Window,
    rows: range = range(-250, -10),
) -> Days:
    """Fit the market model to one pair by `numpy.linalg.lstsq`."""
    r, m = returns.to_numpy(), market.to_numpy()
    used = [o for o in rows if event + o >= 0 and np.isfinite(r[event + o])]
    x = np.array([[1.0, m[event + o]] for o in used])
    y = np.array([r[event + o] for o in used])
    coefficients = np.linalg.lstsq(x, y, rcond=None)[0]
    residuals = y - x @ coefficients
    design = {
        o: np.array([1.0, m[event + o]])
        for o in range(event_window[0], event_window[1] + 1)
        if np.isfinite(r[event + o])
    }
    df = len(used) - 2
    return Days(
        dict(zip(used, residuals.tolist(), strict=True)),
        {o: float(r[event + o] - row @ coefficients) for o, row in design.items()},
        float(np.sqrt(residuals @ residuals / df)),
        df,
        design,
        np.linalg.inv(x.T @ x),
    )


def make_trial(
    estimation: Sequence[Sequence[float]],
    event: Sequence[Sequence[float]],
    sigma: float | Sequence[float] = 1.0,
    df: float | Sequence[float] = 10.0,
    window: Window = (0, 0),
    positions: Sequence[int] | None = None,
    start: int = 0,
    symbols: Sequence[str] | None = None,
) -> Trial:
    """Return a trial of given residuals and abnormal returns; C = I, nothing fitted.

    Estimation offsets end at -11; the event window begins at `start`. Pairs are a
    thousand sessions apart unless `positions` says otherwise.
    """
    left, right = np.array(estimation, float), np.array(event, float)
    n, t = left.shape
    last = start + right.shape[1] - 1
    offsets = np.arange(-10 - t, last + 1)
    returns = np.full((n, len(offsets)), np.nan)
    returns[:, :t] = left
    returns[:, len(offsets) - right.shape[1] :] = right
    usable = np.isfinite(returns)
    where = np.arange(n) * 1000 + 500 if positions is None else np.array(positions)
    rows = usable & (offsets <= -11)
    sample = Sample(offsets, where, returns, {}, usable, rows)
    missing = np.full(n, np.nan)
    fit = Fit(
        sample=sample,
        regressors=(),
        coefficients=np.zeros((n, 0)),
        gram=np.zeros((n, 0, 0)),
        df=np.broadcast_to(np.asarray(df, float), n).copy(),
        m=rows.sum(axis=1),
        alpha=missing,
        beta=missing,
    )
    # the spread is given, so that small numbers can be worked by hand
    vars(fit)["sigma"] = np.broadcast_to(np.asarray(sigma, float), n).copy()
    abnormal = AbnormalReturns(sample, fit, EventWindow(start, last))
    names = tuple(symbols or (f"S{k}" for k in range(n)))
    return Trial(abnormal, Market(), EventWindow(*window), names, np.ones(n, bool))


def days_of(trial: Trial) -> list[Days]:
    """Return the pairs of a trial made by `make_trial`, as dictionaries."""
    sample, fit = trial.abnormal.sample, trial.abnormal.fit
    inside = (trial.abnormal.window.start, trial.abnormal.window.end)
    pairs = []
    for k in range(len(sample.positions)):
        found = {
            int(o): float(r)
            for o, r in zip(sample.offsets, sample.returns[k], strict=True)
            if np.isfinite(r)
        }
        before = {o: r for o, r in found.items() if o <= -11}
        after = {o: r for o, r in found.items() if inside[0] <= o <= inside[1]}
        pairs.append(Days(before, after, float(fit.sigma[k]), float(fit.df[k])))
    return pairs


def only(test: SignificanceTest, trial: Trial) -> Significance:
    """Return the single row of a test."""
    (row,) = test.evaluate(trial)
    return row


def patell_by_loop(pairs: list[Days], window: Window) -> float:
    """Both forms of Patell's Z, one pair after the other."""
    kept = [p for p in pairs if p.complete(window)]
    length = window[1] - window[0] + 1
    if length == 1:
        above = sum(p.sars(window)[0] for p in kept)
        return above / math.sqrt(sum(p.df / (p.df - 2) for p in kept))
    total = 0.0
    for p in kept:
        total += sum(p.sars(window)) / math.sqrt(length * p.df / (p.df - 2))
    return total / math.sqrt(len(kept))


def crude_by_loop(pairs: list[Days], window: Window) -> tuple[float, float]:
    """The crude dependence t and T - 1."""
    kept = [p for p in pairs if p.complete(window)]
    means = []
    for offset in range(-400, 0):
        here = [p.residuals[offset] for p in kept if offset in p.residuals]
        if here:
            means.append(sum(here) / len(here))
    centre = sum(means) / len(means)
    spread = math.sqrt(sum((m - centre) ** 2 for m in means) / (len(means) - 1))
    caar = sum(p.car(window) for p in kept) / len(kept)
    length = window[1] - window[0] + 1
    return caar / (math.sqrt(length) * spread), len(means) - 1


def hall_by_loop(x: list[float]) -> float:
    """Hall's series, term by term; scipy gives the unbiased skewness g."""
    n = len(x)
    s = stats.ttest_1samp(x, 0.0).statistic / math.sqrt(n)
    # scipy's G1 = sqrt(n(n-1))/(n-2) m3/m2^1.5, the sample skewness with sd of n-1
    g = float(stats.skew(x, bias=False))
    return math.sqrt(n) * (s + g * s * s / 3 + g * g * s**3 / 27 + g / (6 * n))


def midrank(value: float, among: list[float]) -> float:
    """Rank of one value: those below, half of those equal, and half of itself."""
    below = sum(v < value for v in among)
    return below + (sum(v == value for v in among) + 1) / 2


def corrado_by_loop(pairs: list[Days], window: Window) -> tuple[float, float]:
    """Corrado's rank statistic and that of Corrado and Zivney."""
    ranks: dict[int, list[float]] = {}
    signs: dict[int, list[float]] = {}
    for p in pairs:
        every = p.residuals | p.ar
        among = list(every.values())
        for offset, value in every.items():
            u = midrank(value, among) / (1 + len(among))
            sign = math.copysign(1.0, value - median(among))
            ranks.setdefault(offset, []).append(u)
            signs.setdefault(offset, []).append(sign * (value != median(among)))
    n = len(pairs)
    k = {o: sum(us) / len(us) - 0.5 for o, us in ranks.items()}
    v = {o: sum(s) / math.sqrt(len(s)) for o, s in signs.items()}
    s2 = sum(len(ranks[o]) / n * k[o] ** 2 for o in k) / len(k)
    v2 = sum(x * x for x in v.values()) / len(v)
    days = [o for o in range(window[0], window[1] + 1) if o in k]
    root = math.sqrt(len(days))
    return (
        root * sum(k[o] for o in days) / len(days) / math.sqrt(s2),
        root * sum(v[o] for o in days) / len(days) / math.sqrt(v2),
    )


def grank_by_loop(pairs: list[Days], window: Window) -> tuple[float, float, int]:
    """The generalised rank t, z and T."""
    kept = [p for p in pairs if p.complete(window)]
    scars = [p.scar(window) for p in kept]
    n, spread = len(kept), float(np.std(scars, ddof=1))
    u: dict[int | str, list[float]] = {"event": []}
    variance = 0.0
    for p, scar in zip(kept, scars, strict=True):
        every: dict[int | str, float] = {o: e / p.s for o, e in p.residuals.items()}
        every["event"] = scar / spread
        m = len(p.residuals)
        variance += m / (12 * (m + 2))
        for day, value in every.items():
            rank = midrank(value, list(every.values()))
            u.setdefault(day, []).append(rank / (m + 2) - 0.5)
    mean = {day: sum(us) / len(us) for day, us in u.items()}
    t = len(mean)
    s = math.sqrt(sum(len(u[d]) / n * mean[d] ** 2 for d in mean) / t)
    z = mean["event"] / s
    statistic = z * math.sqrt((t - 2) / (t - 1 - z * z))
    return statistic, mean["event"] / math.sqrt(variance / n**2), t
