"""What ``aftershock events add`` does: one event, checked, into a file."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from aftershock.cli.event_facts import facts_of
from aftershock.cli.event_proof import proof_of
from aftershock.cli.listing import LINE
from aftershock.cli.workspace import catalogue_root
from aftershock.errors import EventError
from aftershock.events import EventSet
from aftershock.events.spoken import SPOKEN_SIGNS, parts_of
from aftershock.events.writing import NEW_EVENT, append_event

_WORDS = re.compile(r"unknown (tag|role) ")
_TAKEN = re.compile(r"the id '.*' is already used at (\S.*:\d+)$")


def add_command(
    path: Path,
    record: Mapping[str, Any],
    symbols: Sequence[str],
    baskets: Sequence[str],
    declared: str,
    *,
    again: bool = False,
) -> None:
    """Append an event with exposures as `parts_of` reads them; say where it is."""
    import pandas as pd

    if path.suffix.lower() not in (".yaml", ".yml"):
        raise EventError(
            "events are added to a YAML file only",
            where=f"--to {path}",
            allowed="a name that ends in .yaml or .yml",
            do="write a CSV by hand, or name a YAML file",
        )
    exposures = [
        *(_exposure("symbol", text, declared) for text in symbols),
        *(_exposure("basket", text, declared) for text in baskets),
    ]
    now = pd.Timestamp.now("UTC").isoformat(timespec="seconds")
    whole = {**record, "exposures": exposures, "recorded_at": now}
    near: list[str] = []
    try:
        root = catalogue_root()
        added = append_event(
            path, whole, root, prove=_prove_new, again=again, tell=near.append
        )
    except EventError as error:
        raise _unwritten(error) from error
    event = added.events[0]
    typer.echo(f"Added {event.id} at {event.where}.")
    typer.echo(_read_as(added))
    asked = [f"{event.where}: {event.id}: {told}" for told in near]
    for warning in [*proof_of(added, strict=False)["warnings"], *asked]:
        typer.echo(_wrapped(f"Warning: {warning}"))
    folder = ("data", "events")
    if path.resolve().parts[-3:-1] == folder:
        typer.echo(f"'aftershock events show {event.id}' shows what it means.")


def _prove_new(events: EventSet) -> None:
    """Prove events that stand in no file yet."""
    unplaced = tuple(replace(event, file="") for event in events.events)
    proof_of(EventSet(unplaced, events.lexicon), strict=False)


def _unwritten(error: EventError) -> EventError:
    """Return an error that says besides that nothing was written, and how to go on."""
    again = "mend it, then repeat the command"
    allowed = error.allowed
    if NEW_EVENT in error.found:
        again = "repeat the command with this put right"
        if " allowed: " not in error.found:
            allowed = allowed or "what 'aftershock events add --help' describes"
    if _WORDS.search(error.found):
        again += "; 'aftershock events tags' lists the tags and roles"
    elif there := _TAKEN.search(error.found):
        again = f"edit {there[1]}, or choose another id"
    return EventError(
        error.found,
        where=error.where,
        allowed=allowed,
        do=f"nothing was written: {error.do or again}",
    )


def _read_as(added: EventSet) -> str:
    """Return how the time of an event was understood: a wrong offset shows there."""
    facts = facts_of(added, added.events[0].id)
    told = (
        f"Read as {facts['window']}; first session {facts['session_said']}; "
        f"first fill {facts['first_fill_said']}."
    )
    return _wrapped(told)


def _wrapped(told: str) -> str:
    """Return a text in lines of the screen; no name is broken."""
    return textwrap.fill(
        told,
        LINE,
        subsequent_indent="  ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def _exposure(kind: str, text: str, declared: str) -> dict[str, str]:
    """Return the exposure that ``META:actor:+1`` or ``META:+1:actor`` states."""
    name, sign, role = parts_of(text)
    if not sign or not role:
        raise EventError(
            f"'{text}' is no exposure",
            where=f"--{kind}",
            allowed=f"{kind.upper()}:ROLE:SIGN or {kind.upper()}:SIGN:ROLE, with the "
            "sign +, 0 or - (+1, -1; up, none, down)",
            do=f"write --{kind} {'META' if kind == 'symbol' else 'neoclouds'}:actor:+1",
        )
    known = SPOKEN_SIGNS.get(sign)
    return {
        kind: name,
        "role": role,
        "expected": sign if known is None else f"{known:+d}".replace("+0", "0"),
        "declared": declared,
    }
