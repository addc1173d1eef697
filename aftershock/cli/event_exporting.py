"""What ``aftershock events export`` does: events into a file of another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aftershock.errors import DataUnavailable, EventError
from aftershock.registry.reading import shown

if TYPE_CHECKING:
    from aftershock.events import EventSet


def export_command(events: EventSet, file: Path, *, force: bool) -> None:
    """Write a CSV of all events, or a calendar of those whose time lies ahead."""
    if file.exists() and not force:
        raise EventError(
            "the file is there already",
            where=str(file),
            allowed="a name that no file has yet",
            do="name another file, or overwrite it with --force",
        )
    text, count = _text(events, file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # a byte order mark, by which a spreadsheet knows UTF-8
        encoding = "utf-8-sig" if file.suffix.lower() == ".csv" else "utf-8"
        file.write_text(text, encoding=encoding, newline="")
    except OSError as error:
        raise EventError(
            f"cannot be written: {error.strerror}",
            where=str(file),
            allowed="a file in a folder that this user may write to",
            do="name another file",
        ) from error
    typer.echo(f"{count} event{'' if count == 1 else 's'} written to {shown(file)}")


def _text(events: EventSet, file: Path) -> tuple[str, int]:
    """Return the file's text, and how many events are in it."""
    import pandas as pd

    from aftershock.events.exporting import events_csv, events_ical

    kind = file.suffix.lower()
    if kind == ".csv":
        return events_csv(events.events), len(events)
    if kind != ".ics":
        raise EventError(
            f"the ending '{file.suffix}' says no format",
            where=str(file),
            allowed=".csv for a spreadsheet, .ics for a calendar",
            do="name the file with one of these endings",
        )
    ahead = [event for event in events.events if event.status == "scheduled"]
    if not ahead:
        raise DataUnavailable(
            "no event is scheduled",
            where="aftershock events export",
            allowed="a calendar of events with 'status: scheduled', or a .csv of all",
            do="name a file that ends in .csv, or choose events that lie ahead",
        )
    return events_ical(ahead, pd.Timestamp.now("UTC")), len(ahead)
