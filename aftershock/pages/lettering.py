"""Text measured before it is set: how wide, where it breaks, what fits."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

LEADING = 1.38
BREAK = re.compile(r"(?<!=)[ \t\n]+(?!=)")
"""Where a line may end: not between a number and its unit, nor within p = 0.03."""
WIDEST = 1.11
"""Width of the widest letter of ASCII, in ems: the W of bold DejaVu Sans."""


def text_width(text: str, size: float, weight: str = "regular") -> float:
    """Return the room a line of text needs, in inches: a hair more than its width."""
    return line_width(text, size, weight) * 1.005


def line_width(text: str, size: float, weight: str = "regular") -> float:
    """Return the width of a line of text in inches, in the letters now in use."""
    from matplotlib import rcParams

    return _width_in(tuple(rcParams["font.family"]), text, size, weight)


@lru_cache(maxsize=20_000)
def _width_in(family: tuple[str, ...], text: str, size: float, weight: str) -> float:
    """Return a width; kept for each family, or one would set another's lines."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=list(family), size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72


def wrap(text: str, width: float, size: float, weight: str = "regular") -> list[str]:
    """Break text into lines no wider than `width` inches; long words are cut."""
    lines, used = [""], 0.0
    space = text_width("n n", size, weight) - text_width("nn", size, weight)
    apart = BREAK.split(text.strip())
    for word in (part for long in apart for part in _pieces(long, width, size)):
        wide = text_width(word, size, weight)
        if lines[-1] and used + space + wide > width:
            lines.append(word)
            used = wide
        else:
            used += wide + (space if lines[-1] else 0)
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    """Cut a word (an address, a hash) that is wider than a line."""
    if _surely_fits(word, width, size) or text_width(word, size, "semibold") <= width:
        return [word]
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size, "semibold") > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def fit(text: str, width: float, size: float, weight: str = "regular") -> str:
    """Return text, shortened with an ellipsis where it is wider than `width`."""
    if _surely_fits(text, width, size) or text_width(text, size, weight) <= width:
        return text

    def shortened(letters: int) -> str:
        """Return so many letters and an ellipsis."""
        return text[:letters].rstrip() + "…"

    fitting = bisect_right(
        range(len(text)), width, key=lambda k: text_width(shortened(k), size, weight)
    )
    return shortened(max(fitting - 1, 0))


def _surely_fits(text: str, width: float, size: float) -> bool:
    """Return whether text fits if every letter were the widest: measuring is slow."""
    return text.isascii() and len(text) * WIDEST * size / 72 <= width


def leading(size: float) -> float:
    """Return the distance of two baselines of text of a size, in inches."""
    return size * LEADING / 72
