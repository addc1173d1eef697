"""A set of events: loaded, chosen, and laid out as pairs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.calendar import TradingCalendar, label
from aftershock.errors import EventError
from aftershock.events.baskets import Basket, Instrument, Lexicon
from aftershock.events.expansion import pairs_of, sessions_of
from aftershock.events.gathering import gather
from aftershock.events.records import Event
from aftershock.events.vocabulary import TAGS
from aftershock.registry import shipped, suggest
from aftershock.registry.reading import refuse_outside

ENDINGS = (".yaml", ".yml", ".csv")
"""Of files in `data/events/` that are part of the catalogue."""
Dateable = str | pd.Timestamp


@dataclass(frozen=True)
class EventSet:
    """Events in order of (latest, id), with what their names stand for.

    Parameters
    ----------
    events : tuple of Event
        In any order; sorted here, so that the order of files never matters.
    lexicon : Lexicon
        The baskets and instruments that they can name.
    """

    events: tuple[Event, ...]
    lexicon: Lexicon = field(default_factory=Lexicon)

    def __post_init__(self) -> None:
        ordered = sorted(self.events, key=lambda event: (event.latest, event.id))
        object.__setattr__(self, "events", tuple(ordered))

    def __len__(self) -> int:
        return len(self.events)

    def __getitem__(self, name: str) -> Event:
        """Return the event with an id; an unknown one is an EventError."""
        _check_known({"event": ([name], [event.id for event in self.events])})
        return next(event for event in self.events if event.id == name)

    @property
    def baskets(self) -> dict[str, Basket]:
        """The baskets by name."""
        return dict(self.lexicon.baskets)

    @property
    def instruments(self) -> dict[str, Instrument]:
        """The instruments by symbol."""
        return dict(self.lexicon.instruments)

    def tagged(self, *tags: str) -> EventSet:
        """Return the events that carry any of the tags."""
        return self.chosen(tags=tags)

    def between(
        self, since: Dateable | None = None, until: Dateable | None = None
    ) -> EventSet:
        """Return the events published from one New York day to another, inclusive."""
        return self.chosen(since=since, until=until)

    def chosen(
        self,
        ids: Collection[str] | None = None,
        tags: Collection[str] | None = None,
        symbols: Collection[str] | None = None,
        since: Dateable | None = None,
        until: Dateable | None = None,
    ) -> EventSet:
        """Return the events that meet every condition given.

        Parameters
        ----------
        ids, tags, symbols : collection of str, optional
            Any of the values will do; empty is no condition. A symbol is met where
            it is named directly, through a basket, or as the proxy of an index.
        since, until : date, optional
            The New York day of publication (of `latest`), inclusive.

        Raises
        ------
        EventError
            For an unknown id or tag, with the closest that is known.
        """
        every = [event.id for event in self.events]
        _check_known({"event": (ids or (), every), "tag": (tags or (), TAGS)})

        def meets(event: Event) -> bool:
            """Tell whether an event meets every filter."""
            day = label(event.latest)
            return (
                (not ids or event.id in ids)
                and (not tags or not set(tags).isdisjoint(event.tags))
                and (not symbols or not self.names_of(event).isdisjoint(symbols))
                and (since is None or day >= label(since))
                and (until is None or day <= label(until))
            )

        return replace(self, events=tuple(filter(meets, self.events)))

    def within(self, calendar: TradingCalendar | None = None) -> EventSet:
        """Return the events that a calendar can place, and those of a month alone.

        Others lie before or behind all of its sessions: `pairs` would refuse them.
        """
        calendar = calendar or TradingCalendar.load()
        first, last = calendar.start, calendar.sessions[-1]
        kept = (
            event
            for event in self.events
            if event.precision == "month"
            or first <= label(event.earliest) <= label(event.latest) < last
        )
        return replace(self, events=tuple(kept))

    def pairs(
        self, calendar: TradingCalendar | None = None, policy: str = "next"
    ) -> pd.DataFrame:
        """Return one row per event, symbol and session.

        Baskets have the members of the event's session, indices are replaced by
        their proxies, and of several lines for one symbol the direct one stays.

        Returns
        -------
        DataFrame
            event_id, symbol, role, expected, session (naive midnight), published
            and earliest (aware, New York), precision, tags (tuple), status, via
            (basket), proxy (the index replaced), declared, foreseen (aware: from when
            its day was known in advance; NaT where it was not), and flags, joined by
            ``"; "``: day_precision, approximate_precision, two_sessions, proxy,
            same_session_duplicate (on every row of a symbol and session but the
            first by published and id).

        Raises
        ------
        EventError
            For policy ``error``, on the first event without a session of its own.
        """
        calendar = calendar or TradingCalendar.load()
        return pairs_of(self.events, self.lexicon, calendar, policy)

    def without_session(
        self, calendar: TradingCalendar | None = None, policy: str = "next"
    ) -> pd.DataFrame:
        """Return the events that yield no pair, with the reason.

        Returns
        -------
        DataFrame
            event_id, symbol (as written, or the basket), reason (``precision`` or
            ``policy``), detail.
        """
        calendar = calendar or TradingCalendar.load()
        rows = [
            (event.id, exposure.basket or exposure.symbol, *_why_none(event))
            for event in self.events
            if not sessions_of(event, calendar, policy)
            for exposure in event.exposures
        ]
        return pd.DataFrame(rows, columns=["event_id", "symbol", "reason", "detail"])

    def names_of(self, event: Event) -> set[str]:
        """Return every symbol that an event can mean: named, in a basket, or proxy."""
        named = {exposure.symbol for exposure in event.exposures if exposure.symbol}
        for exposure in event.exposures:
            basket = self.lexicon.baskets.get(exposure.basket or "")
            named |= {member.symbol for member in basket.members} if basket else set()
        return named | {p for symbol in named if (p := self.lexicon.proxy(symbol))}


def _check_known(wanted: Mapping[str, tuple[Iterable[str], Iterable[str]]]) -> None:
    """Refuse, together, names that nothing has: of each kind the wanted, the known."""
    told, allowed = [], []
    for kind, (names, known) in wanted.items():
        options = sorted(known)
        found = [name for name in names if name not in options]
        told += [f"No {kind} is named '{n}'.{suggest(n, options)}" for n in found]
        if found:
            few = ", ".join(options[:30]) + (", ..." if len(options) > 30 else "")
            allowed.append(few)
    if told:
        raise EventError("\n".join(told), allowed="; ".join(allowed))


def _why_none(event: Event) -> tuple[str, str]:
    if event.precision == "month":
        return "precision", "only the month is known"
    day = f"{event.latest:%A %Y-%m-%d}"
    return "policy", f"published on {day}, which is not a session"


def load_events(files: Sequence[Path], workspace: Path | None = None) -> EventSet:
    """Read events from YAML and CSV files.

    Parameters
    ----------
    files : sequence of Path
        Each is read once, however often it is named.
    workspace : Path, optional
        Its ``data/baskets.yaml`` and ``data/instruments.yaml`` add to ours.

    Raises
    ------
    EventError
        With every problem of all files, each with its file and line; one id in two
        places is a problem, save where an event of one's own takes the place of a
        shipped one.
    DataUnavailable
        If a file is not there.
    """
    found = gather(files, workspace)
    found.problems.stop_if_any(found.again())
    return EventSet(tuple(found.events), found.lexicon)


def catalogue_files(workspace: Path | None = None) -> list[Path]:
    """Return the catalogue's files: ours, and a workspace's own in their place."""
    folders = [shipped("data") / "events"]
    if workspace:
        folders.append(workspace / "data" / "events")
        for path in _event_files(folders[-1]):
            refuse_outside(path, workspace, EventError)
    by_name = {path.name: path for folder in folders for path in _event_files(folder)}
    return [by_name[name] for name in sorted(by_name)]


def _event_files(folder: Path) -> list[Path]:
    """Return the files of a folder that hold events, by name."""
    return sorted(p for kind in ENDINGS for p in folder.glob(f"*{kind}"))


def load_catalogue(workspace: Path | None = None) -> EventSet:
    """Read every event file of a workspace and of the package."""
    return load_events(catalogue_files(workspace), workspace)


def plain(value: Any) -> Any:
    """Return a value of an event as JSON can hold it; empty ones stay."""
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value
