"""The claims of a run: read with its events, judged on prices of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

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
from aftershock.prices import PricePanel
from aftershock.run.inputs import (
    Inputs,
    check_market,
    fetch_prices,
    needed_symbols,
    obtain_inputs,
    price_span,
)
from aftershock.run.measuring import design_of, panel_of
from aftershock.sources.base import Fetched, panel_from


@dataclass(frozen=True, eq=False)
class ClaimInputs:
    """What claims are judged on.

    They have prices of their own: a claim about an early event needs earlier ones,
    and the study of the run must not change because of it.
    """

    claims: tuple[Claim, ...]
    fetched: Fetched
    prices: PricePanel

    def plain(self) -> list[Any]:
        """Return all that verdicts depend on, for the run's id."""
        return [*(claim.plain() for claim in self.claims), self.prices.sha256()]


def with_claims(inputs: Inputs, *, offline: bool = False) -> Inputs:
    """Return the inputs with the claims of their config, if it names any.

    Raises
    ------
    EventError
        For mistakes in the files, and events that are not loaded.
    DataUnavailable, PriceError
        As for the prices of the study.
    """
    config = inputs.config
    if not config.claims:
        return inputs
    claims = load_claims(config.claim_files, config.workspace)
    check_events(claims, inputs.catalogue)
    pairs = _pairs_of_claims(claims, inputs)
    start = price_span(config, pairs, inputs.calendar)
    symbols = needed_symbols(config, pairs)
    fetched = fetch_prices(config, symbols, start, offline=offline)
    check_market(config, fetched)
    prices = panel_from(fetched, config.prices.adjust, inputs.calendar)
    return replace(inputs, claims=ClaimInputs(claims, fetched, prices))


def _pairs_of_claims(claims: Sequence[Claim], inputs: Inputs) -> pd.DataFrame:
    """Return symbol and session of everything that the claims look at."""
    lexicon = inputs.catalogue.lexicon
    about = {e.id: e for c in claims for e in chosen_events(c, inputs.catalogue)}
    chosen = replace(inputs.catalogue, events=tuple(about.values()))
    pairs = chosen.pairs(inputs.calendar, inputs.config.events.policy)
    sides = [side for c in claims for side in (c.group, c.against) if side]
    baskets = {side.basket for side in sides if side.basket}
    members = {m.symbol for b in baskets for m in lexicon.baskets[b].members}
    written = {s for c in claims for s in c.named} | members
    symbols = {lexicon.proxy(s) or s for s in written}
    if any(side.role for side in sides):
        symbols |= set(pairs["symbol"])
    sessions = sorted(set(pairs["session"]))
    rows = [(s, day) for s in sorted(symbols) for day in sessions[:1]]
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
            where=f"{config.path}: claims",
            allowed="claims: [../data/claims/meta_compute.yaml]",
            do="name a file of claims in the config, or set it with --set",
        )
    inputs = obtain_inputs(config, offline=offline)
    return claims_table(with_claims(inputs, offline=offline))
