"""Two vendors side by side: where their closes agree, and how they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TOLERANCE = 0.001
"""Closes that differ by no more count as the same: rounding, and late corrections."""
_SAME, _MOST_SAME, _ENOUGH = 1e-4, 0.9, 20
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """One way in which two sources differ about a symbol.

    Attributes
    ----------
    symbol : str
    column : {"close", "adj_close"}
    kind : str
        ``value`` (single sessions), ``constant_ratio`` (another basis of splits or
        another unit from first to last), ``ratio_before`` (a basis that changes at a
        session: a split or dividend only one of them knows), ``shifted`` (one stamps
        sessions a day off), ``last_bar`` (only the last session: one was fetched before
        the close), ``only_in_a``, ``only_in_b``, ``missing``.
    sessions : int
        How many sessions it concerns.
    first, last : Timestamp or None
    value_a, value_b : float
        At the session of the largest difference.
    detail : str
    """

    symbol: str
    column: str
    kind: str
    sessions: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    value_a: float
    value_b: float
    detail: str


def compare(
    a: Mapping[str, pd.DataFrame],
    b: Mapping[str, pd.DataFrame],
    tolerance: float = TOLERANCE,
) -> list[Difference]:
    """Return every difference of two sources, by symbol and column.

    Parameters
    ----------
    a, b : mapping of str to DataFrame
        Bars by symbol, with `close` and `adj_close` by session.
    tolerance : float
        Relative difference up to which two closes are the same.
    """
    found: list[Difference] = []
    for symbol in sorted({*a, *b}):
        if symbol not in a or symbol not in b:
            kind = "only_in_a" if symbol in a else "only_in_b"
            found.append(_without_values(symbol, kind, a.get(symbol, b.get(symbol))))
            continue
        for column in ("close", "adj_close"):
            pair = pd.concat([a[symbol][column], b[symbol][column]], axis=1, sort=True)
            pair = pair.set_axis(["a", "b"], axis="columns")
            found += _of_column(symbol, column, pair, tolerance)
    return found


def _of_column(
    symbol: str, column: str, pair: pd.DataFrame, tolerance: float
) -> Iterator[Difference]:
    """Yield the differences of one column; the first that explains all is enough."""
    both = pair.dropna()
    if column == "close":
        yield from _one_sided(symbol, pair, both)
    if both.empty:
        return
    logs = np.log(both["a"].to_numpy()) - np.log(both["b"].to_numpy())
    apart = np.abs(logs) > np.log1p(tolerance)
    if not apart.any():
        return
    kind, detail = _explained(both, logs, apart, tolerance)
    yield _difference(symbol, column, kind, both, logs, apart, detail)


def _explained(
    both: pd.DataFrame, logs: Floats, apart: NDArray[np.bool_], tolerance: float
) -> tuple[str, str]:
    """Return what kind of difference it is, and what it says in words."""
    middle = float(np.median(logs))
    steady = np.abs(logs - middle) <= np.log1p(tolerance)
    if abs(middle) > np.log1p(tolerance) and steady.mean() >= _MOST_SAME:
        return "constant_ratio", (
            f"A is {np.exp(middle):.6g} times B throughout: another basis of splits or "
            "dividends, or another unit"
        )
    if _shifted(both):
        return "shifted", "one of them stamps its rows a session earlier or later"
    if apart[-1] and not apart[:-1].any():
        return "last_bar", "only the last session: one was fetched before its close"
    start = _end_of_older_basis(logs, apart)
    if start is not None:
        ratio = float(np.exp(np.median(logs[:start])))
        return "ratio_before", (
            f"A is {ratio:.6g} times B up to {both.index[start - 1]:%Y-%m-%d}, then "
            "equal: a split or dividend that only one of them has booked"
        )
    return "value", "single sessions"


def _shifted(both: pd.DataFrame) -> bool:
    """Tell whether the moves of one fit those of the other a session off."""
    moves = np.diff(np.log(both[["a", "b"]].to_numpy()), axis=0)
    if len(moves) < _ENOUGH:
        return False
    a, b = moves.T
    pairs = ((a[1:], b[:-1]), (a[:-1], b[1:]))
    same = max(float(np.mean(np.abs(x - y) < _SAME)) for x, y in pairs)
    return same >= _MOST_SAME and float(np.mean(np.abs(a - b) < _SAME)) < same / 2


def _end_of_older_basis(logs: Floats, apart: NDArray[np.bool_]) -> int | None:
    """Return the first row of the common basis, where one basis is older before it."""
    last = int(np.flatnonzero(apart)[-1])
    old = apart[: last + 1]
    if last + 1 < _ENOUGH or last + 1 == len(logs) or old.mean() < _MOST_SAME:
        return None
    return last + 1


def _one_sided(
    symbol: str, pair: pd.DataFrame, both: pd.DataFrame
) -> Iterator[Difference]:
    """Yield the sessions between the common ends that only one of them has."""
    if both.empty:
        yield _without_values(symbol, "missing", pair)
        return
    inside = pair.loc[both.index[0] : both.index[-1]]
    for name, other in (("a", "b"), ("b", "a")):
        lone = inside[inside[name].notna() & inside[other].isna()]
        if len(lone):
            yield _without_values(symbol, f"only_in_{name}", lone)


def _without_values(symbol: str, kind: str, rows: pd.DataFrame | None) -> Difference:
    """Return the difference of rows that only one source has."""
    index = pd.DatetimeIndex([] if rows is None else rows.index)
    first, last = (index[0], index[-1]) if len(index) else (None, None)
    what = {
        "missing": "no session in common",
        "only_in_a": "sessions that only A has",
        "only_in_b": "sessions that only B has",
    }[kind]
    nan = float("nan")
    return Difference(symbol, "close", kind, len(index), first, last, nan, nan, what)


def _difference(
    symbol: str,
    column: str,
    kind: str,
    both: pd.DataFrame,
    logs: Floats,
    apart: NDArray[np.bool_],
    detail: str,
) -> Difference:
    """Return a difference with its span and the values where it is largest."""
    at = int(np.argmax(np.abs(logs)))
    where = both.index[apart]
    row = both.iloc[at]
    by = f"{100 * np.expm1(logs[at]):+.2f}\u2009%"
    most = f"; most on {both.index[at]:%Y-%m-%d}, by {by}"
    return Difference(
        symbol,
        column,
        kind,
        int(apart.sum()),
        where[0],
        where[-1],
        float(row["a"]),
        float(row["b"]),
        detail + most,
    )
