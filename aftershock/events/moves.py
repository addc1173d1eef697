"""The price moves that public pages reported."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from aftershock.errors import DataUnavailable
from aftershock.registry import look_up


def read_reported_moves(workspace: Path | None = None) -> pd.DataFrame:
    """Return the moves that pages reported, in file order.

    Returns
    -------
    DataFrame
        symbol, date (naive midnight, unit ``us``), pct (percent, as reported),
        close (USD), source_url, note, decimals (digits after the point of `pct`
        as written). Rows whose note starts CONFLICT, DOUBTFUL or CHECK prove
        nothing.

    Raises
    ------
    DataUnavailable
        If the file is not there.
    """
    path = look_up("data", "reported_moves.csv", workspace)
    if path is None:
        raise DataUnavailable("there is no reported_moves.csv", where="data/")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    written = frame["pct"].str.strip()
    return frame.assign(
        date=pd.to_datetime(frame["date"]).astype("datetime64[us]"),
        pct=pd.to_numeric(written),
        close=pd.to_numeric(frame["close"]),
        decimals=written.str.partition(".")[2].str.len().astype("int64"),
    )
