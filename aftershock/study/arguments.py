"""What `event_study` is given, made into what a study is: mistakes are named here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import index
from typing import Any

import pandas as pd

from aftershock.errors import StudyError
from aftershock.windows import EventWindow


def window_of(given: Any, where: str) -> EventWindow:
    """Return a window given as (start, end).

    Raises
    ------
    StudyError
        For anything but two whole numbers in order.
    """
    try:
        start, end = (index(offset) for offset in given)
    except (TypeError, ValueError) as error:
        raise StudyError(
            f"found {given!r}",
            where=where,
            allowed="offsets (start, end), such as (0, 1)",
            do=f"write {where}=[(0, 0), (0, 5)]" if where == "windows" else "",
        ) from error
    return EventWindow(start, end)


def windows_of(
    windows: Sequence[tuple[int, int]],
    event: tuple[int, int] | None,
    estimation: tuple[int, int],
) -> tuple[tuple[EventWindow, ...], EventWindow | None]:
    """Return the tested windows and the event window.

    Raises
    ------
    StudyError
        For a window outside the event window, or that touches the estimation.
    """
    tested = tuple(window_of(w, "windows") for w in _listed(windows))
    whole = window_of(event, "event") if event is not None else None
    fitted = window_of(estimation, "estimation")
    outside = [
        w for w in tested if whole and not whole.start <= w.start <= w.end <= whole.end
    ]
    if whole and outside:
        raise StudyError(
            f"the window {outside[0]} leaves the event window {whole}",
            where="event",
            allowed="a window that holds every tested one",
        )
    first = min(w.start for w in (*tested, *([whole] if whole else [])))
    if first <= fitted.end and fitted.start <= max(w.end for w in tested):
        raise StudyError(
            f"estimation {fitted} and a window that starts at {first} share sessions",
            where="estimation",
            allowed=f"an end before {first}",
            do="what the event did must not enter what is normal",
        )
    return tested, whole


def _listed(windows: Any) -> Sequence[Any]:
    """Return a list of windows; a bare (0, 0) is refused by name."""
    if not isinstance(windows, Sequence) or not windows or isinstance(windows, str):
        raise StudyError(
            f"found {windows!r}", where="windows", allowed="a list, such as [(0, 0)]"
        )
    return windows


def date_of(given: date | str | None, where: str) -> date | None:
    """Return a date given as date, timestamp or ISO text.

    Raises
    ------
    StudyError
        For what is none.
    """
    try:
        return None if given is None else pd.Timestamp(given).date()
    except (TypeError, ValueError) as error:
        raise StudyError(
            f"found {given!r}", where=where, allowed="a date such as 2026-06-01"
        ) from error


def seed_of(given: Any) -> int:
    """Return a seed.

    Raises
    ------
    StudyError
        For what is no whole number from 0 on.
    """
    try:
        seed = index(given)
    except TypeError:
        seed = -1
    if seed < 0:
        raise StudyError(f"found {given!r}", where="seed", allowed="0, 1, 2, ...")
    return seed


def frame_of(given: Any, where: str) -> Any:
    """Return a frame, or None.

    Raises
    ------
    StudyError
        For a Series and whatever else is no frame.
    """
    if given is None or isinstance(given, pd.DataFrame):
        return given
    raise StudyError(
        f"found a {type(given).__name__}",
        where=where,
        allowed="a pandas DataFrame",
        do=f"{where}.to_frame('mkt')" if isinstance(given, pd.Series) else "",
    )
