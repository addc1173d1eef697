"""Rows of a CSV that share an id: nothing that one of them states is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.errors import EventError
from aftershock.events import load_events

HEADER = "id,headline,published,tags,symbol,role,expected"
FIRST = "a,A deal,2026-07-01T08:00:00-04:00,compute-contract,META,actor,+1"
SECOND = "a,A deal,2026-07-01T08:00:00-04:00,compute-contract,CRWV,peer,-1"


def table(folder: Path, column: str, first: str, second: str) -> Path:
    path = folder / "own.csv"
    rows = (f"{HEADER},{column}", f"{FIRST},{first}", f"{SECOND},{second}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("selected_by", "", "move"),
        ("selected_by", "rule", "move"),
        ("url", "https://example.org/1", "https://example.org/2"),
        ("extra_sources", "https://example.org/1", "https://example.org/2"),
        ("confounders", "a Fed meeting", "earnings"),
        ("confidence", "0.9", "0.5"),
        ("recorded_at", "2026-07-02T08:00:00Z", "2026-07-03T08:00:00Z"),
        ("date_verified", "true", "false"),
    ],
)
def test_what_rows_state_differently_is_named(
    tmp_path: Path, column: str, first: str, second: str
) -> None:
    key = "source" if column == "url" else column
    with pytest.raises(EventError, match=rf"own\.csv:3: {key} differs from line 2"):
        load_events([table(tmp_path, column, first, second)])


@pytest.mark.parametrize(("first", "second"), [("move", "move"), ("move", "")])
def test_a_blank_or_the_same_is_no_difference(
    tmp_path: Path, first: str, second: str
) -> None:
    path = table(tmp_path, "selected_by", first, second)
    assert load_events([path])["a"].selected_by == "move"


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("One.", "Two.", "One. Two."),
        ("", "Two.", "Two."),
        ("One.", "", "One."),
        ("One. Two.", "Two.", "One. Two."),
    ],
)
def test_notes_are_joined(tmp_path: Path, first: str, second: str, joined: str) -> None:
    path = table(tmp_path, "notes", first, second)
    assert load_events([path])["a"].notes == joined
