"""The bars that a run reads from files, and their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.config import RunConfig
from aftershock.errors import ConfigError
from aftershock.prices.bars import Bars
from aftershock.sources.bars import bar_files, read_bars
from aftershock.study.bars import DAILY


def bars_of(
    config: RunConfig, symbols: Sequence[str], calendar: TradingCalendar
) -> Bars | None:
    """Read the bars that a run needs; None where it studies days only.

    Raises
    ------
    ConfigError
        When the config names no folder that could hold them.
    DataUnavailable, PriceError
        When the folder has none of these symbols, or a file is wrong.
    """
    frequency = config.study.frequency
    if frequency == DAILY:
        return None
    files = bar_files(_folder(config), frequency, symbols)
    return read_bars(files, frequency, calendar)


def _folder(config: RunConfig) -> str:
    """Return where the bars lie: `prices.bars`, or the folder of the daily files."""
    source = config.prices.source
    named = config.prices.bars or source.parameters.get("path")
    if named is None:
        raise ConfigError(
            f"the price source {source.name} has no bars of {config.study.frequency}",
            where=f"{config.shown}: study.frequency",
            allowed="1d, or a folder with files such as META_5m.csv",
            do="name the folder in prices.bars",
        )
    return str(config.absolute(str(named)))


def digest_of(bars: Bars | None) -> str:
    """Return a hash of everything the bars say; "" without bars."""
    if bars is None:
        return ""
    total = hashlib.sha256()
    for symbol in sorted(bars.frames):
        rows = pd.util.hash_pandas_object(bars.frames[symbol])
        total.update(symbol.encode() + rows.to_numpy().tobytes())
    return total.hexdigest()
