"""Worlds that agree with this one up to a moment, and differ after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.events.vocabulary import FORESEEN_TAGS
from aftershock.prices import PricePanel
from aftershock.strategy.audit.leak import (
    ADDED,
    CHANGED,
    FORGOTTEN,
    REMOVED,
    SCRAMBLED,
    SWAPPED,
    UNLISTED,
)
from aftershock.strategy.news import NewsItem

World = tuple[Sequence[NewsItem], PricePanel]


def later_worlds(
    items: Sequence[NewsItem],
    at: pd.Timestamp,
    prices: PricePanel,
    calendar: TradingCalendar,
    rng: np.random.Generator,
) -> Iterator[tuple[str, World]]:
    """Yield a cause and the events and prices in which only later things differ."""
    factor = np.exp(rng.normal(0, 0.3, prices.close.shape))
    changes: dict[str, Callable[[Any], Any]] = {
        SCRAMBLED: lambda values: values * factor,
        REMOVED: lambda values: values * np.nan,
        SWAPPED: lambda values: np.roll(values, 1, axis=1),
    }
    for cause, change in changes.items():
        yield cause, (items, prices.changed_after(at, calendar, change))
    if listed := _listed(at, prices, calendar):
        yield UNLISTED, (items, prices.select(listed))
    yield FORGOTTEN, ([i for i in items if i.known <= at], prices)
    yield CHANGED, ([i if i.known <= at else _turned(i) for i in items], prices)
    yield ADDED, ([*items, _later(items[-1], at)], prices)


def unsaid(item: NewsItem) -> NewsItem:
    """Return an event of the same day, firms and kind that says something else."""
    lines = tuple(replace(e, expected=-e.expected) for e in item.exposures)
    tags = tuple(tag for tag in item.tags if tag in FORESEEN_TAGS)
    return replace(item, exposures=lines, tags=tags, headline="")


def _listed(
    at: pd.Timestamp, prices: PricePanel, calendar: TradingCalendar
) -> list[str]:
    """Return the symbols that had a price at a moment; none where all had one."""
    cut = prices.until(at, calendar)
    seen = (cut.close.notna().any() | cut.open.notna().any()).to_numpy()
    return (
        []
        if seen.all()
        else [s for s, has in zip(cut.symbols, seen, strict=True) if has]
    )


def _turned(item: NewsItem) -> NewsItem:
    """Return an event with its signs turned and its words gone."""
    lines = tuple(replace(e, expected=-e.expected, role="") for e in item.exposures)
    return replace(item, exposures=lines, tags=(), headline="")


def _later(item: NewsItem, at: pd.Timestamp) -> NewsItem:
    """Return another event like one that is there, which came a week later."""
    then = max(item.known, at) + pd.Timedelta("7D")
    return replace(item, id=f"{item.id}-later", published=then, known=then)
