"""YAML and CSV files as plain texts, lists and mappings that know their line.

Scalars stay the text that was written: ``ON`` is a symbol and never a truth
value, ``2026-07-01`` a text until it is asked for as a date.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from aftershock.errors import EventError
from aftershock.events.cells import bare
from aftershock.registry import suggest
from aftershock.registry.reading import read_text as bounded_text

PLAIN_TAGS = {
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
}
"""Tags of what is plain; any other asks for code to be run."""
TOO_DEEP = "it is nested too deeply"

# what the parser says of "headline: Late: a site"
_COLON = "mapping values are not allowed here"
_EMPTY = ("", "~", "null", "Null", "NULL")
_BRACKETS = re.compile(r"[\[\]{}]")
MOST_OPEN = 200
BEYOND = "(cells beyond the header)"
"""The key of what a row of a CSV has behind its last column."""
MOST_TOLD = 40
"""Problems that one message names; it says how many more there are."""


class Text(str):
    """A scalar as written, with its line."""

    line: int

    def __new__(cls, value: str, line: int) -> Text:
        """Make a text that stands on a line."""
        made = super().__new__(cls, value)
        made.line = line
        return made


class Rows(list[Any]):
    """A list, with its line."""

    def __init__(self, values: Iterable[Any], line: int) -> None:
        super().__init__(values)
        self.line = line


class Fields(dict[str, Any]):
    """A mapping whose empty values are left out, with its line and its keys' lines."""

    def __init__(self, values: Iterable[tuple[Text, Any]], line: int) -> None:
        super().__init__(values)
        self.line = line
        self.names: list[Text] = [name for name in self if isinstance(name, Text)]


@dataclass
class Problems:
    """What is wrong with some files, gathered so that all of it is said at once."""

    found: list[str] = field(default_factory=list)
    files: dict[str, None] = field(default_factory=dict)

    def add(self, file: str, line: int, message: str) -> None:
        """Note one problem at its place."""
        self.files[file] = None
        self.found.append(f"{file}:{line}: {message}")

    def check_keys(self, file: str, fields: Fields, known: Iterable[str]) -> None:
        """Name each key that is not known, with the closest that is."""
        names = list(known)
        for key in fields.names:
            if key not in names:
                hint = suggest(key, names) or f" Known: {', '.join(names)}."
                self.add(file, key.line, f"unknown key '{key}'.{hint}")

    def check_word(
        self, file: str, kind: str, word: Text, known: Iterable[str], lister: str = ""
    ) -> bool:
        """Tell whether a word is in its closed list; if not, name the closest.

        Where none is close, all are named, or the command that lists them (`lister`).
        """
        names = list(known)
        if word in names:
            return True
        listed = (
            f" '{lister}' lists them." if lister else f" Known: {', '.join(names)}."
        )
        hint = suggest(word, names) or listed
        self.add(file, word.line, f"unknown {kind} '{word}'.{hint}")
        return False

    def stop_if_any(self, do: str = "") -> None:
        """Raise one error that holds every problem, and what to `do` about them.

        Raises
        ------
        EventError
            If there is any.
        """
        if len(self.found) == 1:
            raise EventError(self.found[0], do=do)
        if self.found:
            more = len(self.found) - MOST_TOLD
            told = self.found[:MOST_TOLD] + ([f"and {more} more"] if more > 0 else [])
            lines = "\n".join(f"  {line}" for line in told)
            raise EventError(f"{len(self.found)} problems:\n{lines}", do=do)


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    DataUnavailable
        If it is not there.
    EventError
        If it is not UTF-8, holds a NUL, or has more than 20 MB.
    """
    return bounded_text(path, EventError)


def nests_too_deeply(text: str) -> bool:
    """Tell whether more brackets stand open than anyone writes.

    The parser takes the square of their number in time, and gives up only then.
    """
    opened = (1 if bracket in "[{" else -1 for bracket in _BRACKETS.findall(text))
    return max(accumulate(opened), default=0) > MOST_OPEN


def read_yaml(path: Path, problems: Problems) -> Any:
    """Return the content of a YAML file, or None where it is empty or not YAML."""
    return parse_yaml(read_text(path), str(path), problems)


def parse_yaml(text: str, file: str, problems: Problems) -> Any:
    """Return what a YAML text holds, as the content of a file of that name."""
    if nests_too_deeply(text):
        problems.add(file, 1, f"not YAML: {TOO_DEEP}")
        return None
    try:
        node = YAML(typ="rt", pure=True).compose(text)
        return None if node is None else _Plain(file, problems).read(node)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        why = error.problem or error.context
        quoting = "; put a text that holds ': ' into quotes" if why == _COLON else ""
        problems.add(file, line, f"not YAML: {why}{quoting}")
    except YAMLError as error:
        problems.add(file, 1, f"not YAML: {str(error).splitlines()[0]}")
    except RecursionError:
        problems.add(file, 1, f"not YAML: {TOO_DEEP}")
    return None


@dataclass
class _Plain:
    """Turns nodes into plain values: each node once, so that none can multiply."""

    file: str
    problems: Problems
    seen: set[int] = field(default_factory=set)

    def read(self, node: Node) -> Any:
        """Return what a node holds; an alias or a tag is a problem."""
        line = node.start_mark.line + 1
        if id(node) in self.seen:
            return self.problems.add(self.file, line, "an alias: write the value out")
        self.seen.add(id(node))
        if str(node.tag) not in PLAIN_TAGS:
            told = f"the tag {node.tag}: only plain values are read"
            return self.problems.add(self.file, line, told)
        if isinstance(node, ScalarNode):
            empty = node.style is None and node.value in _EMPTY
            return None if empty else Text(node.value, line)
        if isinstance(node, MappingNode):
            return self._fields(node)
        return Rows([self.read(item) for item in node.value], line)

    def _fields(self, node: MappingNode) -> Fields:
        values: dict[Text, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self.problems.add(self.file, line, "a key that is not text")
                continue
            key = Text(str(key_node.value), line)
            if key in values:
                self.problems.add(self.file, line, f"the key '{key}' is written twice")
            values[key] = self.read(value_node)
        present = [(key, value) for key, value in values.items() if value is not None]
        return Fields(present, node.start_mark.line + 1)


def read_csv(path: Path) -> tuple[list[Text], list[Fields]]:
    """Return the header and the rows of a CSV file; empty cells are left out.

    Raises
    ------
    DataUnavailable
        If the file is not there.
    EventError
        If it is not UTF-8, or its quotes do not close.
    """
    reader = csv.reader(io.StringIO(read_text(path)), strict=True)
    try:
        header = [Text(name.strip(), 1) for name in next(reader, [])]
        rows = [_row(header, cells, reader.line_num) for cells in reader if cells]
    except csv.Error as error:
        raise EventError(
            f"not CSV: {error}",
            where=f"{path}:{reader.line_num}",
            allowed="cells between commas, quotes that close",
            do="mend that line, or write the file again",
        ) from error
    return header, rows


def _row(header: list[Text], cells: list[str], line: int) -> Fields:
    found = [
        (Text(name, line), Text(bare(cell.strip()), line))
        for name, cell in zip(header, cells, strict=False)
        if cell.strip()
    ]
    if len(cells) > len(header):
        found.append((Text(BEYOND, line), Text("", line)))
    return Fields(found, line)
