"""By how much stored prices differ from those that were paid on their day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from aftershock.prices.panel import PricePanel


def factor_at(
    prices: PricePanel, sessions: pd.Series[Any], symbols: pd.Series[Any]
) -> pd.Series[Any]:
    """Return what prices were multiplied by for later dividends and splits.

    Parameters
    ----------
    prices : PricePanel
    sessions, symbols : Series, (P,)
        Of which prices; NaT for none.

    Returns
    -------
    Series, (P,)
        A price over it is what was paid then; NaN where there is no session. What a
        source does not tell of, as splits that a file leaves out, is not in it.
    """
    known = sessions.notna()
    at = prices.sessions.get_indexer(pd.DatetimeIndex(sessions[known]))
    of = prices.close.columns.get_indexer(pd.Index(symbols[known]))
    splits = prices.splits.to_numpy()
    shares = np.where(splits > 0, splits, 1.0)
    later = np.cumprod(shares[::-1], axis=0)[::-1] / shares
    factor = (prices.adjustment.to_numpy() / later)[at, of]
    return pd.Series(factor, sessions.index[known]).reindex(sessions.index)
