"""Prices that another package holds."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aftershock.calendar import NEW_YORK
from aftershock.errors import PriceError
from aftershock.prices.panel import PricePanel

COLUMNS_BY_FRAME = {
    name: name.capitalize() for name in ("open", "high", "low", "close", "volume")
}
"""Columns of vectorbt's data, by our name of the frame."""


def prices_from_vectorbt(data: Any, basis: str = "total_return") -> PricePanel:
    """Return the panel of a ``vectorbt.Data``, as `vectorbt.YFData` downloads it.

    Parameters
    ----------
    data : vectorbt.Data
        By symbol a frame with a column Close; Open, High, Low, Volume, Dividends and
        "Stock Splits" where they are there. Daily: a moment that is not midnight is
        read as midnight in New York, in whatever zone it is written.
    basis : {"total_return", "split"}
        What the prices are adjusted for: that of YFData is total_return.

    Raises
    ------
    PriceError
        Where a symbol has no Close, or the panel cannot be trusted.
    """
    known = {**COLUMNS_BY_FRAME, "dividends": "Dividends", "splits": "Stock Splits"}
    frames = {str(symbol): _frame_of(symbol, data.data[symbol]) for symbol in data.data}
    kept: dict[str, Any] = {}
    for ours, theirs in known.items():
        columns_ = {s: f[theirs] for s, f in frames.items() if theirs in f}
        if columns_:
            made = pd.DataFrame(columns_).reindex(columns=list(frames))
            kept[ours] = made.fillna(0.0) if ours in ("dividends", "splits") else made
    return PricePanel(**kept, basis=basis)


def _frame_of(symbol: Any, found: pd.Series | pd.DataFrame) -> pd.DataFrame:
    """Return bars with sessions as index; a series holds closes."""
    frame = found.to_frame("Close") if isinstance(found, pd.Series) else found.copy()
    if "Close" not in frame:
        raise PriceError(
            "no column Close",
            where=str(symbol),
            allowed=", ".join(COLUMNS_BY_FRAME.values()),
        )
    index = pd.DatetimeIndex(frame.index)
    if index.tz is not None and (index != index.normalize()).any():
        index = index.tz_convert(NEW_YORK)
    frame.index = index.tz_localize(None).normalize().rename("session")
    return frame
