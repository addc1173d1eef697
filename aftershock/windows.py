"""Windows around an event, in sessions of the study calendar; the event is at 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from aftershock.errors import StudyError

IntArray = NDArray[np.int64]


@dataclass(frozen=True, order=True)
class EventWindow:
    """Inclusive offsets `start` .. `end` around the event session.

    Raises
    ------
    StudyError
        When the window ends before it starts.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise StudyError(
                f"the window [{self.start}, {self.end}] ends before it starts",
                allowed="two offsets, the smaller first",
            )

    @property
    def length(self) -> int:
        """Number of sessions."""
        return self.end - self.start + 1

    def __str__(self) -> str:
        return f"[{self.start}, {self.end}]"


@dataclass(frozen=True)
class EstimationWindow:
    """Inclusive offsets from which what is normal is estimated.

    Parameters
    ----------
    start, end : int
        Offsets from the event session.
    min_obs : int
        Fewest usable rows; a pair with less is dropped.
    before : date, optional
        No row on or after this date is used.
    """

    start: int = -250
    end: int = -11
    min_obs: int = 60
    before: date | None = None

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise StudyError(
                f"the estimation window ends ({self.end}) "
                f"before it starts ({self.start})",
                allowed="two offsets, the smaller first, as (-250, -11)",
            )


def hull(windows: Iterable[EventWindow]) -> EventWindow:
    """Return the smallest window that holds all `windows`."""
    windows = list(windows)
    if not windows:
        raise StudyError("no window to study", allowed="at least one [start, end]")
    return EventWindow(min(w.start for w in windows), max(w.end for w in windows))


def clusters(positions: Sequence[int] | IntArray, length: int) -> IntArray:
    """Label the connected components of windows that share a session.

    Parameters
    ----------
    positions : (N,) integers
        Calendar position of each event session.
    length : int
        Sessions in the tested window.

    Returns
    -------
    (N,) integers
        0 for the earliest component, counting up with time.

    Notes
    -----
    Two windows of `length` L share a session if their events lie fewer than L
    sessions apart, so components are runs of sorted positions without a gap >= L.
    """
    position = np.asarray(positions, dtype=np.int64)
    order = np.argsort(position, kind="stable")
    starts_new = np.diff(position[order], prepend=position[order][:1]) >= length
    labels = np.empty(len(position), dtype=np.int64)
    labels[order] = np.cumsum(starts_new)
    return labels
