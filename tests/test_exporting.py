"""Events as CSV, which comes back whole, and as a calendar by RFC 5545."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.errors import AftershockError, EventError
from aftershock.events import Event, EventSet, Exposure, load_catalogue, load_events
from aftershock.events.exporting import events_csv, events_ical
from aftershock.events.records import Source

RUNNER = CliRunner()
NOW = pd.Timestamp("2026-11-27T09:00:00-05:00")


@pytest.fixture(scope="module")
def catalogue() -> EventSet:
    return load_catalogue()


def event(**change: object) -> Event:
    """News of a summer afternoon in New York, 18:30 UTC."""
    moment = pd.Timestamp("2026-07-01 14:30", tz="America/New_York").as_unit("us")
    made = Event(
        id="news-1",
        headline="Meta sells, and buys; all \\ of it",
        earliest=moment,
        latest=moment,
        precision="exact",
        tags=("macro", "m&a"),
        exposures=(Exposure("META", "actor", 1), Exposure("", "peer", -1, "neoclouds")),
        source=Source("A page", "https://example.org/a?b=c;d"),
        notes="first line\nsecond line",
    )
    return dataclasses.replace(made, **change)  # type: ignore[arg-type]


def facts(event: Event) -> dict[str, object]:
    return {**dataclasses.asdict(event), "file": "", "line": 0}


def test_every_shipped_event_comes_back_from_csv(
    catalogue: EventSet, tmp_path: Path
) -> None:
    path = tmp_path / "all.csv"
    path.write_text(events_csv(catalogue.events), encoding="utf-8-sig", newline="")
    back = load_events([path])
    assert len(back) == len(catalogue) > 100
    for one, two in zip(catalogue.events, back.events, strict=True):
        assert facts(one) == facts(two)


def test_a_spreadsheet_runs_nothing_and_reads_plain_columns(tmp_path: Path) -> None:
    """No cell begins with a formula; what was written comes back as it was."""
    wild = event(
        headline='=HYPERLINK("https://example.org","look")',
        notes="@SUM(1)",
        source=Source("+cmd", "https://example.org"),
        confounders=("-x of something", "'quoted"),
    )
    path = tmp_path / "wild.csv"
    path.write_text(events_csv([wild]), encoding="utf-8-sig", newline="")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["symbol"] or row["basket"] for row in rows] == ["META", "neoclouds"]
    assert [row["expected"] for row in rows] == ["+1", "-1"]
    assert rows[0]["published"] == "2026-07-01T14:30:00-04:00"
    cells = [c for row in rows for k, c in row.items() if k != "expected"]
    assert [cell for cell in cells if cell[:1] in tuple("=+-@")] == []
    (back,) = load_events([path]).events
    assert facts(back) == facts(wild)


def test_what_stands_between_texts_may_not_stand_in_one() -> None:
    with pytest.raises(EventError, match="news-1: a text holds"):
        events_csv([event(confounders=("one | two", "three"))])


def test_exported_events_can_be_imported_as_drafts(tmp_path: Path) -> None:
    drafts = tmp_path / "drafts.yaml"
    path = tmp_path / "one.csv"
    path.write_text(events_csv([event(notes="plain")]), encoding="utf-8-sig")
    made = RUNNER.invoke(app, ["events", "import", str(path), "--out", str(drafts)])
    assert made.exit_code == 0, (made.output, made.exception)
    (back,) = load_events([drafts]).events
    assert (back.headline, back.latest) == (event().headline, event().latest)
    assert [e.expected for e in back.exposures] == [1, -1]
    assert back.source == event().source


def test_a_moment_in_a_calendar_by_hand() -> None:
    """RFC 5545: CRLF, UTC stamps, comma, semicolon and backslash escaped."""
    assert events_ical([event()], NOW).split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//aftershock//events//EN",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        "UID:news-1@aftershock",
        "DTSTAMP:20261127T140000Z",
        "DTSTART:20260701T183000Z",
        "SUMMARY:Meta sells\\, and buys\\; all \\\\ of it",
        # 75 bytes, then a blank and the rest
        "DESCRIPTION:META (actor\\, expected +1)\\; "
        "neoclouds (peer\\, expected -1)\\nfi",
        " rst line\\nsecond line",
        "CATEGORIES:macro,m&a",
        "URL:https://example.org/a?b=c;d",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_day_is_an_entry_of_the_whole_day() -> None:
    """The end of an all-day entry is the day after, and is not part of it."""
    day = pd.Timestamp("2026-12-31", tz="America/New_York").as_unit("us")
    end = day.replace(hour=23, minute=59, second=59)
    text = events_ical([event(earliest=day, latest=end, precision="day")], NOW)
    assert "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n" in text


def test_lines_are_folded_between_letters() -> None:
    """No line over 75 bytes; a letter of several bytes is not torn; all comes back."""
    headline = "Ü–" * 150
    text = events_ical([event(headline=headline)], NOW)
    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()
    assert f"SUMMARY:{headline}\r\n" in text.replace("\r\n ", "")


def test_the_command_writes_once_and_says_how_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aftershock.events.load_catalogue", lambda _: EventSet(
        (event(), event(id="ahead", status="scheduled"))
    ))  # fmt: skip
    for name, said in (("a.csv", "2 events"), ("a.ics", "1 event")):
        made = RUNNER.invoke(app, ["events", "export", str(tmp_path / name)])
        assert made.output == f"{said} written to {tmp_path / name}\n"
    assert b"UID:ahead@aftershock" in (tmp_path / "a.ics").read_bytes()
    for name in ("a.csv", "b.xlsx"):
        made = RUNNER.invoke(app, ["events", "export", str(tmp_path / name)])
        assert isinstance(made.exception, AftershockError)
    made = RUNNER.invoke(app, ["events", "export", str(tmp_path / "a.csv"), "--force"])
    assert made.exit_code == 0
