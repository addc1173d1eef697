"""What a page reads of a result, and the percent sign as it is printed."""

from __future__ import annotations

from types import SimpleNamespace

PERCENT = "\u2009%"


def run_with(manifest=None, **tables):
    """Return what a page reads of a result."""
    return SimpleNamespace(manifest=manifest or {}, tables=tables)
