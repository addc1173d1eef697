"""What a snapshot says of itself: symbol, source, moment, and the span asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.errors import PriceError
from aftershock.sources.base import Date
from aftershock.sources.inspection import SETTLED
from aftershock.store.seal import check, end_of

KEY = b"aftershock"
"""Where in the schema's metadata the description stands."""
LATE = 5
"""Sessions: a vendor whose bars end further back has stopped, not merely not begun."""


@dataclass(frozen=True)
class Snapshot:
    """What was fetched of one symbol at one moment.

    Attributes
    ----------
    symbol, source : str
    fetched_at : str
        ISO 8601, UTC.
    start, end : str or None
        The span that was asked for; None: as far as the vendor goes.
    rows : int
        0 where the vendor did not know the symbol.
    first, last : str or None
        First and last date that the vendor gave.
    path : str
        The file, relative to the store.
    """

    symbol: str
    source: str
    fetched_at: str
    start: str | None
    end: str | None
    rows: int
    first: str | None
    last: str | None
    path: str = ""

    @property
    def moment(self) -> pd.Timestamp:
        """When it was fetched."""
        return pd.Timestamp(self.fetched_at)

    def reach(self) -> pd.Timestamp:
        """Return the last session that it can hold: asked for, and closed by then."""
        settled = last_settled(self.moment)
        return settled if self.end is None else min(settled, pd.Timestamp(self.end))

    def is_late(self) -> bool:
        """Say whether the vendor still lacked sessions that had closed, a few of them.

        Then it is asked again: it may have answered from a copy of yesterday.
        """
        if self.last is None:
            return False
        sessions = TradingCalendar.load().sessions
        last, reach = (
            int(sessions.searchsorted(pd.Timestamp(day), side="right"))
            for day in (self.last, self.reach())
        )
        return 0 < reach - last <= LATE

    def begins_by(self, start: pd.Timestamp | None) -> bool:
        """Say whether it was asked for everything from `start` on."""
        if self.start is None:
            return True
        return start is not None and pd.Timestamp(self.start) <= start

    def covers(self, start: pd.Timestamp | None, last: pd.Timestamp) -> bool:
        """Say whether it holds all there is from `start` to the session `last`."""
        if not self.begins_by(start) or self.reach() < last:
            return False
        there = self.last is not None and pd.Timestamp(self.last) >= last
        return there or not self.is_late()


def moment_of(text: Date) -> pd.Timestamp | None:
    """Return an aware moment; a bare date means its last microsecond, UTC.

    Raises
    ------
    PriceError
        For a text that is no date.
    """
    if text is None:
        return None
    try:
        moment = pd.Timestamp(text)
    except ValueError as error:
        raise PriceError(
            f"'{text}' is no date", where="as_of", allowed="an ISO date or moment"
        ) from error
    if isinstance(text, str) and len(text.strip()) <= len("2026-07-01"):
        moment += pd.Timedelta("1D") - pd.Timedelta("1us")
    return moment if moment.tzinfo else moment.tz_localize("UTC")


def last_settled(moment: pd.Timestamp) -> pd.Timestamp:
    """Return the last session whose bar is final at a moment."""
    calendar = TradingCalendar.load()
    done = calendar.closing.searchsorted(moment - SETTLED, side="right")
    return calendar.sessions[max(int(done) - 1, 0)]


def snapshot_of(
    symbol: str, source: str, when: str, span: Iterable[Date], rows: pd.DataFrame
) -> Snapshot:
    """Return the description of what is about to be written."""
    asked = [None if d is None else f"{pd.Timestamp(d):%Y-%m-%d}" for d in span]
    days = [f"{day:%Y-%m-%d}" for day in rows["date"].agg(["min", "max"]).dropna()]
    first, last = days or (None, None)
    return Snapshot(symbol, source, when, asked[0], asked[1], len(rows), first, last)


def described(root: Path, path: Path) -> Snapshot:
    """Return the description that a file carries in its schema."""
    with readable(path):
        notes: dict[str, Any] = json.loads(footer(path).metadata[KEY])
    return Snapshot(**notes | {"path": path.relative_to(root).as_posix()})


def footer(path: Path) -> Any:
    """Return what the end of a Parquet file says of it, and read no more than that.

    Raises
    ------
    ValueError
        Where it is not what was written.
    """
    from pyarrow import BufferReader
    from pyarrow.parquet import read_metadata

    with path.open("rb") as file:
        return read_metadata(BufferReader(check(end_of(file))))


class readable:  # noqa: N801 - read as a statement
    """Turn what a broken file raises into one message that names it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, ValueError | OSError | KeyError | TypeError):
            raise PriceError(
                f"the snapshot cannot be read: {type(error).__name__}",
                where=str(self.path),
                do="delete this file and fetch again",
            ) from error
