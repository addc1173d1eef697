"""How often the signs of one session are those of another's moves."""

from __future__ import annotations

from typing import Any

import numpy as np

from aftershock.abnormal import FloatArray, IntArray


def sign_permutation(
    signs: FloatArray,
    moves: FloatArray,
    sessions: Any,
    random: np.random.Generator,
    draws: int,
) -> tuple[float | None, float | None, float | None]:
    """Return how often signs are those of the moves, by chance, and the p of that.

    Parameters
    ----------
    signs, moves : (n,)
        +1 or -1.
    sessions : (n,)
        Pairs of one session stay together.
    draws : int

    Returns
    -------
    hits, chance, pvalue : float or None
        p is one-sided: hits as many or more.
    """
    if not len(signs):
        return None, None, None
    hits = float((signs == moves).mean())
    met = _met(signs, moves, sessions)
    if len(met) == 1:
        return hits, None, None
    order = np.argsort(random.random((draws, len(met))), axis=1)
    drawn = met[np.arange(len(met)), order].sum(axis=1) / len(signs)
    reached = int((drawn >= hits - 1e-12).sum())
    return hits, float(drawn.mean()), (1 + reached) / (1 + draws)


def _met(signs: FloatArray, moves: FloatArray, sessions: Any) -> IntArray:
    """Return how many moves of session i the signs of session j meet, (G, G)."""
    _, labels = np.unique(sessions, return_inverse=True)
    groups = [np.flatnonzero(labels == k) for k in range(int(labels.max()) + 1)]
    return np.array(
        [
            [
                int((np.resize(signs[other], len(own)) == moves[own]).sum())
                for other in groups
            ]
            for own in groups
        ]
    )
