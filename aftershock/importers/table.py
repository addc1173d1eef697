"""Events from a table: CSV or Parquet, one row for each event and symbol."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from aftershock.errors import DataUnavailable, EventError
from aftershock.events.columns import CSV_KEYS
from aftershock.events.nodes import BEYOND, Fields, Problems, Text, read_csv
from aftershock.events.rows import joined
from aftershock.importers.base import (
    Background,
    Draft,
    EventImporter,
    Reading,
    with_guesses,
)
from aftershock.registry import suggest


@dataclass(frozen=True)
class TableImporter(EventImporter):
    """Rows of a CSV or Parquet file; rows that share an id are one event.

    Parameters
    ----------
    path : Path
    columns : mapping of str to str
        By our name of a column: the file's (``{"headline": "title"}``).
    """

    name: ClassVar[str] = "table"
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".parquet")
    options: ClassVar[tuple[str, ...]] = ("columns",)
    path: Path = Path()
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The file."""
        return str(self.path)

    def read(self, background: Background) -> Reading:
        """Return one draft per event; see `EventImporter.read`."""
        parquet = self.path.suffix.lower() == ".parquet"
        header, rows = _read_parquet(self.path) if parquet else read_csv(self.path)
        ours = self._ours(header)
        unused = [name for name in header if name not in ours]
        problems = Problems()
        renamed = list(_identified(_renamed(row, ours) for row in rows))
        records = joined(self.source, renamed, problems)
        problems.stop_if_any()
        drafts = tuple(with_guesses(_draft(r), background) for r in records)
        told = f"columns that were not used: {', '.join(unused)}" if unused else ""
        return Reading(drafts, (told,) if told else ())

    def _ours(self, header: Iterable[str]) -> dict[str, str]:
        """Return, by the file's names of columns, ours.

        Raises
        ------
        EventError
            For a mapping to or from a column that there is not, and for a table
            without a headline.
        """
        names = list(header)
        for ours, theirs in self.columns.items():
            self._refuse_unless(ours, CSV_KEYS, "no column of an event")
            self._refuse_unless(theirs, names, "not in the header")
        self._refuse_one_for_two()
        mapped = {theirs: ours for ours, theirs in self.columns.items()}
        plain = {n: n for n in names if n in CSV_KEYS and n not in self.columns}
        ours_of = {**plain, **mapped}
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise EventError(
                f"the column '{twice[0]}' is written twice",
                where=f"{self.path}:1",
                allowed="names of columns that differ",
                do="rename one of the two",
            )
        if "headline" not in ours_of.values():
            raise EventError(
                "no column 'headline'",
                where=f"{self.path}:1",
                allowed=", ".join(CSV_KEYS),
                do=f"name yours, as --map headline={_likely_headline(names)}",
            )
        return ours_of

    def _refuse_one_for_two(self) -> None:
        """Refuse a column of the file that is to be two of ours."""
        theirs = list(self.columns.values())
        twice = [name for name in theirs if theirs.count(name) > 1]
        if twice:
            raise EventError(
                f"--map: the column '{twice[0]}' is named twice",
                where=self.source,
                allowed="one OURS for each column of the file",
                do="write the column twice into the file, or leave one --map out",
            )

    def _refuse_unless(self, name: str, known: list[str], found: str) -> None:
        if name not in known:
            raise EventError(
                f"--map: '{name}' is {found}.{suggest(name, known)}",
                where=self.source,
                allowed=", ".join(known),
                do="write it as --map OURS=THEIRS",
            )


def _likely_headline(names: Sequence[str]) -> str:
    """Return the column that a headline may stand in, for a message."""
    alike = ("headline", "title", "event", "news")
    likely = [name for name in names if name.strip().lower() in alike]
    return likely[0] if likely else "YOURS"


def _renamed(row: Fields, ours: Mapping[str, str]) -> Fields:
    """Return a row with our names; a cell beyond the header stays, to be refused."""
    beyond = [name for name in row.names if name == BEYOND]
    kept = [name for name in row.names if name in ours]
    pairs = [(Text(ours[name], name.line), row[name]) for name in kept]
    return Fields([*pairs, *((name, row[name]) for name in beyond)], row.line)


def _identified(rows: Iterable[Fields]) -> Iterator[Fields]:
    """Give rows without an id one to be joined by: headline and time."""
    for row in rows:
        if "id" in row:
            yield row
            continue
        told = "|".join(
            str(row.get(k, "")) for k in ("headline", "published", "latest")
        )
        name = Text(f"({told})", row.line)
        pairs = [(Text("id", row.line), name), *((k, row[k]) for k in row.names)]
        yield Fields(pairs, row.line)


def _draft(record: Fields) -> Draft:
    kept: dict[str, Any] = {key: record[key] for key in record.names}
    if str(kept.get("id", "")).startswith("("):
        del kept["id"]
    kept["exposures"] = [
        row for row in record["exposures"] if row.get("symbol") or row.get("basket")
    ]
    return Draft(kept, line=record.line)


def _read_parquet(path: Path) -> tuple[list[Text], list[Fields]]:
    """Return header and rows of a Parquet file; a line is the number of a row."""
    import pyarrow as pa
    from pyarrow.parquet import read_table

    try:
        table = read_table(path)
    except FileNotFoundError as error:
        raise DataUnavailable(
            "there is no such file",
            where=str(path),
            allowed="a Parquet or CSV file that is there",
            do="check how it is written",
        ) from error
    except (pa.ArrowException, OSError) as error:
        raise EventError(
            f"not Parquet: {str(error).splitlines()[0]}",
            where=str(path),
            allowed="a table that was saved as Parquet, or as CSV",
            do="save it again, or as CSV",
        ) from error
    header = [Text(name, 1) for name in table.column_names]
    rows = [
        Fields(_cells(row, number), number)
        for number, row in enumerate(table.to_pylist(), 1)
    ]
    return header, rows


def _cells(row: Mapping[str, Any], line: int) -> Iterator[tuple[Text, Text]]:
    """Return the cells of a row as texts; empty ones are left out."""
    for name, value in row.items():
        text = _cell(value)
        if text:
            yield Text(name, line), Text(text, line)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ";".join(map(str, value))
    return (value.isoformat() if hasattr(value, "isoformat") else str(value)).strip()
