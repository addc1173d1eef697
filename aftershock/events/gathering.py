"""All that some files hold: their events, and everything that is wrong with them."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from aftershock.events.baskets import Lexicon, load_lexicon
from aftershock.events.nodes import Problems
from aftershock.events.reading import read_events
from aftershock.events.records import Event
from aftershock.registry import is_shipped
from aftershock.registry.partial import Partial
from aftershock.registry.reading import settled

FEW = 3
"""Files with mistakes that a message names in the command to run again."""
Read = TypeVar("Read", bound=Event | Partial)


@dataclass(frozen=True)
class Gathered:
    """What was read of some files.

    Parameters
    ----------
    events : list of Event
        Those with which nothing is wrong.
    parts : list of Partial
        Of the others what could be read, with `id`, `file`, `line` and `where`.
    lexicon : Lexicon
        The baskets and instruments that they can name.
    problems : Problems
        What is wrong with the files.
    files : list of str
        As messages name them.
    """

    events: list[Event]
    parts: list[Partial]
    lexicon: Lexicon
    problems: Problems
    files: list[str]

    def again(self) -> str:
        """Return what to do about files with mistakes, by name where they are few.

        Baskets are no file of events: a mistake in them alone names none.
        """
        named = sorted(self.problems.files.keys() & set(self.files))
        if not 0 < len(named) <= FEW:
            return ""
        return f"mend it, then run `aftershock events check {shlex.join(named)}`"


def gather(files: Iterable[Path], workspace: Path | None = None) -> Gathered:
    """Read events from YAML and CSV files; nothing that is wrong is raised.

    Raises
    ------
    DataUnavailable
        If a file is not there.
    """
    problems = Problems()
    lexicon = load_lexicon(workspace, problems)
    unique = {settled(Path(path)): Path(path) for path in files}
    found = _workspace_first(
        [e for path in unique.values() for e in read_events(path, lexicon, problems)]
    )
    refuse_twins(found, problems)
    return Gathered(
        [event for event in found if isinstance(event, Event)],
        [event for event in found if isinstance(event, Partial)],
        lexicon,
        problems,
        list(map(str, unique.values())),
    )


def refuse_twins(events: Iterable[Event | Partial], problems: Problems) -> None:
    """Note each id that is used a second time, and where it was used first."""
    first: dict[str, str] = {}
    for event in events:
        if event.id in first:
            message = f"the id '{event.id}' is already used at {first[event.id]}"
            problems.add(event.file, event.line, message)
        elif event.id:
            first[event.id] = event.where


def _workspace_first(found: Sequence[Read]) -> list[Read]:
    """Leave out shipped events whose ids are used by files from elsewhere."""
    is_ours = [is_shipped(event.file, "data") for event in found]
    own = {e.id for e, mine in zip(found, is_ours, strict=True) if not mine}
    rows = zip(found, is_ours, strict=True)
    return [event for event, mine in rows if not (mine and event.id in own)]
