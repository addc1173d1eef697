"""Text that a spreadsheet would run: an apostrophe keeps it text.

A headline, a name or a reason comes from outside, and a spreadsheet takes a cell that
begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end for a formula; some formulas
send what they read elsewhere. Such text is written with an apostrophe before it, which
is taken off again on reading. Numbers, and texts of digits and signs as ``-250..-11``,
can do nothing and stay as they are.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"[=@\t\r\n]|[+-](?=.*[^\d\s.,:;+-])", re.DOTALL)
_GUARDED = re.compile(rf"'*(?:{_FORMULA.pattern})", re.DOTALL)


def guarded(text: str) -> str:
    """Return a text with an apostrophe before it where it could be run.

    One that has apostrophes before a formula gets another: all come back as they were.
    """
    return f"'{text}" if _GUARDED.match(text) else text


def bare(text: str) -> str:
    """Return a text as it was before `guarded`."""
    found = text.startswith("'") and _GUARDED.match(text)
    return text[1:] if found else text
