"""The ledger file: entries whose hashes hold each other, appended and never changed.

Each entry carries the sha256 of its content and of the hash before it, so that no
entry can be changed, taken out of the middle, put in or moved without breaking the
chain. Not seen are entries cut off the end, and a file whose every hash was made
again; against both helps a hash that was published, see `Entry.sha256`. The time is
that of the machine's clock and as true as that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.errors import DataUnavailable, EventError
from aftershock.events import Exposure
from aftershock.events.exposures import SIGNS
from aftershock.events.nodes import Fields, Problems, Rows, read_yaml

FIRST = "0" * 64
"""What stands for the hash before the first entry."""
NEEDED = (
    "number", "recorded_at", "headline", "tags", "market", "exposures", "previous",
    "sha256",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One recorded headline.

    Attributes
    ----------
    number : int
        Counted from 1.
    recorded_at : Timestamp
        UTC, by the clock of the machine that recorded it.
    headline, tags, market
    exposures : tuple of Exposure
    seen : mapping
        Moves in percent, as typed, that had been seen already; often empty.
    previous, sha256 : str
        The hash before it, and its own.
    line : int
        Where it begins in the file.
    """

    number: int
    recorded_at: pd.Timestamp
    headline: str
    tags: tuple[str, ...]
    market: str
    exposures: tuple[Exposure, ...]
    seen: Mapping[str, str]
    previous: str
    sha256: str
    line: int


def digest(record: Mapping[str, Any]) -> str:
    """Return the sha256 of an entry's content.

    All its keys but ``sha256``, every value as the text that stands in the file, as
    JSON in UTF-8 with sorted keys and no spaces.
    """
    content = {key: value for key, value in record.items() if key != "sha256"}
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def read_ledger(path: Path) -> tuple[Entry, ...]:
    """Return the entries of a ledger, their chain verified.

    Raises
    ------
    DataUnavailable
        When there is no ledger.
    EventError
        For a file that is no ledger, and for the first entry at which the chain is
        broken; it is named.
    """
    problems = Problems()
    content = read_yaml(path, problems)
    problems.stop_if_any()
    if content is None:
        return ()
    if not isinstance(content, Rows):
        raise EventError(
            "the file is no list of entries",
            where=f"{path}:{content.line}",
            do="take back the file that `aftershock now --record` wrote",
        )
    entries: list[Entry] = []
    for record in content:
        entries.append(_entry(path, record, entries[-1] if entries else None))
    return tuple(entries)


def _entry(path: Path, record: Any, before: Entry | None) -> Entry:
    """Return one entry, or say how it breaks the chain."""
    number = before.number + 1 if before else 1
    where = f"{path}:{getattr(record, 'line', '?')}: entry {number}"
    lacking = [k for k in NEEDED if not isinstance(record, Fields) or k not in record]
    if lacking:
        raise _broken(where, f"it lacks {', '.join(lacking)}")
    if record["number"] != str(number):
        raise _broken(
            where,
            f"number {record['number']} stands where {number} belongs: an entry was "
            "taken out, put in or moved",
        )
    if record["sha256"] != digest(record):
        raise _broken(where, "its content does not give its sha256: it was changed")
    if record["previous"] != (before.sha256 if before else FIRST):
        raise _broken(
            where,
            "its `previous` is not the sha256 of the entry before it: that entry was "
            "rewritten, or one was taken out, put in or moved",
        )
    try:
        entry = _read(record, number)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken(where, f"it cannot be read: {error}") from error
    if before and entry.recorded_at < before.recorded_at:
        raise _broken(where, "it was recorded before the entry that precedes it")
    return entry


def _broken(where: str, why: str) -> EventError:
    """Return the error of a broken chain."""
    return EventError(
        f"the chain is broken: {why}",
        where=where,
        allowed="entries exactly as `aftershock now --record` appended them",
        do="take back an unchanged copy of the file; what stands before this entry "
        "still holds",
    )


def _read(record: Fields, number: int) -> Entry:
    """Return a record as an entry."""
    moment = pd.Timestamp(str(record["recorded_at"]))
    if moment.tzinfo is None:
        raise ValueError("recorded_at has no time zone")
    return Entry(
        number=number,
        recorded_at=moment.tz_convert("UTC").as_unit("us"),
        headline=str(record["headline"]),
        tags=tuple(map(str, record["tags"])),
        market=str(record["market"]),
        exposures=tuple(
            Exposure(
                str(row["symbol"]),
                str(row["role"]),
                SIGNS[str(row["expected"])],
                declared="before",
            )
            for row in record["exposures"]
        ),
        seen={str(k): str(v) for k, v in record.get("seen", {}).items()},
        previous=str(record["previous"]),
        sha256=str(record["sha256"]),
        line=record.line,
    )


def holds(entries: tuple[Entry, ...], published: str) -> Entry:
    """Return the entry whose hash was published, given by eight or more of its digits.

    Raises
    ------
    EventError
        When no entry has it: the file was written anew, or cut short.
    """
    found = [
        e for e in entries if len(published) >= 8 and e.sha256.startswith(published)
    ]
    if not found:
        raise EventError(
            f"no entry has the hash '{published}'",
            where="--published",
            allowed="eight or more first digits of the sha256 of an entry",
            do="if it was published once, the ledger was cut short or written anew",
        )
    return found[0]


def nothing_recorded(path: Path) -> DataUnavailable:
    """Return the error of a ledger that is not there."""
    return DataUnavailable(
        "no headline has been recorded yet",
        where=str(path),
        do="record one with `aftershock now HEADLINE --tag TAG SYMBOL:SIGN --record`",
    )
