"""One event, and what it has to do with each symbol."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Exposure:
    """How a symbol, or a basket of them, is exposed to an event.

    Parameters
    ----------
    symbol : str
        Empty where a basket is named.
    role : str
        One of `vocabulary.ROLES`.
    expected : int
        The sign of the reaction that was expected: +1, -1, or 0 for none.
    basket : str, optional
        Name of a basket; its members are those of the event's session.
    proxy_for : str, optional
        The index that `symbol` stands for.
    declared : {"before", "after", "unknown"}
        Whether the sign was written before the reaction could be seen.
    """

    symbol: str
    role: str
    expected: int
    basket: str | None = None
    proxy_for: str | None = None
    declared: str = "unknown"


@dataclass(frozen=True)
class Source:
    """Where an event was read."""

    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Event:
    """A piece of news with its time, as far as it is known.

    Parameters
    ----------
    earliest, latest : Timestamp
        Aware, New York, unit ``us``; equal where the moment is known.
    precision : str
        One of `calendar.PRECISIONS`.
    first_us_session : Timestamp, optional
        The session to which whoever dated it assigned it, written down so that a
        change of the time or of the calendar is noticed; naive midnight.
    confidence : float, optional
        From 0 to 1: how sure the recorder was of the time.
    selected_by, recorded_at
        How and when it came into the catalogue.
    scheduled_since : Timestamp, optional
        When it became public that it would happen on its day.
    file, line
        Where it is written.
    slip : str
        What is odd about the clock of its written time: `moments.offset_slip`. A word
        to its author, no part of what happened.
    """

    id: str
    headline: str
    earliest: pd.Timestamp
    latest: pd.Timestamp
    precision: str
    first_us_session: pd.Timestamp | None = None
    tags: tuple[str, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    source: Source = field(default_factory=Source)
    extra_sources: tuple[str, ...] = ()
    confounders: tuple[str, ...] = ()
    notes: str = ""
    confidence: float | None = None
    date_verified: bool | None = None
    status: str = "occurred"
    selected_by: str = "unknown"
    recorded_at: pd.Timestamp | None = None
    scheduled_since: pd.Timestamp | None = None
    file: str = ""
    line: int = 0
    slip: str = field(default="", compare=False)

    @property
    def published(self) -> pd.Timestamp:
        """The moment that counts as known: `latest`, never `earliest`."""
        return self.latest

    @property
    def foreseen(self) -> pd.Timestamp | None:
        """From when its day was known in advance; None where nothing says that it was.

        A record that was made before its event knew the day.
        """
        told = (self.scheduled_since, self.recorded_at)
        return min((t for t in told if t and t < self.earliest), default=None)

    @property
    def where(self) -> str:
        """``file:line`` of the record."""
        return f"{self.file}:{self.line}" if self.file else self.id
