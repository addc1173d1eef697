"""What a run on the embedded sample must say of the moves that it shows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aftershock.results import EventStudyResult
from aftershock.run.inputs import Inputs
from aftershock.sources.sample import SampleSource, pinned_moves


def statement(inputs: Inputs, study: EventStudyResult) -> str | None:
    """Say of simulated prices how many of the events' own moves are real.

    What the press reported of other days of the sample says nothing of these events,
    and of somebody's own event it mostly reported nothing.

    Returns
    -------
    str or None
        None where prices are real; what another source says of its own as it stands.
    """
    said = inputs.fetched.simulated
    if said is None or inputs.config.prices.source.name != SampleSource.name:
        return said
    moves = _moves(study.pairs)
    shown, reported = len(moves), int(moves["reported"].sum())
    if reported:
        return (
            f"Sample data: simulated; {reported} of {shown} event moves press-reported"
        )
    if not shown:
        return "Sample data: simulated prices"
    whose = "this event" if len(inputs.events) == 1 else "these events"
    return f"Sample data: all moves of {whose} are simulated"


def _moves(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return each symbol and event session once, and whether the press reported it."""
    kept = pairs[pairs["status"].isin(["ok", "flagged"])]
    shown = kept[["symbol", "session"]].drop_duplicates()
    real = pinned_moves().rename(columns={"date": "session"})
    found = shown.merge(real, on=["symbol", "session"], how="left")
    return found.assign(reported=found["ret"].notna())


def sources(inputs: Inputs, study: EventStudyResult) -> list[dict[str, Any]]:
    """Return where every symbol's prices come from.

    The note of a simulated one counts its own reported moves: those of the whole
    sample, which its source tells, are other symbols' too. It says how many of the
    symbol's moves on event sessions are none of them.
    """
    rows = [dict(entry) for entry in inputs.prices.provenance]
    moves = _moves(study.pairs)
    for row in (r for r in rows if r["source"] == SampleSource.name):
        own = moves.loc[moves["symbol"] == row["symbol"], "reported"]
        row["note"] = _of_symbol(row) + _on_events(own)
    return rows


def _of_symbol(row: dict[str, Any]) -> str:
    """Say what is simulated of one symbol; its first bar is no move."""
    real = pinned_moves()
    inside = (real["date"] > row["first"]) & (real["date"] <= row["last"])
    count = int((inside & (real["symbol"] == row["symbol"])).sum())
    if not count:
        return "simulated"
    moves = "move" if count == 1 else "moves"
    return f"simulated except for {count} press-reported {moves}"


def _on_events(reported: pd.Series[bool]) -> str:
    """Say which of a symbol's moves on event sessions are simulated, where any is."""
    invented = int((~reported).sum())
    if not invented:
        return ""
    if len(reported) == 1:
        return "; its event move is simulated"
    return f"; {invented} of its {len(reported)} event moves are simulated"
