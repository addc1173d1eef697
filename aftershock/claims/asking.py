"""What a claim asks of the data: which symbols, which sessions, and is it time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.claims.records import Claim, Group
from aftershock.errors import EventError
from aftershock.events import EventSet
from aftershock.events.expansion import lines_of, sessions_of
from aftershock.events.records import Event
from aftershock.models.market_no_alpha import MarketNoAlpha
from aftershock.registry import suggest
from aftershock.study.design import StudyDesign
from aftershock.study.panel import StudyPanel
from aftershock.study.paths import LONG
from aftershock.windows import EventWindow


class NotTestable(Exception):  # noqa: N818 - it is an answer, not a mistake
    """What is missing before a claim can be tested."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What claims are judged on.

    Attributes
    ----------
    events : EventSet
        Where the events of claims are looked up.
    calendar : TradingCalendar
    policy : str
        For events on days without a session.
    panel, design
        Returns, market, and the study that every claim's own one is made from.
    missing : mapping of str
        Why a symbol has no prices.
    """

    events: EventSet
    calendar: TradingCalendar
    policy: str
    panel: StudyPanel
    design: StudyDesign
    missing: Mapping[str, str]

    def over(self, window: EventWindow) -> Evidence:
        """Return the evidence with the model that leads over a window.

        Beyond five sessions the market model gives way to its slope alone, as in
        the headline of a run.
        """
        if self.design.model.name != "market" or window.length <= LONG:
            return self
        model = MarketNoAlpha()
        panel = replace(self.panel, model=model)
        return replace(self, panel=panel, design=replace(self.design, model=model))


@dataclass(frozen=True)
class Occasion:
    """One event on its session, with the symbols of a group and of the other side."""

    event_id: str
    session: pd.Timestamp
    symbols: tuple[str, ...]
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A claim laid out on the data.

    Attributes
    ----------
    occasions : tuple of Occasion
        Whose windows are over; sessions in order.
    told : tuple of str
        What was left out, or stands for something else.
    """

    occasions: tuple[Occasion, ...]
    told: tuple[str, ...]


def check_events(claims: Sequence[Claim], events: EventSet) -> None:
    """Refuse claims about events that are not there.

    Raises
    ------
    EventError
        All of them at once, each with its file and line.
    """
    known = [event.id for event in events.events]
    unknown = [
        f"{claim.file}:{claim.line}: no event is named '{name}'.{suggest(name, known)}"
        for claim in claims
        for name in claim.events
        if name not in known
    ]
    if unknown:
        raise EventError(
            "\n  ".join(unknown),
            allowed="events of the files that the config loads",
            do="add their file to events.files (events.where need not choose them)",
        )


def chosen_events(claim: Claim, events: EventSet) -> tuple[Event, ...]:
    """Return the events that a claim is about."""
    return events.chosen(ids=claim.events, tags=claim.tags).events


def sessions_of_claim(
    claim: Claim, evidence: Evidence
) -> list[tuple[Event, pd.Timestamp]]:
    """Return the session of every event that has one.

    An event that may belong to either of two sessions counts on the later one, when
    it was known for certain.
    """
    found = []
    for event in chosen_events(claim, evidence.events):
        sessions = sessions_of(event, evidence.calendar, evidence.policy)
        if sessions:
            found.append((event, sessions[-1]))
    return sorted(found, key=lambda pair: (pair[1], pair[0].id))


def symbols_of(
    group: Group, event: Event, session: pd.Timestamp, evidence: Evidence
) -> dict[str, str]:
    """Return the symbols of a group, each with the index it stands for, or ""."""
    lexicon = evidence.events.lexicon
    if group.role:
        lines = lines_of(event, session, lexicon)
        return {x.symbol: x.proxy for x in lines if x.exposure.role == group.role}
    written = group.symbols
    if group.basket:
        basket = lexicon.baskets.get(group.basket)
        written = basket.on(session) if basket else ()
    stands = {symbol: lexicon.proxy(symbol) for symbol in written}
    return {
        proxy or symbol: symbol if proxy else "" for symbol, proxy in stands.items()
    }


def ready_from(claim: Claim, evidence: Evidence) -> pd.Timestamp | None:
    """Return the last session that the claim's window needs, over all its events."""
    end = max(claim.window[1], 0)
    needed = [
        evidence.calendar.shift(session, end)
        for _, session in sessions_of_claim(claim, evidence)
    ]
    return max(needed, default=None)


def describes(claim: Claim, evidence: Evidence) -> bool:
    """Tell whether the window opens before the claim was made.

    As with news, what is said before the open belongs to that session: a window
    counts from the open of its first session.
    """
    opened = [
        evidence.calendar.open_at(evidence.calendar.shift(session, claim.window[0]))
        for _, session in sessions_of_claim(claim, evidence)
    ]
    return any(moment < claim.said_at for moment in opened)


def question_of(claim: Claim, evidence: Evidence) -> Question:
    """Lay a claim out on the data.

    Raises
    ------
    NotTestable
        It says what is missing.
    """
    dated = sessions_of_claim(claim, evidence)
    if not dated:
        names = ", ".join(claim.events) or f"tags {', '.join(claim.tags)}"
        raise NotTestable(f"no event of {names} has a session of its own")
    last = evidence.panel.calendar[-1]
    over = [
        (event, session)
        for event, session in dated
        if evidence.calendar.shift(session, max(claim.window[1], 0)) <= last
    ]
    if not over:
        when = ready_from(claim, evidence)
        raise NotTestable(
            f"the window [{claim.window[0]}, {claim.window[1]}] is over on "
            f"{when:%Y-%m-%d}, and prices end on {last:%Y-%m-%d}"
        )
    told = [f"{len(dated) - len(over)} events wait"] if len(over) < len(dated) else []
    occasions, lacking = [], []
    for event, session in over:
        try:
            occasion, notes = _occasion(claim, event, session, evidence)
        except NotTestable as reason:
            lacking.append(str(reason))
        else:
            occasions.append(occasion)
            told += notes
    if not occasions:
        raise NotTestable("; ".join(dict.fromkeys(lacking)))
    told += [f"{n} of {len(over)} events: {why}" for why, n in Counter(lacking).items()]
    return Question(tuple(occasions), tuple(dict.fromkeys(told)))


def _occasion(
    claim: Claim, event: Event, session: pd.Timestamp, evidence: Evidence
) -> tuple[Occasion, list[str]]:
    """Return one event with the symbols that have prices, and notes on the others.

    Raises
    ------
    NotTestable
        When a side has no symbol, or none with prices.
    """
    sides = [claim.group, *([claim.against] if claim.against else [])]
    found: list[tuple[str, ...]] = []
    told: list[str] = []
    for group in sides:
        named = symbols_of(group, event, session, evidence)
        held = [s for s in named if s in evidence.panel.symbols]
        told += [
            f"without {s} ({evidence.missing.get(s, 'no_prices').replace('_', ' ')})"
            for s in named
            if s not in held
        ]
        told += [f"{s} stands for {named[s]}" for s in held if named[s]]
        if not held:
            wanted = [
                f"{s}, which stands for {i}" if i else s for s, i in named.items()
            ]
            lacks = f"no prices of {', '.join(wanted)}" if wanted else _nobody(group)
            raise NotTestable(lacks)
        found.append(tuple(held))
    against = tuple(s for s in (*found, ())[1] if s not in found[0])
    if claim.against and not against:
        raise NotTestable(f"nothing is left of {claim.against} to compare with")
    return Occasion(event.id, session, found[0], against), told


def _nobody(group: Group) -> str:
    """Say that an event names no symbol of a group."""
    if group.basket:
        return f"{group.basket} has no member that session"
    return f"no {group} is named"
