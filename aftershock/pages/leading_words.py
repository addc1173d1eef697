"""The leading test in words: what its verdict says, and what it could have found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from aftershock.pages.days_around import small
from aftershock.pages.named_tests import label
from aftershock.tables import ALPHA, listed, p_equals, percent, probability, words

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


def dissent(
    rows: pd.DataFrame, verdict: str, references: Callable[[Any], float | None]
) -> list[str]:
    """Name the valid tests of the headline's window that find what it does not.

    Beside an undecided one those of all pairs alone: of many roles some are small by
    luck. Exploratory tests decide nothing, here neither.

    Parameters
    ----------
    references : callable
        How many reference sessions a row's p can have had, at most.
    """
    told = rows["warning"].map(words).str.startswith("exploratory")
    known = rows[rows["valid"].astype(bool) & rows["pvalue"].notna() & ~told]
    if verdict == "moved":
        other = known[known["pvalue"] >= ALPHA]
    elif verdict == "undecided":
        other = known[(known["pvalue"] < ALPHA) & (known["group"] == "all")]
    else:
        return []
    said = [
        f"{label(r)} ({p_equals(probability(r['pvalue'], references(r)))})"
        for _, r in other.iterrows()
    ]
    told_of = "Not all valid tests agree, each on its own null"
    return [f"{told_of}: {listed(said)}."] if said else []
