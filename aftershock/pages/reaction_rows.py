"""The rows of page 1: their cells in words, and their places."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aftershock.tables import listed, percent, probability, role_name, words
from aftershock.tables.summary import REPEATED

PITCH = (0.205, 0.315)
"""The least and the largest distance of two rows, in inches."""

COLUMN_HEADS = ("raw", "gap", "after open", "abnormal", "p, family")
ALONE = "each symbol taken alone, not corrected for their number"
"""Of what the intervals of single symbols are, below a picture."""
FAMILY_P = (
    "p, family: chance that the largest move of the family is this large on an "
    "ordinary session, other news included; the larger of plain and volatility-scaled."
)


def cells_of(row: pd.Series[Any]) -> list[str]:
    """Return the figures of one symbol as words."""
    moves = [percent(row[c]) for c in ("ret", "gap", "open_to_close", "car")]
    return [*moves, probability(row["p"], row["m"])]


def listing_of(rows: pd.DataFrame) -> tuple[list[str], list[bool], list[list[str]]]:
    """Return heads, which of them are numbers, and the rows, with their intervals."""
    *moved, p_family = COLUMN_HEADS
    heads = ["symbol", "role", *moved, "95\u2009% from", "to", p_family]
    cells: list[list[str]] = []
    for _, row in rows.iterrows():
        *moves, p = cells_of(row)
        ends = [percent(row["ci_low"]), percent(row["ci_high"])]
        cells.append([str(row["symbol"]), role_name(row["role"]), *moves, *ends, p])
    return heads, [False, False, *[True] * 7], cells


def family_note(rows: pd.DataFrame) -> str:
    """Say what the family p is, and why symbols have none; empty without a row."""
    if rows.empty:
        return ""
    bare = rows[rows["p"].isna()]
    twice = bare["reason"].map(words).str.contains(REPEATED)
    watched = ~twice & (bare["expected"].astype(float) == 0)
    why = (
        (watched, "watched only, its sign 0", "watched only, their signs 0"),
        (
            twice,
            "counted with another event of its session",
            "counted with another event of their session",
        ),
    )
    said = []
    for which, one, many in why:
        names = list(dict.fromkeys(bare.loc[which, "symbol"].astype(str)))
        if names:
            said.append(f"{listed(names, 4)} {one if len(names) == 1 else many}")
    return " ".join([FAMILY_P, *([f"None: {'; '.join(said)}."] if said else [])])


def units_of(rows: pd.DataFrame) -> list[float]:
    """Return the place of each row; a role's name stands one line above its first."""
    places: list[float] = []
    at, role = 0.0, None
    for one in rows["role"]:
        at += 1.0 if one == role else (1.7 if role is None else 2.2)
        places.append(at)
        role = one
    return places


def role_lines(rows: pd.DataFrame) -> float:
    """Return the lines that names of roles take."""
    return units_of(rows)[-1] + 0.8 - len(rows)


def that_fit(rows: pd.DataFrame, room: float) -> int:
    """Return how many rows fit a sheet."""
    if rows.empty:
        return 0
    return sum((unit + 0.8) * PITCH[0] <= room for unit in units_of(rows))
