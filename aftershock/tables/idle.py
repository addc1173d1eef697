"""What a strategy that planned nothing had before it: moves, and roles it asks for."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence

from aftershock.strategy.base import Strategy
from aftershock.strategy.view import NewsView
from aftershock.tables.numbers import is_missing, listed, percent


def idle_words(strategy: Strategy, views: Sequence[NewsView]) -> str:
    """Say that nothing is planned, with what could have been planned on.

    Parameters
    ----------
    strategy : Strategy
        Roles are named only where its class speaks of them.
    views : sequence of NewsView
        What it was shown, at least one.
    """
    events = f"any of {len(views)} events" if len(views) > 1 else "the event"
    told = [f"nothing is planned for {events}", _largest(views)]
    if _reads_roles(strategy):
        told.append(_roles(views))
    return "; ".join(filter(None, told))


def _largest(views: Sequence[NewsView]) -> str:
    """Name the largest abnormal return of the last session that it could see."""
    found = max(_moves(views), key=lambda move: abs(move[0]), default=None)
    if found is None:
        return "no abnormal return could be seen when it was asked"
    size, symbol, view = found
    at = f"{symbol} {percent(size)}"
    if len(views) > 1:
        at = f"{at} ({view.event.id})"
    return f"the largest one-session abnormal return it could see is {at}"


def _moves(views: Sequence[NewsView]) -> Iterator[tuple[float, str, NewsView]]:
    """Yield the abnormal return of each exposure that has one."""
    for view in views:
        for symbol in dict.fromkeys(e.symbol for e in view.exposures):
            size = view.abnormal_return(symbol)
            if not is_missing(size):
                yield size, symbol, view


def _roles(views: Sequence[NewsView]) -> str:
    """Name every role of the events."""
    roles = sorted({e.role for view in views for e in view.exposures if e.role})
    whose = "their" if len(views) > 1 else "its"
    return f"{whose} roles: {listed(roles, len(roles))}" if roles else ""


def _reads_roles(strategy: Strategy) -> bool:
    """Tell whether the class speaks of roles; so it may where nobody can read it."""
    try:
        return "role" in inspect.getsource(type(strategy))
    except (OSError, TypeError):
        return True
