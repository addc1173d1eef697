"""Bars of less than a day: what they are, before anyone measures them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from aftershock.errors import PriceError

BAR_COLUMNS = ("open", "high", "low", "close", "volume")
LONGEST = pd.Timedelta("390min")


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars of one size by symbol.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        `BAR_COLUMNS` by the moment at which a bar starts (aware UTC, unit us,
        ascending): the bar covers [start, start + size).
    size : Timedelta
    warnings : tuple of str
        What a reader must be told, each naming the symbol.
    """

    frames: Mapping[str, pd.DataFrame]
    size: pd.Timedelta
    warnings: tuple[str, ...] = ()


def bar_size(frequency: str) -> pd.Timedelta:
    """Return the length of a bar: ``5min``, ``60min``, ``1h``.

    Raises
    ------
    PriceError
        For anything else, for zero, and for more than a session of 390 minutes.
    """
    found = re.fullmatch(r"(\d{1,4})(min|h)", frequency)
    size = pd.Timedelta(0)
    if found:
        size = pd.Timedelta(int(found[1]), unit="min") * (60 if found[2] == "h" else 1)
    if not pd.Timedelta(0) < size <= LONGEST:
        raise PriceError(
            f"'{frequency}' is no size of intraday bars",
            where="frequency",
            allowed="minutes or hours up to a session: 1min, 5min, 60min, 1h",
            do="write for instance frequency: 5min",
        )
    return size
