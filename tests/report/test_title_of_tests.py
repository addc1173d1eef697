"""The title of the page of tests says what the leading test asks, and no more."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.pages.leading_words import dissent, title_of


@pytest.mark.parametrize(
    ("verdict", "test", "said"),
    [
        ("moved", "joint_ranked", "By the leading test rare on ordinary sessions"),
        ("moved", "clustered", "By the leading test the mean is not zero"),
        ("undecided", "placebo", "Undecided: ordinary sessions can bring as much"),
        ("undecided", "clustered", "Undecided: the mean may be zero"),
        (
            "exploratory, too few sessions to decide",
            "placebo",
            "Exploratory: too few sessions to decide",
        ),
        ("not tested", "placebo", ""),
    ],
)
def test_each_verdict_in_words_of_its_test(verdict: str, test: str, said: str) -> None:
    assert title_of(verdict, test) == said


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("moved", ["Not all valid tests agree: Share of rises (p = 0.300)."]),
        # of roles some are small by luck, and an invalid test has no say
        ("undecided", ["Not all valid tests agree: Mean, standardised (p = 0.010)."]),
        ("not_tested", []),
    ],
)
def test_who_disagrees_is_named(verdict: str, said: list[str]) -> None:
    rows = [
        ("bmp", "all", True, 0.01),
        ("sign", "all", True, 0.3),
        ("patell", "all", False, 0.02),
        ("bmp", "actor", True, 0.01),
        ("placebo", "all", True, None),
    ]
    table = pd.DataFrame(rows, columns=["test", "group", "valid", "pvalue"])
    assert dissent(table, verdict) == said
