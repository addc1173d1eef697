"""What each measure computes: claim and data to a finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from aftershock.claims.asking import Evidence, NotTestable, Question
from aftershock.claims.ordering import (
    field_of,
    order_finding,
    shown_order,
    slope_finding,
)
from aftershock.claims.ranking import placebo_share
from aftershock.claims.records import Claim
from aftershock.claims.studying import (
    Finding,
    contrast_finding,
    level_contrast,
    mean_finding,
    usable,
)
from aftershock.tables import number, percent, probability
from aftershock.windows import EventWindow

Measure = Callable[[Claim, Question, Evidence], Finding]


def measure_claim(claim: Claim, question: Question, evidence: Evidence) -> Finding:
    """Return what the data say to a claim.

    Raises
    ------
    NotTestable
        It says what is missing.
    """
    found = MEASURED[claim.measure](claim, question, evidence)
    return replace(found, told=(*question.told, *found.told))


def _level(claim: Claim, question: Question, evidence: Evidence) -> Finding:
    """Measure the mean of a group, or of one less another, in the claim's window."""
    return level_in(EventWindow(*claim.window), question, evidence)


def level_in(window: EventWindow, question: Question, evidence: Evidence) -> Finding:
    """Measure the mean of a group, or of one less another, in any window."""
    evidence = evidence.over(window)
    occasions, lost = usable(question.occasions, evidence, window)
    several = len({o.session for o in occasions}) > 1
    if several and not occasions[-1].against:
        found = mean_finding(occasions, evidence, window)
    else:
        sides = level_contrast(occasions)
        found = contrast_finding(occasions, evidence, window, sides)
    return replace(found, told=(*lost, *found.told))


def _slope(claim: Claim, question: Question, evidence: Evidence) -> Finding:
    """Measure how much more a symbol moves for each unit of a field."""
    window = EventWindow(*claim.window)
    return slope_in(window, claim, question, evidence)


def slope_in(
    window: EventWindow, claim: Claim, question: Question, evidence: Evidence
) -> Finding:
    """Measure the slope of CARs on the claim's field in any window."""
    evidence = evidence.over(window)
    occasions, lost = usable(question.occasions, evidence, window)
    field, absent = field_of(claim, occasions, evidence)
    found = slope_finding(occasions, field, evidence, window)
    return replace(found, told=(*lost, *absent, *found.told))


def _rank_correlation(claim: Claim, question: Question, evidence: Evidence) -> Finding:
    """Measure whether the order of moves is the order of a field."""
    window = EventWindow(*claim.window)
    evidence = evidence.over(window)
    occasions, lost = usable(question.occasions, evidence, window)
    field, absent = field_of(claim, occasions, evidence)
    found = order_finding(occasions[0], field, evidence, window)
    shown = shown_order(occasions[0], field, evidence, window)
    return replace(found, told=(shown, *lost, *absent, *found.told))


def _placebo_rank(claim: Claim, question: Question, evidence: Evidence) -> Finding:
    """Measure how many ordinary sessions moved the group as much."""
    window = EventWindow(*claim.window)
    occasions, lost = usable(question.occasions, evidence, window)
    found = placebo_share(claim, occasions, evidence, window)
    return replace(found, told=(*lost, *found.told))


def _reversal(claim: Claim, question: Question, evidence: Evidence) -> Finding:
    """Measure the window after a first move, and what that move grew with.

    Two things have to hold: the window reverses the first move, and the first move
    is the larger, the larger the run-up before. Both at 5 % is a test at 5 %: the
    larger p counts (Berger 1982, Technometrics 24, 295-300).
    """
    first = EventWindow(*(claim.first or (0, 0)))
    back = _level(claim, question, evidence)
    move = level_in(first, question, evidence)
    grew = slope_in(first, claim, question, evidence)
    sign = 1 if claim.expected == "+1" else -1
    parts = {
        f"first move {percent(move.value)} (p {probability(move.pvalue)})": move,
        f"its slope on the {claim.runup}-session run-up {number(grew.value, 3)} (p "
        f"{probability(grew.pvalue)}), {'below' if sign > 0 else 'above'} 0 expected": (
            grew
        ),
    }
    return replace(
        back,
        pvalue=float(np.max([back.pvalue, grew.pvalue])),
        lacking=back.lacking or move.lacking or grew.lacking,
        refuted="; ".join(t for t, part in parts.items() if part.significant(sign)),
        halted="; ".join(t for t, part in parts.items() if part.value * sign >= 0),
        told=(
            f"the reversal alone has p {probability(back.pvalue)}",
            *parts,
            *back.told,
        ),
    )


def _reported_move(claim: Claim, question: Question, evidence: Evidence) -> Finding:
    """Measure a raw return from close to close."""
    occasion = question.occasions[0]
    (symbol,) = occasion.symbols
    column = evidence.panel.column([symbol])[0]
    row = int(evidence.panel.position([occasion.session])[0])
    start, end = row + claim.window[0], row + claim.window[1]
    moves = evidence.panel.returns[max(start, 0) : end + 1, column]
    if start < 0 or not np.isfinite(moves).all():
        raise NotTestable(f"{symbol} has no return on every session of the window")
    return Finding(value=float(np.prod(1 + moves) - 1), n=1, n_sessions=1)


MEASURED: dict[str, Measure] = {
    "ar": _level,
    "car": _level,
    "mean_ar": _level,
    "spread": _level,
    "slope": _slope,
    "rank_correlation": _rank_correlation,
    "placebo_rank": _placebo_rank,
    "reversal": _reversal,
    "reported_move": _reported_move,
}
