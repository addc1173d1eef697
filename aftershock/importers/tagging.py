"""Tags by rule: which words in a headline speak for which tag, said with each tag.

A rule of ``data/tag_rules.yaml`` fires where one text of `any` stands in the headline
(or `near` each other one of its first and one of its second list), every text of
`all` as well, and none of `not`. It is transparent rather than clever: each tag comes
with the rule and the words that fired.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aftershock.errors import DataUnavailable
from aftershock.events.nodes import Fields, Problems, Rows, Text, read_yaml
from aftershock.events.vocabulary import TAGS
from aftershock.registry import look_up, suggest

RULES_FILE = "tag_rules.yaml"
RULE_KEYS = ("rule", "any", "all", "near", "not")
NEAR_KEYS = ("first", "second", "within")
WITHIN = 6
_WORD = re.compile(r"\d+(?:[.,]\d+)*[a-z]*|[a-z0-9&]+")
_CLASSES = {
    "<amount>": re.compile(r"\d[\d.,]*(?:bn|m|tn|b|billion|million)"),
    "<number>": re.compile(r"\d[\d.,]*\w*"),
    "<year>": re.compile(r"20\d\d"),
    "<quarter>": re.compile(r"q[1-4]"),
}
Words = tuple[str, ...]


@dataclass(frozen=True)
class Phrase:
    """One or more words in a row; ``sell*`` is any word that begins so."""

    text: str
    words: Words

    def places(self, said: Sequence[str]) -> list[int]:
        """Return the positions at which the phrase begins."""
        n = len(self.words)
        return [
            at
            for at in range(len(said) - n + 1)
            if all(map(_is, self.words, said[at : at + n]))
        ]


@dataclass(frozen=True)
class Rule:
    """What must stand in a headline, and what must not.

    Attributes
    ----------
    near : tuple of (first, second, within)
        Some phrase of `first` at most `within` words from some of `second`.
    """

    tag: str
    name: str
    any: tuple[Phrase, ...] = ()
    all: tuple[Phrase, ...] = ()
    near: tuple[tuple[tuple[Phrase, ...], tuple[Phrase, ...], int], ...] = ()
    none: tuple[Phrase, ...] = ()

    def fired(self, said: Sequence[str]) -> str:
        """Return the words that made it fire, or an empty text."""
        if any(phrase.places(said) for phrase in self.none):
            return ""
        if not all(phrase.places(said) for phrase in self.all):
            return ""
        found = next((p.text for p in self.any if p.places(said)), "")
        if found or not self.near:
            return found or ("" if self.any else " + ".join(p.text for p in self.all))
        return next((words for n in self.near if (words := _near(*n, said))), "")


@dataclass(frozen=True)
class Firing:
    """A tag, the rule that gave it, and the words that it saw."""

    tag: str
    rule: str
    words: str

    def __str__(self) -> str:
        return f"{self.tag} by rule {self.rule} ({self.words})"


@dataclass(frozen=True)
class TagRules:
    """The rules of one file, in its order."""

    rules: tuple[Rule, ...] = ()
    file: str = field(default="", compare=False)

    def firings(self, text: str) -> list[Firing]:
        """Return every rule that fires on a text."""
        said = words_of(text)
        found = [(rule, rule.fired(said)) for rule in self.rules]
        return [Firing(rule.tag, rule.name, words) for rule, words in found if words]

    def tags(self, text: str) -> dict[str, Firing]:
        """Return the tags of a text, each with the first rule that gave it."""
        first: dict[str, Firing] = {}
        for firing in self.firings(text):
            first.setdefault(firing.tag, firing)
        return first


def words_of(text: str) -> Words:
    """Return the words of a text in small letters; hyphens and possessives split."""
    plain = re.sub(r"['’]s\b|['’.]", _joint, text.casefold())
    return tuple(_WORD.findall(plain))


def _joint(match: re.Match[str]) -> str:
    """Keep the point of a number, drop that of an abbreviation (D.A., U.S.)."""
    text, at = match.string, match.start()
    inside = text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
    return match[0] if match[0] == "." and inside else ""


def _is(wanted: str, said: str) -> bool:
    if wanted in _CLASSES:
        return bool(_CLASSES[wanted].fullmatch(said))
    return said.startswith(wanted[:-1]) if wanted.endswith("*") else said == wanted


def _near(
    first: tuple[Phrase, ...],
    second: tuple[Phrase, ...],
    within: int,
    said: Sequence[str],
) -> str:
    for one in first:
        for other in second:
            pairs = ((a, b) for a in one.places(said) for b in other.places(said))
            if any(0 < _gap(a, one, b, other) <= within for a, b in pairs):
                return f"{one.text} .. {other.text}"
    return ""


def _gap(a: int, one: Phrase, b: int, other: Phrase) -> int:
    """Return the words from the end of the earlier phrase to the later one; 0: same."""
    return b - a - len(one.words) + 1 if b > a else a - b - len(other.words) + 1


def load_tag_rules(workspace: Path | None = None) -> TagRules:
    """Return the rules of a workspace's ``data/tag_rules.yaml``, or else ours.

    Raises
    ------
    EventError
        With every problem of the file, each at its line.
    """
    path = look_up("data", RULES_FILE, workspace)
    if path is None:
        raise DataUnavailable(
            f"there is no {RULES_FILE}",
            where="data/",
            allowed="a file of rules in the workspace, or the one that is shipped",
            do="install the package again: it brings its own",
        )
    problems = Problems()
    content = read_yaml(path, problems)
    reader = _RuleReader(str(path), problems)
    rules = tuple(reader.rules(content)) if isinstance(content, Fields) else ()
    if content is not None and not isinstance(content, Fields):
        problems.add(str(path), 1, "expected one entry per tag")
    problems.stop_if_any()
    return TagRules(rules, str(path))


@dataclass
class _RuleReader:
    """Reads the rules of one file; every problem is noted."""

    file: str
    problems: Problems
    lists: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)

    def rules(self, content: Fields) -> Iterator[Rule]:
        """Yield the rules of all tags."""
        self.lists = self.named(content.get("lists", Fields([], 1)))
        for tag in content.names:
            if tag == "lists":
                continue
            self.problems.check_word(self.file, "tag", tag, TAGS)
            rows = content[tag]
            for number, row in enumerate(rows if isinstance(rows, Rows) else [], 1):
                if isinstance(row, Fields):
                    yield self.rule(str(tag), number, row)
                else:
                    self.tell(rows.line, "a rule reads {rule: name, any: [words]}")
            if not isinstance(rows, Rows):
                self.tell(tag.line, f"'{tag}' should have a list of rules")

    def named(self, lists: Any) -> dict[str, tuple[Phrase, ...]]:
        """Return the phrases of each list, by the name that rules call it by."""
        if isinstance(lists, Fields):
            return {f"${n}": self.phrases(lists[n], lists.line) for n in lists}
        self.tell(lists.line, "lists reads {name: [words]}")
        return {}

    def rule(self, tag: str, number: int, row: Fields) -> Rule:
        """Return one rule; what is wrong with it is noted."""
        self.problems.check_keys(self.file, row, RULE_KEYS)
        if not {"any", "all", "near"} & set(row):
            self.tell(row.line, "a rule needs any, all or near")
        near = row.get("near", Rows([], row.line))
        pairs = [near] if isinstance(near, Fields) else list(near)
        return Rule(
            tag,
            str(row.get("rule", f"{tag}-{number}")),
            self.phrases(row.get("any", ()), row.line),
            self.phrases(row.get("all", ()), row.line),
            tuple(self.near(pair, row.line) for pair in pairs),
            self.phrases(row.get("not", ()), row.line),
        )

    def near(self, pair: Any, line: int) -> tuple[Any, Any, int]:
        """Return both phrases of a pair and how many words may lie between."""
        if not isinstance(pair, Mapping) or not {"first", "second"} <= set(pair):
            self.tell(line, "near reads {first: [words], second: [words], within: 6}")
            return (), (), WITHIN
        self.problems.check_keys(self.file, Fields(pair.items(), line), NEAR_KEYS)
        within = str(pair.get("within", WITHIN))
        if not within.isdecimal():
            self.tell(line, f"within: '{within}' is no number of words")
        ends = [self.phrases(pair[key], line) for key in ("first", "second")]
        return ends[0], ends[1], int(within) if within.isdecimal() else WITHIN

    def phrases(self, texts: Any, line: int) -> tuple[Phrase, ...]:
        """Return phrases, those of named lists in their place."""
        found: list[Phrase] = []
        for text in self.texts(texts, line):
            if text in self.lists:
                found += self.lists[text]
            elif str(text).startswith("$"):
                self.tell(
                    line, f"no list is named '{text}'.{suggest(text, self.lists)}"
                )
            else:
                found += self.phrase(str(text), line)
        return tuple(found)

    def phrase(self, text: str, line: int) -> list[Phrase]:
        """Return the phrase of a text; one without words would stand everywhere."""
        words = _phrase_words(text)
        if words and not re.search(r"(?<!\w)\*", text):
            return [Phrase(text, words)]
        self.tell(line, f"'{text}': a phrase needs words, and letters before a *")
        return []

    def texts(self, written: Any, line: int) -> list[Text]:
        """Return the texts of a list; one may stand for it."""
        rows = [written] if isinstance(written, Text) else written
        if not isinstance(rows, Mapping) and all(isinstance(t, Text) for t in rows):
            return list(rows)
        self.tell(line, "words are texts: [sell, spare capacity]")
        return []

    def tell(self, line: int, message: str) -> None:
        """Note a problem of the file."""
        self.problems.add(self.file, line, message)


def _phrase_words(text: str) -> Words:
    """Return the words of a phrase; ``*`` and the classes in angles stay."""
    parts = re.findall(r"<\w+>|[^\s<>]+", text.casefold())
    words: list[str] = []
    for part in parts:
        if part in _CLASSES:
            words.append(part)
            continue
        split = list(words_of(part.rstrip("*")))
        if split and part.endswith("*"):
            split[-1] += "*"
        words += split
    return tuple(words)
