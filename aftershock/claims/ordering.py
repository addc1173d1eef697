"""Moves against a field: slopes and orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import factorial
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from aftershock.abnormal import AbnormalReturns, FloatArray
from aftershock.claims.asking import Evidence, NotTestable, Occasion
from aftershock.claims.records import Claim
from aftershock.claims.studying import Finding, contrast_finding, study_claim
from aftershock.significance.base import thin_reference, upper_rank_pvalue
from aftershock.study.cross_section import cross_section
from aftershock.study.placebo import candidate_sessions, statistic_at
from aftershock.tables import number, percent
from aftershock.windows import EventWindow

FEWEST_ORDERED = 5
"""Of four symbols even the most extreme order has p = 2/4! = 0.083, of five 0.017."""

Field = Mapping[tuple[str, str], float]


def field_of(
    claim: Claim, occasions: Sequence[Occasion], evidence: Evidence
) -> tuple[dict[tuple[str, str], float], tuple[str, ...]]:
    """Return the field by event and symbol, and which symbols have none.

    Raises
    ------
    NotTestable
        When fewer than two symbols have a value.
    """
    values: dict[tuple[str, str], float] = {}
    absent = []
    for occasion in occasions:
        for symbol in occasion.symbols:
            value = claim.field.get(symbol, np.nan)
            if claim.runup:
                value = runup(symbol, occasion.session, claim.runup, evidence)
            if np.isfinite(value):
                values[occasion.event_id, symbol] = float(value)
            else:
                absent.append(f"without {symbol} (no value of the field)")
    if len(set(values.values())) < 2:
        raise NotTestable("the field has fewer than two different values")
    return values, tuple(dict.fromkeys(absent))


def runup(symbol: str, session: pd.Timestamp, length: int, evidence: Evidence) -> float:
    """Return the raw return over the sessions before an event's; NaN with a gap."""
    panel = evidence.panel
    row = int(panel.position([session])[0])
    if row < length:
        return float("nan")
    moves = panel.returns[row - length : row, panel.column([symbol])[0]]
    return float(np.prod(1 + moves) - 1)


def _few(count: int) -> str:
    """Say that so few symbols cannot show an order, if so."""
    if count >= FEWEST_ORDERED:
        return ""
    smallest = 2 / factorial(count)
    return (
        f"{count} symbols: the most extreme of their orders has p = {smallest:.3f}, "
        f"at least {FEWEST_ORDERED} are needed"
    )


def slope_finding(
    occasions: Sequence[Occasion], field: Field, evidence: Evidence, window: EventWindow
) -> Finding:
    """Judge the slope of CAR on a field.

    On one session the least-squares slope is a contrast, whose weights
    (x_i - mean x) / sum (x - mean x)^2 were known before; over several sessions it is
    a regression with errors by cluster and a wild bootstrap, the larger p counting.
    """
    if len({o.session for o in occasions}) > 1:
        return _slope_of_sessions(occasions, field, evidence, window)
    x = pd.Series({symbol: value for (_, symbol), value in field.items()})
    away = x - x.mean()
    chosen = replace(occasions[0], symbols=tuple(str(s) for s in x.index), against=())
    weights = {str(s): float(w) for s, w in (away / (away**2).sum()).items()}
    found = contrast_finding([chosen], evidence, window, weights)
    few = _few(len(x))
    return replace(found, pvalue=np.nan, lacking=few) if few else found


def _slope_of_sessions(
    occasions: Sequence[Occasion], field: Field, evidence: Evidence, window: EventWindow
) -> Finding:
    """Judge a slope over several sessions."""
    study = study_claim(occasions, evidence, window, ())
    rows = [(event, symbol, x) for (event, symbol), x in field.items()]
    table = pd.DataFrame(rows, columns=["event_id", "symbol", "field"])
    offsets = (window.start, window.end)
    found = cross_section(study, table, offsets, evidence.design.seed)
    row: Any = found.set_index("term").loc["field"]
    pvalues = [float(row[name]) for name in ("pvalue", "pvalue_wild")]
    return Finding(
        value=float(row["estimate"]),
        ci_low=float(row["ci_low"]),
        ci_high=float(row["ci_high"]),
        pvalue=float(np.nanmax(pvalues)) if row["valid"] else np.nan,
        error=float(row["se"]),
        df=float(row["df"]),
        test="cross_section",
        n=int(row["n"]),
        n_sessions=len({o.session for o in occasions}),
        lacking=str(row["reason"]).replace("_", " "),
    )


def order_finding(
    occasion: Occasion, field: Field, evidence: Evidence, window: EventWindow
) -> Finding:
    """Judge Spearman's rank correlation of moves and field among ordinary sessions.

    The reference is the same correlation on every placebo session: moves are
    correlated among symbols, so that orders are not equally likely.
    """
    symbols, x = _known(occasion, field)
    panel = evidence.panel
    row = int(panel.position([occasion.session])[0])
    where = candidate_sessions(panel, row, window, window)
    columns = panel.column(symbols)
    moves = statistic_at(panel, columns, np.append(where, row), window, _car)
    sound = moves[np.isfinite(moves).all(axis=1)]
    rho = rank_correlations(sound, x)
    observed, reference = float(rho[-1]), np.abs(rho[:-1])
    enough, reason, note = thin_reference(len(reference), window.length)
    lacking = _few(len(x)) or ("" if enough else reason.replace("_", " "))
    return Finding(
        value=observed,
        pvalue=np.nan if lacking else upper_rank_pvalue(reference, abs(observed)),
        mde=float(np.quantile(reference, 0.95)) if len(reference) else np.nan,
        test="placebo",
        n=len(x),
        n_sessions=1,
        lacking=lacking,
        told=(note,) if note else (),
    )


def rank_correlations(moves: FloatArray, x: FloatArray) -> FloatArray:
    """Return Spearman's rho of each row of moves (B, n) with x (n,), midranks."""
    ranks = stats.rankdata(moves, axis=1)
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    order = stats.rankdata(x) - stats.rankdata(x).mean()
    scale = np.sqrt((ranks**2).sum(axis=1) * (order**2).sum())
    return np.asarray(ranks @ order / scale)


def shown_order(
    occasion: Occasion, field: Field, evidence: Evidence, window: EventWindow
) -> str:
    """Return symbols with field and move, the largest field first."""
    symbols, x = _known(occasion, field)
    row = evidence.panel.position([occasion.session])
    moves = statistic_at(
        evidence.panel, evidence.panel.column(symbols), row, window, _car
    )
    rows = sorted(zip(-x, symbols, moves[0], strict=True))
    return "; ".join(f"{s}: field {number(-v)}, moved {percent(m)}" for v, s, m in rows)


def _known(occasion: Occasion, field: Field) -> tuple[list[str], FloatArray]:
    """Return the symbols that have a value, and their values."""
    keys = [(s, field[occasion.event_id, s]) for s in occasion.symbols
            if (occasion.event_id, s) in field]  # fmt: skip
    return [s for s, _ in keys], np.array([value for _, value in keys])


def _car(abnormal: AbnormalReturns, window: EventWindow) -> FloatArray:
    """Return the CAR of each pair."""
    return abnormal.car(window)
