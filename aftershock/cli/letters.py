"""What is printed fits the stream: a pipe on Windows knows few letters."""

from __future__ import annotations

import codecs
import sys
import unicodedata

NEAREST = {
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("“”", '"'),
    "±": "+-",
    "×": "x",
    "·": "-",
    "≤": "<=",
    "≥": ">=",
}
"""What stands for a letter that a stream cannot show; a minus stays a minus."""

_HANDLER = "aftershock.nearest"


def print_anything() -> None:
    """Let neither stdout nor stderr fail over a letter that its encoding lacks."""
    codecs.register_error(_HANDLER, _nearest)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_HANDLER)


def is_utf8(stream: object) -> bool:
    """Tell whether a stream takes every letter, as JSON is read."""
    name = getattr(stream, "encoding", None) or ""
    try:
        return codecs.lookup(name).name == "utf-8"
    except LookupError:
        return False


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Return the nearest plain letters for those that an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(map(_plain, lacking)), error.end


def _plain(letter: str) -> str:
    whole = unicodedata.normalize("NFKD", letter)
    return NEAREST.get(letter) or whole.encode("ascii", "ignore").decode() or "?"
