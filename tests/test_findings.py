"""The finding in words: never stronger than the evidence, and about the right thing."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.results import COLUMNS, empty
from aftershock.tables import finding


def said(**headline: object) -> str:
    """The finding of a run without measured rows of its focus event."""
    manifest = {
        "headline": headline,
        "study": {"headline_window": [0, 0], "model": "market"},
        "counts": {},
    }
    tables: dict[str, pd.DataFrame] = {name: empty(name) for name in COLUMNS}
    return finding(manifest, tables)


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        (
            {"verdict": "moved", "pvalue": 0.008},
            "72 pairs on 15 sessions (all events) moved more than ordinary sessions "
            "do (p = 0.008)",
        ),
        (
            {"verdict": "undecided", "pvalue": 0.4},
            "Undecided: 72 pairs on 15 sessions (all events) moved as ordinary "
            "sessions do (p = 0.400)",
        ),
        (
            {
                "verdict": "moved",
                "pvalue": 0.016,
                "warning": "exploratory: fewer than 6 clusters of sessions",
            },
            "Exploratory: 72 pairs on 15 sessions (all events), too few to decide "
            "(p = 0.016)",
        ),
        (
            {
                "verdict": "moved",
                "pvalue": 0.037,
                "test": "clustered",
                "estimate": -0.02,
            },
            "72 pairs on 15 sessions (all events) fell 2.0\u2009% on average "
            "(p = 0.037)",
        ),
        (
            {"verdict": "moved", "pvalue": 0.008, "test": "placebo", "estimate": 0.6},
            "72 pairs on 15 sessions (all events) moved more than ordinary sessions "
            "do (p = 0.008)",
        ),
        (
            {
                "verdict": "undecided",
                "pvalue": 0.4,
                "test": "clustered",
                "estimate": 0.01,
            },
            "Undecided: 72 pairs on 15 sessions (all events) moved +1.0\u2009% on "
            "average (p = 0.400)",
        ),
        ({"verdict": "not_tested"}, "Not tested: 72 pairs on 15 sessions (all events)"),
    ],
)
def test_several_sessions_are_not_one_event(
    headline: dict[str, object], text: str
) -> None:
    """A pooled p never stands under the name of one event or symbol."""
    assert said(n=72, n_sessions=15, tag="all events", **headline) == text


def test_nothing_measured_says_why() -> None:
    """The reasons of the pairs, without code marks."""
    text = said(verdict="not_tested", n_sessions=0, reason="no pair: 4 no_prices")
    assert text == "Not tested: no pair: 4 no prices"
