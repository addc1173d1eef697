"""YAML and CSV files as plain texts, lists and mappings that know their line.

Scalars stay the text that was written: ``ON`` is a symbol and never a truth
value, ``2026-07-01`` a text until it is asked for as a date.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from aftershock.errors import DataUnavailable, EventError
from aftershock.registry import suggest

# what the parser says of "headline: Late: a site"
_COLON = "mapping values are not allowed here"


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

    def add(self, file: str, line: int, message: str) -> None:
        """Note one problem at its place."""
        self.found.append(f"{file}:{line}: {message}")

    def check_keys(self, file: str, fields: Fields, known: Iterable[str]) -> None:
        """Name each key that is not known, with the closest that is."""
        names = list(known)
        for key in fields.names:
            if key not in names:
                hint = suggest(key, names) or f" Known: {', '.join(names)}."
                self.add(file, key.line, f"unknown key '{key}'.{hint}")

    def check_word(
        self, file: str, kind: str, word: Text, known: Iterable[str]
    ) -> bool:
        """Tell whether a word is in its closed list; if not, name the closest."""
        names = list(known)
        if word in names:
            return True
        hint = suggest(word, names) or f" Known: {', '.join(names)}."
        self.add(file, word.line, f"unknown {kind} '{word}'.{hint}")
        return False

    def stop_if_any(self) -> None:
        """Raise one error that holds every problem.

        Raises
        ------
        EventError
            If there is any.
        """
        if len(self.found) == 1:
            raise EventError(self.found[0])
        if self.found:
            lines = "\n".join(f"  {line}" for line in self.found)
            raise EventError(f"{len(self.found)} problems:\n{lines}")


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    DataUnavailable
        If it is not there.
    EventError
        If it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise DataUnavailable("there is no such file", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise EventError("the file is not UTF-8 text", where=str(path)) from error


def read_yaml(path: Path, problems: Problems) -> Any:
    """Return the content of a YAML file, or None where it is empty or not YAML."""
    return parse_yaml(read_text(path), str(path), problems)


def parse_yaml(text: str, file: str, problems: Problems) -> Any:
    """Return what a YAML text holds, as the content of a file of that name."""
    try:
        node = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        why = error.problem or error.context
        quoting = "; put a text that holds ': ' into quotes" if why == _COLON else ""
        problems.add(file, line, f"not YAML: {why}{quoting}")
        return None
    except YAMLError as error:
        problems.add(file, 1, f"not YAML: {str(error).splitlines()[0]}")
        return None
    return None if node is None else _plain(node, file, problems)


def _plain(node: Node, file: str, problems: Problems) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, ScalarNode):
        empty = node.style is None and node.value in ("", "~", "null", "Null", "NULL")
        return None if empty else Text(node.value, line)
    if isinstance(node, MappingNode):
        return _fields(node, file, problems)
    return Rows([_plain(item, file, problems) for item in node.value], line)


def _fields(node: MappingNode, file: str, problems: Problems) -> Fields:
    values: dict[Text, Any] = {}
    for key_node, value_node in node.value:
        key = Text(str(key_node.value), key_node.start_mark.line + 1)
        if key in values:
            problems.add(file, key.line, f"the key '{key}' is written twice")
        values[key] = _plain(value_node, file, problems)
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
            f"not CSV: {error}", where=f"{path}:{reader.line_num}"
        ) from error
    return header, rows


def _row(header: list[Text], cells: list[str], line: int) -> Fields:
    found = [
        (Text(name, line), Text(cell.strip(), line))
        for name, cell in zip(header, cells, strict=False)
        if cell.strip()
    ]
    if len(cells) > len(header):
        found.append((Text("(cells beyond the header)", line), Text("", line)))
    return Fields(found, line)
