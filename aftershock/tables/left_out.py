"""Which pairs a run left out, and why, in one line."""

from __future__ import annotations

import pandas as pd

from aftershock.tables.numbers import listed, records, words

REASONS = {
    "no_prices": "no prices",
    "price_defect": "a defect in its prices",
    "no_calendar_room": "its window reaches beyond the prices",
    "factors_end": "the factors end before it",
    "insufficient_estimation": "too few sessions to estimate on",
    "collinear_factors": "the factors do not vary",
    "zero_variance": "nothing is left to vary beyond the model",
    "overlap": "it shares sessions with another event",
    "merged": "it shares sessions with an earlier event",
    "precision": "only the month is known",
    "policy": "published on a day without a session",
}
"""Codes of the table `dropped` in words; another is shown without its underscores."""
MOST = 4


def reason_words(code: str) -> str:
    """Return a reason code in words, as everything but the tables says it."""
    return REASONS.get(code, code.replace("_", " "))


def reason_and_detail(code: str, detail: str) -> tuple[str, str]:
    """Return why a pair was left out, and its detail where that says any more."""
    said = reason_words(code)
    return said, "" if detail == said else detail


def left_out(dropped: pd.DataFrame, events: int, most: int = MOST) -> str:
    """Name the pairs that were left out, each reason once; nothing without any.

    Parameters
    ----------
    dropped : DataFrame
        The table of that name.
    events : int
        How many the run has: of one alone the symbols suffice.
    most : int
        Pairs that are named.
    """
    by_reason: dict[str, dict[str, list[str]]] = {}
    for row in records(dropped.head(most)):
        event = str(row.event_id) if events > 1 else ""
        found = by_reason.setdefault(reason_words(words(row.reason)), {})
        found.setdefault(event, []).append(words(row.symbol))
    said = [f"{_named(found)} ({why})" for why, found in by_reason.items()]
    more = len(dropped) - most
    if more > 0:
        said.append(f"and {more} more, see tables/dropped.csv")
    return f"Left out: {'; '.join(said)}." if said else ""


def _named(by_event: dict[str, list[str]]) -> str:
    """Name symbols, those of one event together; an event without any by itself."""
    if list(by_event) == [""]:
        return ", ".join(by_event[""])
    return ", ".join(
        " of ".join(filter(None, [listed(symbols, len(symbols)), event]))
        for event, symbols in by_event.items()
    )
