"""What the audit says: one dependence each, and how two sets of plans differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aftershock.fills.plan import DecidedPlan, TradePlan

SCRAMBLED, REMOVED = "later prices scrambled", "later prices removed"
SWAPPED = "later prices replaced by another symbol's"
UNLISTED = "symbols without a price by then removed"
FORGOTTEN, CHANGED = "later events removed", "later events changed"
ADDED = "later events added"
AHEAD = "what the event would say, changed"
ORDER, KEPT = "events asked in reverse", "asked again, the same in all"
ALONE = "each event asked alone"
CHANCE = "asked again with other random numbers"
OUTSIDE = "outside the view"
FRAMES = "inside the engine"
TAMPERED = "the engine changed"
PLAIN: tuple[type, ...] = (str, float, int, bool, type(None))
FIELDS = tuple(field.name for field in dataclasses.fields(TradePlan))
Plans = Sequence[DecidedPlan]


@dataclass(frozen=True)
class Leak:
    """One dependence on what a strategy cannot have known, or must not keep.

    Attributes
    ----------
    strategy, event : str
        The class, and the id of the event that was decided on ("" for the file).
    field : str
        What of the plan changed: weight, hold, ...; "plans" where their number did,
        "error" where the strategy failed.
    cause : str
        What was different.
    detail : str
        Before and after, or what was read.
    grave : bool
        False where there can be a good reason: something to look at.
    """

    strategy: str
    event: str
    field: str
    cause: str
    detail: str
    grave: bool = True

    def __str__(self) -> str:
        event = f", event {self.event}" if self.event else ""
        return f"{self.strategy}{event}, {self.field}: {self.cause} ({self.detail})"


def compared(
    name: str,
    before: dict[str, Plans],
    after: dict[str, Plans],
    cause: str,
) -> Iterator[Leak]:
    """Yield what of the plans changed; the end by a later event's tag is no choice."""
    for event, plans in before.items():
        for field, detail in differences(plans, after[event]):
            yield Leak(name, event, field, cause, detail)


def differences(before: Plans, after: Plans) -> Iterator[tuple[str, str]]:
    """Yield each field in which two sets of plans differ, and how."""
    if len(before) != len(after):
        yield "plans", f"{len(before)} before, {len(after)} after"
        return
    for one, other in zip(before, after, strict=True):
        pairs = {f: (getattr(one.plan, f), getattr(other.plan, f)) for f in FIELDS}
        pairs["decided"] = (one.decided, other.decided)
        for field, (old, new) in pairs.items():
            if old != new:
                yield field, f"{old} became {new}"


def odd(name: str, event: str, plans: Plans) -> Iterator[Leak]:
    """Yield what of a plan is computed when it is read, which may be later."""
    for plan in plans:
        for field in FIELDS:
            value = getattr(plan.plan, field)
            made = type(value)
            if made not in PLAIN and made.__module__ != "numpy":
                detail = f"a value of the class {made.__name__}"
                yield Leak(name, event, field, TAMPERED, detail)
