"""How rare a move is among ordinary sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from aftershock.abnormal import FloatArray, measure
from aftershock.claims.asking import Evidence, NotTestable, Occasion
from aftershock.claims.records import Claim
from aftershock.claims.studying import Finding, study_claim
from aftershock.significance.base import thin_reference, upper_rank_pvalue
from aftershock.significance.portfolios import combined, differing_design
from aftershock.significance.reference import scaled_reference
from aftershock.study.placebo import statistic_at
from aftershock.tables import number
from aftershock.windows import EventWindow

DIFFERING = "not in units of volatility: the model's regressors differ by symbol"


def placebo_share(
    claim: Claim,
    occasions: Sequence[Occasion],
    evidence: Evidence,
    window: EventWindow,
) -> Finding:
    """Return the share of ordinary sessions that moved a group as much.

    Compared are |mean SCAR| with that on placebo sessions and, in the units of the
    volatility known before each session, |mean AR| with that of the estimation; the
    larger share counts. The interval is that of Clopper and Pearson (1934, Biometrika
    26, 404-413), as if sessions were independent.
    """
    result = study_claim(occasions, evidence, window, ["placebo"])
    row: Any = result.tests.set_index("test").loc["placebo"]
    draws = result.placebo[result.placebo["test"] == "placebo"]
    chosen, told = _among(claim, occasions[0], evidence, draws)
    reference = np.abs(draws["value"].to_numpy(dtype=float)[chosen])
    found = [_share(reference, abs(float(row["statistic"])), "placebo", int(row["n"]))]
    if claim.among is None:
        found += _scaled_share(occasions[0], evidence, window)
        told += () if len(found) > 1 else (DIFFERING,)
    lead = max(found, key=lambda finding: finding.value)
    shares = tuple(text for finding in found for text in finding.told)
    return replace(lead, told=(*shares, *told))


def _share(reference: FloatArray, observed: float, test: str, n: int) -> Finding:
    """Return the share of a reference that is as large, with its interval.

    Raises
    ------
    NotTestable
        When there is no reference at all.
    """
    count = len(reference)
    if not count:
        raise NotTestable("no ordinary session to compare with")
    above = int((reference >= observed * (1 - 1e-12)).sum())
    interval = stats.binomtest(above, count).proportion_ci(0.95)
    enough = thin_reference(count, 1)[0]
    unit = ", in units of volatility" if test == "ewma" else ""
    return Finding(
        value=above / count,
        ci_low=float(interval.low),
        ci_high=float(interval.high),
        pvalue=upper_rank_pvalue(reference, observed) if enough else np.nan,
        test=test,
        n=n,
        n_sessions=1,
        lacking="" if enough else f"{count} reference sessions, 100 are needed",
        told=(f"{above} of {count} sessions moved as much{unit}",),
    )


def _scaled_share(
    occasion: Occasion, evidence: Evidence, window: EventWindow
) -> list[Finding]:
    """Return the share in units of the volatility known before each session.

    None where regressors differ by symbol: then the group is no portfolio.
    """
    panel, symbols = evidence.panel, list(occasion.symbols)
    row = np.repeat(panel.position([occasion.session]), len(symbols))
    pairs = panel.measure(panel.column(symbols), row, window)
    pairs = measure(pairs.sample.common(), panel.model, window)
    if differing_design(pairs, len(symbols)):
        return []
    mean = combined(pairs, np.full((1, len(symbols)), 1 / len(symbols)), panel.model)
    reference, observed = scaled_reference(mean, window)
    known = np.abs(reference[np.isfinite(reference)])
    return [_share(known, abs(float(observed[0])), "ewma", len(symbols))]


def _among(
    claim: Claim, occasion: Occasion, evidence: Evidence, draws: pd.DataFrame
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Mark the reference sessions that the claim compares with.

    Raises
    ------
    NotTestable
        When the symbol that narrows them has no prices.
    """
    if claim.among is None:
        return np.ones(len(draws), dtype=bool), ()
    symbol, limit = claim.among.symbol, claim.among.sar_above
    symbol = evidence.events.lexicon.proxy(symbol) or symbol
    panel = evidence.panel
    if symbol not in panel.symbols:
        raise NotTestable(f"no prices of {symbol}")
    sessions = [pd.Timestamp(s) for s in (*draws["session"], occasion.session)]
    sar = statistic_at(
        panel, panel.column([symbol]), panel.position(sessions), EventWindow(0, 0)
    )[:, 0]
    size = number(float(sar[-1]), 1, signed=True)
    own = f"{symbol} itself stood at {size} standard errors that session"
    return np.abs(sar[:-1]) > limit, (own,)
