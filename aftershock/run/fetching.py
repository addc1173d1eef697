"""The prices of a config: its store, what its source has, and the market's own."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from aftershock.config import RunConfig
from aftershock.errors import DataUnavailable, PriceError
from aftershock.sources.base import Fetched

if TYPE_CHECKING:
    from aftershock.store import Store


def written(value: date | None) -> str | None:
    """Return a date of the config as written: a bare one means the whole day."""
    return None if value is None else value.isoformat()


def price_store(config: RunConfig) -> Store:
    """Return the store of a config's workspace."""
    from aftershock.store import Store

    return Store(config.workspace / "data" / "prices")


def fetch_prices(
    config: RunConfig,
    symbols: Sequence[str],
    start: pd.Timestamp | None,
    *,
    offline: bool,
    known: Collection[str] = (),
) -> Fetched:
    """Ask the config's source, through the store where it is a remote one.

    A defect that is accepted and not met here is refused, unless it is `known`.
    """
    from aftershock.config.parts import build_source
    from aftershock.store import obtain

    fetched = obtain(
        build_source(config),
        symbols,
        start,
        None,
        store=price_store(config),
        as_of=written(config.prices.as_of),
        offline=offline,
    )
    met = {defect.id for defect in fetched.defects}
    return fetched.accepting(
        [i for i in config.prices.accept if i in met or i not in known]
    )


def fetch_command(
    config: RunConfig, symbols: Sequence[str], start: pd.Timestamp | None
) -> str:
    """Return the command that stores what a config lacks, for whoever stands here."""
    folder = price_store(config).root
    since = [] if start is None else ["--start", f"{start:%Y-%m-%d}"]
    here = folder.resolve() == Path("data/prices").resolve()
    place = [] if here else ["--store", str(folder)]
    return shlex.join(["aftershock", "prices", "fetch", *symbols, *since, *place])


def check_market(config: RunConfig, fetched: Fetched) -> None:
    """Stop when nothing can be measured without this market's prices."""
    market = config.study.market
    reason = fetched.missing.get(market)
    where = f"{config.shown}: study.market"
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
