"""From what an importer read to drafts that a person can judge, twins named."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aftershock.events import Event, EventSet
from aftershock.events.columns import CSV_LISTS
from aftershock.events.nodes import Fields, Problems, Rows, Text
from aftershock.events.reading import Reader
from aftershock.events.writing import NEEDED, TIME, record_text
from aftershock.importers.base import Background, Draft, EventImporter
from aftershock.importers.twins import SMALL, Twin, twins_of

_WORDS_IN_ID = 5
_STAND_IN = {"tags": ["macro"], "role": "peer", "expected": "0", "symbol": "X"}
HEAD = """\
# Drafts of events, read by a machine. None of this counts before a person has judged
# it: fill in what is marked missing, put headlines into your own words, set roles and
# signs, delete what is no news. Then run `aftershock events check` on this file and
# move the records into a file in data/events/. Where a possible_duplicate_of tells the
# same news, add the address to that event's extra_sources and delete the draft.
"""


@dataclass(frozen=True)
class Candidate:
    """A draft, the event it would become, and what it may repeat.

    Attributes
    ----------
    event : Event
        With stand-ins for what is missing; for comparing, not for studies.
    missing : tuple of str
        What a person has to fill in.
    """

    draft: Draft
    event: Event
    missing: tuple[str, ...]
    twins: tuple[Twin, ...] = ()

    @property
    def text(self) -> str:
        """The record as YAML, with what it may repeat above it."""
        told = [f"# possible_duplicate_of: {twin}" for twin in self.twins]
        record = record_text(self.draft.record, self.draft.remarks)
        return "\n".join([*told, record])


@dataclass(frozen=True)
class Drafts:
    """All drafts of one source.

    Attributes
    ----------
    merged : tuple of Twin
        Drafts that were joined to an earlier one.
    """

    candidates: tuple[Candidate, ...]
    warnings: tuple[str, ...] = ()
    merged: tuple[tuple[str, Twin], ...] = ()

    @property
    def text(self) -> str:
        """The file of drafts."""
        return "\n".join([HEAD, *(candidate.text for candidate in self.candidates)])


def draft_events(
    importer: EventImporter,
    background: Background,
    catalogue: EventSet,
    *,
    merge: bool = False,
) -> Drafts:
    """Read a source, complete what it gives, and find what is known already.

    Parameters
    ----------
    importer : EventImporter
    background : Background
    catalogue : EventSet
        The events that are known.
    merge : bool
        Join a draft that repeats an earlier draft to it, its address kept.

    Raises
    ------
    EventError
        With everything that is stated wrongly.
    """
    reading = importer.read(background)
    taken = {event.id for event in catalogue.events}
    drafts = []
    for draft in reading.drafts:
        drafts.append(_completed(draft, background, taken))
        taken.add(drafts[-1].record["id"])
    problems = Problems()
    reader = Reader(importer.source, background.lexicon, problems)
    found = [_candidate(draft, reader) for draft in drafts]
    problems.stop_if_any()
    candidates = [candidate for candidate in found if candidate]
    return _told(candidates, catalogue, reading.warnings, merge)


def _told(
    candidates: Sequence[Candidate],
    catalogue: EventSet,
    warnings: tuple[str, ...],
    merge: bool,
) -> Drafts:
    """Return the candidates with their twins in the catalogue and among themselves."""
    kept: list[Candidate] = []
    merged: list[tuple[str, Twin]] = []
    for candidate in candidates:
        known = twins_of(candidate.event, catalogue.events, catalogue)
        own = twins_of(candidate.event, [c.event for c in kept], catalogue)
        if merge and own:
            at = next(i for i, c in enumerate(kept) if c.event.id == own[0].id)
            kept[at] = _joined(kept[at], candidate)
            merged.append((candidate.event.id, own[0]))
        else:
            kept.append(dataclasses.replace(candidate, twins=(*known, *own)))
    return Drafts(tuple(kept), warnings, tuple(merged))


def _joined(first: Candidate, other: Candidate) -> Candidate:
    """Return a draft that keeps the address of another that tells the same."""
    record = dict(first.draft.record)
    url = (other.draft.record.get("source") or {}).get("url")
    if url:
        record["extra_sources"] = [*record.get("extra_sources", ()), str(url)]
    moves = (*first.draft.moves, *other.draft.moves)
    draft = dataclasses.replace(first.draft, record=record, moves=moves)
    return dataclasses.replace(first, draft=draft)


def _completed(draft: Draft, background: Background, taken: Iterable[str]) -> Draft:
    """Return the draft with an id, and with how and when it was recorded."""
    record = {key: _whole(key, value) for key, value in draft.record.items() if value}
    remarks = dict(draft.remarks)
    if not record.get("id"):
        record["id"] = _free_id(_id_of(record), set(taken))
        remarks["id"] = remarks.get("id", "made from date and headline")
    record["exposures"] = [_declared(row) for row in record.get("exposures", ())]
    record.setdefault("selected_by", "headline")
    record.setdefault("recorded_at", background.now.isoformat(timespec="seconds"))
    notes = "; ".join(draft.notes)
    if notes:
        own = f"{record['notes']} " if record.get("notes") else ""
        record["notes"] = f"{own}By machine, {notes}."
    return dataclasses.replace(draft, record=record, remarks=remarks)


def _whole(key: str, value: Any) -> Any:
    """Return a value in the shape that is told of it; one text may stand for it."""
    if not isinstance(value, str):
        return value
    if key in ("tags", *CSV_LISTS):
        return [value]
    return {"url": value} if key == "source" else value


def _declared(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "declared": row.get("declared", "unknown")}


def _id_of(record: Mapping[str, Any]) -> str:
    """Return a name made of the first telling words and the date."""
    plain = unicodedata.normalize("NFKD", str(record.get("headline", "event")))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    telling = [word for word in words if word not in SMALL][:_WORDS_IN_ID]
    when = str(record.get("latest") or record.get("published") or "")
    day = "".join(re.findall(r"\d", when[:10]))
    return "-".join([*(telling or ["event"]), *([day] if day else [])])


def _free_id(wanted: str, taken: set[str]) -> str:
    """Return a name that no other event has."""
    name, n = wanted, 2
    while name in taken:
        name, n = f"{wanted}-{n}", n + 1
    return name


def _candidate(draft: Draft, reader: Reader) -> Candidate | None:
    """Check what a draft states, with stand-ins for what it does not."""
    record = dict(draft.record)
    missing = [key for key in NEEDED if not record.get(key)]
    if not record.get("published") and not record.get("latest"):
        missing += list(TIME)
        # No moment can be compared then: one that no event has stands in.
        record |= {"published": "2000-01", "precision": "month"}
    rows = record.get("exposures") or [{"symbol": _STAND_IN["symbol"]}]
    record["exposures"] = [_filled(row) for row in rows]
    record["tags"] = record.get("tags") or _STAND_IN["tags"]
    record["headline"] = record.get("headline") or "?"
    for row in draft.record.get("exposures", ()):
        name = row.get("symbol") or row.get("basket")
        missing += [
            f"{key} of {name}" for key in ("role", "expected") if not row.get(key)
        ]
    event = reader.event(as_nodes(record, draft.line))
    return Candidate(draft, event, tuple(missing)) if event else None


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an exposure with stand-ins for what it lacks."""
    blank = {k: _STAND_IN[k] for k in ("role", "expected") if not row.get(k)}
    return {**row, **blank}


def as_nodes(value: Any, line: int) -> Any:
    """Return plain values as the reader of catalogue files takes them."""
    if isinstance(value, Text | Fields):
        return value
    if isinstance(value, Mapping):
        pairs = [(_text(k, line), as_nodes(v, line)) for k, v in value.items()]
        return Fields(pairs, line)
    if isinstance(value, list | tuple):
        own = getattr(value, "line", line)
        return Rows([as_nodes(item, own) for item in value], own)
    return Text(str(value), line)


def _text(key: str, line: int) -> Text:
    return key if isinstance(key, Text) else Text(key, line)
