"""Events as strategies meet them: one item each, with its session and exposures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from aftershock.calendar import NEW_YORK, TradingCalendar, knowable_at
from aftershock.errors import EventError
from aftershock.events import EventSet, Exposure
from aftershock.events.vocabulary import FORESEEN_ROLES, FORESEEN_TAGS

DATES = {"allowed": "dates such as 2026-07-01", "do": "mend the column `session`"}
TIMES = {
    "allowed": "aware times such as 2026-07-01T08:00:00-04:00",
    "do": "give them a zone: column.dt.tz_localize('America/New_York')",
}


@dataclass(frozen=True)
class NewsItem:
    """One event: what it is, when it counted as known, whom it concerned.

    Attributes
    ----------
    id, headline : str
    tags : tuple of str
    published, known : pandas.Timestamp
        Aware. `known` is later where only the day is known.
    session : pandas.Timestamp
        The event session; the last where the window spans two.
    exposures : tuple of Exposure
        Tradable symbols: baskets expanded, indices replaced by their proxies.
    earliest : pandas.Timestamp, optional
        When it can have been published at the earliest; `published` without one.
    foreseen : pandas.Timestamp, optional
        From when its day was known in advance.
    """

    id: str
    headline: str
    tags: tuple[str, ...]
    published: pd.Timestamp
    known: pd.Timestamp
    session: pd.Timestamp
    exposures: tuple[Exposure, ...]
    earliest: pd.Timestamp | None = None
    foreseen: pd.Timestamp | None = None

    def open_until(self, moment: pd.Timestamp) -> bool:
        """Tell whether at a moment its day was known, and nothing more."""
        start = self.earliest or self.published
        return self.foreseen is not None and self.foreseen <= moment <= start

    def soonest(self, calendar: TradingCalendar) -> NewsItem:
        """Return it as if it had come at the first moment that its record allows."""
        if self.earliest is None or self.earliest >= self.known:
            return self
        session = calendar.session_of(self.earliest, "next") or self.session
        return replace(
            self,
            published=self.earliest,
            known=self.earliest,
            session=min(session, self.session),
        )

    def moved(self, days: pd.Timedelta) -> NewsItem:
        """Return the same news some days later, or earlier, at the same clock times."""
        names = ("published", "known", "earliest", "foreseen")
        found = {name: _on_the_clock(getattr(self, name), days) for name in names}
        return replace(self, session=self.session + days, **found)

    def ahead(self, moment: pd.Timestamp) -> NewsItem:
        """Return what a calendar of coming events said at a moment.

        That is the session, those tags that can be scheduled and the symbols that it
        is about: no headline, no sign, no symbol that was only touched by the news,
        and an id without words.
        """
        lines = [e for e in self.exposures if e.role in FORESEEN_ROLES]
        return replace(
            self,
            id=f"ahead-{self.session:%Y%m%d}",
            headline="",
            tags=tuple(tag for tag in self.tags if tag in FORESEEN_TAGS),
            published=moment,
            known=moment,
            exposures=tuple(replace(e, expected=0, declared="unknown") for e in lines),
            earliest=None,
        )


def _on_the_clock(moment: Any, days: pd.Timedelta) -> Any:
    """Move the wall clock, not the instant: summer time must not shift an auction."""
    if moment is None:
        return None
    wall = moment.tz_localize(None) + days
    return wall.tz_localize(moment.tz, ambiguous=True, nonexistent="shift_forward")


def read_news(
    events: EventSet | pd.DataFrame, calendar: TradingCalendar, policy: str = "next"
) -> tuple[NewsItem, ...]:
    """Return the items of an event set or of a plain frame, by (published, id).

    Parameters
    ----------
    events : EventSet or DataFrame
        A frame has event_id, symbol and session (a date, rolled forward), and may have
        role, expected, tag (or tags), headline, precision, published, earliest and
        foreseen (aware). Without `published` an event counts as published at the
        midnight before its session.
    calendar : TradingCalendar
    policy : str
        For events on days without a session; see `EventSet.pairs`.

    Raises
    ------
    EventError
        For a frame without the columns, or with a date that is none.
    """
    if isinstance(events, EventSet):
        headlines = {event.id: event.headline for event in events.events}
        frame = events.pairs(calendar, policy)
        frame = frame.assign(headline=frame["event_id"].map(headlines))
    else:
        frame = _checked(events, calendar)
    items = [
        _item(str(rows["event_id"].iloc[0]), rows)
        for _, rows in frame.groupby(_keys(events), sort=False)
    ]
    return tuple(sorted(items, key=lambda item: (item.published, item.id)))


def _keys(events: EventSet | pd.DataFrame) -> list[str]:
    """Return what makes one decision: in a frame, each session of an event."""
    return ["event_id"] if isinstance(events, EventSet) else ["event_id", "session"]


def _checked(events: pd.DataFrame, calendar: TradingCalendar) -> pd.DataFrame:
    missing = [c for c in ("event_id", "symbol", "session") if c not in events.columns]
    if missing:
        raise EventError(
            f"the column {', '.join(missing)} is missing",
            where="events",
            allowed="event_id, symbol, session; role, expected, tag, published",
            do="add it to the frame, or pass an EventSet",
        )
    try:
        dates = pd.to_datetime(events["session"])
    except (ValueError, TypeError) as error:
        raise EventError(
            f"a session is not a date: {error}", where="events.session", **DATES
        ) from error
    if dates.isna().any():
        row = events[dates.isna()].iloc[0]
        raise EventError(
            "the session is empty", where=f"event {row['event_id']}", **DATES
        )
    return events.assign(session=[calendar.roll_forward(date) for date in dates])


def _item(event_id: str, rows: pd.DataFrame) -> NewsItem:
    head = rows.iloc[0]
    session = rows["session"].max()
    published = _published(event_id, rows, session)
    precision = _word(head, "precision", "exact")
    lines = rows.drop_duplicates("symbol")
    return NewsItem(
        event_id,
        _word(head, "headline"),
        _tags(rows),
        published.tz_convert(NEW_YORK),
        knowable_at(published, precision),
        session,
        tuple(_exposure(line) for line in lines.to_dict("records")),
        _first(rows, "earliest", event_id),
        _first(rows, "foreseen", event_id),
    )


def _word(fields: Mapping[Any, Any] | pd.Series, name: str, default: str = "") -> str:
    """Return a field as text; the default where it is absent or missing."""
    value = fields.get(name)
    return default if pd.isna(value) else str(value)


def _published(
    event_id: str, rows: pd.DataFrame, session: pd.Timestamp
) -> pd.Timestamp:
    """Return the latest time of an event's rows; without any, its session's start."""
    moments = _moments(rows, "published", event_id)
    return max(moments) if moments else pd.Timestamp(session).tz_localize(NEW_YORK)


def _first(rows: pd.DataFrame, column: str, event_id: str) -> pd.Timestamp | None:
    """Return the first time of a column in New York, or None."""
    found = min(_moments(rows, column, event_id), default=None)
    return None if found is None else found.tz_convert(NEW_YORK)


def _moments(rows: pd.DataFrame, column: str, event_id: str) -> list[pd.Timestamp]:
    """Return the aware times that an event's rows have in a column."""
    given = rows[column].dropna() if column in rows else ()
    try:
        moments = [pd.Timestamp(moment) for moment in given]
    except (ValueError, TypeError) as error:
        raise EventError(
            f"{column} is not a time: {error}", where=f"event {event_id}", **TIMES
        ) from error
    if any(moment.tz is None for moment in moments):
        raise EventError(
            f"{column} has no time zone",
            where=f"event {event_id}",
            **TIMES,
        )
    return moments


def _tags(rows: pd.DataFrame) -> tuple[str, ...]:
    if "tags" in rows.columns:
        tags = rows["tags"].iloc[0]
        return (tags,) if isinstance(tags, str) else tuple(tags)
    if "tag" in rows.columns:
        return tuple(str(tag) for tag in rows["tag"].dropna().unique())
    return ()


def _exposure(line: dict[Any, Any]) -> Exposure:
    expected = line.get("expected", 0)
    return Exposure(
        str(line["symbol"]),
        _word(line, "role"),
        0 if pd.isna(expected) else int(expected),
        basket=_word(line, "via") or None,
        proxy_for=_word(line, "proxy") or None,
        declared=_word(line, "declared", "unknown"),
    )


def closed_before(
    items: Sequence[NewsItem], item: NewsItem, moment: pd.Timestamp
) -> tuple[NewsItem, ...]:
    """Return the other items that were known by a moment."""
    mine = (item.id, item.session)
    return tuple(i for i in items if (i.id, i.session) != mine and i.known <= moment)
