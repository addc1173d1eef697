"""What a name in an event stands for: baskets with dated members, and proxies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.calendar import label
from aftershock.events.nodes import Fields, Problems, Rows, Text, read_yaml
from aftershock.registry import look_up

MEMBER_KEYS = ("symbol", "from", "to", "note")
BASKET_KEYS = ("name", "rule", "source", "members")
INSTRUMENT_KEYS = ("name", "kind", "aliases", "proxy", "listed", "note")
KINDS = ("share", "fund", "index")
SYMBOL = re.compile(r"\^?[A-Z0-9](?:[A-Z0-9=-]|[./](?=[A-Z0-9]))*")
"""A point or a slash stands between two others: a symbol is never a path."""


@dataclass(frozen=True)
class Member:
    """A symbol of a basket, from a date (inclusive) to a date (inclusive)."""

    symbol: str
    since: pd.Timestamp | None = None
    until: pd.Timestamp | None = None

    def on(self, session: pd.Timestamp) -> bool:
        """Tell whether it belonged to the basket at a session."""
        begun = self.since is None or self.since <= session
        return begun and (self.until is None or session <= self.until)


@dataclass(frozen=True)
class Basket:
    """A named group of symbols with the rule by which they were chosen."""

    id: str
    name: str
    rule: str
    members: tuple[Member, ...]

    def on(self, session: pd.Timestamp) -> tuple[str, ...]:
        """Return the symbols that belonged to it at a session, as written."""
        return tuple(m.symbol for m in self.members if m.on(session))


@dataclass(frozen=True)
class Instrument:
    """What a symbol is.

    Parameters
    ----------
    kind : {"share", "fund", "index"}
    proxy : str
        What can be traded in place of an index, or empty.
    listed : Timestamp, optional
        First session of trading; returns from before do not belong to it.
    """

    symbol: str
    name: str
    kind: str = "share"
    aliases: tuple[str, ...] = ()
    proxy: str = ""
    listed: pd.Timestamp | None = None


@dataclass(frozen=True)
class Lexicon:
    """The baskets and instruments that events can name."""

    baskets: Mapping[str, Basket] = field(default_factory=dict)
    instruments: Mapping[str, Instrument] = field(default_factory=dict)

    def proxy(self, symbol: str) -> str:
        """Return what stands for an index, or an empty text."""
        known = self.instruments.get(symbol)
        return known.proxy if known else ""

    def meant(self, written: str) -> str:
        """Return the symbol of which a text is an alias, or an empty text."""
        for instrument in self.instruments.values():
            names = (instrument.symbol, instrument.name, *instrument.aliases)
            if written.casefold() in {name.casefold() for name in names}:
                return instrument.symbol
        return ""


def load_lexicon(workspace: Path | None, problems: Problems) -> Lexicon:
    """Read `baskets.yaml` and `instruments.yaml`: ours, then what a workspace adds.

    Problems are gathered, not raised. A name that both state is the workspace's.
    """
    baskets: dict[str, Basket] = {}
    instruments: dict[str, Instrument] = {}
    for path in _layers("instruments.yaml", workspace):
        for name, fields in _entries(path, problems):
            instruments[str(name)] = _instrument(str(path), name, fields, problems)
    for path in _layers("baskets.yaml", workspace):
        for name, fields in _entries(path, problems):
            baskets[str(name)] = _basket(str(path), name, fields, problems)
    return Lexicon(baskets, instruments)


def _layers(name: str, workspace: Path | None) -> list[Path]:
    found = [look_up("data", name, None), look_up("data", name, workspace)]
    return list(dict.fromkeys(path for path in found if path))


def _entries(path: Path, problems: Problems) -> list[tuple[Text, Fields]]:
    content = read_yaml(path, problems)
    if content is None:
        return []
    if not isinstance(content, Fields):
        problems.add(str(path), 1, "expected one entry per name")
        return []
    for name in content.names:
        if not isinstance(content[name], Fields):
            problems.add(str(path), name.line, f"'{name}' should be a mapping")
    return [(n, content[n]) for n in content.names if isinstance(content[n], Fields)]


def _instrument(file: str, name: Text, fields: Fields, told: Problems) -> Instrument:
    told.check_keys(file, fields, INSTRUMENT_KEYS)
    kind = fields.get("kind", Text("share", name.line))
    told.check_word(file, "kind of instrument", kind, KINDS)
    return Instrument(
        symbol=str(name),
        name=str(fields.get("name") or name),
        kind=str(kind),
        aliases=_aliases(file, name, fields, told),
        proxy=str(fields.get("proxy") or ""),
        listed=_date(file, fields, "listed", told),
    )


def _aliases(file: str, name: Text, fields: Fields, told: Problems) -> tuple[str, ...]:
    """Return the aliases of an instrument; one may be written as a text."""
    written = fields.get("aliases", Rows([], name.line))
    rows = Rows([written], name.line) if isinstance(written, Text) else written
    if isinstance(rows, Rows) and all(isinstance(alias, Text) for alias in rows):
        return tuple(str(alias) for alias in rows if alias)
    told.add(file, written.line, f"aliases of '{name}' should be a list of texts")
    return ()


def _basket(file: str, name: Text, fields: Fields, told: Problems) -> Basket:
    told.check_keys(file, fields, BASKET_KEYS)
    rule = fields.get("rule")
    if not rule:
        told.add(file, name.line, f"the basket '{name}' states no membership rule")
    rows = fields.get("members")
    if not isinstance(rows, Rows) or not rows:
        told.add(file, name.line, f"the basket '{name}' has no list of members")
        rows = []
    for key in ("name", "rule"):
        if not isinstance(fields.get(key, name), Text):
            told.add(file, name.line, f"{key} of the basket '{name}' should be a text")
    members = tuple(m for m in (_member(file, row, told) for row in rows) if m)
    _refuse_twice(file, name, members, told)
    return Basket(str(name), str(fields.get("name") or name), str(rule or ""), members)


def _refuse_twice(
    file: str, name: Text, members: tuple[Member, ...], told: Problems
) -> None:
    """Note a symbol that belongs to a basket twice at one session."""
    last: dict[str, Member] = {}
    for member in sorted(members, key=lambda m: m.since or pd.Timestamp.min):
        before = last.get(member.symbol)
        since = member.since or pd.Timestamp.min
        if before and (before.until is None or since <= before.until):
            message = f"'{member.symbol}' is twice in the basket '{name}'"
            told.add(file, name.line, message)
        last[member.symbol] = member


def _member(file: str, row: Any, told: Problems) -> Member | None:
    if isinstance(row, Text):
        _check_symbol(file, row, told)
        return Member(str(row))
    if not isinstance(row, Fields) or not isinstance(row.get("symbol"), Text):
        told.add(file, getattr(row, "line", 1), "a member needs a symbol")
        return None
    _check_symbol(file, row["symbol"], told)
    told.check_keys(file, row, MEMBER_KEYS)
    since, until = (_date(file, row, key, told) for key in ("from", "to"))
    if since is not None and until is not None and since > until:
        told.add(file, row.line, "a member's 'to' lies before its 'from'")
    return Member(str(row.get("symbol")), since, until)


def _check_symbol(file: str, symbol: Text, told: Problems) -> None:
    if not SYMBOL.fullmatch(symbol):
        message = f"'{symbol}' is not a symbol, such as META or ^GSPC"
        told.add(file, symbol.line, message)


def _date(file: str, fields: Fields, key: str, told: Problems) -> pd.Timestamp | None:
    written = fields.get(key)
    if written is None:
        return None
    try:
        return label(pd.Timestamp(datetime.strptime(str(written), "%Y-%m-%d")))
    except ValueError:
        told.add(file, fields.line, f"{key}: '{written}' is not a date")
        return None
