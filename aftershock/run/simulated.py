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
    whose = "this event" if len(inputs.events) == 1 else "these events"
    return of_moves(_measured(study), "event moves", f"moves of {whose}")


def of_moves(pairs: pd.DataFrame, counted: str, all_of_them: str) -> str:
    """Say how many moves of a symbol on a session of the sample the press reported.

    Parameters
    ----------
    pairs : DataFrame
        symbol, session of what is shown; a move of several pairs is one.
    counted, all_of_them : str
        What these moves are called where some are real, and where none is.
    """
    reported, every = reported_of(pairs)
    if reported:
        told = f"{reported} of {every} {counted}"
        return f"Sample data: simulated; {told} press-reported"
    if not every:
        return "Sample data: simulated prices"
    return f"Sample data: all {all_of_them} are simulated"


def reported_of(pairs: pd.DataFrame) -> tuple[int, int]:
    """Return how many moves of symbol and session are press-reported, and all."""
    moves = _moves(pairs)
    return int(moves["reported"].sum()), len(moves)


def _measured(study: EventStudyResult) -> pd.DataFrame:
    """Return the pairs of a study that have a move."""
    return study.pairs[study.pairs["status"].isin(["ok", "flagged"])]


def _moves(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return each symbol and session once, and whether the press reported its move."""
    shown = pairs[["symbol", "session"]].drop_duplicates()
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
    moves = _moves(_measured(study))
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
