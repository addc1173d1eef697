"""What the comparison calls things, and how it writes their values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aftershock.pages.named_tests import NAMES, full_name
from aftershock.tables import (
    MINUS,
    NONE,
    is_missing,
    number,
    percent,
    probability,
    reason_words,
)

INTERVAL = "95\u2009% interval"
WORDS = {
    "event_id": "event",
    "claim_id": "claim",
    "pvalue": "p",
    "pvalue_of": "p is that of",
    "car": "abnormal return",
    "valid": "may be quoted",
    "ci_low": f"{INTERVAL} from",
    "ci_high": f"{INTERVAL} to",
    "n_sessions": "sessions of the test",
    "count.ok": "pairs used, without a flag",
    "count.flagged": "pairs used, with a flag",
    "count.dropped": "pairs left out",
    "count.pending": "pairs awaited",
    "pnl": "result",
    "cagr": "annual return (CAGR)",
    "sharpe": "Sharpe ratio, daily",
    "sortino": "Sortino ratio",
    "calmar": "Calmar ratio",
    "hit_rate": "share of gains",
    "n_trades": "trades",
    "n_refused": "plans refused",
    "probabilistic_sharpe": "probability that the Sharpe ratio is above 0",
    "deflated_sharpe": "that it is above the luckiest of those tried",
    "mean_trade_low": f"mean trade, {INTERVAL} from",
    "mean_trade_high": f"mean trade, {INTERVAL} to",
    "break_even_borrow": "borrow rate at which shorts earn 0",
    "pnl_without_best": "result without the best trade",
    "pnl_without_worst": "result without the worst trade",
    "pnl_signs_after": "result from signs not declared before",
}
"""Codes of tables and of run.json whose words are others than their own."""

SHARES = (
    "total_return", "max_drawdown", "cagr", "mean_trade", "median_trade", "best_trade",
    "worst_trade", "car", "mean_trade_low", "mean_trade_high",
)  # fmt: skip
PARTS = (
    "volatility", "hit_rate", "time_in_market", "probabilistic_sharpe",
    "deflated_sharpe",
)  # fmt: skip
FORMS: dict[str, Callable[[float], str]] = {
    **dict.fromkeys(SHARES, percent),
    **dict.fromkeys(("pvalue", "placebo_pvalue"), probability),
    **dict.fromkeys(PARTS, lambda value: percent(value, signed=False)),
    "estimate": lambda value: number(value, 4, signed=True),
    "n_trades": lambda value: number(value, 0),
    "seed": lambda value: f"{value:.0f}",
}
"""How a column's numbers are written; others with four digits."""
DIGITS = (4, 6, 12)
"""Of two numbers that would look the same, until they do not."""


def named(code: str) -> str:
    """Return what a reader calls a column, a count, a figure or a test."""
    if code in NAMES:
        return full_name(code)
    plain = code.removeprefix("count.").replace("_", " ")
    return WORDS.get(code, plain)


def said(name: str, value: Any) -> str:
    """Return a value as a reader wants it."""
    if is_missing(value):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        told = ", ".join(map(str, value)) or "none"
        plain = not value or isinstance(value[0], str | list)
        return told if plain else f"[{told}]"
    if not isinstance(value, int | float):
        return _coded(name, str(value))
    form = FORMS.get(name)
    return form(value) if form else _figure(value)


def _coded(name: str, text: str) -> str:
    """Return a word of a table; a code as what it stands for."""
    if name == "reason":
        return reason_words(text)
    code = name in ("test", "pvalue_of", "verdict")
    return named(text) if code else text


def _figure(value: float) -> str:
    """Return a number: whole ones whole, others with four digits or two decimals."""
    if float(value).is_integer():
        return number(value, 0)
    return number(value, 2) if abs(value) >= 100 else _digits(value, 4)


def _digits(value: float, digits: int) -> str:
    return f"{value:.{digits}g}".replace("-", MINUS)


def both_said(name: str, one: Any, two: Any) -> tuple[str, str]:
    """Return two values as text, with more digits where they would look the same."""
    told = said(name, one), said(name, two)
    if told[0] != told[1] or any(isinstance(v, bool | str) for v in (one, two)):
        return told
    if not all(isinstance(value, int | float) for value in (one, two)):
        return told
    for digits in DIGITS:
        told = _digits(one, digits), _digits(two, digits)
        if told[0] != told[1]:
            break
    return told
