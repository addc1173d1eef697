"""Prices that a command names by itself, without a config."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from aftershock.errors import DataUnavailable
from aftershock.sources.base import Fetched, PriceSource
from aftershock.store import Store, obtain

SAMPLE = "sample"


def source_of(named: str | None) -> PriceSource:
    """Return the source behind ``--prices``: a path, ``sample``, or none for Yahoo.

    Raises
    ------
    DataUnavailable
        For a path that is not there.
    """
    if named is None:
        from aftershock.sources.yahoo import YahooSource

        return YahooSource()
    if Path(named).exists():
        from aftershock.sources.folder import FolderSource

        return FolderSource(Path(named))
    if named == SAMPLE:
        from aftershock.sources.sample import SampleSource

        return SampleSource()
    raise DataUnavailable(
        "there is no such file or folder",
        where=named,
        do="name a folder or file of prices, or `sample` for the simulated ones",
    )


def fetch_named(
    named: str | None,
    symbols: Sequence[str],
    workspace: Path,
    *,
    end: pd.Timestamp | None = None,
    offline: bool = False,
) -> Fetched:
    """Return the bars of some symbols, from Yahoo through the workspace's store.

    Offline the store gives what it holds; the rest is missing.

    Parameters
    ----------
    end : Timestamp, optional
        The last session that may be read at all, its defects included.
    """
    source, store = source_of(named), Store(workspace / "data" / "prices")
    held = set(store.symbols()) if source.remote and offline else set(symbols)
    wanted = [symbol for symbol in symbols if symbol in held]
    try:
        had = obtain(source, wanted, None, end, store, offline=offline)
    except DataUnavailable as error:
        # a config has other words for it, so that the source cannot say this
        if source.remote:
            error.do += "; to try it on simulated prices: --prices sample"
        raise
    lacking = {s: "no_prices" for s in symbols if s not in held}
    return replace(had, missing={**had.missing, **lacking})


def refuse_without_market(fetched: Fetched, market: str) -> None:
    """Stop where nothing can be measured.

    Raises
    ------
    DataUnavailable
    """
    if market not in fetched.bars:
        raise DataUnavailable(
            f"there are no usable prices of the market {market}: "
            f"{fetched.missing.get(market, 'none')}",
            where="--market",
            do="fetch them with `aftershock prices fetch`, name a folder with "
            "--prices, or another market with --market; to try it on simulated "
            "prices: --prices sample",
        )
