"""All claims of a run: rivals told apart, p-values that know how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from aftershock.claims.asking import Evidence, check_events
from aftershock.claims.judging import (
    CONTRADICTED,
    NOT_TESTABLE,
    SUPPORTED,
    UNDECIDED,
    Judged,
    judge,
)
from aftershock.claims.records import EXPECTATIONS, Claim
from aftershock.claims.studying import ALPHA
from aftershock.results import columns
from aftershock.significance.multiplicity import corrected_pvalues
from aftershock.tables import probability


def judge_claims(claims: Sequence[Claim], evidence: Evidence) -> pd.DataFrame:
    """Return the table `claims`: a row for each, in the order given.

    Raises
    ------
    EventError
        For claims about events that are not there.
    """
    check_events(claims, evidence.events)
    last = f"{evidence.panel.calendar[-1]:%Y-%m-%d}"
    judged = _told_apart([judge(claim, evidence) for claim in claims], last)
    holm = holm_pvalues(
        [j.finding.pvalue for j in judged], [j.claim.file for j in judged]
    )
    rows = [_row(j, float(p)) for j, p in zip(judged, holm, strict=True)]
    return pd.DataFrame(rows, columns=columns("claims"))


def holm_pvalues(pvalues: Sequence[float], files: Sequence[str]) -> np.ndarray:
    """Return Holm's p-values, the family being the claims of one file that have a p."""
    found = np.asarray(pvalues, dtype=float)
    result = np.full(len(found), np.nan)
    for file in dict.fromkeys(files):
        inside = np.array([f == file for f in files], dtype=bool)
        result[inside] = corrected_pvalues(found[inside])
    return result


def _told_apart(judged: Sequence[Judged], last: str) -> list[Judged]:
    """Return the claims, each told whether the data know it from its rival."""
    by_id = {j.claim.id: j for j in judged}
    return [_beside(j, by_id, last) if j.claim.rival else j for j in judged]


def _beside(judged: Judged, by_id: dict[str, Judged], last: str) -> Judged:
    """Compare a claim with its rival; `last` is the last session with prices."""
    rival = by_id[judged.claim.rival]
    verdicts = (judged.verdict, rival.verdict)
    verdict, name = judged.verdict, rival.claim.id
    when = max(judged.testable_from, rival.testable_from)
    if NOT_TESTABLE in verdicts:
        told = f"the data cannot tell it from its rival {name}"
        told += f" before {when}" if when > last else ""
    elif set(verdicts) == {SUPPORTED, CONTRADICTED}:
        told = f"the data tell it from its rival {name}, which is {rival.verdict}"
    elif verdicts == (SUPPORTED, SUPPORTED):
        verdict = UNDECIDED
        told = f"the data support its rival {name} as much, and cannot tell them apart"
    else:
        told = (
            f"since {when} the data could tell it from its rival {name} "
            f"({rival.verdict}), and do not"
        )
    return replace(judged, verdict=verdict, told=(told, *judged.told))


def _row(judged: Judged, holm: float) -> dict[str, object]:
    """Return a row of the table."""
    claim, found = judged.claim, judged.finding
    several = ""
    if found.pvalue < ALPHA <= holm:
        several = f"p {probability(holm)} after Holm's correction for the file's claims"
    detail = "; ".join(filter(None, [judged.why, several, *judged.told]))
    return {
        "claim_id": claim.id,
        "text": claim.text,
        "source": claim.source.url,
        "measure": claim.measure,
        "value": found.value,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "pvalue": found.pvalue,
        "verdict": judged.verdict,
        "detail": detail,
        "said_by": claim.said_by,
        "said_at": claim.said_at.isoformat(),
        "event_id": "; ".join(claim.events) or "tags: " + "; ".join(claim.tags),
        "group": str(claim.group),
        "against": str(claim.against or ""),
        "start": claim.window[0],
        "end": claim.window[1],
        "expected": EXPECTATIONS[claim.expected],
        "bound": _limit(claim),
        "reported": np.nan if claim.reported is None else claim.reported,
        "test": found.test,
        "n": found.n,
        "n_sessions": found.n_sessions,
        "mde": found.mde,
        "pvalue_holm": holm,
        "describes": judged.describes,
        "testable_from": judged.testable_from,
        "rival": claim.rival,
    }


def _limit(claim: Claim) -> float:
    """Return the bound, or the tolerance of a reported move."""
    limit = claim.bound if claim.bound is not None else claim.tolerance
    return np.nan if limit is None else limit
