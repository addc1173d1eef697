"""The report's font inside its files: few letters of it, as data addresses."""

from __future__ import annotations

import base64
import io
import string
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

FAMILY = "IBM Plex Sans Condensed"
WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}
ALPHABET = frozenset(
    string.ascii_letters
    + string.digits
    + string.punctuation
    + " \u00a0\u2009\u202f±²·–—’“”…−≤≥×σ"
)
"""Always inside: most sheets need no more, and one cut then does for all of them."""


def font_faces(letters: Mapping[int, str]) -> str:
    """Return the `@font-face` rules of the weights used; none without the font.

    Parameters
    ----------
    letters : mapping
        All text set in a weight (400, 500, 600), in any order, letters repeated; what
        `ALPHABET` lacks is added to it.
    """
    rules = []
    for weight, text in sorted(letters.items()):
        data = _subset(weight, "".join(sorted({*text} - ALPHABET - {"\n"})))
        if data:
            rules.append(
                f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};"
                f"src:url(data:font/woff;base64,{data}) format('woff')}}"
            )
    return "".join(rules)


@lru_cache(maxsize=256)
def _subset(weight: int, more: str) -> str:
    """Return the alphabet and more letters in base64; the same bytes every time."""
    try:
        import fontpkg_ibm_plex_sans_condensed as plex  # type: ignore[import-untyped]
    except ImportError:
        return ""
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(
        flavor="woff",
        layout_features=["kern", "liga"],
        hinting=False,
        notdef_outline=True,
        recalc_timestamp=False,
        name_IDs=["*"],
        drop_tables=["DSIG", "meta", "GDEF"],
    )
    name = f"IBMPlexSansCondensed-{WEIGHTS[weight]}.ttf"
    raw = io.BytesIO()
    with load_font(str(Path(plex.ROOT) / "files" / name), options) as font:
        # family and style; left to the subsetter, names take a third of its time
        font["name"].names = [n for n in font["name"].names if n.nameID in (1, 2)]
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted(ALPHABET)) + more)
        subsetter.subset(font)
        save_font(font, raw, options)
    return base64.b64encode(raw.getvalue()).decode("ascii")
