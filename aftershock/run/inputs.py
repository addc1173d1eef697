"""Everything a run reads, obtained once: events, sessions, prices."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from inspect import getsource, getsourcefile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.config import RunConfig
from aftershock.errors import EventError
from aftershock.events import EventSet, load_events
from aftershock.prices import PricePanel
from aftershock.prices.bars import Bars
from aftershock.registry import engine, is_shipped
from aftershock.registry.reading import read_text
from aftershock.run.bars import bars_of, digest_of
from aftershock.run.factors import hash_of_factors
from aftershock.run.fetching import check_market, fetch_prices
from aftershock.run.nearby import other_news
from aftershock.run.settling import settled_by
from aftershock.sources.base import Fetched, panel_from

if TYPE_CHECKING:
    from aftershock.events import Event
    from aftershock.run.claims import ClaimInputs

SLACK = 60


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a run reads.

    Attributes
    ----------
    config : RunConfig
        With what it left open settled, see `settled_by`.
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
    measured : frozenset of str
        Events with a pair that the study measured; empty before it.
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
    measured: frozenset[str] = frozenset()

    @cached_property
    def focus(self) -> Event | None:
        """The event page 1 is about: the config's, the only one, or the latest.

        The latest that is measured, once the study has told which are; till then, and
        where none is, the latest whose session has prices.
        """
        if self.config.report.focus:
            return self.events[self.config.report.focus]
        known = self.pairs["session"] <= self.prices.last_session
        past, every = (set(f["event_id"]) for f in (self.pairs[known], self.pairs))
        with_pairs = self.measured or past or every
        chosen = [e for e in self.events.events if e.id in with_pairs]
        return chosen[-1] if chosen else None

    @property
    def digest(self) -> str:
        """First 8 hex digits of sha256 over all that the numbers depend on."""
        parts = [
            [plain_event(e) for e in sorted(self.events.events, key=lambda e: e.id)],
            self.config.resolved(),
            self.prices.sha256(),
            self.pairs.astype(str).to_dict("records"),
            other_news(self),
            _trading(self.config),
            digest_of(self.bars),
            self.claims.plain(self.events) if self.claims else [],
            engine(),
            *hash_of_factors(self.config),
        ]
        text = json.dumps(parts, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def plain_event(event: Event) -> dict[str, Any]:
    """Return what an event says, without where and in which clock it is written."""
    fields = asdict(event)
    return {key: v for key, v in fields.items() if key not in ("file", "line", "slip")}


def _trading(config: RunConfig) -> list[str]:
    """Return what trades depend on beside prices: borrow rates and strategies."""
    if not config.strategies:
        return []
    from aftershock.config.parts import build_strategies
    from aftershock.fills.borrow import read_borrow

    played = build_strategies(config).values()
    code = sorted({_code(type(strategy)) for strategy in played})
    return [*code, *map(repr, read_borrow(config.workspace))]


def _code(strategy: type) -> str:
    """Return a strategy's code; of one's own all that stands in its file.

    Constants and functions beside the class decide, too. Ours change with the version.
    """
    file = Path(getsourcefile(strategy) or "")
    if is_shipped(file, "strategies"):
        return getsource(strategy)
    return read_text(file)


def choose_events(config: RunConfig) -> tuple[EventSet, EventSet]:
    """Return all events of the config's files, and the chosen ones.

    Events before or behind the calendar that are not chosen are left out of both: they
    can be no news near another. A chosen one is refused where its session is asked for.

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
            where=f"{config.shown}: events.where",
            allowed=f"a filter that keeps some of the {len(catalogue)} events",
            do="look at them with `aftershock events list`",
        )
    kept = {e.id for e in (*catalogue.within().events, *events.events)}
    return catalogue.chosen(ids=kept), events


def _moment(value: date | None) -> pd.Timestamp | None:
    """Return a date of the config as a timestamp."""
    return None if value is None else pd.Timestamp(value)


def _scope(config: RunConfig, events: EventSet, symbols: Sequence[str]) -> str:
    """Say how much a run has to do: what its time depends on."""
    study, played = config.study, len(config.strategies)
    parts = [(len(events), "event"), (len(symbols), "symbol")]
    parts += [(len(study.windows), "window")]
    draws = study.placebo.draws if study.placebo else None
    parts += [(draws, "placebo draw")] if draws else []
    said = ", ".join(f"{n} {name}{'' if n == 1 else 's'}" for n, name in parts)
    if played:
        said += f"; {played} strateg{'y' if played == 1 else 'ies'}"
    if played and config.luck.draws:
        each = "" if played == 1 else "each "
        said += f", {each}tried by luck on {config.luck.draws} sets of other dates: "
        said += "that may take most of the time"
    return f"{config.name}: {said}"


def needed_symbols(config: RunConfig, pairs: pd.DataFrame) -> list[str]:
    """Return every symbol whose prices a run needs, the market first."""
    study = config.study
    named = sorted(study.contrast) if isinstance(study.contrast, dict) else []
    donors = [*study.donors, *study.model.parameters.get("donors", ())]
    markets = [study.market, *(study.robustness.markets if study.robustness else ())]
    wanted = [*markets, *sorted(set(pairs["symbol"])), *named, *donors]
    return list(dict.fromkeys(wanted))


def stand_ins(pairs: pd.DataFrame) -> list[str]:
    """Say which symbols are studied for others that cannot be traded."""
    proxies = pairs[pairs["proxy"] != ""]
    return [
        f"{row.symbol} stands in for {row.proxy}, which cannot be traded"
        for row in proxies.drop_duplicates(["symbol", "proxy"]).itertuples()
    ]


def price_span(
    config: RunConfig, pairs: pd.DataFrame, calendar: TradingCalendar
) -> pd.Timestamp | None:
    """Return the first session of which prices are wanted.

    Twice the estimation window before the first event, so that placebo sessions have
    an estimation of their own; more where `study.robustness` reaches further back.
    """
    if pairs.empty:
        return None
    tried = config.study.robustness
    starts = [start for start, _ in (tried.estimations if tried else ())]
    reach = min([2 * config.study.estimation.start, *starts]) - SLACK
    first = calendar.sessions.searchsorted(pairs["session"].min()) + reach
    return pd.Timestamp(calendar.sessions[max(int(first), 0)])


def obtain_inputs(
    config: RunConfig,
    *,
    offline: bool = False,
    more: Sequence[str] = (),
    known: Collection[str] = (),
    told: Callable[[str], None] | None = None,
) -> Inputs:
    """Read events and prices, those of some `more` symbols included.

    Parameters
    ----------
    config : RunConfig
    offline : bool
    more : sequence of str
    known : collection of str
        Ids of price defects that another question of the run meets.
    told : callable, optional
        Told in one line what will be done, before any price is asked for.

    Raises
    ------
    DataUnavailable
        When the market, or every event symbol, has no prices.
    PriceError
        When the market's prices have a severe defect that was not accepted.
    """
    catalogue, events = choose_events(config)
    config = settled_by(config, events)
    calendar = TradingCalendar.load()
    policy = config.events.policy
    pairs = events.pairs(calendar, policy)
    symbols = list(dict.fromkeys([*needed_symbols(config, pairs), *more]))
    if told is not None:
        told(_scope(config, events, symbols))
    start = price_span(config, pairs, calendar)
    fetched = fetch_prices(config, symbols, start, offline=offline, known=known)
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
