"""What the compiled kernel reads and writes: named tuples of arrays, and reasons.

Arrays are symbol x session (N x T) or one value per plan (P); half-sessions are those
of `auctions`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

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
LIMITS = ("", "max_gross", "max_weight")
_, GROSS, WEIGHT = range(len(LIMITS))
"""What a trade was cut by: a term of the account, or nothing."""


BAR = np.dtype(
    [(name, np.float64) for name in ("open", "high", "low", "close", "mark")]
    + [(name, np.float64) for name in ("dividend", "slip", "at_open", "on_stop")]
    + [
        ("impact", np.float64),
        ("rate", np.float64),
        ("fillable", np.bool_),
        ("shortable", np.bool_),
    ],
    align=True,
)
"""A symbol's session: prices, last close known, slippage and its factors, impact of
one share under the square root, borrow."""

PLAN = np.dtype(
    [(name, np.int64) for name in ("symbol", "entry", "hold", "until", "group")]
    + [(name, np.float64) for name in ("side", "weight", "notional")]
    + [(name, np.float64) for name in ("stop", "target", "trail")]
)
"""A plan. A missing weight, notional, stop or target is NaN, a hold or until -1."""

TRADE = np.dtype(
    [(name, np.int64) for name in ("status", "reason", "exit", "due", "limit")]
    + [(name, np.float64) for name in ("shares", "entry_price", "exit_price", "peak")]
    + [(name, np.float64) for name in ("fees", "entry_fees", "slippage")]
    + [(name, np.float64) for name in ("borrow", "borrowed", "dividends")]
    + [(name, np.float64) for name in ("asked", "share")]
)
"""What became of a plan; `exit` and `due` are half-sessions, `asked` the weight that it
wanted, `share` the part of it that was had, `limit` what cut it."""

DAY = np.dtype([(name, np.float64) for name in ("equity", "gross", "flow", "interest")])
"""The account's session: equity and position value at the close, money booked."""

# Records rather than one array for each column: numba hands every array over as seven
# values, and the time to compile grows with them.
Plans = NDArray[np.void]
"""Records of `PLAN` in the order in which they fill; legs of a group adjoin."""


class Market(NamedTuple):
    """Records of `BAR`, N x T, and the calendar days since the session before, (T,)."""

    bars: Any
    nights: Floats


class Leaving(NamedTuple):
    """A trade's side and the prices that end it, as fractions; NaN: none."""

    side: float
    stop: float
    target: float
    trail: float


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


class Book(NamedTuple):
    """What became of the plans and of the account; written by the kernel.

    Attributes
    ----------
    trades : (P,) records of `TRADE`
    days : (T,) records of `DAY`
    active : (P,) plans that are open, in order of entry
    state : (2,) how many they are; 1 if ruined
    cash : (1,)
    """

    trades: Any
    days: Any
    active: Ints
    state: Ints
    cash: Floats


def blank_book(n_plans: int, n_sessions: int, cash: float) -> Book:
    """Return the book before the first session."""
    return Book(
        np.zeros(n_plans, dtype=TRADE),
        np.zeros(n_sessions, dtype=DAY),
        np.zeros(n_plans, dtype=np.int64),
        np.zeros(2, dtype=np.int64),
        np.array([cash]),
    )


def records(dtype: np.dtype[np.void], **fields: Any) -> NDArray[np.void]:
    """Return an array of records from one array for each field."""
    made = np.empty(np.shape(next(iter(fields.values()))), dtype=dtype)
    for name, values in fields.items():
        made[name] = values
    return made
