"""What a reader must know before believing a page, computed from the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from aftershock.tables import (
    THIN,
    clock,
    day,
    is_missing,
    listed,
    percent,
    records,
    words,
)
from aftershock.tables.left_out import left_out
from aftershock.tables.warned import run_warnings

Manifest = Mapping[str, Any]
OPEN = "09:30"
"""Of a session in New York."""
HOW_KNOWN = {
    "day": "The time of the news is known to the day only.",
    "month": "The time of the news is known to the month only.",
    "approximate": "Day and session of the news are an informed guess.",
}


def focus_event(manifest: Manifest) -> Mapping[str, Any]:
    """Return the record of the event that page 1 is about; empty if there is none."""
    events = manifest.get("events") or []
    chosen = [e for e in events if e.get("id") == manifest.get("focus")]
    return chosen[0] if chosen else {}


def cautions(
    manifest: Manifest, rows: pd.DataFrame, dropped: pd.DataFrame
) -> list[str]:
    """Return remarks on the focus event, the weightiest first.

    Parameters
    ----------
    rows : DataFrame
        Of `aftershock.tables.reactions`.
    dropped : DataFrame
        The table of that name.
    """
    event = focus_event(manifest)
    unmeasured = dropped[dropped["event_id"] == event.get("id")]
    found = [
        *_signs(event),
        # without rows the page lists them itself
        *filter(None, [left_out(unmeasured, 1) if len(rows) else ""]),
        *_one_session(rows),
        *(_within_session(event, rows) or _still_tradable(rows)),
        *_time(event),
        *_choice(event),
        *_confounders(event),
        *_other_news(manifest, event),
        *_estimation(manifest, rows),
        *run_warnings(manifest, 3),
    ]
    return list(dict.fromkeys(found))


def _signs(event: Manifest) -> Iterator[str]:
    """Say which expected signs cannot count as predictions."""
    signed = [e for e in event.get("exposures") or [] if e.get("expected")]
    late = [e for e in signed if e.get("declared") != "before"]
    if late:
        which = "All" if len(late) == len(signed) else f"{len(late)} of {len(signed)}"
        yield (
            f"{which} expected signs were noted after the event, or it is not known "
            "when: what rests on them is exploratory."
        )


def _one_session(rows: pd.DataFrame) -> Iterator[str]:
    """Say what a single session cannot tell."""
    if len(rows["session"].unique()) == 1:
        yield "One session cannot tell a mean effect from a jump in variance."


def _within_session(event: Manifest, rows: pd.DataFrame) -> list[str]:
    """Say of news after the open that its session's move is older in part."""
    early, sessions = event.get("earliest"), {day(s) for s in rows["session"]}
    if event.get("precision") not in ("exact", "session") or not early:
        return []
    if sessions != {day(early)} or clock(early) < OPEN:
        return []
    return [
        f"The news came at {clock(early)} ET, after the open: the gap, and what else "
        "the session had moved by then, is no answer to it."
    ]


def _still_tradable(rows: pd.DataFrame) -> Iterator[str]:
    """Say how much of the largest move was left after the open."""
    known = rows[rows["gap"].notna() & rows["open_to_close"].notna()]
    for row in records(known.loc[known["car"].abs().sort_values().index[-1:]]):
        share = row.open_to_close / row.ret if row.ret else float("nan")
        told = (
            f"{row.symbol} opened {percent(row.gap)} and moved "
            f"{percent(row.open_to_close)} from open to close"
        )
        if 0 <= share <= 1:
            part = percent(share, 0, signed=False)
            yield f"{told}: {part} of the move came after the open."
        elif share > 1:
            yield f"{told}: the open went the other way."
        else:
            yield f"{told}: the open overshot the close-to-close move."


def _time(event: Manifest) -> Iterator[str]:
    """Say how well the moment of the news is known."""
    precision = event.get("precision", "exact")
    if len(event.get("sessions") or []) > 1:
        yield "The time of the news spans two sessions; both are shown."
    elif precision in HOW_KNOWN:
        yield HOW_KNOWN[precision]


def _choice(event: Manifest) -> Iterator[str]:
    """Say that an event was not chosen by a rule."""
    chosen = event.get("selected_by")
    if chosen in ("move", "headline"):
        reason = {"move": "for its price move", "headline": "from headlines"}[chosen]
        yield f"The event was chosen {reason}, not by a rule: hindsight is possible."


def _confounders(event: Manifest) -> Iterator[str]:
    """List what else happened."""
    for other in event.get("confounders") or []:
        yield f"Also then: {str(other).rstrip('.')}."


def _other_news(manifest: Manifest, event: Manifest) -> Iterator[str]:
    """Count recorded events that touch the same symbols near this one."""
    near = [
        c
        for c in manifest.get("confounders") or []
        if c.get("event_id") != event.get("id")
    ]
    if near:
        offsets = [int(c.get("offset") or 0) for c in near]
        later = sum(o > 0 for o in offsets)
        after = f", {later} of them later" if later else ""
        yield (
            f"{len(near)} other recorded events name these symbols within the window"
            f"{after}; they are listed under “Sample and data”."
        )


def _estimation(manifest: Manifest, rows: pd.DataFrame) -> Iterator[str]:
    """Say where the estimation ends, and which symbols have little of it."""
    before = (manifest["study"].get("estimation") or {}).get("before")
    if not is_missing(before):
        yield f"Sessions that tell what is normal: {_cut(before)}."
    # a repeated session is a flag, too
    thin = rows[rows["reason"].map(words).str.contains("short_estimation")]
    if len(thin):
        yield (
            f"Fewer than 120 estimation sessions: {listed(list(thin['symbol']), 5)}."
        )


def estimation_words(manifest: Manifest) -> str:
    """Return model, market and the sessions of estimation in words."""
    study = manifest["study"]
    span = study.get("estimation") or {}
    model = str(study.get("model", "")).replace("_", " ")
    market = (manifest.get("prices") or {}).get("market", "")
    offsets = f"{span.get('start')} to {span.get('end')}".replace("-", "\u2212")
    told = [
        f"{model} model on {market}, estimated over sessions {offsets} counted from "
        "the event",
        *([_cut(span["before"])] if span.get("before") else []),
        *(["without those near other news"] if span.get("exclude_events") else []),
    ]
    return ", ".join(told)


def _cut(before: Any) -> str:
    """Say which sessions a config takes out of the estimation; why, it alone knows."""
    return f"none of them from {day(before)} on (estimation.before)"


def run_sources(manifest: Manifest) -> str:
    """Return the sources of a page on all that a run studied or traded."""
    return sources_words(manifest, pooled=len(manifest.get("events") or []) > 1)


def sources_words(manifest: Manifest, *, pooled: bool = False) -> str:
    """Return where prices and news come from, in one line.

    Parameters
    ----------
    pooled : bool
        Whether the page is about all events of the run, not about its focus alone.
    """
    event = {} if pooled else focus_event(manifest)
    names = sorted({str(s.get("source")) for s in manifest.get("sources") or []})
    news = words((event.get("source") or {}).get("name"))[:48].split(" (")[0]
    if pooled:
        news = f"{len(manifest.get('events') or [])} event records"
    told = f"Source: {news}; " if news else "Source: "
    return f"{told}daily prices, {listed(names, 3) or 'none'}".replace(" %", f"{THIN}%")
