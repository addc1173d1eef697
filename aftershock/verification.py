"""Reported moves against measured prices: what pages said, and what the tape has.

A figure is a move (percent) or a price (USD). Its note says of what kind it is and
how vague, and from that follow what it is held against and how closely:

========================  =====================================================
kind                      is held against
========================  =====================================================
close                     close to close, and the close
two sessions              the close against that of two sessions before
intraday                  the session's low to high, against the close before
outside hours             nothing: daily bars hold neither pre-market nor evening
========================  =====================================================

Tolerance, in points of a percent: 1 where the note is vague (about, nearly, more than,
...), 0.5 where it says rounded, else 0.1. A price may differ by as many percent, and is
never vague: a page that writes one has read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from aftershock.prices import PricePanel

MARKS = ("CONFLICT", "DOUBTFUL", "CHECK")
VERDICTS = ("agree", "differ", "no data", "not judged")
VAGUE = re.compile(
    r"\b(about|nearly|around|roughly|approximately|similar|exceeding|over|more than"
    r"|unclear|possibly)\b"
)
KINDS = (
    ("two sessions", re.compile(r"two-day")),
    ("close", re.compile(r"^close\b")),
    ("outside hours", re.compile(r"pre-market|after hours")),
    ("intraday", re.compile(r"intraday|not the close")),
)
"""The first that a note matches; a note that matches none is of kind close."""
EXACT, ROUNDED, LOOSE = 0.1, 0.5, 1.0
UNIT = 1e-9
"""A difference that only binary fractions make."""


@dataclass(frozen=True)
class Figure:
    """One number that a page reported, and what became of it.

    Attributes
    ----------
    symbol : str
    date : str
        Session, ISO.
    figure : {"move", "price"}
        In percent, or in USD (points of an index).
    reported : float
    low, high : float or None
        What was measured, in the same unit; equal save for the kind intraday.
    tolerance : float
        Points of a percent; of a price, percent.
    kind, note, source_url : str
    verdict : str
        One of `VERDICTS`.
    why : str
        Why it could not be judged, or was not.
    """

    symbol: str
    date: str
    figure: str
    kind: str
    reported: float
    low: float | None
    high: float | None
    tolerance: float
    verdict: str
    why: str
    note: str
    source_url: str


def kind_of(note: str) -> str:
    """Return what a figure with this note is."""
    said = note.casefold()
    return next((name for name, words in KINDS if words.search(said)), "close")


def tolerance_of(note: str) -> float:
    """Return how far a move with this note may be off, in points of a percent."""
    said = note.casefold()
    if VAGUE.search(said):
        return LOOSE
    return ROUNDED if re.search(r"\brounded\b", said) else EXACT


def verify_moves(
    moves: pd.DataFrame, prices: PricePanel, names: Mapping[str, str]
) -> list[Figure]:
    """Hold every reported figure against prices.

    Parameters
    ----------
    moves : DataFrame
        Of `read_reported_moves`.
    prices : PricePanel
        On the basis ``split``: a page speaks of prices, not of dividends.
    names : mapping of str to str
        The symbol in `prices` of a reported one that is written otherwise. A proxy
        is not meant: a fund is not its index.
    """
    rows: list[dict[Any, Any]] = moves.to_dict("records")
    return [figure for row in rows for figure in _figures(row, prices, names)]


def agreement(figures: list[Figure]) -> dict[str, Any]:
    """Return how many figures have each verdict, and agree / (agree + differ)."""
    counts = {v: sum(f.verdict == v for f in figures) for v in VERDICTS}
    judged = counts["agree"] + counts["differ"]
    rate = counts["agree"] / judged if judged else None
    return {"figures": len(figures), "counts": counts, "agreement_rate": rate}


def as_records(figures: list[Figure]) -> list[dict[str, Any]]:
    """Return the figures as plain values."""
    return [asdict(figure) for figure in figures]


def _figures(
    row: Mapping[Any, Any], prices: PricePanel, names: Mapping[str, str]
) -> Iterator[Figure]:
    note, symbol = str(row["note"]), str(row["symbol"])
    date, kind = pd.Timestamp(row["date"]), kind_of(note)
    found = _measured(prices, names.get(symbol, symbol), date, kind)
    for figure, key in (("move", "pct"), ("price", "close")):
        reported = float(row[key])
        if np.isnan(reported):
            continue
        tolerance = tolerance_of(note) if figure == "move" else EXACT
        span = None if isinstance(found, str) else found.get(figure)
        low, high = span or (None, None)
        yield Figure(
            symbol=symbol,
            date=f"{date:%Y-%m-%d}",
            figure=figure,
            kind=kind,
            reported=reported,
            low=low,
            high=high,
            tolerance=tolerance,
            verdict=_verdict(reported, span, figure, tolerance, note),
            why=_why(found, span, note),
            note=note,
            source_url=str(row["source_url"]),
        )


Span = tuple[float, float]


def _verdict(
    reported: float, span: Span | None, figure: str, tolerance: float, note: str
) -> str:
    if note.startswith(MARKS):
        return "not judged"
    if span is None:
        return "no data"
    low, high = span
    room = UNIT + (tolerance if figure == "move" else tolerance / 100 * high)
    return "agree" if low - room <= reported <= high + room else "differ"


def _why(found: object, span: Span | None, note: str) -> str:
    if note.startswith(MARKS):
        return "marked " + next(mark for mark in MARKS if note.startswith(mark))
    if isinstance(found, str):
        return found
    return "" if span else "no price on the session before"


def _measured(
    prices: PricePanel, symbol: str, date: pd.Timestamp, kind: str
) -> dict[str, Span] | str:
    """Return low and high of the measured move and price, or why there is none."""
    if symbol not in prices.symbols:
        return "no prices of this symbol"
    if date not in prices.sessions:
        return "no session of the prices"
    if kind == "outside hours":
        return "daily bars end with the session"
    place = int(prices.sessions.searchsorted(date))
    low, high = ("low", "high") if kind == "intraday" else ("close", "close")
    ends = [float(getattr(prices, name)[symbol].iloc[place]) for name in (low, high)]
    if np.isnan(ends).any():
        return f"no {low} on this session"
    before = place - (2 if kind == "two sessions" else 1)
    base = float(prices.close[symbol].iloc[before]) if before >= 0 else np.nan
    span: dict[str, Span] = {"price": (ends[0], ends[1])}
    if np.isfinite(base):
        span["move"] = (100 * (ends[0] / base - 1), 100 * (ends[1] / base - 1))
    return span
