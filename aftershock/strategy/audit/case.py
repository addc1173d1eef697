"""What a strategy is asked about, as one thing that can be changed as a whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.fills.plan import DecidedPlan
from aftershock.prices import PricePanel
from aftershock.strategy.base import Strategy, decide_one, decision
from aftershock.strategy.moment import Moment
from aftershock.strategy.news import NewsItem


@dataclass(frozen=True, eq=False)
class Case:
    """What a strategy is asked about."""

    items: tuple[NewsItem, ...]
    prices: PricePanel
    calendar: TradingCalendar
    market: str | None

    def ask(self, strategy: Strategy, item: NewsItem) -> list[DecidedPlan]:
        """Return the plans for one event."""
        return decide_one(
            strategy, item, self.items, self.prices, self.calendar, self.market
        )

    @cached_property
    def _twice(self) -> frozenset[str]:
        counts = Counter(item.id for item in self.items)
        return frozenset(id_ for id_, times in counts.items() if times > 1)

    def key(self, item: NewsItem) -> str:
        """Return an event's id, with its session where an id has several."""
        day = f" {item.session:%Y-%m-%d}" if item.id in self._twice else ""
        return f"{item.id}{day}"

    def moment(self, strategy: Strategy, item: NewsItem) -> pd.Timestamp | None:
        """Return when an event is decided on; None where it is not."""
        moment = Moment.parse(strategy.decide)
        return decision(moment, item, self.prices, self.calendar)[0]
