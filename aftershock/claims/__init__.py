"""What people said would happen, as statements that prices can answer."""

from aftershock.claims.asking import Evidence, chosen_events
from aftershock.claims.files import claim_files, load_claims
from aftershock.claims.judging import VERDICTS
from aftershock.claims.records import EXPECTATIONS, MEASURES, Claim, Group
from aftershock.claims.verdicts import judge_claims

__all__ = [
    "EXPECTATIONS",
    "MEASURES",
    "VERDICTS",
    "Claim",
    "Evidence",
    "Group",
    "chosen_events",
    "claim_files",
    "judge_claims",
    "load_claims",
]
