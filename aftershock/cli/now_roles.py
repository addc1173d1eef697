"""Roles on the screen of ``aftershock now``: those shown, and those guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

TYPED = {1: "+", -1: "-", 0: "?"}
"""Signs as they are typed."""
Rows = list[Mapping[str, Any]]


def parted(found: Mapping[str, Any]) -> tuple[Rows, Rows]:
    """Return the precedents in roles of the question's symbols, and the others."""
    from aftershock.tables import role_order

    by_role = {row["role"]: row for row in found["precedents"]}
    asked = dict.fromkeys(row["role"] for row in found["symbols"])
    others = role_order([role for role in by_role if role not in asked])
    own = [by_role[role] for role in asked if role in by_role]
    return own, [by_role[role] for role in others]


def not_shown(
    found: Mapping[str, Any], hidden: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Yield which symbols have no precedent in their role, and what `--all` adds."""
    known = {row["role"] for row in found["precedents"]}
    bare = [
        f"{row['symbol']} as {row['role']}"
        for row in found["symbols"]
        if row["role"] not in known
    ]
    if known and bare:
        yield "no precedent", "; ".join(bare)
    if hidden:
        roles = ", ".join(row["role"] for row in hidden)
        yield "other roles", f"{roles}: --all shows their precedents"


def guesses(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield each role that was not typed, with those that the symbol had besides."""
    guessed = [row for row in rows if row["role_from"] != "as typed"]
    lines = [*map(_guess, guessed), *_instead(guessed)]
    yield from (("" if n else "roles", line) for n, line in enumerate(lines))


def _guess(row: Mapping[str, Any]) -> str:
    """Return a role, whence it is, and how often the symbol had each one."""
    said = f"{row['symbol']} {row['role']} ({row['role_from']})"
    known = row["roles_known"]
    if not known.keys() - {row["role"]}:
        return said
    counts = ", ".join(f"{role} {n}" for role, n in known.items())
    return f"{said}; in how many precedents: {counts}"


def _instead(guessed: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield how the most frequent role of a symbol is typed that has another one."""
    for row in guessed:
        most = next(iter(row["roles_known"]), row["role"])
        if most != row["role"]:
            typed = f"{row['symbol']}:{TYPED[row['expected']]}:{most}"
            yield f"to choose another, type it: {typed}"
            return
