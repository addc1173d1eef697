"""Places at which adjusted closes change their basis."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.sources.adjustment import decimals_of
from aftershock.sources.findings import Inspection

_SEVERE = 0.01
_LEAST = 2e-4
_MOST_DIVIDEND = 0.35


def without_seams(bars: pd.DataFrame, found: Inspection) -> pd.DataFrame:
    """Refuse a place at which the adjustment jumps the wrong way, or too far.

    The factor adj_close / close grows from each ex-session to the next and is one at
    the end, for dividends make the past cheaper. Where it falls, the rows before come
    from another day of adjusting than those after (or a dividend was booked against
    its sign): the return across the seam is wrong by the jump. From 1 % on that is
    severe, below it is told; what rounding can make is neither. A step up by more than
    35 % is no dividend.
    """
    known = bars[["close", "adj_close"]].dropna()
    if len(known) < 2 or found.has("swapped_columns"):
        return bars
    close, adjusted = known.to_numpy(np.float64).T
    fall = np.expm1(-np.diff(np.log(adjusted / close)))
    noise = sum(
        10.0 ** -decimals_of(values) * (1 / values[1:] + 1 / values[:-1])
        for values in (close, adjusted)
    )
    down = fall > np.maximum(noise, _LEAST)
    far = fall < -_MOST_DIVIDEND
    for at in np.flatnonzero(down | far).tolist():
        size = abs(fall[at])
        severe = far[at] or size >= _SEVERE
        way = "falls" if down[at] else "rises"
        what = f"adj_close / close {way} by {100 * size:.2f}\u2009%"
        session = known.index[at + 1]
        if severe:
            found.note("adjustment_seam", session, what)
        else:
            found.tell("adjustment_seam", known.index[at + 1 : at + 2], [what])
    return bars
