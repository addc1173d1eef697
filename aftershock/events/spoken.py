"""Exposures and moves as they are typed on a command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from aftershock.errors import EventError
from aftershock.events.baskets import SYMBOL
from aftershock.events.exposures import SIGNS
from aftershock.events.reading import LONGEST_HEADLINE
from aftershock.events.records import Exposure
from aftershock.events.vocabulary import ROLES, TAGS
from aftershock.registry import suggest

SPOKEN_SIGNS = {**SIGNS, "up": 1, "down": -1, "none": 0, "\u2212": -1}
"""What is typed as a sign; no role is among them, so either may come first."""
FORM = (
    "SYMBOL:SIGN or SYMBOL:SIGN:ROLE in either order, the sign +, - or ? (up, down, "
    "none), as CRWV:-:competitor"
)
ONCE_MORE = "write it as allowed, and give the same command again"
MOVE = re.compile(r"([^=]+)=([+-]?\d+(?:\.\d+)?)\s*%?")


def read_exposures(words: Sequence[str]) -> tuple[Exposure, ...]:
    """Return exposures from words such as ``META:+`` and ``CRWV:-:competitor``.

    See `parts_of` for their order.

    The role is empty where none is written; signs count as declared before.

    Raises
    ------
    EventError
        For a word that cannot be read, an unknown role, or a symbol named twice.
    """
    read = tuple(_exposure(word) for word in words)
    names = [exposure.symbol for exposure in read]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice or not read:
        found = f"'{twice}' is named twice" if twice else "no symbol is named"
        raise EventError(
            found,
            where="the exposures",
            allowed=FORM,
            do="name each symbol once, behind the headline",
        )
    return read


def parts_of(word: str) -> tuple[str, str, str]:
    """Return name, sign and role of ``NAME:SIGN:ROLE`` or ``NAME:ROLE:SIGN``.

    A sign is known by itself, so its place tells nothing. What is not there is empty;
    of two words that are no sign the one that is no role is taken for it.

    Raises
    ------
    EventError
        For more than three parts.
    """
    name, *rest = word.split(":")
    if len(rest) > 2:
        raise EventError(
            f"'{word}' has {len(rest) + 1} parts",
            where=f"the exposure '{word}'",
            allowed=FORM,
            do=ONCE_MORE,
        )
    rest.sort(key=_like_a_sign, reverse=True)
    if len(rest) == 1 and rest[0] in ROLES:
        return name, "", rest[0]
    sign, role = [*rest, "", ""][:2]
    return name, sign, role


def _like_a_sign(part: str) -> tuple[bool, bool, bool]:
    """Return what puts a part before another: a sign, no role, no letters."""
    return part in SPOKEN_SIGNS, part not in ROLES, not re.search("[a-z]", part)


def _exposure(word: str) -> Exposure:
    symbol, sign, role = parts_of(word)
    where = f"the exposure '{word}'"
    if not SYMBOL.fullmatch(symbol):
        hint = suggest(symbol, [symbol.upper()])
        raise EventError(
            f"'{symbol}' is not a symbol.{hint}",
            where=where,
            allowed=FORM,
            do=ONCE_MORE,
        )
    if sign not in SPOKEN_SIGNS:
        found = f"the sign '{sign}'" if sign else "no sign"
        raise EventError(found, where=where, allowed=FORM, do=ONCE_MORE)
    if role and role not in ROLES:
        raise EventError(
            f"unknown role '{role}'.{suggest(role, ROLES)}",
            where=where,
            allowed=", ".join(ROLES),
            do=ONCE_MORE,
        )
    return Exposure(symbol, role, SPOKEN_SIGNS[sign], declared="before")


def read_moves(words: Iterable[str], known: Sequence[str]) -> dict[str, float]:
    """Return moves as fractions from words such as ``META=+6`` (percent).

    Raises
    ------
    EventError
        For a word that cannot be read, or a symbol that is not among `known`.
    """
    moves: dict[str, float] = {}
    for word in words:
        match = MOVE.fullmatch(word.strip())
        symbol = match.group(1) if match else ""
        percent = float(match.group(2)) if match else 0.0
        if not match or percent <= -100:
            raise EventError(
                f"'{word}' is no move",
                where="--move",
                allowed="SYMBOL=PERCENT above -100, as META=+6",
                do=ONCE_MORE,
            )
        if symbol not in known or symbol in moves:
            why = "is moved twice" if symbol in moves else "is not among the symbols"
            raise EventError(
                f"'{symbol}' {why}.{suggest(symbol, known)}",
                where="--move",
                allowed=", ".join(known),
                do="state one move for each symbol that the command names",
            )
        moves[symbol] = percent / 100
    return moves


def check_words(
    headline: str, tags: Sequence[str], proposed: Sequence[str] = ()
) -> None:
    """Refuse a headline that is none, unknown tags, and none: then some are `proposed`.

    Raises
    ------
    EventError
    """
    if not 0 < len(headline.strip()) <= LONGEST_HEADLINE:
        raise EventError(
            f"the headline has {len(headline.strip())} characters",
            where="HEADLINE",
            allowed=f"1 to {LONGEST_HEADLINE}",
            do="say in one sentence what happened, in quotes",
        )
    odd = [c for c in headline.strip() if c == "\x85" or "\ud800" <= c <= "\udfff"]
    if odd:  # YAML takes the one for the end of a line, UTF-8 cannot write the others
        raise EventError(
            f"the headline has the character U+{ord(odd[0]):04X}",
            where="HEADLINE",
            allowed="characters that the ledger gives back as they were",
            do="type a blank in its place",
        )
    for tag in tags:
        if tag not in TAGS:
            raise EventError(
                f"unknown tag '{tag}'.{suggest(tag, TAGS)}",
                where="--tag",
                allowed=", ".join(TAGS),
                do="'aftershock events tags' says what each stands for",
            )
    if not tags:
        found = " ".join(f"--tag '{t}'" if "&" in t else f"--tag {t}" for t in proposed)
        do = (
            f"the words of the headline suggest {found}: keep what fits"
            if found
            else ""
        )
        raise EventError(
            "no tag; at least one is required",
            where="--tag",
            allowed=", ".join(TAGS),
            do=do or "name one or more; 'aftershock events tags' says what each means",
        )
