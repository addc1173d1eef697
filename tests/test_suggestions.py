"""What messages suggest: names for slips of the pen, and what a workspace has."""

from __future__ import annotations

import pytest

from aftershock import errors
from aftershock.events.vocabulary import ROLES, TAGS
from aftershock.registry import suggest


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("finacing", "financing"),
        ("Earnings", "earnings"),
        ("compute-contrakt", "compute-contract"),
        ("contract", "compute-contract"),
        ("pio", "ipo"),
        ("competitr", "competitor"),
        ("pricing", ""),
        ("lawsuit", ""),
        ("rival", ""),
        ("seller", ""),
        ("lender", ""),
    ],
)
def test_only_a_close_word_is_suggested(written: str, meant: str) -> None:
    """Of the 16 letters of ``pricing`` and ``financing`` 10 match, i and cing in each.

    Of the 24 of ``contract`` and ``compute-contract`` 16 do.
    """
    said = f" Did you mean '{meant}'?" if meant else ""
    assert suggest(written, [*TAGS, *ROLES]) == said


@pytest.mark.parametrize(
    "kind", [errors.AftershockError, *errors.AftershockError.__subclasses__()]
)
def test_what_is_told_by_default_is_there_in_a_workspace(
    kind: type[errors.AftershockError],
) -> None:
    """It has neither our documentation nor the README of our data."""
    told = " ".join(kind.usual)
    assert ".md" not in told and "docs" not in told
