"""The table `intraday`: what each slot around the news did."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.abnormal import AbnormalReturns
from aftershock.intraday.slots import Slots

INTRADAY_COLUMNS = (
    "event_id",
    "symbol",
    "bar_start",
    "slot",
    "offset",
    "ret",
    "ar",
    "car",
    "se",
    "sar",
    "volume",
)


def intraday_table(
    pairs: pd.DataFrame, abnormal: AbnormalReturns, slots: Slots, volume: pd.DataFrame
) -> pd.DataFrame:
    """Return one row for each pair and slot of the event window, `INTRADAY_COLUMNS`.

    Parameters
    ----------
    pairs : DataFrame
        event_id and symbol of the pairs in `abnormal`, in its order.
    abnormal : AbnormalReturns
        Measured on returns by slot.
    slots : Slots
    volume : DataFrame
        Shares, slots x symbols.

    Returns
    -------
    DataFrame
        bar_start is aware UTC; slot 0 is the overnight gap, whose bar_start is one
        microsecond before the open. car adds up from the first slot of the window;
        it is NaN after a missing bar. Slots off the calendar have no row.
    """
    window = abnormal.window
    offsets = np.arange(window.start, window.end + 1)
    rows = abnormal.sample.positions[:, None] + offsets[None, :]
    inside = ((rows >= 0) & (rows < len(slots))).ravel()
    rows = np.clip(rows, 0, len(slots) - 1)
    symbols = volume.columns.get_indexer(pd.Index(pairs["symbol"]))
    data = {
        "event_id": np.repeat(pairs["event_id"].to_numpy(), len(offsets)),
        "symbol": np.repeat(pairs["symbol"].to_numpy(), len(offsets)),
        "bar_start": slots.labels[rows.ravel()].tz_localize("UTC"),
        "slot": slots.number[rows].ravel(),
        "offset": np.tile(offsets, len(pairs)),
        "ret": abnormal.sample.returns[:, abnormal.columns(window)].ravel(),
        "ar": abnormal.ar.ravel(),
        "car": abnormal.ar.cumsum(axis=1).ravel(),
        "se": abnormal.se.ravel(),
        "sar": abnormal.sar.ravel(),
        "volume": volume.to_numpy(dtype=float)[rows, symbols[:, None]].ravel(),
    }
    table = pd.DataFrame(data, columns=list(INTRADAY_COLUMNS))
    return table[inside].reset_index(drop=True)
