"""The news of one event in sentences: what was said, and when it came out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from aftershock.tables import clock, day, words


def headline_of(event: Mapping[str, Any]) -> str:
    """Return the event's own words as a sentence."""
    text = words(event.get("headline")).strip()
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def when_of(event: Mapping[str, Any]) -> str:
    """Say when the news came out, and the session that could first price it."""
    if not event:
        return ""
    sessions = [day(s) for s in event.get("sessions") or []]
    first = f"; first session {' and '.join(sessions)}" if sessions else ""
    if event.get("precision") in ("day", "month"):
        return f"Published {day(event['latest'], weekday=True)}{first}."
    early, late = event["earliest"], event["latest"]
    if pd.Timestamp(early) == pd.Timestamp(late):
        return f"Published {day(late, weekday=True)}, {clock(late)} ET{first}."
    begun, ended = (day(end, weekday=True) for end in (early, late))
    until = f"–{clock(late)}" if begun == ended else f" to {ended}, {clock(late)}"
    span = f"{clock(early)}{until} ET"
    return f"Published {begun}, {span} (the minute is not known){first}."
