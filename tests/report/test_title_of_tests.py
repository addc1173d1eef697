"""The title of the page of tests says what the leading test asks, and no more."""

from __future__ import annotations

import pytest

from aftershock.pages.leading_words import title_of


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
