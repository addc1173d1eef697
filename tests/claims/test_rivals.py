"""Claims beside others: rivals told apart, and p-values of a file corrected by Holm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aftershock.claims.verdicts import holm_pvalues
from tests.claims.world import (
    ABOUT,
    NO_ORDERS,
    REVERSAL,
    RISES,
    claim_text,
    evidence_of,
    moved,
    reverting,
    verdicts,
)


@pytest.mark.parametrize(
    ("first", "back", "profits", "orders"),
    [
        (-0.5, 0.05, "supported", "contradicted"),
        (-0.5, -0.05, "contradicted", "supported"),
        (0.5, -0.05, "contradicted", "supported"),
        (0.5, 0.05, "contradicted", "contradicted"),
        (-0.5, 0.0, "undecided", "undecided"),
    ],
)
def test_rivals_are_told_apart_by_what_they_predict(
    tmp_path: Path, first: float, back: float, profits: str, orders: str
) -> None:
    """Taken profits come back, and most where most was gained; lost orders do not."""
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, reverting(first, back), estimation=(-250, -70)),
        claim_text(REVERSAL + "rival: orders", "profits"),
        claim_text(NO_ORDERS + "rival: profits", "orders"),
    )
    assert table["verdict"].to_dict() == {"profits": profits, "orders": orders}
    assert table.loc["profits", "value"] == pytest.approx(3 * back, abs=0.01)
    told = table["detail"]
    if {profits, orders} == {"supported", "contradicted"}:
        assert "the data tell it from its rival orders" in told["profits"]
    if profits == orders == "undecided":
        assert "since 2026-07-07 the data could tell it" in told["orders"]


def test_a_rival_of_tomorrow_names_the_day(tmp_path: Path) -> None:
    """One window is over on 7 July, the other on 30 July."""
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, reverting(-0.5, 0.05), estimation=(-250, -70)),
        claim_text(REVERSAL + "rival: orders", "profits"),
        claim_text(NO_ORDERS.replace("[1, 3]", "[1, 20]") + "rival: profits", "orders"),
    )
    assert table["verdict"].tolist() == ["supported", "not testable"]
    said = "cannot tell it from its rival {} before 2026-07-30"
    assert said.format("orders") in table.loc["profits", "detail"]
    assert said.format("profits") in table.loc["orders", "detail"]


def test_a_rival_that_cannot_be_tested_names_no_day_that_is_over(
    tmp_path: Path,
) -> None:
    """Without prices no day helps: the windows of both are over."""
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, moved(0.10)),
        claim_text(RISES + "\nrival: two", "one"),
        claim_text(RISES.replace("[A]", "[ZZZ]") + "\nrival: one", "two"),
    )
    assert table["verdict"].tolist() == ["supported", "not testable"]
    assert table.loc["one", "detail"].endswith("cannot tell it from its rival two")


def test_two_rivals_cannot_both_be_right(tmp_path: Path) -> None:
    """A rises by 10 %: above 0, and above -2 % too."""
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, moved(0.10)),
        claim_text(RISES + "\nrival: two", "one"),
        claim_text(ABOUT.format("0 or above", 0.02) + "\nrival: one", "two"),
    )
    assert table["verdict"].tolist() == ["undecided", "undecided"]
    assert "cannot tell them apart" in table.loc["one", "detail"]


def test_what_holm_leaves_undecided_is_told(tmp_path: Path) -> None:
    """.0299 of `test_about_nothing` and a p of 1, of two: Holm's are .060 and 1."""
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, moved(0.001)),
        claim_text(ABOUT.format("0", 0.02), "nothing"),
        claim_text(RISES, "rises"),
    )
    told = table["detail"].str.contains("after Holm's correction")
    assert told.to_dict() == {"nothing": True, "rises": False}
    assert "p 0.060 after Holm's correction" in table.loc["nothing", "detail"]


def test_holm_by_hand() -> None:
    """.01 x 3; .03 x 2; .04 x 1, but not below the one before. A file is a family."""
    found = holm_pvalues([0.01, 0.04, 0.03, np.nan, 0.04], ["a", "a", "a", "a", "b"])
    assert found[[0, 1, 2, 4]] == pytest.approx([0.03, 0.06, 0.06, 0.04])
    assert np.isnan(found[3])
