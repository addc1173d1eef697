"""Ranks of a window among the sessions of its own estimation, plain and scaled."""

from __future__ import annotations

import numpy as np
from scipy import signal, stats

from aftershock.abnormal import AbnormalReturns, BoolArray, FloatArray
from aftershock.windows import EventWindow

DECAY = 0.94
SEED_ROWS = 20
BURNED_IN = 30
EFFECTIVE = (1 + DECAY) / (1 - DECAY)
"""Degrees of freedom of v: its variance is that of a mean of so many squares."""
HIGH_VOLATILITY = 0.99
STORMY = "high volatility before the event; see {}"


def scaled_series(abnormal: AbnormalReturns) -> tuple[FloatArray, FloatArray]:
    """Return X and the EWMA variance v that was known before each session.

    Returns
    -------
    x : (N, S)
        Estimation residuals, and abnormal returns of all other usable sessions.
    v : (N, S)
        v_1 = mean of the first 20 squares of X; v_k = .94 v_(k-1) + .06 X_(k-1)^2,
        k counting usable sessions, left-out ones included. NaN where no X.

    Notes
    -----
    RiskMetrics (1996), Technical Document, decay .94. Where a pair lacks sessions the
    recursion runs over columns, so that all such pairs advance together.
    """
    sample = abnormal.sample
    standard = abnormal.standard_at(slice(0, len(sample.offsets)))
    x = np.where(sample.estimation, abnormal.fit.residuals, standard)
    present = np.isfinite(x)
    squares = np.where(present, x, 0.0) ** 2
    early = present & (np.cumsum(present, axis=1) <= SEED_ROWS)
    count = np.maximum(early.sum(axis=1), 1)
    level = np.where(early, squares, 0.0).sum(axis=1) / count
    v = np.full(x.shape, np.nan)
    whole = present.all(axis=1)
    v[whole] = _smoothed(squares[whole], level[whole])
    gaps, level, squares = present[~whole], level[~whole], squares[~whole]
    found = np.full(gaps.shape, np.nan)
    for k in range(x.shape[1] if len(gaps) else 0):
        here = gaps[:, k]
        found[:, k] = np.where(here, level, np.nan)
        level = np.where(here, DECAY * level + (1 - DECAY) * squares[:, k], level)
    v[~whole] = found
    return x, v


def _smoothed(squares: FloatArray, start: FloatArray) -> FloatArray:
    """Return v of rows without a gap, from `start` on: the recursion, compiled."""
    if not squares.size:
        return squares
    b, a = np.array([0.0, 1 - DECAY]), np.array([1.0, -DECAY])
    v, _ = signal.lfilter(b, a, squares, axis=1, zi=start[:, None])
    return np.asarray(v)


def rolling_sums(values: FloatArray, length: int) -> FloatArray:
    """Return sums of `length` adjacent columns, placed at the first; NaN if one is."""
    if length == 1:
        return values
    views = np.lib.stride_tricks.sliding_window_view(values, length, axis=1)
    sums = np.full(values.shape, np.nan)
    sums[:, : views.shape[1]] = views.sum(axis=2)
    return sums


def quantile_pvalues(
    abnormal: AbnormalReturns, window: EventWindow
) -> tuple[FloatArray, FloatArray]:
    """Rank each CAR among sums of residuals over as many adjacent sessions.

    Returns
    -------
    pvalues, counts : (N,)
        p = min(1, 2 min((1+#<=)/(B+1), (1+#>=)/(B+1))) and B.

    Notes
    -----
    The sample-quantile test of Gelbach, Helland and Klick (2013), American Law and
    Economics Review 15, 495-541, extended to windows of several sessions.
    """
    sums = rolling_sums(abnormal.fit.residuals, window.length)
    now = abnormal.standard_at(abnormal.columns(window)).sum(axis=1)
    return two_sided(sums, now)


def scaled_quantile_pvalues(
    abnormal: AbnormalReturns, window: EventWindow
) -> tuple[FloatArray, FloatArray]:
    """Rank each CAR likewise after scaling by the volatility known before it.

    Returns
    -------
    pvalues, counts : (N,)
    """
    reference, observed = scaled_reference(abnormal, window)
    return two_sided(reference, observed)


def scaled_reference(
    abnormal: AbnormalReturns, window: EventWindow
) -> tuple[FloatArray, FloatArray]:
    """Return Z of estimation sessions after burn-in, (N, S), and of the window, (N,).

    Z is the sum of L adjacent X over sqrt(L v), v at the first of the L.
    """
    x, v = scaled_series(abnormal)
    z = rolling_sums(x, window.length) / np.sqrt(window.length * v)
    estimation = abnormal.sample.estimation
    inside = rolling_sums(np.where(estimation, 0.0, np.nan), window.length) == 0
    settled = np.cumsum(np.isfinite(x), axis=1) > BURNED_IN
    observed = z[:, abnormal.columns(window).start]
    return np.where(inside & settled, z, np.nan), observed


def volatility_ratio(abnormal: AbnormalReturns, window: EventWindow) -> FloatArray:
    """Return v before the window over s^2 of the estimation, (N,).

    NaN where the model forecasts a variance itself, so that nothing is unscaled.
    """
    if abnormal.fit.scale is not None:
        return np.full(len(abnormal), np.nan)
    first = abnormal.columns(window).start
    found = [scaled_series(part)[1][:, first] for part in abnormal.parts()]
    v = np.concatenate([np.zeros(0), *found])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(v / abnormal.fit.sigma**2)


def unusually_volatile(ratio: FloatArray, pairs: int, df: FloatArray) -> BoolArray:
    """Tell which mean ratios of so many pairs a constant variance hardly gives.

    Parameters
    ----------
    ratio : (K,)
        Means of `volatility_ratio` over `pairs` pairs each.
    df : (K,)
        Degrees of freedom of all the s^2 of a mean together.

    Notes
    -----
    Beyond the .99 quantile of F(32.3 n, df): (1 + .94) / (1 - .94) = 32.3 squares
    averaged with equal weights vary as the exponentially weighted mean does.
    """
    bound = stats.f.ppf(HIGH_VOLATILITY, EFFECTIVE * pairs, df)
    return np.asarray(ratio > bound)


def high_volatility(
    abnormal: AbnormalReturns, window: EventWindow, instead: str
) -> list[str]:
    """Warn, pair by pair, of a t that high volatility before the event inflates.

    Returns
    -------
    list of str
        N texts, empty where there is nothing to warn of. In GARCH(1,1) with t(5)
        innovations the unscaled t rejects in about 13 % of the events of the top
        quartile of prior variance, and in 1 % of the bottom one's.
    """
    marked = unusually_volatile(
        volatility_ratio(abnormal, window), 1, abnormal.fit.df.astype(float)
    )
    text = STORMY.format(instead)
    return [text if high else "" for high in marked]


def two_sided(
    reference: FloatArray, observed: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return rank p-values of N observations among N rows of references."""
    count = np.isfinite(reference).sum(axis=1)
    below = (reference <= observed[:, None]).sum(axis=1)
    above = (reference >= observed[:, None]).sum(axis=1)
    tail = (1 + np.minimum(below, above)) / (count + 1)
    known = np.isfinite(observed) & (count > 0)
    pvalues = np.where(known, np.minimum(1.0, 2 * tail), np.nan)
    return pvalues, count.astype(float)
