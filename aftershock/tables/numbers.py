"""Numbers, moments and lists as a reader wants them; percent appear here first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

THIN, MINUS, NONE = "\u2009", "\u2212", "–"

ROLE_NAMES: dict[str, str] = {
    "actor": "Actor",
    "subject": "Subject",
    "supplier-competitor": "Suppliers that now face a rival",
    "competitor": "Competitors",
    "upstream-supplier": "Upstream suppliers",
    "supplier": "Suppliers",
    "customer": "Customers",
    "peer": "Peers",
    "investor": "Investors",
    "investee": "Investees",
    "acquirer": "Acquirer",
    "target": "Target",
    "rated": "Rated",
    "index-member": "Index members",
    "sector-fund": "Sector funds",
    "market": "Market",
}
"""Roles in the order in which pages show them, in words."""


def is_missing(value: object) -> bool:
    """Return whether a table's cell is empty."""
    return value is None or value == "" or bool(pd.isna(value))  # type: ignore[call-overload]


def records(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a frame, each with its columns as attributes."""
    return list(frame.itertuples())


def words(value: object) -> str:
    """Return a cell as text, an empty one as nothing."""
    return "" if is_missing(value) else str(value)


def number(value: float | None, digits: int = 2, *, signed: bool = False) -> str:
    """Return a number with a true minus sign; a missing one as a dash."""
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{value:+,.{digits}f}" if signed else f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")
    return text.replace("-", MINUS)


def percent(value: float | None, digits: int = 1, *, signed: bool = True) -> str:
    """Return a fraction as percent with a thin space: ``+8.8 %``."""
    if value is None or not math.isfinite(value):
        return NONE
    return f"{number(100 * value, digits, signed=signed)}{THIN}%"


def at_floor(pvalue: float, references: float | None) -> bool:
    """Return whether a ranked p-value is the smallest that its reference allows.

    A rank p is (1 + k) / (B + 1) with B at most `references`. It is at its floor
    (k = 0) when 1 / p is a whole number that only k = 0 can give.
    """
    if not references or not math.isfinite(references) or not pvalue > 0:
        return False
    whole = round(1 / pvalue)
    return abs(1 / pvalue - whole) < 1e-6 * whole and 2 * whole - 1 > references


def probability(pvalue: float | None, references: float | None = None) -> str:
    """Return a p-value to three places, as a bound where it is at its floor."""
    if pvalue is None or not math.isfinite(pvalue):
        return NONE
    if at_floor(pvalue, references):
        return f"≤{THIN}{math.ceil(pvalue * 1000 - 1e-9) / 1000:.3f}"
    return f"<{THIN}0.001" if pvalue < 0.001 else f"{pvalue:.3f}"


def p_equals(p: str) -> str:
    """Join p and its value in words: ``p = 0.031``, ``p ≤ 0.010`` or ``p < 0.001``."""
    return f"p {p}" if p[:1] in "≤<" else f"p = {p}"


def day(value: object, *, weekday: bool = False) -> str:
    """Return a session or moment as ``1 July 2026``."""
    if is_missing(value):
        return NONE
    moment = pd.Timestamp(str(value))
    name = f"{moment.day_name()} " if weekday else ""
    return f"{name}{moment.day} {moment.month_name()} {moment.year}"


def clock(value: object) -> str:
    """Return the time of an aware moment as ``09:29``."""
    return pd.Timestamp(str(value)).strftime("%H:%M")


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return ``A, B and C``, or ``A, B, C and 4 more``."""
    shown = list(names[:most])
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if shown[1:] else shown)


def role_name(role: str) -> str:
    """Return a role in words."""
    return ROLE_NAMES.get(role, role.replace("-", " ").capitalize())


def role_order(roles: Sequence[str]) -> list[str]:
    """Return distinct roles: ours in our order, others before the funds, by name."""
    rank = {role: i for i, role in enumerate(ROLE_NAMES)}
    middle = rank["index-member"] - 0.5
    return sorted(set(roles), key=lambda role: (rank.get(role, middle), role))


def claim_number(measure: str, value: float | None) -> str:
    """Return the value of a claim's measure: shares and moves in percent."""
    if measure in ("slope", "rank_correlation"):
        return number(value, signed=True)
    return percent(value, signed=measure != "placebo_rank")
