"""What the compiled kernel reads and writes: named tuples of arrays, and reasons.

Arrays are session x symbol (T x N) or one value per plan (P); half-sessions are those
of `auctions`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PENDING, OPEN, CLOSED, REFUSED = 0, 1, 2, 3
REASONS = (
    "",
    "hold",
    "stop_loss",
    "trailing_stop",
    "take_profit",
    "until",
    "no_price",
    "end_of_data",
    "ruined",
    "no_room",
    "max_positions",
    "not_shortable",
    "group",
)
(
    _,
    HOLD,
    STOP,
    TRAIL,
    TARGET,
    UNTIL,
    NO_PRICE,
    END,
    RUINED,
    NO_ROOM,
    POSITIONS,
    NOT_SHORTABLE,
    GROUP,
) = range(len(REASONS))
LEAST_SHARE = 0.01
"""Below this share of what was asked a plan is refused."""


class Market(NamedTuple):
    """Prices and terms, T x N, and the calendar days since the session before, (T,)."""

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    mark: Floats
    fillable: Bools
    dividend: Floats
    slip: Floats
    at_open: Floats
    on_stop: Floats
    rate: Floats
    shortable: Bools
    days: Floats


class Rules(NamedTuple):
    """The account's numbers."""

    cash: float
    max_gross: float
    max_weight: float
    max_positions: float
    fees_bps: float
    fees_per_share: float
    fees_min: float
    cash_rate: float


class Plans(NamedTuple):
    """What was decided, (P,), in the order in which it fills; legs of a group adjoin.

    A missing weight, notional, stop or target is NaN; a missing hold or until -1.
    """

    symbol: Ints
    entry: Ints
    side: Floats
    weight: Floats
    notional: Floats
    hold: Ints
    stop: Floats
    target: Floats
    trail: Floats
    until: Ints
    group: Ints


class Book(NamedTuple):
    """What became of the plans, (P,), and of the account, (T,); written by the kernel.

    `state` holds: open trades, 1 if ruined. `cash` is one number.
    """

    status: Ints
    reason: Ints
    size: Floats
    entry_price: Floats
    exit_price: Floats
    exit: Ints
    due: Ints
    peak: Floats
    fees: Floats
    entry_fees: Floats
    slippage: Floats
    borrow: Floats
    borrowed: Floats
    dividends: Floats
    active: Ints
    state: Ints
    cash: Floats
    equity: Floats
    gross: Floats
    flow: Floats
    interest: Floats


def blank_book(n_plans: int, n_sessions: int, cash: float) -> Book:
    """Return the book before the first session."""
    whole = {"status", "reason", "exit", "due", "active"}
    daily = {"equity", "gross", "flow", "interest"}
    arrays = {
        name: np.zeros(
            n_sessions if name in daily else n_plans,
            dtype=np.int64 if name in whole else np.float64,
        )
        for name in Book._fields
    }
    arrays["state"], arrays["cash"] = np.zeros(2, dtype=np.int64), np.array([cash])
    return Book(**arrays)
