"""When a strategy decides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from numbers import Integral
from typing import ClassVar

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.errors import StrategyError

_KINDS = (
    "publication", "event_open", "event_close", "sessions_after", "sessions_before",
)  # fmt: skip
_COUNTED = ("sessions_after", "sessions_before")
_ALLOWED = "publication, event_open, event_close, sessions_after(k), sessions_before(k)"


def _refused(found: str, do: str = "name one of these") -> StrategyError:
    """Return the error of what is no moment."""
    return StrategyError(found, where="decide", allowed=_ALLOWED, do=do)


@dataclass(frozen=True)
class Moment:
    """A moment relative to an event; not earlier than it was known, unless ahead of it.

    ``Moment.publication``, ``Moment.event_open``, ``Moment.event_close`` and
    ``Moment.sessions_after(k)``: the close of the k-th session after the event's.
    ``Moment.sessions_before(k)``: the close of the k-th before it. A strategy that
    decides then is asked only about events whose day was known in advance, and is told
    no more than that.

    Parameters
    ----------
    kind : str
        publication, event_open, event_close, sessions_after or sessions_before.
    sessions : int
        The k of the last two; from 1 on for ``sessions_before``.
    """

    publication: ClassVar[Moment]
    event_open: ClassVar[Moment]
    event_close: ClassVar[Moment]

    kind: str
    sessions: int = 0

    def __post_init__(self) -> None:
        least = 1 if self.ahead else 0
        whole = isinstance(self.sessions, Integral)
        if self.kind not in _KINDS or not whole or self.sessions < least:
            raise _refused(f"{self!s} is no moment")

    @classmethod
    def sessions_after(cls, k: int) -> Moment:
        """Return the close of the k-th session after the event session."""
        return cls("sessions_after", int(k))

    @classmethod
    def sessions_before(cls, k: int) -> Moment:
        """Return the close of the k-th session before the event session."""
        return cls("sessions_before", int(k))

    @property
    def ahead(self) -> bool:
        """Whether it lies before the event."""
        return self.kind == "sessions_before"

    @classmethod
    def parse(cls, text: str | Moment) -> Moment:
        """Return the moment that a config names, such as ``sessions_after(3)``.

        Raises
        ------
        StrategyError
            For a text that names none, and for a moment of another class: what time it
            gives would be anyone's.
        """
        if type(text) is Moment:
            return cls(text.kind, text.sessions)
        if not isinstance(text, str):
            raise _refused(
                f"{text!r} is no moment",
                "name one of these; a class of one's own could look ahead",
            )
        match = re.fullmatch(r"(\w+?)(?:\((\d+)\))?", text.strip())
        if match is None or (match[2] is None) == (match[1] in _COUNTED):
            raise _refused(f"'{text}' is no moment")
        return cls(match[1], int(match[2] or 0))

    def at(
        self, known: pd.Timestamp, session: pd.Timestamp, calendar: TradingCalendar
    ) -> pd.Timestamp:
        """Return the moment for an event that was known at `known`, New York time."""
        if self.kind == "publication":
            return known
        if self.kind == "event_open":
            return max(known, calendar.open_at(session))
        if self.ahead:
            return calendar.close_at(calendar.shift(session, -self.sessions))
        return max(known, calendar.close_at(calendar.shift(session, self.sessions)))

    def __str__(self) -> str:
        if self.kind in _COUNTED:
            return f"{self.kind}({self.sessions})"
        return self.kind


Moment.publication = Moment("publication")
Moment.event_open = Moment("event_open")
Moment.event_close = Moment("event_close")
