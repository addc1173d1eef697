"""Figures of an equity series and of a table of trades: pure functions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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


def curve_figures(equity: Floats, cash: float) -> dict[str, float]:
    """Return the figures that an equity series alone tells."""
    returns = returns_of(equity, cash)
    return {
        "total_return": total_return(equity, cash),
        "cagr": cagr(equity, cash),
        "volatility": volatility(returns),
        "sharpe": sharpe(returns),
        "max_drawdown": max_drawdown(equity, cash),
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
