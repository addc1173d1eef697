"""Jumps of a price that look like a split for which nobody adjusted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

RATIOS = (1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 100)
"""New shares for one old; reverse splits are the inverses of the whole numbers."""

_LEAST, _MOST = 0.02, 0.10
_ENOUGH, _UNSURE = 20, 0.05
_ORDINARY = 4.0
_MAD_TO_SIGMA = 1.4826
_LEAST_JUMP = np.log(1.5) - _MOST
"""No smaller move is taken for a split, however much a symbol usually moves."""


def split_like(bars: pd.DataFrame) -> Iterator[tuple[pd.Timestamp, str, float]]:
    """Yield session, ratio and simple return of each jump that looks like a split.

    A jump counts when close over previous close, and the open over it too where there
    is one, lie at the ratio of a usual split, give or take an ordinary session of this
    symbol: 4 robust standard deviations, at least 2 %, at most 10 %; 5 % where there
    are fewer than 20 moves. A real move can look the same: it is refused, and can be
    accepted by its id.
    """
    closes = bars["close"].to_numpy()
    if _farthest(closes[~np.isnan(closes)]) < _LEAST_JUMP:
        return
    known = bars.loc[bars["close"].notna(), ["open", "close", "splits"]]
    before = np.log(known["close"].shift(1))
    move, gap = np.log(known["close"]) - before, np.log(known["open"]) - before
    middle, moves = move.median(), int(move.notna().sum())
    usual = _ORDINARY * _MAD_TO_SIGMA * (move - middle).abs().median()
    room = float(np.clip(usual, _LEAST, _MOST)) if moves >= _ENOUGH else _UNSURE
    for session in move.index[move.abs() > np.log(1.5) - room]:
        ratio = _ratio(move[session], gap[session], room)
        if ratio:
            yield session, ratio, float(np.expm1(move[session]))


def _farthest(closes: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """Return the largest log move from close to close, of either sign."""
    with np.errstate(divide="ignore", invalid="ignore"):
        moves = np.abs(np.diff(np.log(closes)))
    return float(np.nanmax(moves, initial=0.0))


def _ratio(move: float, gap: float, room: float) -> str:
    """Return the split that a jump looks like, or nothing."""
    for ratio in RATIOS:
        # Three for two is close to moves that news can cause: half the room, and
        # never upwards, for nobody merges three shares into two.
        near = room / 2 if ratio < 2 else room
        for jump in (-np.log(ratio), np.log(ratio))[: 1 if ratio < 2 else 2]:
            opened = np.isnan(gap) or abs(gap - jump) <= near
            if abs(move - jump) <= near and opened:
                return f"{ratio:g}" if jump < 0 else f"1/{ratio:g}"
    return ""
