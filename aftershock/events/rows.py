"""CSV: one row for each event and symbol, joined to records."""

from __future__ import annotations

import re
from pathlib import Path

from aftershock.events.columns import (
    BETWEEN,
    CSV_KEYS,
    CSV_LISTS,
    CSV_NEEDED,
    EVENT_KEYS,
    EXPOSURE_KEYS,
)
from aftershock.events.nodes import Fields, Problems, Rows, Text, read_csv


def csv_records(path: Path, problems: Problems) -> list[Fields]:
    """Return the records of a CSV file; rows that share an id are one event.

    A header that lacks a column is one problem, whatever the rows hold.
    """
    header, rows = read_csv(path)
    if _header_is_complete(str(path), header, problems):
        return joined(str(path), rows, problems)
    return []


def _header_is_complete(file: str, header: list[Text], problems: Problems) -> bool:
    before = len(problems.found)
    lacking = [" or ".join(g) for g in CSV_NEEDED if not set(g) & set(header)]
    if lacking:
        there = ", ".join(header) or "none"
        names = ", ".join(f"'{name}'" for name in lacking)
        problems.add(file, 1, f"missing columns: {names}; the header has: {there}")
    twice = sorted({name for name in header if header.count(name) > 1})
    for name in twice:
        problems.add(file, 1, f"the column '{name}' is written twice")
    columns = Fields([(name, name) for name in header], 1)
    problems.check_keys(file, columns, CSV_KEYS)
    return len(problems.found) == before


def joined(file: str, rows: list[Fields], problems: Problems) -> list[Fields]:
    """Join the rows that share an id; each of them is one exposure."""
    records: dict[str, Fields] = {}
    for row in rows:
        problems.check_keys(file, row, CSV_KEYS)
        exposure = Fields(
            [(k, row[k]) for k in row.names if k in EXPOSURE_KEYS], row.line
        )
        record = _csv_record(row, exposure)
        name = str(row.get("id", ""))
        if name not in records:
            records[name] = record
            continue
        _same_event(file, records[name], record, problems)
        _join_notes(records[name], record)
        records[name]["exposures"].append(exposure)
    return list(records.values())


def _csv_record(row: Fields, exposure: Fields) -> Fields:
    line = row.line
    set_apart = ("tags", "source", *CSV_LISTS)
    own = [(k, row[k]) for k in row.names if k in EVENT_KEYS and k not in set_apart]
    own.append((Text("tags", line), _listed(row, "tags", r"[;|,\s]+")))
    own.append((Text("exposures", line), Rows([exposure], line)))
    for key in (k for k in CSV_LISTS if k in row):
        own.append((Text(key, line), _listed(row, key, re.escape(BETWEEN))))
    named = (("name", row.get("source")), ("url", row.get("url")))
    source = [(Text(key, line), value) for key, value in named if value]
    if source:
        own.append((Text("source", line), Fields(source, line)))
    return Fields(own, line)


def _listed(row: Fields, key: str, between: str) -> Rows:
    """Return the texts that one cell holds."""
    parts = re.split(between, row.get(key, ""))
    return Rows([Text(part.strip(), row.line) for part in parts if part], row.line)


def _same_event(file: str, first: Fields, other: Fields, problems: Problems) -> None:
    """Note what two rows of one event state differently; a blank states nothing."""
    for key in (k for k in EVENT_KEYS if k not in ("id", "exposures", "notes")):
        one, two = (fields.get(key, "") for fields in (first, other))
        same = set(one) == set(two) if key == "tags" else one == two
        if two and not same:
            problems.add(file, other.line, f"{key} differs from line {first.line}")


def _join_notes(first: Fields, other: Fields) -> None:
    """Add what another row notes of the same event, unless it is said already."""
    key, more = Text("notes", first.line), other.get("notes", "")
    if key not in first and more:
        first[key], first.names = more, [*first.names, key]
    elif more not in first.get(key, ""):
        first[key] = Text(f"{first[key]} {more}", first.line)
