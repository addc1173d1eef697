"""Everything a run reads, obtained once: events, sessions, prices."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from aftershock.calendar import TradingCalendar, covers_day
from aftershock.config import RunConfig
from aftershock.errors import DataUnavailable, EventError, PriceError
from aftershock.events import EventSet, load_events
from aftershock.prices import PricePanel
from aftershock.prices.bars import Bars
from aftershock.registry import engine
from aftershock.run.bars import bars_of, digest_of
from aftershock.sources.base import Fetched, panel_from

if TYPE_CHECKING:
    from aftershock.events import Event
    from aftershock.run.claims import ClaimInputs

SLACK = 60
DAY_WINDOW = (0, 1)


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a run reads.

    Attributes
    ----------
    config : RunConfig
    calendar : TradingCalendar
    catalogue, events : EventSet
        All events of the files, and those the config chose.
    pairs : DataFrame
        One row for each chosen event, symbol and session.
    without_session : DataFrame
        Events that no session could be given, with the reason.
    fetched : Fetched
        What the source had, and what it had not.
    prices : PricePanel
    bars : Bars or None
        Where the config studies bars beside days.
    claims : ClaimInputs or None
        What a run's claims are judged on, where it has any.
    """

    config: RunConfig
    calendar: TradingCalendar
    catalogue: EventSet
    events: EventSet
    pairs: pd.DataFrame
    without_session: pd.DataFrame
    fetched: Fetched
    prices: PricePanel
    bars: Bars | None = None
    claims: ClaimInputs | None = None

    @cached_property
    def focus(self) -> Event | None:
        """The event page 1 is about: the config's, the only one, or the latest."""
        if self.config.report.focus:
            return self.events[self.config.report.focus]
        known = self.pairs["session"] <= self.prices.last_session
        with_pairs = set(self.pairs.loc[known, "event_id"]) or set(
            self.pairs["event_id"]
        )
        chosen = [e for e in self.events.events if e.id in with_pairs]
        return chosen[-1] if chosen else None

    @cached_property
    def day_only(self) -> list[str]:
        """Events of which only the day is known: their reaction lies in [0, 1]."""
        return [
            e.id
            for e in self.events.events
            if e.earliest < e.latest and covers_day(e.earliest, e.latest)
        ]

    @property
    def windows(self) -> tuple[tuple[int, int], ...]:
        """The tested windows; [0, 1] joins them where only a day is known."""
        windows = self.config.study.windows
        if self.day_only and DAY_WINDOW not in windows:
            return (*windows, DAY_WINDOW)
        return windows

    @property
    def headline_window(self) -> tuple[int, int]:
        """The window that leads; [0, 1] where of every event only the day is known."""
        given = self.config.study.headline
        if given is None and len(self.day_only) == len(self.events):
            return DAY_WINDOW
        return self.config.headline_window

    @property
    def digest(self) -> str:
        """First 8 hex digits of sha256 over events, config, prices and engine."""
        parts = [
            sorted(
                (_plain_event(e) for e in self.events.events), key=lambda e: e["id"]
            ),
            self.config.resolved(),
            self.prices.sha256(),
            self.pairs.astype(str).to_dict("records"),
            _trading(self.config),
            digest_of(self.bars),
            self.claims.plain() if self.claims else [],
            engine(),
        ]
        text = json.dumps(parts, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def _plain_event(event: Event) -> dict[str, Any]:
    """Return what an event says, without where it is written."""
    fields = asdict(event)
    return {key: v for key, v in fields.items() if key not in ("file", "line")}


def _trading(config: RunConfig) -> list[str]:
    """Return what trades depend on beside prices: borrow rates and strategies."""
    if not config.strategies:
        return []
    from inspect import getsource

    from aftershock.config.parts import build_strategies
    from aftershock.fills.borrow import read_borrow

    played = build_strategies(config).values()
    code = sorted({getsource(type(strategy)) for strategy in played})
    return [*code, *map(repr, read_borrow(config.workspace))]


def choose_events(config: RunConfig) -> tuple[EventSet, EventSet]:
    """Return all events of the config's files, and the chosen ones.

    Raises
    ------
    EventError
        When the filter leaves nothing.
    """
    catalogue = load_events(config.event_files, config.workspace)
    where = config.events.where
    events = catalogue.chosen(
        ids=where.ids,
        tags=where.tags,
        symbols=where.symbols,
        since=_moment(where.since),
        until=_moment(where.until),
    )
    if not len(events):
        raise EventError(
            "no event meets the filter",
            where=f"{config.path}: events.where",
            allowed=f"a filter that keeps some of the {len(catalogue)} events",
            do="look at them with `aftershock events list`",
        )
    return catalogue, events


def _moment(value: date | None) -> pd.Timestamp | None:
    """Return a date of the config as a timestamp."""
    return None if value is None else pd.Timestamp(value)


def _text(value: date | None) -> str | None:
    """Return a date of the config as written: a bare one means the whole day."""
    return None if value is None else value.isoformat()


def needed_symbols(config: RunConfig, pairs: pd.DataFrame) -> list[str]:
    """Return every symbol whose prices a run needs, the market first."""
    contrast = config.study.contrast
    named = sorted(contrast) if isinstance(contrast, dict) else []
    tried = config.study.robustness
    markets = [config.study.market, *(tried.markets if tried else ())]
    wanted = [*markets, *sorted(set(pairs["symbol"])), *named]
    return list(dict.fromkeys(wanted))


def price_span(
    config: RunConfig, pairs: pd.DataFrame, calendar: TradingCalendar
) -> pd.Timestamp | None:
    """Return the first session of which prices are wanted.

    Twice the estimation window before the first event, so that placebo sessions have
    an estimation of their own.
    """
    if pairs.empty:
        return None
    reach = 2 * config.study.estimation.start - SLACK
    first = calendar.sessions.searchsorted(pairs["session"].min()) + reach
    return pd.Timestamp(calendar.sessions[max(int(first), 0)])


def obtain_inputs(
    config: RunConfig, *, offline: bool = False, more: Sequence[str] = ()
) -> Inputs:
    """Read events and prices, those of some `more` symbols included.

    Raises
    ------
    DataUnavailable
        When the market, or every event symbol, has no prices.
    PriceError
        When the market's prices have a severe defect that was not accepted.
    """
    catalogue, events = choose_events(config)
    calendar = TradingCalendar.load()
    policy = config.events.policy
    pairs = events.pairs(calendar, policy)
    symbols = list(dict.fromkeys([*needed_symbols(config, pairs), *more]))
    start = price_span(config, pairs, calendar)
    fetched = fetch_prices(config, symbols, start, offline=offline)
    check_market(config, fetched)
    bars = bars_of(config, symbols, calendar)
    return Inputs(
        config=config,
        calendar=calendar,
        catalogue=catalogue,
        events=events,
        pairs=pairs,
        without_session=events.without_session(calendar, policy),
        fetched=fetched,
        prices=panel_from(fetched, config.prices.adjust, calendar),
        bars=bars,
    )


def fetch_prices(
    config: RunConfig,
    symbols: Sequence[str],
    start: pd.Timestamp | None,
    *,
    offline: bool,
) -> Fetched:
    """Ask the config's source, through the store where it is a remote one."""
    from aftershock.config.parts import build_source
    from aftershock.store import Store, obtain

    source = build_source(config)
    fetched = obtain(
        source,
        symbols,
        start,
        None,
        store=Store(config.workspace / "data" / "prices"),
        as_of=_text(config.prices.as_of),
        offline=offline,
    )
    return fetched.accepting(config.prices.accept) if config.prices.accept else fetched


def check_market(config: RunConfig, fetched: Fetched) -> None:
    """Stop when nothing can be measured without this market's prices."""
    market = config.study.market
    reason = fetched.missing.get(market)
    where = f"{config.path}: study.market"
    if reason == "price_defect":
        found = [d for d in fetched.defects if d.symbol == market]
        raise PriceError(
            f"the prices of the market {market} have a severe defect: "
            + "; ".join(f"{d.id}: {d.detail}" for d in found[:3]),
            where=where,
            do="mend the prices, choose another market, or accept the defect by id "
            "with --accept ID",
        )
    if reason is not None:
        raise DataUnavailable(
            f"the source has no prices for the market {market}",
            where=where,
            allowed="a symbol that the price source knows",
            do="set study.market to another broad index, or add its prices",
        )
