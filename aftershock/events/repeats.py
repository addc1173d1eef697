"""News that stands in a file twice: tests would count it twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from aftershock.errors import EventError
from aftershock.events.records import Event

NEAR = pd.Timedelta(days=1)
"""News of one headline that lie no further apart may be one, with a time mended."""
SHOWN = 2
"""Remarks on events that a plan shows; `events check` has them all."""


def refuse_same(new: Event, others: Iterable[Event], path: Path) -> None:
    """Refuse news that is there under another id.

    Raises
    ------
    EventError
        Where the same headline is there at the same time.
    """
    for event in others:
        apart = new.latest < event.earliest or event.latest < new.earliest
        if event.id == new.id or apart or _words(event) != _words(new):
            continue
        raise EventError(
            f"'{event.id}' at {event.where} has the same headline at the same time",
            where=str(path),
            allowed="an event once",
            do=f"edit {event.where}, or say in the headline what differs; --again "
            "adds it as it is",
        )


def repeat_of(new: Event, others: Iterable[Event]) -> str:
    """Return what to ask of an event whose headline another has within a day."""
    words = _words(new)
    # placebo dates report nothing: they share one headline
    for event in others if new.status != "placebo" else ():
        if event.id != new.id and _near(event, new) and _words(event) == words:
            return (
                f"the same headline within a day: '{event.id}' at {event.where}. "
                "Is it the same news? Then keep one of them"
            )
    return ""


def repeats(events: Iterable[Event]) -> dict[str, str]:
    """Return, by id, what to ask of the later of two events of one headline."""
    last: dict[tuple[str, ...], Event] = {}
    told = {}
    for event in sorted(events, key=lambda e: (e.latest, e.earliest, e.line)):
        words = tuple(_words(event))
        if words in last and (asked := repeat_of(event, [last[words]])):
            told[event.id] = asked
        last[words] = event
    return told


def remarks(events: Sequence[Event]) -> list[str]:
    """Return what a run of these events should ask about their times, in few lines."""
    again = repeats(events)
    found = [
        (event, told)
        for event in events
        for told in (event.slip, again.get(event.id, ""))
        if told
    ]
    lines = [f"{e.where}: {e.id}: {told}" for e, told in found[:SHOWN]]
    rest = found[SHOWN:]
    if rest:
        files = " ".join(dict.fromkeys(event.file for event, _ in rest))
        lines.append(
            f"{len(rest)} more to ask about events' times: `aftershock events check "
            f"{files}` tells them"
        )
    return lines


def _near(one: Event, two: Event) -> bool:
    """Tell whether no more than a day lies between two windows."""
    gap = max(one.earliest, two.earliest) - min(one.latest, two.latest)
    return bool(gap <= NEAR)


def _words(event: Event) -> list[str]:
    """Return the words of a headline; letters' case, blanks, points do not count."""
    return event.headline.casefold().rstrip(".! ").split()
