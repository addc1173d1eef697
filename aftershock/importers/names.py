"""Which symbols a text names: by a name, an alias, or the symbol itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from aftershock.events.baskets import Instrument, Lexicon

_SHORTEST = 3
_MARKED = r"(?:\$|\b(?:NASDAQ|NYSE|NasdaqGS|AMEX)\s*:\s*)"


@dataclass(frozen=True)
class Mention:
    """A symbol that a text names.

    Attributes
    ----------
    symbol, words : str
        The symbol, and the words of the text that mean it.
    start, end : int
        Where in the text they stand.
    """

    symbol: str
    words: str
    start: int
    end: int


def mentions(text: str, lexicon: Lexicon) -> list[Mention]:
    """Return every mention in the order of the text, longer names before shorter.

    A name counts with a capital at its head (Meta, not meta). A bare symbol counts
    from three capitals on (CRWV), a shorter one where an exchange or a dollar sign
    stands before it (NASDAQ: MU), so that ON is no English word.
    """
    pattern, meant = _pattern(tuple(lexicon.instruments.values()))
    if not meant:
        return []
    found = []
    for match in pattern.finditer(text):
        # Turkish i: the pattern takes a dotted I and a dotless i for an i, casefold not
        name = (match["name"] or "").replace("\u0130", "I").replace("\u0131", "i")
        if name[:1].islower():
            continue
        key = " ".join(name.casefold().split()) or match["marked"] or match["bare"]
        found.append(Mention(meant[key], match[0], match.start(), match.end()))
    return found


def first_mentions(text: str, lexicon: Lexicon) -> list[Mention]:
    """Return the first mention of each symbol, in the order of the text."""
    first: dict[str, Mention] = {}
    for mention in mentions(text, lexicon):
        first.setdefault(mention.symbol, mention)
    return list(first.values())


@lru_cache(maxsize=8)
def _pattern(
    instruments: tuple[Instrument, ...],
) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return one expression for all names, and what each of them means."""
    meant: dict[str, str] = {}
    for known in instruments:
        for name in {known.name, *known.aliases} - {known.symbol}:
            meant.setdefault(" ".join(name.casefold().split()), known.symbol)
    names = sorted(meant, key=len, reverse=True)
    symbols = sorted((i.symbol for i in instruments), key=len, reverse=True)
    meant |= {symbol: symbol for symbol in symbols}
    said = "|".join(r"\s+".join(map(re.escape, n.split())) for n in names) or "(?!)"
    marked = "|".join(map(re.escape, symbols))
    bare = "|".join(re.escape(s) for s in symbols if len(s) >= _SHORTEST) or "(?!)"
    whole = (
        rf"{_MARKED}(?P<marked>{marked})(?!\w)"
        rf"|(?<![\w$])(?:(?P<name>(?i:{said}))|(?P<bare>{bare}))(?!\w)"
    )
    return re.compile(whole), meant
