"""A YAML file as plain values, with the line and column of everything in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from aftershock.config.kinds import Loc
from aftershock.config.other_files import by_name, no_config, of_a_run
from aftershock.config.problems import Problem
from aftershock.errors import ConfigError
from aftershock.events.nodes import PLAIN_TAGS, TOO_DEEP, nests_too_deeply
from aftershock.registry.reading import read_text, shown

LIMIT_BYTES = 1_000_000
"""A config is written by hand: more than this is not a config."""
YAML_ONLY = "YAML: plain values, lists and mappings, 'key: value' on each line"
MEND = "mend the file there; put texts that hold ': ', '#' or tabs into quotes"

_BEGUN = re.compile(r"[+-]?\d{1,3}")
_PIECE = re.compile(r"\d{3}(\.\d+)?")


@dataclass
class Document:
    """What a config file and its overrides say.

    Attributes
    ----------
    path : Path
        The file.
    shown : str
        How messages name it.
    values : dict
        Plain values: str, int, float, bool, None, date, list, dict.
    keys, places : dict of tuple to str
        ``file:line:column`` of each key, and of each value.
    texts : dict of tuple to str
        How each scalar is written: ``ON`` or ``2026`` may be meant as text.
    problems : list of Problem
        Duplicate keys, tags, aliases, impossible dates.
    """

    path: Path
    shown: str
    values: dict[str, Any] = field(default_factory=dict)
    keys: dict[Loc, str] = field(default_factory=dict)
    places: dict[Loc, str] = field(default_factory=dict)
    texts: dict[Loc, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def where(self, loc: Loc, *, key: bool = False) -> str:
        """Return the place of a value or key; of what holds it when it is absent."""
        known = self.keys if key else self.places
        while loc and loc not in known:
            loc, known = loc[:-1], self.places
        return known.get(loc, self.shown)

    def value(self, loc: Loc) -> Any:
        """Return the value at `loc`, None where there is none."""
        here: Any = self.values
        for part in loc:
            try:
                here = here[part]
            except (KeyError, IndexError, TypeError):
                return None
        return here

    def replace(self, loc: Loc, value: Any) -> None:
        """Put another value where one is."""
        self.value(loc[:-1])[loc[-1]] = value

    def forget(self, loc: Loc) -> None:
        """Drop the places of `loc` and of all that lies in it."""
        for known in (self.keys, self.places, self.texts):
            for other in [o for o in known if o[: len(loc)] == loc]:
                del known[other]


class _Reader:
    """Walk the nodes of one YAML text into a Document."""

    def __init__(self, document: Document, prefix: str) -> None:
        self.document, self.prefix = document, prefix
        self.scalars = YAML(typ="safe", pure=True).constructor
        self.seen: set[int] = set()

    def read(self, node: Node, loc: Loc) -> Any:
        """Return the plain value of a node; note places and problems on the way."""
        self.document.places[loc] = self._place(node)
        if id(node) in self.seen:
            return self._problem(node, loc, "an alias", "the value written out")
        self.seen.add(id(node))
        if str(node.tag) not in PLAIN_TAGS:
            return self._problem(node, loc, f"the tag {node.tag}", "plain values")
        if isinstance(node, MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, SequenceNode):
            return [self.read(child, (*loc, i)) for i, child in enumerate(node.value)]
        return self._scalar(node, loc)

    def _mapping(self, node: MappingNode, loc: Loc) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node, rest in _whole_numbers(node):
            if not isinstance(key_node, ScalarNode):
                self._problem(key_node, loc, "a key that is not text", "a word")
                continue
            # The key as written: ON, 600519 or true can be symbols of a contrast.
            name = str(key_node.value)
            inner = (*loc, name)
            if name in values:
                first = self.document.keys[inner]
                self._problem(key_node, inner, "the same key twice", f"once ({first})")
                continue
            self.document.keys[inner] = self._place(key_node)
            values[name] = self.read(value_node, inner)
            if rest:
                values[name] = self._split(value_node, inner, rest)
        return values

    def _split(self, node: Node, loc: Loc, rest: Sequence[str]) -> float:
        """Note a number that its commas cut to pieces; return it as it was meant."""
        parts = [str(node.value), *rest]
        found = f"{','.join(parts)}, cut at its commas"
        self._problem(node, loc, found, "_".join(parts))
        number = "".join(parts)
        return float(number) if "." in number else int(number)

    def _scalar(self, node: Node, loc: Loc) -> Any:
        if getattr(node, "style", None) is None:  # plain, not quoted
            self.document.texts[loc] = str(node.value)
        try:
            return self.scalars.construct_object(node)
        except (ValueError, YAMLError):
            number = str(node.value).isdigit()
            allowed = "fewer digits" if number else "a date that exists"
            return self._problem(node, loc, repr(node.value), allowed)

    def _place(self, node: Node) -> str:
        if self.prefix.startswith("--set"):
            return self.prefix
        mark = node.start_mark
        return f"{self.prefix}:{mark.line + 1}:{mark.column + 1}"

    def _problem(self, node: Node, loc: Loc, found: str, allowed: str) -> None:
        self.document.problems.append(
            Problem(self._place(node), dotted(loc), found, allowed)
        )


def _whole_numbers(node: MappingNode) -> Iterator[tuple[Node, Node, Sequence[str]]]:
    """Yield keys and values, each with what commas cut off the end of its number.

    In ``{cash: 1,000,000}`` YAML reads a key `cash` and two of the name 000.
    """
    whole: list[tuple[Node, Node, list[str]]] = []
    for key, value in node.value:
        empty = node.flow_style and whole and str(value.value) == ""
        if (
            empty
            and _PIECE.fullmatch(str(key.value))
            and _BEGUN.fullmatch(str(whole[-1][1].value))
        ):
            whole[-1][2].append(str(key.value))
        else:
            whole.append((key, value, []))
    return iter(whole)


def dotted(loc: Loc) -> str:
    """Write ``("study", "windows", 0)`` as ``study.windows.0``."""
    return ".".join(str(part) for part in loc)


def read_document(path: Path, overrides: Sequence[str] = ()) -> Document:
    """Read a config and apply ``key=value`` overrides to it.

    Raises
    ------
    DataUnavailable
        When there is no such file.
    ConfigError
        When it is not YAML, not text, or not a mapping, or the record of a run.
    """
    document = Document(path, shown(path) if path.is_absolute() else str(path))
    if path.is_file():
        refusal = by_name(document.shown) or of_a_run(path, document.shown)
        if refusal:
            raise refusal
    node = _compose(_text_of(path), document.shown)
    document.places[()] = f"{document.shown}:1:1"
    if refusal := no_config(node, document.shown):
        raise refusal
    if node is not None:
        document.values = _Reader(document, document.shown).read(node, ()) or {}
    for override in overrides:
        _apply(document, override)
    return document


def _apply(document: Document, override: str) -> None:
    """Set one ``a.b.c=value``, making the mappings on the way."""
    name, equals, text = override.partition("=")
    parts = name.strip().split(".")
    if not equals or not all(parts):
        raise ConfigError(
            f"found '{override}'",
            where="--set",
            allowed="key=value, as in seed=7",
            do="write a key, an equals sign and a value",
        )
    shown = f"--set {override}"
    holder: Any = document.values
    loc: Loc = ()
    for part in parts[:-1]:
        loc = (*loc, _step(holder, part, loc, shown))
        if isinstance(holder, dict) and holder.get(loc[-1]) is None:
            holder[loc[-1]] = {}
            document.keys[loc] = document.places[loc] = shown
        holder = holder[loc[-1]]
    loc = (*loc, _step(holder, parts[-1], loc, shown))
    document.forget(loc)
    document.keys[loc] = document.places[loc] = shown
    node = _compose(text, shown)
    holder[loc[-1]] = _Reader(document, shown).read(node, loc) if node else None


def _step(holder: Any, part: str, loc: Loc, shown: str) -> str | int:
    """Return `part` as the key of a mapping or the index of a list."""
    if isinstance(holder, dict):
        return part
    if isinstance(holder, list) and part.isdecimal() and int(part) < len(holder):
        return int(part)
    if isinstance(holder, list):
        allowed = f"one of its {len(holder)} entries, counted from 0"
        raise ConfigError(
            f"'{dotted(loc)}' is a list",
            where=shown,
            allowed=allowed,
            do="write the number of the entry, as in strategies.0.hold=5",
        )
    raise ConfigError(
        f"'{dotted(loc)}' holds no keys",
        where=shown,
        allowed="a key inside a mapping or a list",
        do="see `aftershock schema` for the keys there are",
    )


def _compose(text: str, shown: str) -> Node | None:
    """Parse YAML to nodes; nothing is constructed, so nothing can be executed."""
    if nests_too_deeply(text):
        found = f"this is not YAML: {TOO_DEEP}"
        raise ConfigError(found, where=shown, allowed=YAML_ONLY, do=MEND)
    try:
        node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ConfigError(
            f"this is not YAML: {error.problem or error.context}",
            where=shown if shown.startswith("--set") else f"{shown}{at}",
            allowed=YAML_ONLY,
            do=MEND,
        ) from None
    except (YAMLError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        first = TOO_DEEP if deep else str(error).splitlines()[0]
        raise ConfigError(
            f"this is not YAML: {first}", where=shown, allowed=YAML_ONLY, do=MEND
        ) from None
    return node


def _text_of(path: Path) -> str:
    """Return the text of the file, or say why it cannot be read."""
    absent = "there is no such config"
    return read_text(path, ConfigError, most=LIMIT_BYTES, absent=absent)
