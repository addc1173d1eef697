"""What a model may see: returns and drivers of all pairs, cut out of a grid at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

BLOCK_CELLS = 2**15
"""Cells of an array that is worked on at once: a few of them stay in the cache."""


def blocks(rows: int, width: int) -> Iterator[slice]:
    """Cut rows of so many columns into runs that fit the processor's cache."""
    height = max(1, BLOCK_CELLS // max(width, 1))
    for start in range(0, rows, height):
        yield slice(start, min(start + height, rows))


@dataclass(frozen=True, eq=False)
class Drivers:
    """What a model reads beside a symbol's own return.

    Each array is (T,), one value a session, or (T, K), one for each symbol.

    Attributes
    ----------
    always : mapping
        Without these there is no abnormal return.
    estimation : mapping
        Needed by estimation rows only: leads and lags.
    optional : mapping
        May be missing anywhere: donors.
    """

    always: Mapping[str, FloatArray] = field(default_factory=dict)
    estimation: Mapping[str, FloatArray] = field(default_factory=dict)
    optional: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Sample:
    """What a model may see: returns and drivers by pair and offset.

    Attributes
    ----------
    offsets : (S,) integers
    positions : (N,) integers
        Calendar position of each pair's event session.
    returns : (N, S)
        Simple returns; NaN where missing.
    factors : mapping of (N, S)
        Regressors on the same sessions.
    usable : (N, S) bool
        A finite return and all regressors.
    estimation : (N, S) bool
        The usable rows from which the model is estimated.
    """

    offsets: IntArray
    positions: IntArray
    returns: FloatArray
    factors: Mapping[str, FloatArray]
    usable: BoolArray
    estimation: BoolArray

    def take(self, rows: IntArray | BoolArray | slice) -> Sample:
        """Return the sample of some pairs."""
        return Sample(
            self.offsets,
            self.positions[rows],
            self.returns[rows],
            {name: values[rows] for name, values in self.factors.items()},
            self.usable[rows],
            self.estimation[rows],
        )

    @property
    def estimation_span(self) -> tuple[int, int]:
        """First and last offset at which any pair has an estimation row."""
        offsets = self.offsets[self.estimation.any(axis=0)]
        return int(offsets.min()), int(offsets.max())

    def common(self) -> Sample:
        """Return the sample with only those rows at which all pairs have one."""
        shared = self.estimation.all(axis=0)
        return replace(self, estimation=np.broadcast_to(shared, self.estimation.shape))


class Grid:
    """Sessions x symbols, laid out so that a window is one run of memory.

    Parameters
    ----------
    values : (T,) or (T, K)
    margin : int
        How far windows may reach past either end of the calendar; NaN there.
    """

    def __init__(self, values: FloatArray, margin: int, blank: float = np.nan) -> None:
        table = values.reshape(len(values), -1)
        self.shared = values.ndim == 1
        self.margin = margin
        self.stride = len(values) + 2 * margin
        padded = np.empty((table.shape[1], self.stride), dtype=values.dtype)
        padded[:, :margin] = padded[:, margin + len(values) :] = blank
        padded[:, margin : margin + len(values)] = table.T
        self._cells = padded.ravel()

    def windows(self, columns: IntArray, starts: IntArray, width: int) -> FloatArray:
        """Return `width` sessions from each start, (N, width).

        A window that leaves the margin altogether is clipped to it: all NaN.
        """
        views = np.lib.stride_tricks.sliding_window_view(self._cells, width)
        first = np.clip(starts + self.margin, 0, self.stride - width)
        return views[first if self.shared else columns * self.stride + first]


@dataclass(frozen=True, eq=False)
class Cells:
    """Sessions x symbols as they are, for a few windows: each is picked by cells.

    Attributes
    ----------
    values : (T,) or (T, K)
    blank : float
        Off the calendar.
    """

    values: FloatArray
    blank: float = np.nan

    def windows(self, columns: IntArray, starts: IntArray, width: int) -> FloatArray:
        """Return `width` sessions from each start, (N, width)."""
        rows, last = starts[:, None] + np.arange(width), len(self.values) - 1
        within = bool((starts >= 0).all() and (starts + width - 1 <= last).all())
        at = rows if within else rows.clip(0, last)
        found: FloatArray = self.values[
            at if self.values.ndim == 1 else (at, columns[:, None])
        ]
        if not within:
            found[(rows < 0) | (rows > last)] = self.blank
        return found


@dataclass(frozen=True, eq=False)
class Tape:
    """Returns and drivers of all symbols, ready for samples to be cut from.

    Attributes
    ----------
    returns : Grid or Cells of (T, K)
    drivers : mapping of Grid or Cells
    kinds : mapping of {"always", "estimation", "optional"}
    excluded : Grid or Cells of (T, K), optional
        1 where estimation must not use a row.
    """

    returns: Grid | Cells
    drivers: Mapping[str, Grid | Cells]
    kinds: Mapping[str, str]
    excluded: Grid | Cells | None = None

    @classmethod
    def of(
        cls,
        returns: FloatArray,
        drivers: Drivers,
        margin: int | None,
        excluded: BoolArray | None = None,
    ) -> Tape:
        """Lay out (T, K) returns and their drivers with a margin of sessions.

        With None all is left as it is, which serves a few windows.
        """
        kinds = {"always": drivers.always, "estimation": drivers.estimation}
        kinds["optional"] = drivers.optional
        marked = None if excluded is None else excluded.astype(float)

        def laid(values: FloatArray, blank: float = np.nan) -> Grid | Cells:
            """Return values laid out, or as they are."""
            if margin is None:
                return Cells(values, blank)
            return Grid(values, margin, blank)

        return cls(
            laid(returns),
            {n: laid(v) for kind in kinds.values() for n, v in kind.items()},
            {name: kind for kind, named in kinds.items() for name in named},
            None if marked is None else laid(marked, blank=0.0),
        )


def gather(
    tape: Tape,
    columns: IntArray,
    positions: IntArray,
    offsets: tuple[int, int],
    estimation: tuple[int, int],
    before: int | None = None,
) -> Sample:
    """Cut the sample of all pairs out of a tape.

    Parameters
    ----------
    tape : Tape
    columns, positions : (N,) integers
        Each pair's symbol column and event session row.
    offsets : (first, last)
        Offsets of the sample; sessions off the calendar are NaN.
    estimation : (start, end)
        Offsets of the estimation window.
    before : int, optional
        Calendar position from which on nothing is used for estimation.
    """
    span = np.arange(offsets[0], offsets[1] + 1)
    starts, width = positions + offsets[0], len(span)
    picked = tape.returns.windows(columns, starts, width)
    found = {n: g.windows(columns, starts, width) for n, g in tape.drivers.items()}
    usable = np.isfinite(picked)
    for name, values in found.items():
        if tape.kinds[name] == "always":
            usable &= np.isfinite(values)
    chosen = usable & ((span >= estimation[0]) & (span <= estimation[1]))
    for name, values in found.items():
        if tape.kinds[name] == "estimation":
            chosen &= np.isfinite(values)
    if before is not None:
        chosen &= span < (before - positions)[:, None]
    if tape.excluded is not None:
        chosen &= tape.excluded.windows(columns, starts, width) == 0.0
    return Sample(span, positions, picked, found, usable, chosen)
