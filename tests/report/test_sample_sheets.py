"""The sheets of the sample: what each is called, and what it leaves to the files."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from aftershock.pages import sample_sections
from aftershock.pages.sample_and_data import SampleAndData, title_of
from aftershock.pages.sheet import text_width
from aftershock.pages.telling import Told, told
from aftershock.plots import TITLE
from tests.report.reading import run_with


def sheets(events: int, near: int = 0) -> list[Told]:
    """What is told of a run of so many events, each of one pair that was used."""
    ids = [f"event-{i:03d}" for i in range(events)]
    pairs = pd.DataFrame({
        "event_id": ids, "symbol": "AA", "role": "actor", "expected": 1,
        "session": "2026-07-01", "status": "ok", "m": 240, "beta": 1.0, "sigma": 0.02,
        "r2": 0.3, "via": "", "proxy": "", "reason": "", "flags": "",
    })  # fmt: skip
    other = {"session": "2026-07-01", "headline": "Other news"}
    source = {"name": "Paper", "url": "https://paper.example"}
    manifest = {
        "study": {}, "focus": ids[-1],
        "events": [{"id": i, "selected_by": "rule", "source": source} for i in ids],
        "confounders": [{"event_id": f"near-{i}", **other} for i in range(near)],
        "sources": [{"symbol": "AA"}], "engine": "aftershock 1", "seed": 1,
    }  # fmt: skip
    none = pd.DataFrame({"event_id": [], "symbol": [], "reason": [], "detail": []})
    result = run_with(manifest, pairs=pairs, dropped=none, pending=none)
    return [told(figure) for figure in SampleAndData().draw(result, "a4")]


def table(found: list[Told], name: str) -> list[list[str]]:
    """The rows of one table, from all sheets that it stands on."""
    listings = [listing for sheet in found for listing in sheet.listings]
    return [row for listing in listings if listing.name == name for row in listing.rows]


def test_a_sheet_is_called_by_what_it_tells() -> None:
    (one,) = sheets(1)
    assert one.title.startswith("1 event-symbol pair used; how 1 event was chosen; ")
    assert [sheet.title for sheet in sheets(200)] == [
        "200 event-symbol pairs used",
        "How 200 events were chosen",
        "Prices of 1 symbol; how to repeat it; sources of 200 events",
        "Sources of 200 events, continued",
    ]


def test_what_has_no_room_in_a_title_is_counted() -> None:
    told_of = ["one thing", "another thing", "a third"]
    whole = "One thing; another thing; a third"
    assert title_of(told_of, 99.0) == whole
    assert title_of(told_of, text_width(whole, TITLE, "semibold") - 0.01) == (
        "One thing; and 2 more"
    )


@pytest.mark.parametrize("events", [100, 400])
def test_many_events_take_no_more_sheets_and_the_rest_is_told(events: int) -> None:
    """Thirty rows of each table; four times the events are as many sheets."""
    found = sheets(events)
    assert len(found) == len(sheets(100)) <= 6
    more = events - 30
    for name, file in (
        ("Pairs", "tables/pairs.csv"),
        ("Confounders and choice of events", "run.json, events"),
        ("News", "run.json, events"),
    ):
        assert len(table(found, name)) == 30
        notes = [note for sheet in found for note in sheet.notes]
        assert (
            f"{name}: the first 30 of {events} rows; {more} more are in {file}."
            in notes
        )


def test_what_page_1_points_to_is_always_there() -> None:
    """Its event is the last of fifty, and forty other pieces of news are near it."""
    rows = table(sheets(50, near=40), "Confounders and choice of events")
    assert [row[0] for row in rows] == ["event-049", *(f"near-{i}" for i in range(40))]


def test_pairs_of_the_event_of_page_1_come_before_the_others() -> None:
    """It is the last of fifty: its pair is among the thirty that are shown."""
    rows = [row[0] for row in table(sheets(50), "Pairs")]
    assert rows == ["event-049", *(f"event-{i:03d}" for i in range(29))]


@pytest.mark.parametrize("rows", [30, 36])
def test_a_table_that_is_hardly_longer_is_whole(rows: int) -> None:
    found = sheets(rows)
    assert len(table(found, "Pairs")) == rows
    assert not [note for sheet in found for note in sheet.notes]


def test_a_flag_that_is_a_reason_too_is_told_once() -> None:
    """The table has it in both columns, among others."""
    pair = SimpleNamespace(
        via="", proxy="", reason="short_estimation; same_session_duplicate",
        flags="same_session_duplicate; overlap",
    )  # fmt: skip
    assert sample_sections._how(pair) == (
        "short estimation; same session duplicate; overlap"
    )
