"""From p-values of many replications to rates, and what they say of each test."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

NAN = math.nan
BAND = (0.035, 0.065)
FULL = 5000
"""Replications at which the band is taken as it is."""
NEARLY_ALWAYS = 0.9
TOP_QUARTILE = 0.08
ERRORS = 3.0
FEW_WARNINGS = 0.1
_HEADLINE = """
    joint_ranked+ewma max_sar+ewma contrast+ewma contrast_search+ewma
    ewma_quantile placebo placebo_contrast clustered sign_flip adjusted_bmp
"""
HEADLINE = frozenset(_HEADLINE.split())
"""Rows that may lead a report: they must hold after high volatility too."""
_COLUMNS = """
    design start end length test replications share_valid rate rate_valid se
    attainable low high share_warned rate_unwarned rate_q1 rate_q2 rate_q3 rate_q4
    effect power power_signed power_replications verdict reason words
"""
COLUMNS = tuple(_COLUMNS.split())
"""Columns of the table `calibration`."""
IN_BAND, OUTSIDE, INVALID = "in band", "outside the band", "invalid by design"
DISCRETE, OFF_LATTICE = "discrete: attainable size", "outside its attainable size"
WARNED, CAUTIOUS = "outside the band, warned", "conservative: the larger of two p"
FINDS_VARIANCE = "finds the raised variance"
NOT_COMPUTED, AFTER_STORMS = "not computed", "too frequent after high volatility"
_ORDINARY = """
    t sample_quantile ewma_quantile joint joint_ranked joint_ranked_ewma
    joint_ranked+ewma max_sar max_sar_ewma max_sar+ewma contrast contrast_ewma
    contrast+ewma contrast_search contrast_search_ewma contrast_search+ewma
    placebo placebo_contrast volatility block_bootstrap
"""
ORDINARY = frozenset(_ORDINARY.split())
"""Tests that cannot tell a mean effect from a session of raised variance."""
DEFECTS = frozenset({OUTSIDE, OFF_LATTICE, AFTER_STORMS})
"""Verdicts that a test called valid must not have."""


def allowed_rates(
    attainable: float, replications: int, level: float = 0.05
) -> tuple[float, float]:
    """Return the lowest and highest rate that a valid test may show.

    Parameters
    ----------
    attainable : float
        Size of a discrete test; NaN for a continuous one.
    replications : int
        Over which the rate was taken.

    Notes
    -----
    Discrete: attainable size -+ 3 Monte Carlo standard errors. Continuous: the band
    of 5,000 replications, widened by 3 standard errors of what fewer add.
    """
    n = max(replications, 1)
    if math.isfinite(attainable):
        half = ERRORS * math.sqrt(attainable * (1 - attainable) / n)
        return max(attainable - half, 0.0), attainable + half
    more = ERRORS * math.sqrt(level * (1 - level) * max(1 / n - 1 / FULL, 0))
    scale = level / 0.05
    return max(BAND[0] * scale - more, 0.0), BAND[1] * scale + more


def rejection_rates(
    found: pd.DataFrame, level: float = 0.05, variance: float = 1.0
) -> pd.DataFrame:
    """Return rejection rates of every test and window.

    Parameters
    ----------
    found : DataFrame
        replication, start, end, test, pvalue, valid, warned, attainable, reason,
        volatility: one row for each test of each replication.
    variance : float
        Of the event session in this design, as a multiple of an ordinary one's.
    """
    quartile = _quartiles(found)
    found = found.assign(
        rejected=found["pvalue"] <= level * (1 + 1e-9), quartile=quartile
    )
    keys = ["start", "end", "test"]
    rows = [
        {**dict(zip(keys, key, strict=True)), **_rate(group, level, variance)}
        for key, group in found.groupby(keys, sort=True)
    ]
    table = pd.DataFrame(rows)
    return table.assign(length=table["end"] - table["start"] + 1)


def _quartiles(found: pd.DataFrame) -> pd.Series[Any]:
    """Return the quartile of prior volatility of each row's replication, 1 to 4."""
    prior = found.groupby("replication")["volatility"].first()
    if prior.isna().all() or prior.nunique() < 4:
        return pd.Series(0, found.index)
    cut = pd.qcut(prior, 4, labels=False) + 1
    return found["replication"].map(cut)


def _rate(group: pd.DataFrame, level: float, variance: float) -> dict[str, Any]:
    """Return the rates of one test in one window."""
    computed = group["pvalue"].notna()
    valid = group["valid"] & computed
    kept = group[valid]
    rate_valid = float(kept["rejected"].mean()) if len(kept) else math.nan
    unwarned = (kept["rejected"] & ~kept["warned"]).mean() if len(kept) else math.nan
    size = float(kept["attainable"].mean()) if len(kept) else math.nan
    low, high = allowed_rates(size, len(kept), level) if len(kept) else (NAN, NAN)
    p = level if not math.isfinite(size) else size
    top = group[group["pvalue"].notna() & (group["quartile"] == 4)]
    row = {
        "replications": len(group),
        "share_valid": float(valid.mean()),
        "rate": float(group.loc[computed, "rejected"].mean()),
        "rate_valid": rate_valid,
        "se": math.sqrt(p * (1 - p) / len(kept)) if len(kept) else math.nan,
        "attainable": size,
        "low": low,
        "high": high,
        "share_warned": float(group["warned"].mean()),
        "rate_unwarned": float(unwarned),
        **_by_quartile(group),
        "unwarned_q4": float((top["rejected"] & ~top["warned"]).mean()),
        "variance": variance,
        "reason": _commonest(group.loc[~group["valid"], "reason"]),
    }
    test = str(group["test"].iloc[0])
    return {**row, "verdict": verdict({**row, "test": test}, level)}


def _by_quartile(group: pd.DataFrame) -> dict[str, float]:
    """Return the rate within each quartile of prior volatility; NaN without."""
    mean = group[group["pvalue"].notna()].groupby("quartile")["rejected"].mean()
    return {f"rate_q{q}": float(mean.get(q, np.nan)) for q in (1, 2, 3, 4)}


def _commonest(reasons: pd.Series[Any]) -> str:
    """Return the reason given most often."""
    counted = reasons.value_counts()
    return str(counted.index[0]) if len(counted) else ""


def verdict(row: Mapping[str, Any], level: float = 0.05) -> str:
    """Say what the rates mean for a test on a design."""
    if math.isnan(row["rate"]):
        return NOT_COMPUTED
    if row["share_valid"] < NEARLY_ALWAYS:
        return INVALID
    discrete = math.isfinite(row["attainable"])
    low, high = allowed_rates(math.nan, row["replications"], level)
    nominal = discrete and low <= row["rate_valid"] <= high
    if not (nominal or row["low"] <= row["rate_valid"] <= row["high"]):
        return _outside(row, discrete)
    most = most_after_storms(row, level)
    if row["test"] in HEADLINE and row["rate_q4"] > most:
        return WARNED if row["unwarned_q4"] <= most else AFTER_STORMS
    return DISCRETE if discrete else IN_BAND


def _outside(row: Mapping[str, Any], discrete: bool) -> str:
    """Say what a rate outside of what is allowed means."""
    if row["rate_valid"] < row["low"] and str(row["test"]).endswith("+ewma"):
        return CAUTIOUS
    if row["share_warned"] > FEW_WARNINGS and row["rate_unwarned"] <= row["high"]:
        return WARNED
    if row.get("variance", 1) > 1 and row["test"] in ORDINARY:
        return FINDS_VARIANCE
    return OFF_LATTICE if discrete else OUTSIDE


def most_after_storms(row: Mapping[str, Any], level: float) -> float:
    """Return the highest rate allowed in the top quartile of prior volatility.

    8 % with the 1,250 replications that a quartile of 5,000 has; with fewer, 3
    standard errors of what fewer add are allowed.
    """
    most = TOP_QUARTILE * level / 0.05
    n = max(row["replications"] * row["share_valid"] / 4, 1)
    return most + ERRORS * math.sqrt(most * (1 - most) * max(1 / n - 4 / FULL, 0))
