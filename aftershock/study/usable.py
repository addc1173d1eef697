"""Which pairs can be studied at all: prices, and room on the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from aftershock.abnormal import BoolArray, IntArray
from aftershock.results import columns
from aftershock.study.frames import shaped
from aftershock.study.pairs import Verdict
from aftershock.study.panel import StudyPanel
from aftershock.windows import EventWindow

NONE_DROPPED = pd.DataFrame(columns=[*columns("dropped"), "row"])


def drop_unusable(
    pairs: pd.DataFrame, panel: StudyPanel, window: EventWindow
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Drop pairs without prices or without room on the calendar.

    Returns
    -------
    sound, dropped : DataFrame
        The pairs left, and rows of the table `dropped`; of these, `row` is the place
        in `pairs`.
    """
    usable = Usable.of(pairs, panel, window)
    return counted(selected(pairs, usable.sound)), usable.dropped


class Usable(NamedTuple):
    """Which of N pairs can be studied.

    Attributes
    ----------
    sound : (N,) bool
    dropped : DataFrame
        Rows of the table `dropped`, and `row`, the place of each.
    columns, rows : (n,) integers
        Where the sound ones lie in the panel.
    """

    sound: BoolArray
    dropped: pd.DataFrame
    columns: IntArray
    rows: IntArray

    @classmethod
    def of(cls, pairs: pd.DataFrame, panel: StudyPanel, window: EventWindow) -> Usable:
        """Look every pair up."""
        session = pairs["session"].to_numpy()
        columns_ = panel.lookup(pairs["symbol"].to_numpy(dtype=object))
        position = panel.row_of(session)
        start, end = position + window.start, position + window.end
        on_calendar = position < len(panel.calendar)
        if len(panel.calendar):
            on_calendar &= session >= panel.calendar.to_numpy()[0]
        room = on_calendar & (start >= 0) & (end < len(panel.calendar))
        sound = (columns_ >= 0) & room & (end <= panel.last_driven)
        rows = []
        for k in np.flatnonzero(~sound):
            code, detail = (
                "no_calendar_room",
                f"window {window} around {_day(pairs['session'].iloc[k])} "
                f"does not fit into {_span(panel)}",
            )
            if room[k]:
                day = panel.calendar[panel.last_driven]
                code, detail = "factors_end", f"the factors end on {day:%Y-%m-%d}"
            if columns_[k] < 0:
                code, detail = "no_prices", "no price series has this symbol"
            named = (pairs["event_id"].iloc[k], pairs["symbol"].iloc[k])
            rows.append((*named, code, detail, k))
        names = [*columns("dropped"), "row"]
        dropped = pd.DataFrame(rows, columns=names) if rows else NONE_DROPPED.copy()
        return cls(sound, dropped, columns_[sound], position[sound])


def counted(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs whose index counts from 0; as they are where it does."""
    index = pairs.index
    plain = isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1
    return pairs if plain else pairs.reset_index(drop=True)


def selected(pairs: pd.DataFrame, rows: BoolArray) -> pd.DataFrame:
    """Return some rows; without work where it is all of them."""
    return pairs if rows.all() else pairs[rows]


def _day(session: pd.Timestamp) -> str:
    """Return a session as text."""
    return "no bar" if pd.isna(session) else f"{session:%Y-%m-%d}"


def _span(panel: StudyPanel) -> str:
    """Return the first and last session as text."""
    if not len(panel.calendar):
        return "nothing .. nothing"
    return f"{panel.calendar[0]:%Y-%m-%d} .. {panel.calendar[-1]:%Y-%m-%d}"


def dropped_frame(
    dropped: pd.DataFrame, sound: pd.DataFrame, reasons: Sequence[Verdict]
) -> pd.DataFrame:
    """Return the table `dropped` from both rounds of dropping."""
    late = [
        {
            "event_id": sound["event_id"].iloc[k],
            "symbol": sound["symbol"].iloc[k],
            "reason": reason.code,
            "detail": reason.detail,
        }
        for k, reason in enumerate(reasons)
        if reason.drop
    ]
    frames = [f for f in (dropped, pd.DataFrame(late)) if len(f)]
    if not frames:
        return pd.DataFrame(columns=columns("dropped"))
    return shaped("dropped", pd.concat(frames, ignore_index=True))
