"""What an importer is: something that reads drafts of events, for a person to judge.

An importer states what a source says and how it came by it; it never decides. What it
could not tell stays blank and is marked, what it guessed is said in `notes`.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import pandas as pd

from aftershock.errors import AftershockError
from aftershock.events.baskets import Lexicon
from aftershock.events.reading import LONGEST_HEADLINE
from aftershock.importers.names import first_mentions
from aftershock.importers.tagging import TagRules

LEAD = 600
OWN_WORDS = "the page's words: say it in yours"


@dataclass(frozen=True)
class Background:
    """What every importer may look up.

    Parameters
    ----------
    lexicon : Lexicon
        Names and aliases of symbols.
    rules : TagRules
    now : Timestamp
        The moment of recording (aware).
    """

    lexicon: Lexicon
    rules: TagRules
    now: pd.Timestamp


@dataclass(frozen=True)
class Move:
    """A percentage that a text puts near a symbol: a claim of the text, no fact.

    Attributes
    ----------
    pct : float
        Percent; negative where the text says that it fell.
    words : str
        The words around it.
    """

    symbol: str
    pct: float
    words: str


@dataclass(frozen=True)
class Draft:
    """An event as far as a machine could read it.

    Attributes
    ----------
    record : mapping
        Keys and values as in a catalogue file; what is not known is not there.
    remarks : mapping of str to str
        By key: what a person should know of its value.
    notes : tuple of str
        What was guessed, and by which rule.
    moves : tuple of Move
    line : int
        Of the source, where it has lines.
    """

    record: Mapping[str, Any]
    remarks: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    line: int = 1


@dataclass(frozen=True)
class Reading:
    """What a source had: drafts, and what was left out or is in doubt."""

    drafts: tuple[Draft, ...]
    warnings: tuple[str, ...] = ()


class EventImporter(ABC):
    """Reads drafts. Subclasses are frozen dataclasses with a `name`."""

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]] = ()
    """Endings of the files that it reads; empty where it reads no file."""
    remote: ClassVar[bool] = False
    """Whether it needs the network."""
    options: ClassVar[tuple[str, ...]] = ()
    """Which of its parameters a person may set with an option of the command."""

    @property
    @abstractmethod
    def source(self) -> str:
        """What it reads, for messages: a file, an address, a vendor."""

    @abstractmethod
    def read(self, background: Background) -> Reading:
        """Return the drafts of the source.

        Raises
        ------
        EventError
            When the source is there, but cannot be understood.
        DataUnavailable
            When it cannot be had: no file, no network, a refusal.
        """


def needed(module: str, extra: str) -> Any:
    """Return an optional package, or say how it is added.

    Raises
    ------
    AftershockError
        With the pip command, where it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise AftershockError(
            f"the package '{module}' is not installed",
            where=f"aftershock events import ({extra})",
            do=f"pip install 'aftershock[{extra}]' (in a checkout: "
            f"pip install -e '.[{extra}]')",
        ) from error


def shortened(headline: str) -> str:
    """Return a headline with single blanks, cut at a word where it is too long."""
    plain = " ".join(headline.split())
    if len(plain) <= LONGEST_HEADLINE:
        return plain
    start = plain[: LONGEST_HEADLINE - 4]
    return (start.rpartition(" ")[0] or start) + " ..."


def with_guesses(draft: Draft, background: Background, text: str = "") -> Draft:
    """Return a draft whose missing tags and exposures are guessed, with the why.

    Symbols come from the headline and then from `text`; tags from the first letters
    of `text` only where the headline gives none: the rules are made for headlines.
    Roles and signs are left to a person, and what a record states is left alone.
    """
    record, notes = dict(draft.record), list(draft.notes)
    headline = str(record.get("headline", ""))
    if not record.get("tags"):
        tags = background.rules.tags(headline) or background.rules.tags(text[:LEAD])
        record["tags"] = list(tags)
        notes += [f"tag {firing}" for firing in tags.values()]
    if not record.get("exposures"):
        named = first_mentions(f"{headline}\n{text}", background.lexicon)
        record["exposures"] = [{"symbol": m.symbol} for m in named]
        notes += [
            f"symbol {m.symbol} named as {' '.join(m.words.split())}" for m in named
        ]
    return replace(draft, record=record, notes=tuple(notes))
