"""From what the data say to one of four verdicts, with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scipy import stats

from aftershock.claims.asking import (
    Evidence,
    NotTestable,
    describes,
    question_of,
    ready_from,
)
from aftershock.claims.measuring import measure_claim
from aftershock.claims.records import EQUIVALENT, EXPECTATIONS, Claim
from aftershock.claims.studying import ALPHA, NAN, Finding
from aftershock.tables import claim_number, percent, probability

SUPPORTED, CONTRADICTED = "supported", "contradicted"
UNDECIDED, NOT_TESTABLE = "undecided", "not testable"
VERDICTS = (SUPPORTED, CONTRADICTED, UNDECIDED, NOT_TESTABLE)
TESTS = {
    "contrast": "t of the portfolio",
    "contrast_ewma": "rank in units of volatility",
    "clustered": "t by clusters",
    "sign_flip": "flipped signs",
    "placebo": "rank among ordinary sessions",
    "placebo_contrast": "rank among ordinary sessions",
    "cross_section": "regression by clusters",
}
SIDE_POWER = {"0": 0.9, "0 or below": 0.8, "0 or above": 0.8}
"""Of each one-sided test; two that hold in .9 of samples each hold together in .8."""


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict.

    Attributes
    ----------
    verdict : str
        One of `VERDICTS`.
    why : str
        The reason.
    told : tuple of str
        What a reader must know beside it.
    describes : bool
        Whether the window opens before the claim was made.
    testable_from : str
        ISO date of the last session that the window needs; "" where there is none.
    """

    claim: Claim
    finding: Finding
    verdict: str
    why: str
    told: tuple[str, ...] = ()
    describes: bool = False
    testable_from: str = ""


def judge(claim: Claim, evidence: Evidence) -> Judged:
    """Return a claim's verdict on the data."""
    when = ready_from(claim, evidence)
    start = f"{when:%Y-%m-%d}" if when is not None else ""
    late = describes(claim, evidence)
    try:
        found = measure_claim(claim, question_of(claim, evidence), evidence)
    except NotTestable as reason:
        found = Finding(NAN, lacking=str(reason))
    found = _with_own_pvalue(claim, found)
    verdict, why = _verdict(claim, found)
    if late and verdict == SUPPORTED and claim.measure != "reported_move":
        verdict = UNDECIDED
        why = (
            "describes: the window opens before the claim was made, so that it "
            f"cannot support it; {why}"
        )
    told = tuple(dict.fromkeys(filter(None, [*found.told, claim.notes])))
    return Judged(claim, found, verdict, why, told, late, start)


def _verdict(claim: Claim, found: Finding) -> tuple[str, str]:
    """Return the verdict and its reason, the time of the claim left out."""
    if found.lacking:
        return NOT_TESTABLE, found.lacking
    if claim.measure == "reported_move":
        return _as_reported(claim, found)
    if claim.measure == "placebo_rank":
        return _rank(claim, found)
    told = _equivalence(claim, found) if claim.expected in EQUIVALENT else None
    verdict, why = told or _direction(claim, found)
    if found.exploratory and verdict in (SUPPORTED, CONTRADICTED):
        return UNDECIDED, f"exploratory, too few sessions to decide; {why}"
    return verdict, why


def _direction(claim: Claim, found: Finding) -> tuple[str, str]:
    """Judge a claim about a sign."""
    sign = 1 if claim.expected == "+1" else -1
    p = f"p {probability(found.pvalue)} ({TESTS.get(found.test, found.test)})"
    if found.refuted:
        return CONTRADICTED, f"{found.refuted} is the other way; {p}"
    if found.significant(-sign):
        return CONTRADICTED, f"{p}, {EXPECTATIONS[claim.expected]} was expected"
    if found.significant(sign) and not found.halted:
        return SUPPORTED, p
    return UNDECIDED, f"{p}; {_detectable(claim, found)}"


def _detectable(claim: Claim, found: Finding) -> str:
    """Say which effect would have been found."""
    size = claim_number(claim.measure, found.mde).lstrip("+")
    if claim.measure == "rank_correlation":
        return f"only beyond {size} would 95 % of ordinary sessions be left behind"
    return f"an effect of {size} would have been found four times in five"


def _with_own_pvalue(claim: Claim, found: Finding) -> Finding:
    """Return the finding with the p of the claim's own question.

    For "about 0" it is the larger of two one-sided tests against the bound
    (Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680),
    and the effect is the bound that would be met four times in five if nothing had
    happened.
    """
    if claim.expected not in EQUIVALENT or found.lacking:
        return found
    bound = claim.bound or NAN
    below = float(stats.t.cdf((found.value - bound) / found.error, found.df))
    above = float(stats.t.sf((found.value + bound) / found.error, found.df))
    pvalue = {"0": max(below, above), "0 or below": below, "0 or above": above}[
        claim.expected
    ]
    z = stats.norm.ppf(0.95) + stats.norm.ppf(SIDE_POWER[claim.expected])
    mde = float(z * found.error)
    return replace(found, pvalue=pvalue, mde=mde, test="two one-sided tests")


def _equivalence(claim: Claim, found: Finding) -> tuple[str, str]:
    """Judge a claim that something is about 0, by its bound."""
    bound = claim.bound or NAN
    limit = percent(bound, signed=False)
    said = f"p {probability(found.pvalue)} (one-sided, against the bound of {limit})"
    if found.pvalue < ALPHA:
        return SUPPORTED, said
    over = found.ci_low > bound and claim.expected != "0 or above"
    under = found.ci_high < -bound and claim.expected != "0 or below"
    if over or under:
        return CONTRADICTED, f"the 95 % interval lies beyond the bound of {limit}"
    size = percent(found.mde, signed=False)
    need = f"a bound of {size} could have been shown four times in five"
    return UNDECIDED, f"{said}; {need}"


def _rank(claim: Claim, found: Finding) -> tuple[str, str]:
    """Judge a claim about how rare a move is: a share against its bound."""
    bound = claim.bound or NAN
    usual, rare = found.ci_low > bound, found.ci_high < bound
    share, limit = (percent(x, signed=False) for x in (found.value, bound))
    said = f"a share of {share} against {limit}, p {probability(found.pvalue)}"
    if usual or rare:
        wanted = (claim.expected == "usual") == usual
        return (SUPPORTED if wanted else CONTRADICTED), said
    width = percent((found.ci_high - found.ci_low) / 2, signed=False)
    return UNDECIDED, f"{said}; the interval reaches {width} to either side"


def _as_reported(claim: Claim, found: Finding) -> tuple[str, str]:
    """Compare a measured return with the figure that a page gave."""
    reported, allowed = claim.reported or 0.0, claim.tolerance or 0.0
    gap = abs(found.value - reported)
    apart, limit = (percent(x, 2, signed=False) for x in (gap, allowed))
    said = f"{percent(reported, 2)} reported, {percent(found.value, 2)} measured"
    if gap <= allowed + 1e-12:
        return SUPPORTED, f"{said}, within {limit}"
    if any("stands for" in text for text in found.told):
        return UNDECIDED, f"{said}: what stands in moved differently"
    return CONTRADICTED, f"{said}, {apart} apart, {limit} allowed"
