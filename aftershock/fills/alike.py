"""Whether two ways of trading made the very same trades."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from aftershock.fills.arrays import CLOSED, OPEN

ENTERED = ("symbol", "entry", "side")
CAME = ("exit", "shares", "entry_price", "exit_price")
COST = ("fees", "slippage", "borrow", "dividends")
"""What makes a trade: not by which rule it ended, nor what would have ended it."""


def mark_of(plans: NDArray[np.void], trades: NDArray[np.void]) -> float:
    """Return a number that only the very same trades share: same fills, same costs.

    Parameters
    ----------
    plans, trades : (P,) records of `PLAN` and of `TRADE`
        As they were played, one trade for each plan.

    Returns
    -------
    float
        Whole and below 2 ** 48, so that no digit is lost.
    """
    made = np.isin(trades["status"], (CLOSED, OPEN))
    content = blake2b(digest_size=6)
    for records, names in ((plans, ENTERED), (trades, CAME + COST)):
        for name in names:
            content.update(records[name][made].tobytes())
    return float(int.from_bytes(content.digest(), "big"))


def first_alike(marks: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return for each mark the place, counted from 1, where it is found first."""
    _, first, place = np.unique(marks, return_index=True, return_inverse=True)
    found: NDArray[np.int64] = first[place.reshape(-1)].astype(np.int64) + 1
    return found
