"""Events that may tell the same news: same symbol, same time, alike in words."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import pandas as pd

from aftershock.calendar import TradingCalendar, label
from aftershock.events import Event, EventSet
from aftershock.events.expansion import sessions_of

ALIKE = 0.6
"""Similarity from which on two headlines may tell the same. Of the catalogue's own
pairs with a symbol and a session in common, all of them different news, the most
alike have 0.54."""
SMALL = frozenset(
    (
        *(
            "a",
            "an",
            "and",
            "are",
            "as",
            "at",
            "by",
            "for",
            "from",
            "has",
            "have",
            "in",
        ),
        *("into", "is", "it", "its", "of", "on", "or", "over", "says", "that", "the"),
        *("their", "to", "up", "was", "were", "will", "with"),
    )
)
"""Words that tell nothing of what happened."""
_STEM = 5
_FEWEST = 3


@dataclass(frozen=True)
class Twin:
    """An event that another may repeat, and why it seems so."""

    id: str
    similarity: float
    reason: str

    def __str__(self) -> str:
        return f"{self.id} ({self.reason})"


def similarity(one: str, other: str) -> float:
    """Return how alike two headlines are, from 0 to 1, whatever the order of words.

    The larger of two measures: the ratio of matching characters of the sorted words
    (Ratcliff and Obershelp, as in `difflib`), and the share of telling words, by
    their first five letters, of the shorter headline that the other has too.
    """
    first, second = _words(one), _words(other)
    ratio = difflib.SequenceMatcher(
        None, " ".join(sorted(first)), " ".join(sorted(second)), autojunk=False
    ).ratio()
    stems = [{w[:_STEM] for w in words if w not in SMALL} for words in (first, second)]
    fewest = min(map(len, stems))
    shared = len(stems[0] & stems[1]) / fewest if fewest >= _FEWEST else 0.0
    return max(ratio, shared)


def twins_of(event: Event, known: Iterable[Event], lexicon: EventSet) -> list[Twin]:
    """Return the events that may tell the same news, the most alike first.

    Of the same symbol and the same session (or New York day) those whose headlines
    have a `similarity` of at least `ALIKE`, or both of which are the actor's results;
    also any with the same address or id.

    Parameters
    ----------
    event : Event
    known : iterable of Event
    lexicon : EventSet
        Its baskets and proxies say which symbols an event means.
    """
    found = [twin for other in known if (twin := _twin(event, other, lexicon))]
    return sorted(found, key=lambda twin: (-twin.similarity, twin.id))


def same_news(events: EventSet) -> dict[str, str]:
    """Return, by id, the event whose news another one tells once more.

    The two share a session (or New York day) and a symbol, and either their headlines
    are alike (`ALIKE`), or both are the results of one actor. An address alone does
    not do: one page can tell several pieces of news.

    Returns
    -------
    dict
        The id of each event that repeats one before it in the set, and that one's.
    """
    first: dict[tuple[pd.Timestamp, str], list[Event]] = defaultdict(list)
    told: dict[str, str] = {}
    for event in events.events:
        keys = list(product(_days(event), events.names_of(event)))
        near = {other.id: other for key in keys for other in first[key]}
        same = next((id_ for id_, other in near.items() if _alike(event, other)), "")
        if same:
            told[event.id] = same
            continue
        for key in keys:
            first[key].append(event)
    return told


def _alike(event: Event, other: Event) -> bool:
    """Tell whether events of one day and symbol tell the same."""
    same_results = bool(_reporting(event) & _reporting(other))
    return same_results or similarity(event.headline, other.headline) >= ALIKE


def _twin(event: Event, other: Event, lexicon: EventSet) -> Twin | None:
    alike = similarity(event.headline, other.headline)
    if event.id == other.id:
        return Twin(other.id, alike, "the same id")
    if event.source.url and event.source.url == other.source.url:
        return Twin(other.id, alike, "the same address")
    if not _days(event) & _days(other):
        return None
    shared = sorted(lexicon.names_of(event) & lexicon.names_of(other))
    if shared and alike >= ALIKE:
        told = f"{shared[0]}, the same day, similarity {alike:.2f}"
        return Twin(other.id, alike, told)
    reporting = sorted(_reporting(event) & _reporting(other))
    if reporting:
        return Twin(other.id, alike, f"{reporting[0]}, results of the same day")
    return None


def _reporting(event: Event) -> set[str]:
    """Return the firms whose results an event is: one has them once a day."""
    if "earnings" not in event.tags:
        return set()
    return {e.symbol for e in event.exposures if e.role == "actor"}


def _days(event: Event) -> set[pd.Timestamp]:
    """Return the sessions of an event, and its New York day."""
    sessions = sessions_of(event, TradingCalendar.load(), "next")
    return {*sessions, label(event.latest)} if event.precision != "month" else set()


def _words(headline: str) -> list[str]:
    return re.findall(r"[a-z0-9.]*[a-z0-9]", headline.casefold().replace("'s", ""))
