"""The claims of a run: read with its events, judged on prices of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.claims import (
    Claim,
    Evidence,
    chosen_events,
    judge_claims,
    load_claims,
)
from aftershock.claims.asking import check_events
from aftershock.config import RunConfig, load_config
from aftershock.errors import ConfigError
from aftershock.events import Event, EventSet
from aftershock.events.baskets import Lexicon
from aftershock.prices import PricePanel
from aftershock.run.fetching import check_market, fetch_prices
from aftershock.run.inputs import (
    Inputs,
    choose_events,
    needed_symbols,
    obtain_inputs,
    plain_event,
    price_span,
)
from aftershock.run.measuring import design_of, panel_of
from aftershock.run.settling import settled_by
from aftershock.sources.base import Fetched, panel_from


@dataclass(frozen=True, eq=False)
class ClaimInputs:
    """What claims are judged on.

    They have prices of their own: a claim about an early event needs earlier ones,
    and the study of the run must not change because of it.
    """

    claims: tuple[Claim, ...]
    about: tuple[Event, ...]
    fetched: Fetched
    prices: PricePanel

    def plain(self, chosen: EventSet) -> list[Any]:
        """Return what verdicts rest on beside the chosen events, for the id."""
        others = [plain_event(e) for e in self.about if e not in chosen.events]
        claims = [claim.plain() for claim in self.claims]
        members = _members(self.claims, self.about, chosen.lexicon)
        return [*claims, self.prices.sha256(), *others, members]


def _members(
    claims: Sequence[Claim], about: Sequence[Event], lexicon: Lexicon
) -> dict[str, Any]:
    """Return the members of every basket that claims or their events name, by date."""
    named = _baskets(claims) | {x.basket or "" for e in about for x in e.exposures}
    return {
        b: asdict(lexicon.baskets[b])["members"] for b in named & {*lexicon.baskets}
    }


def _baskets(claims: Sequence[Claim]) -> set[str]:
    """Return the baskets that claims name as a side."""
    sides = [side for c in claims for side in (c.group, c.against) if side]
    return {side.basket for side in sides if side.basket}


def obtain_with_claims(
    config: RunConfig,
    *,
    offline: bool = False,
    told: Callable[[str], None] | None = None,
) -> Inputs:
    """Read what a run reads, with the claims of its config if it names any.

    Claims come first: their prices reach further back, so that a store then has what
    the study needs.

    Raises
    ------
    EventError
        For mistakes in the files, and events that are not loaded.
    DataUnavailable, PriceError
        As for the prices of the study.
    """
    asked = _obtain_claims(config, offline) if config.claims else None
    met = [defect.id for defect in asked.fetched.defects] if asked else []
    inputs = obtain_inputs(config, offline=offline, known=met, told=told)
    return replace(inputs, claims=asked)


def read_claims(config: RunConfig, catalogue: EventSet) -> tuple[Claim, ...]:
    """Return the claims of a config, checked against its events.

    Raises
    ------
    EventError
        For mistakes in the files, and events that are not loaded.
    """
    claims = load_claims(config.claim_files, config.workspace)
    check_events(claims, catalogue)
    return claims


def _obtain_claims(config: RunConfig, offline: bool) -> ClaimInputs:
    """Read claims, and the prices of everything they look at."""
    catalogue, events = choose_events(config)
    config = settled_by(config, events)
    calendar = TradingCalendar.load()
    claims = read_claims(config, catalogue)
    about, pairs = _about(config, claims, catalogue, calendar)
    start = price_span(config, pairs, calendar)
    # a defect that is not met here may be one of the study's, which is asked next
    fetched = fetch_prices(
        config,
        needed_symbols(config, pairs),
        start,
        offline=offline,
        known=config.prices.accept,
    )
    check_market(config, fetched)
    prices = panel_from(fetched, config.prices.adjust, calendar)
    return ClaimInputs(claims, about.events, fetched, prices)


def wanted_by_claims(
    config: RunConfig, catalogue: EventSet, calendar: TradingCalendar
) -> tuple[list[str], pd.Timestamp | None]:
    """Return the symbols that a config's claims ask for, and since when."""
    claims = read_claims(config, catalogue)
    _, pairs = _about(config, claims, catalogue, calendar)
    return needed_symbols(config, pairs), price_span(config, pairs, calendar)


def _about(
    config: RunConfig,
    claims: Sequence[Claim],
    catalogue: EventSet,
    calendar: TradingCalendar,
) -> tuple[EventSet, pd.DataFrame]:
    """Return the events that claims are about, and the pairs that they look at."""
    found = {e.id: e for c in claims for e in chosen_events(c, catalogue)}
    about = replace(catalogue, events=tuple(found.values()))
    return about, _pairs_of_claims(claims, about, calendar, config.events.policy)


def _pairs_of_claims(
    claims: Sequence[Claim], about: EventSet, calendar: TradingCalendar, policy: str
) -> pd.DataFrame:
    """Return every symbol that the claims look at, on the first of their sessions."""
    lexicon, pairs = about.lexicon, about.pairs(calendar, policy)
    sides = [side for c in claims for side in (c.group, c.against) if side]
    members = {m.symbol for b in _baskets(claims) for m in lexicon.baskets[b].members}
    written = {s for c in claims for s in c.named} | members
    symbols = {lexicon.proxy(s) or s for s in written}
    if any(side.role for side in sides):
        symbols |= set(pairs["symbol"])
    first = pairs["session"].min()
    rows = [(symbol, first) for symbol in sorted(symbols) if len(pairs)]
    return pd.DataFrame(rows, columns=["symbol", "session"])


def claims_table(inputs: Inputs) -> pd.DataFrame:
    """Return the table `claims` of a run."""
    assert inputs.claims is not None  # the caller has looked
    own = replace(inputs, prices=inputs.claims.prices, fetched=inputs.claims.fetched)
    design = design_of(own)
    evidence = Evidence(
        events=inputs.catalogue,
        calendar=inputs.calendar,
        policy=inputs.config.events.policy,
        panel=panel_of(own, design),
        design=design,
        missing=own.fetched.missing,
    )
    return judge_claims(inputs.claims.claims, evidence)


def check_claims(
    config: Path | RunConfig, overrides: Sequence[str] = (), *, offline: bool = False
) -> pd.DataFrame:
    """Return the verdicts of a config's claims, without a run.

    Raises
    ------
    ConfigError
        When it names no claims.
    """
    if not isinstance(config, RunConfig):
        config = load_config(config, overrides)
    if not config.claims:
        raise ConfigError(
            "no claims",
            where=f"{config.shown}: claims",
            allowed="claims: [../data/claims/meta_compute.yaml]",
            do="name a file of claims in the config, or set it with --set",
        )
    return claims_table(obtain_with_claims(config, offline=offline))
