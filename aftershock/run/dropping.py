"""Which pairs a run would drop, told before it on the prices at hand."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.config import RunConfig
from aftershock.results import columns
from aftershock.run.inputs import Inputs
from aftershock.run.measuring import unmeasured
from aftershock.run.overlap import settle_overlaps
from aftershock.sources.base import Fetched
from aftershock.tables import reason_words
from aftershock.windows import EventWindow


def will_drop(
    config: RunConfig,
    pairs: pd.DataFrame,
    early: pd.DataFrame,
    fetched: Fetched,
    held: dict[str, Any],
) -> pd.DataFrame:
    """Return the pairs that a run would drop for lack of prices, session or room.

    With the session, which events without one lack.
    """
    known = pairs["symbol"].isin(list(held))
    lost = pairs[~known]
    reasons = [fetched.missing.get(s, "no_prices") for s in lost["symbol"]]
    keys = ["event_id", "symbol", "session"]
    rows = lost[keys].assign(reason=reasons, detail="")
    frames = [f for f in (early, rows) if len(f)]
    if known.any():
        window = EventWindow(*config.study.hull)
        calendar, mode = TradingCalendar.load(), config.events.overlap
        _, crowded = settle_overlaps(pairs[known], calendar, mode, window)
        frames += [crowded] if len(crowded) else []
    found = pd.concat(frames, ignore_index=True) if frames else rows
    return found.reindex(columns=[*columns("dropped"), "session"])


def with_unmeasured(
    dropped: pd.DataFrame, over: pd.DataFrame, inputs: Inputs
) -> pd.DataFrame:
    """Return the dropped pairs, and those of the rest that the study itself drops.

    Parameters
    ----------
    over : DataFrame
        The pairs whose window is over.
    """
    short = unmeasured(inputs, not_among(over, dropped))
    frames = [f for f in (dropped, short) if len(f)]
    return pd.concat(frames, ignore_index=True) if frames else dropped


def not_among(pairs: pd.DataFrame, dropped: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that are not among the dropped ones."""
    keys = ["event_id", "symbol", "session"]
    lost = pd.MultiIndex.from_frame(dropped[keys])
    return pairs[~pd.MultiIndex.from_frame(pairs[keys]).isin(lost)]


def nothing_left(
    pairs: pd.DataFrame,
    dropped: pd.DataFrame,
    held: dict[str, Any],
    late: pd.Series[bool],
) -> list[str]:
    """Warn, as the run will say, that no pair is left to measure."""
    if not held or late.any() or len(not_among(pairs, dropped)):
        return []
    counts = dropped["reason"].value_counts().sort_index()
    said = ", ".join(f"{n} ({reason_words(str(why))})" for why, n in counts.items())
    return [f"no pair can be measured with the prices at hand: {said}"]
