"""The leading test in words: what its verdict says, and what it could have found."""

from __future__ import annotations

import pandas as pd

from aftershock.pages.days_around import small
from aftershock.pages.named_tests import label
from aftershock.tables import percent

AS_QUIET = "Where news sessions vary as the estimation sessions did"
"""The condition of a minimum detectable effect: its variance is that of the fit."""


def title_of(verdict: str, test: str) -> str:
    """Return a verdict in words of the leading test's own question; "" for none.

    Clustered errors ask whether a mean is zero, all else that leads about ordinary
    sessions.
    """
    if verdict.startswith("exploratory"):
        return "Exploratory: too few sessions to decide"
    of_means = test == "clustered"
    return {
        "moved": "By the leading test the mean is not zero"
        if of_means
        else "By the leading test rare on ordinary sessions",
        "undecided": "Undecided: the mean may be zero"
        if of_means
        else "Undecided: ordinary sessions can bring as much",
    }.get(verdict, "")


def detectable(rows: pd.DataFrame, leading: str) -> str:
    """Say which effect would have been found: by the leading test, or by which else.

    Ranks have no minimum detectable effect of their own; another test's is told as that
    test's.
    """
    known = rows[rows["valid"].astype(bool) & rows["mde"].notna()]
    own = known[(known["test"] == leading) & (known["group"] == "all")]
    if known.empty:
        return ""
    row = (own if len(own) else known).iloc[0]
    size = f"{percent(row['mde'], signed=False)} would have been found four times in"
    if len(own):
        return f" {AS_QUIET}, an effect of {size} five by it."
    return (
        f" For it no smallest effect that would be found is known; {small(AS_QUIET)}, "
        f"by another, {label(row)}, one of {size} five."
    )
