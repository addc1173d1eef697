"""Figures of an equity series and of a table of trades: pure functions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

SESSIONS_PER_YEAR = 252
Floats = NDArray[np.float64]


def returns_of(equity: Floats, cash: float) -> Floats:
    """Return daily simple returns; the first is that of the first session on `cash`."""
    path = np.concatenate(([cash], equity))
    return np.asarray(path[1:] / path[:-1] - 1.0)


def total_return(equity: Floats, cash: float) -> float:
    """Return the last equity over the cash at the start, minus one."""
    return float(equity[-1] / cash - 1.0) if len(equity) else float("nan")


def cagr(equity: Floats, cash: float) -> float:
    """Return the growth per year of 252 sessions, compounded; -1 where all is lost."""
    if not len(equity):
        return float("nan")
    growth = max(float(equity[-1]) / cash, 0.0)
    return float(growth ** (SESSIONS_PER_YEAR / len(equity)) - 1.0)


def volatility(returns: Floats) -> float:
    """Return the standard deviation (ddof 1) of daily returns, times sqrt(252)."""
    if len(returns) < 2:
        return float("nan")
    return float(np.std(returns, ddof=1) * np.sqrt(SESSIONS_PER_YEAR))


def sharpe(returns: Floats) -> float:
    """Return mean over standard deviation (ddof 1) of daily returns, times sqrt(252).

    The risk-free rate is 0. NaN for fewer than two returns, or without any variation.
    """
    spread = np.std(returns, ddof=1) if len(returns) > 1 else 0.0
    if not spread > 0:
        return float("nan")
    return float(np.mean(returns) / spread * np.sqrt(SESSIONS_PER_YEAR))


def sortino(returns: Floats) -> float:
    """Return mean over downside deviation of daily returns, times sqrt(252).

    The target is 0; the deviation is sqrt(mean(min(r, 0)^2)) over all days. Sortino, F.
    and van der Meer, R. (1991), Journal of Portfolio Management 17 (4), 27-31. NaN
    without a day below 0.
    """
    down = np.sqrt(np.mean(np.minimum(returns, 0) ** 2)) if len(returns) > 1 else 0.0
    if not down > 0:
        return float("nan")
    return float(np.mean(returns) / down * np.sqrt(SESSIONS_PER_YEAR))


def moments(returns: Floats) -> tuple[float, float]:
    """Return skewness and kurtosis (3 for a normal), moments about the mean."""
    centred = returns - np.mean(returns)
    spread = float(np.mean(centred**2))
    if not spread > 0:
        return float("nan"), float("nan")
    third, fourth = np.mean(centred**3), np.mean(centred**4)
    return float(third / spread**1.5), float(fourth / spread**2)


def probabilistic_sharpe(returns: Floats, benchmark: float = 0.0) -> float:
    """Return the probability that the true daily Sharpe ratio is above a benchmark.

    Parameters
    ----------
    returns : (T,)
        Daily.
    benchmark : float
        A daily Sharpe ratio.

    Notes
    -----
    See `probability_above`. Assumes independent days.
    """
    ratio = sharpe(returns) / np.sqrt(SESSIONS_PER_YEAR)
    return probability_above(benchmark, ratio, len(returns), *moments(returns))


def probability_above(
    benchmark: float, ratio: float, n: int, skewness: float, kurtosis: float
) -> float:
    """Return the probability that a Sharpe ratio estimated from n returns is above one.

    Notes
    -----
    Phi((SR - SR*) sqrt(n - 1) / sqrt(1 - g3 SR + (g4 - 1) / 4 SR^2)), SR per period,
    g3 skewness, g4 kurtosis (3 for a normal). Bailey and Lopez de Prado (2012),
    Journal of Risk 15 (2), 3-44.
    """
    spread = 1 - skewness * ratio + (kurtosis - 1) / 4 * ratio**2
    if not spread > 0:
        return float("nan")
    z = (ratio - benchmark) * np.sqrt(n - 1) / np.sqrt(spread)
    return float(stats.norm.cdf(z))


def largest_sharpe(trials: int, spread: float) -> float:
    """Return the daily Sharpe ratio that the best of so many trials has by luck.

    Parameters
    ----------
    trials : int
        Independent settings that were tried.
    spread : float
        Standard deviation of their daily Sharpe ratios.

    Notes
    -----
    spread ((1 - g) Phi^-1(1 - 1/N) + g Phi^-1(1 - 1/(N e))), g Euler's constant;
    0 for one trial. Bailey and Lopez de Prado (2014), Journal of Portfolio Management
    40 (5), 94-107.
    """
    if trials < 2:
        return 0.0
    one, two = stats.norm.ppf([1 - 1 / trials, 1 - 1 / (trials * np.e)])
    return float(spread * ((1 - np.euler_gamma) * one + np.euler_gamma * two))


def deflated_sharpe(returns: Floats, trials: int, spread: float) -> float:
    """Return the probabilistic Sharpe ratio against the luck of the best of N trials.

    See `probabilistic_sharpe` and `largest_sharpe`.
    """
    return probabilistic_sharpe(returns, largest_sharpe(trials, spread))


def max_drawdown(equity: Floats, cash: float) -> float:
    """Return the deepest fall from a peak, as a fraction <= 0; the start is a peak."""
    path = np.concatenate(([cash], equity))
    return float(np.min(path / np.maximum.accumulate(path) - 1.0))


def turnover(trades: pd.DataFrame, equity: Floats) -> float:
    """Return half the value of all fills over mean equity, per year of 252 sessions."""
    filled = trades[trades["size"].notna()]
    value = (filled["size"] * (filled["entry_price"] + filled["exit_price"])).sum()
    if not len(equity):
        return float("nan")
    years = len(equity) / SESSIONS_PER_YEAR
    return float(value / 2.0 / np.mean(equity) / years)


def break_even_borrow(trades: pd.DataFrame) -> float:
    """Return the borrow rate per year at which the shorts would have earned nothing.

    (pnl + borrow) / (value x years of the shorts); NaN without a night short.
    """
    shorts = trades[(trades["side"] == "short") & trades["size"].notna()]
    held = float(shorts["borrowed"].sum())
    gain = float((shorts["pnl"] + shorts["borrow"]).sum())
    return gain / held if held > 0 else float("nan")


def calmar(equity: Floats, cash: float) -> float:
    """Return growth per year over the deepest fall; NaN without a fall.

    Young, T. (1991), Futures 20 (1), 40.
    """
    fall = max_drawdown(equity, cash)
    return cagr(equity, cash) / -fall if fall < 0 else float("nan")


def curve_figures(equity: Floats, cash: float) -> dict[str, float]:
    """Return the figures that an equity series alone tells."""
    returns = returns_of(equity, cash)
    return {
        "total_return": total_return(equity, cash),
        "cagr": cagr(equity, cash),
        "volatility": volatility(returns),
        "sharpe": sharpe(returns),
        "sortino": sortino(returns),
        "max_drawdown": max_drawdown(equity, cash),
        "calmar": calmar(equity, cash),
    }


def exposure_figures(
    equity: Floats, gross: Floats, held: NDArray[np.bool_], cash: float
) -> dict[str, float]:
    """Return figures of the time in the market, since event books are flat most days.

    exposure is mean gross over equity at the close; time_in_market the share of
    sessions in which a position was `held`, if only for a part; sharpe_invested the
    Sharpe of those sessions; return_per_exposure the total return over exposure.
    """
    ratio = np.divide(gross, equity, out=np.zeros_like(gross), where=equity > 0)
    exposure = float(np.mean(ratio)) if len(ratio) else float("nan")
    earned = total_return(equity, cash)
    return {
        "exposure": exposure,
        "time_in_market": float(np.mean(held)) if len(gross) else float("nan"),
        "sharpe_invested": sharpe(returns_of(equity, cash)[held]),
        "return_per_exposure": earned / exposure if exposure > 0 else float("nan"),
    }


def sessions_held(trades: pd.DataFrame, n_sessions: int) -> NDArray[np.bool_]:
    """Return for each session of a panel whether a trade's price could move equity.

    That is every session from the entry to the exit; one entered at a close counts
    from there.
    """
    held = np.zeros(n_sessions, dtype=bool)
    filled = trades[trades["entry_half"] >= 0]
    for entry, end in zip(filled["entry_half"], filled["exit_half"], strict=True):
        held[entry // 2 : end // 2 + 1] = True
    return held


def trade_figures(trades: pd.DataFrame) -> dict[str, float]:
    """Return figures of the trades: counts, hit rate, mean trade, money spent."""
    filled = trades[trades["size"].notna()]
    some = len(filled) > 0
    hits = float((filled["pnl"] > 0).mean()) if some else float("nan")
    return {
        "n_trades": float(len(filled)),
        "n_refused": float(len(trades) - len(filled)),
        "hit_rate": hits,
        "mean_trade": float(filled["ret"].mean()) if some else float("nan"),
        "median_trade": float(filled["ret"].median()) if some else float("nan"),
        "best_trade": float(filled["ret"].max()) if some else float("nan"),
        "worst_trade": float(filled["ret"].min()) if some else float("nan"),
        "pnl": float(filled["pnl"].sum()),
        "fees": float(filled["fees"].sum()),
        "slippage": float(filled["slippage"].sum()),
        "borrow": float(filled["borrow"].sum()),
        "break_even_borrow": break_even_borrow(trades),
    }
