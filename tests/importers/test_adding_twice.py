"""Two processes that add an event to one file at once: both are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aftershock.errors import EventError
from aftershock.events import EventSet, load_events
from aftershock.events.writing import append_event


def record(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "headline": f"A deal, told by {name}",
        "published": "2026-07-01T08:00:00-04:00",
        "tags": ["compute-contract"],
        "exposures": [{"symbol": "META", "role": "actor", "expected": "+1"}],
    }


def test_what_is_added_while_another_is_proven_is_kept(tmp_path: Path) -> None:
    """The second comes between the first's reading and its writing."""
    path, other = tmp_path / "own.yaml", [record("b")]

    def prove(events: EventSet) -> None:
        if other:
            append_event(path, other.pop(), tmp_path)

    added = append_event(path, record("a"), tmp_path, prove=prove)
    assert sorted(e.id for e in load_events([path]).events) == ["a", "b"]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[added["a"].line - 1] == "- id: a"


def test_an_id_that_another_takes_meanwhile_is_refused(tmp_path: Path) -> None:
    path, other = tmp_path / "own.yaml", [record("a")]

    def prove(events: EventSet) -> None:
        if other:
            append_event(path, other.pop(), tmp_path)

    with pytest.raises(EventError, match=r"the id 'a' is already used at .*yaml:1"):
        append_event(path, record("a"), tmp_path, prove=prove)
    assert len(load_events([path])) == 1
