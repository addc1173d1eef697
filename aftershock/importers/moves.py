"""Percentages that a text puts near a symbol, with the way it says prices went."""

from __future__ import annotations

import re

from aftershock.events.baskets import Lexicon
from aftershock.importers.base import Move
from aftershock.importers.names import Mention, mentions

_PERCENT = re.compile(
    r"(?:(?<![\w.,%])(?P<sign>[+\-−]))?"
    r"(?<![\d.,])(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)\s?(?:%|per\s?cent\b)"
)
_UP = (
    *("rose", "rise", "rises", "up", "gained", "gain", "gains", "jumped", "jumps"),
    *("climbed", "climbs", "surged", "surges", "added", "adds", "advanced", "higher"),
    *("rallied", "soared"),
)
_DOWN = (
    *("fell", "fall", "falls", "down", "dropped", "drop", "drops", "lost", "loses"),
    *("slid", "slides", "sank", "sinks", "tumbled", "plunged", "declined", "lower"),
    *("slumped", "slipped", "slips", "shed", "off"),
)
_WAYS = dict.fromkeys(_UP, 1) | dict.fromkeys(_DOWN, -1)
_REACH = 8
_AFTER = 2
_SHOWN = 60


def percent_moves(text: str, lexicon: Lexicon) -> tuple[list[Move], list[str]]:
    """Return the moves that a text claims, and percentages that could be none.

    A percentage belongs to the symbol last named before it in its sentence, else to
    the first one after it. Which way it went must be told: by a sign, or by a word
    (rose, fell ...) at most eight words before or two behind it.

    Returns
    -------
    moves : list of Move
    others : list of str
        The words around each percentage that has a symbol, but no direction.
    """
    moves: list[Move] = []
    others: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", text):
        named = mentions(sentence, lexicon)
        for match in _PERCENT.finditer(sentence) if named else ():
            words = _around(sentence, match)
            way = _way(sentence, match)
            if way:
                size = float(match["number"].replace(",", ""))
                moves.append(Move(_nearest(named, match).symbol, way * size, words))
            else:
                others.append(words)
    return list(dict.fromkeys(moves)), others


def _nearest(named: list[Mention], match: re.Match[str]) -> Mention:
    before = [mention for mention in named if mention.end <= match.start()]
    return before[-1] if before else named[0]


def _way(sentence: str, match: re.Match[str]) -> int:
    """Return +1 or -1 as the text says, or 0 where it does not."""
    if match["sign"]:
        return 1 if match["sign"] == "+" else -1
    before = re.findall(r"[a-z]+", sentence[: match.start()].casefold())[-_REACH:]
    after = re.findall(r"[a-z]+", sentence[match.end() :].casefold())[:_AFTER]
    told = [_WAYS[word] for word in (*reversed(before), *after) if word in _WAYS]
    return told[0] if told else 0


def _around(sentence: str, match: re.Match[str]) -> str:
    start = max(0, match.end() - _SHOWN)
    shown = sentence[start : match.end()]
    return " ".join((shown.partition(" ")[2] if start else shown).split())
