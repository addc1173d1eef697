"""Events as YAML: records as the catalogue lays them out, and files that gain one."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from aftershock.errors import EventError
from aftershock.events.baskets import load_lexicon
from aftershock.events.catalogue import EventSet, catalogue_files, load_events
from aftershock.events.columns import EVENT_KEYS, EXPOSURE_KEYS
from aftershock.events.gathering import refuse_twins
from aftershock.events.nodes import Problems, Rows, parse_yaml, read_text
from aftershock.events.reading import Reader
from aftershock.events.records import Event
from aftershock.events.repeats import refuse_same, repeat_of

NEEDED: dict[str, str] = {
    "id": "a name of its own: letters, digits, . _ -",
    "headline": "what happened, in your own words",
    "tags": "one or more, as [compute-supply]; 'aftershock events tags' lists them",
    "exposures": "one a line, as - {symbol: META, role: actor, expected: +1}",
}
"""What a record must have besides its time, and what to write there."""

TIME = {"published": "a time with its offset, or a date with 'precision: day'"}
NEW_EVENT = "the new event"
"""What messages call a record that stands in no file yet."""

_KEY = re.compile(r"(?:- |  )(\w+):")
_NOTHING = ("", "~", "null", "Null", "NULL")
_BARE = re.compile(r"[A-Za-z0-9+][\w .,/+%$&()'–:-]*")
_BARE_IN_ROW = re.compile(r"[-+]?[A-Za-z0-9][\w./+%$&-]*")


def record_text(
    record: Mapping[str, Any], remarks: Mapping[str, str] | None = None
) -> str:
    """Return one event as YAML; what it must have and lacks is marked ``# missing``.

    Parameters
    ----------
    record : mapping
        Keys of `columns.EVENT_KEYS`; texts, lists of texts, a mapping for `source`,
        a list of mappings for `exposures`.
    remarks : mapping, optional
        By key: a comment behind its value.
    """
    told = dict(remarks or {})
    lines: list[str] = []
    for key, value in _complete(record).items():
        hint = {**NEEDED, **TIME}.get(key, "")
        remark = told.get(key, "") if value else f"missing: {hint}"
        lines += _field(key, value, f"  # {remark}" if remark else "")
    return "- " + "\n  ".join(lines) + "\n"


def _complete(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record in the order of the catalogue, with blanks for its gaps."""
    kept = {key: record[key] for key in record if record[key]}
    blank = dict.fromkeys(NEEDED, "")
    timed = {"published", "latest"} & set(kept)
    whole = {**blank, **({} if timed else dict.fromkeys(TIME, "")), **kept}
    return {key: whole[key] for key in EVENT_KEYS if key in whole}


def _field(key: str, value: Any, remark: str) -> list[str]:
    """Return the lines of one key, without its indentation."""
    if not value:
        return [f"{key}:{remark}"]
    if key == "exposures":
        return [f"{key}:{remark}", *(f"  - {_exposure(row)}" for row in value)]
    if isinstance(value, Mapping):
        named = [f"  {name}: {scalar(value[name])}" for name in value if value[name]]
        return [f"{key}:{remark}", *named]
    if key == "tags":
        return [f"{key}: [{', '.join(scalar(tag, row=True) for tag in value)}]{remark}"]
    if isinstance(value, list | tuple):
        return [f"{key}:{remark}", *(f"  - {scalar(item)}" for item in value)]
    return [f"{key}: {scalar(value)}{remark}"]


def _exposure(row: Mapping[str, Any]) -> str:
    """Return an exposure on one line; a role or sign that it lacks stays blank."""
    whole = {"role": "", "expected": "", **{k: row[k] for k in row if row[k]}}
    pairs = [f"{k}: {scalar(whole[k], row=True)}" for k in EXPOSURE_KEYS if k in whole]
    lacking = [key for key in ("role", "expected") if not whole[key]]
    remark = f"  # missing: {', '.join(lacking)}" if lacking else ""
    return "{" + ", ".join(pairs) + "}" + remark


def scalar(value: object, *, row: bool = False) -> str:
    """Return a text as a YAML scalar that reads back as the same text.

    Parameters
    ----------
    row : bool
        Whether it stands inside brackets or braces.
    """
    text = str(value).encode("utf-8", "replace").decode()
    if not text and row:
        return ""
    bare = (_BARE_IN_ROW if row else _BARE).fullmatch(text)
    if bare and not re.search(r":(?:\s|$)|\s$", text) and text not in _NOTHING:
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"


def append_event(
    path: Path,
    record: Mapping[str, Any],
    workspace: Path | None = None,
    prove: Callable[[EventSet], object] = lambda events: None,
    *,
    again: bool = False,
    tell: Callable[[str], object] = lambda told: None,
) -> EventSet:
    """Append one event to a YAML file, checked before anything is written.

    Parameters
    ----------
    path : Path
        Made where it is not there.
    record : mapping
        As for `record_text`.
    workspace : Path, optional
        Its baskets, instruments and catalogue count.
    prove : callable, optional
        Called with the new event alone; what it raises stops the writing.
    again : bool
        Whether another event may have its headline and its time.
    tell : callable, optional
        Called when it is written, where another has its headline within a day.

    Returns
    -------
    EventSet
        The new event alone, with its line in the file.

    Raises
    ------
    EventError
        With all that is wrong, and for an id, or the same headline at the same time,
        that the catalogue or the file has already.
    """
    while True:
        before = _text_of(path)
        text, events = _with_event(path, before, record, workspace)
        added = events.chosen(ids=[str(record.get("id", ""))])
        others = _elsewhere(path, workspace)
        _refuse_known(added.events[0], others, path)
        others += events.events
        if not again:
            refuse_same(added.events[0], others, path)
        prove(added)
        if _exchanged(path, before, text):
            if not again and (told := repeat_of(added.events[0], others)):
                tell(told)
            return added


def _text_of(path: Path) -> str:
    return read_text(path) if path.exists() else ""


def _with_event(
    path: Path, before: str, record: Mapping[str, Any], workspace: Path | None
) -> tuple[str, EventSet]:
    """Return the text of a file with one event more, and all events of it."""
    start = before if not before or before.endswith("\n") else before + "\n"
    gap = "\n" if start.strip() else ""
    text = start + gap + record_text(record)
    problems = _NewProblems(str(path), text, (start + gap).count("\n") + 1)
    return text, _parsed(text, path, workspace, problems)


def _exchanged(path: Path, before: str, text: str) -> bool:
    """Write a file unless another process changed it meanwhile; tell which it was.

    Only here is it locked: an event that is refused leaves nothing, no lock either.
    """
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.parent / f".{path.name}.lock"):
        if _text_of(path) != before:
            return False
        write_whole(path, text)
        return True


class _NewProblems(Problems):
    """Names what is wrong in a new record by its key: its line is not written yet.

    Parameters
    ----------
    path, text : str
        The file, and what it is to hold.
    first : int
        The line at which the new record begins; what stands above is named by line.
    """

    def __init__(self, path: str, text: str, first: int) -> None:
        super().__init__()
        self.path, self.first = path, first
        self.lines = text.splitlines()[first - 1 :]

    def add(self, file: str, line: int, message: str) -> None:
        """Note one problem at its place, or at its key."""
        if file != self.path or line < self.first:
            super().add(file, line, message)
            return
        # the first line also stands for the record as a whole
        above = self.lines[1 : line - self.first + 1]
        keys = [found[1] for found in map(_KEY.match, above) if found]
        place = f"{NEW_EVENT}, {keys[-1]}" if keys else NEW_EVENT
        self.found.append(f"{place}: {message}")


def _parsed(
    text: str, path: Path, workspace: Path | None, problems: Problems
) -> EventSet:
    """Return the events of a text that is to become a file."""
    lexicon = load_lexicon(workspace, problems)
    content = parse_yaml(text, str(path), problems)
    rows = content if isinstance(content, Rows) else Rows([], 1)
    if content is not None and not isinstance(content, Rows):
        problems.add(str(path), 1, "the file should be a list of events")
    reader = Reader(str(path), lexicon, problems)
    found = [event for event in map(reader.event, rows) if event]
    refuse_twins(found, problems)
    problems.stop_if_any()
    return EventSet(tuple(found), lexicon)


def _elsewhere(path: Path, workspace: Path | None) -> list[Event]:
    """Return the events of the catalogue's other files."""
    others = [f for f in catalogue_files(workspace) if f.resolve() != path.resolve()]
    return list(load_events(others, workspace).events)


def _refuse_known(new: Event, others: Iterable[Event], path: Path) -> None:
    """Refuse an id that another file of the catalogue uses."""
    for event in others:
        if event.id == new.id:
            raise EventError(
                f"the id '{new.id}' is already used at {event.where}",
                where=str(path),
                do=f"edit {event.where}, or choose another id",
            )


def write_whole(path: Path, text: str) -> None:
    """Write a file aside and move it into place, so that it is never there in part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
