"""When a strategy decides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.errors import StrategyError

_ALLOWED = "publication, event_open, event_close, sessions_after(k)"


@dataclass(frozen=True)
class Moment:
    """A moment relative to an event; never earlier than the event was known.

    ``Moment.publication``, ``Moment.event_open``, ``Moment.event_close`` and
    ``Moment.sessions_after(k)``: the close of the k-th session after the event's.

    Parameters
    ----------
    kind : {"publication", "event_open", "event_close", "sessions_after"}
    sessions : int
        The k of ``sessions_after``.
    """

    publication: ClassVar[Moment]
    event_open: ClassVar[Moment]
    event_close: ClassVar[Moment]

    kind: str
    sessions: int = 0

    def __post_init__(self) -> None:
        kinds = ("publication", "event_open", "event_close", "sessions_after")
        if self.kind not in kinds or self.sessions < 0:
            raise StrategyError(f"{self!s} is no moment", allowed=_ALLOWED)

    @classmethod
    def sessions_after(cls, k: int) -> Moment:
        """Return the close of the k-th session after the event session."""
        return cls("sessions_after", int(k))

    @classmethod
    def parse(cls, text: str | Moment) -> Moment:
        """Return the moment that a config names, such as ``sessions_after(3)``.

        Raises
        ------
        StrategyError
            For a text that names none.
        """
        if isinstance(text, Moment):
            return text
        match = re.fullmatch(r"(\w+?)(?:\((\d+)\))?", text.strip())
        if match is None or (match[2] is None) == (match[1] == "sessions_after"):
            raise StrategyError(f"'{text}' is no moment", allowed=_ALLOWED)
        return cls(match[1], int(match[2] or 0))

    def at(
        self, known: pd.Timestamp, session: pd.Timestamp, calendar: TradingCalendar
    ) -> pd.Timestamp:
        """Return the moment for an event that was known at `known`, New York time."""
        if self.kind == "publication":
            return known
        if self.kind == "event_open":
            return max(known, calendar.open_at(session))
        return max(known, calendar.close_at(calendar.shift(session, self.sessions)))

    def __str__(self) -> str:
        if self.kind == "sessions_after":
            return f"{self.kind}({self.sessions})"
        return self.kind


Moment.publication = Moment("publication")
Moment.event_open = Moment("event_open")
Moment.event_close = Moment("event_close")
