"""Whether a strategy's plans depend on what was not known when it decided.

A view is cut before a strategy sees it, so that looking ahead takes a detour: through
the frames of the caller, a module's globals, a file of prices, the network, a table of
what became of events. The audit reads the file, watches while it is asked, and asks
again in worlds that it could not tell from this one.
"""

from aftershock.strategy.audit.asking import audit, survey
from aftershock.strategy.audit.leak import (
    ADDED,
    AHEAD,
    ALONE,
    CHANCE,
    CHANGED,
    FORGOTTEN,
    FRAMES,
    KEPT,
    ORDER,
    OUTSIDE,
    REMOVED,
    SCRAMBLED,
    SWAPPED,
    TAMPERED,
    UNLISTED,
    Leak,
)
from aftershock.strategy.audit.tampering import Engine
from aftershock.strategy.audit.twins import DAYS, LEVELS, NAMES, NUDGED, WORDS

__all__ = [
    "ADDED",
    "AHEAD",
    "ALONE",
    "CHANCE",
    "CHANGED",
    "DAYS",
    "FORGOTTEN",
    "FRAMES",
    "KEPT",
    "LEVELS",
    "NAMES",
    "NUDGED",
    "ORDER",
    "OUTSIDE",
    "REMOVED",
    "SCRAMBLED",
    "SWAPPED",
    "TAMPERED",
    "UNLISTED",
    "WORDS",
    "Engine",
    "Leak",
    "audit",
    "survey",
]
