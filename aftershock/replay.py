"""Events and prices against which strategies are played, again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.events import EventSet
from aftershock.fills.account import Account
from aftershock.fills.borrow import BorrowRow, read_borrow
from aftershock.fills.plan import DecidedPlan
from aftershock.fills.simulate import Fills, simulate
from aftershock.prices import PricePanel
from aftershock.strategy import NewsItem, Strategy, decide, read_news


@dataclass(frozen=True, eq=False)
class Replay:
    """What all strategies of a backtest meet.

    Attributes
    ----------
    items : tuple of NewsItem
    prices : PricePanel
    calendar : TradingCalendar
    market : str or None
        Symbol of abnormal returns and of the benchmark, if the prices have it.
    borrow : tuple of BorrowRow
    """

    items: tuple[NewsItem, ...]
    prices: PricePanel
    calendar: TradingCalendar
    market: str | None
    borrow: tuple[BorrowRow, ...]

    @classmethod
    def of(
        cls,
        events: EventSet | pd.DataFrame,
        prices: PricePanel,
        calendar: TradingCalendar | None = None,
        market: str | None = "SPY",
        policy: str = "next",
        borrow: Iterable[BorrowRow] | None = None,
    ) -> Replay:
        """Read the events; the shipped calendar and borrow table where none is given.

        Raises
        ------
        EventError
            For a frame of events that cannot be read.
        """
        calendar = calendar or TradingCalendar.load()
        return cls(
            read_news(events, calendar, policy),
            prices,
            calendar,
            market if market in prices.symbols else None,
            tuple(read_borrow() if borrow is None else borrow),
        )

    @cached_property
    def start(self) -> pd.Timestamp | None:
        """The first event's session: there accounts begin."""
        return min((item.session for item in self.items), default=None)

    @property
    def first(self) -> int:
        """Its row among the prices."""
        sessions = self.prices.sessions
        return 0 if self.start is None else int(sessions.searchsorted(self.start))

    @property
    def marked(self) -> list[tuple[str, pd.Timestamp]]:
        """(symbol, session) of the events, where default slippage doubles."""
        return [(e.symbol, i.session) for i in self.items for e in i.exposures]

    def decide(self, strategy: Strategy) -> list[DecidedPlan]:
        """Ask a strategy about every event."""
        return decide(strategy, self.items, self.prices, self.calendar, self.market)

    def play(
        self, strategy: Strategy, account: Account, start: pd.Timestamp | None = None
    ) -> Fills:
        """Ask a strategy and fill its plans, from `start` or the first event on."""
        return simulate(
            self.decide(strategy),
            self.prices,
            account,
            self.calendar,
            self.marked,
            self.borrow,
            start or self.start,
        )
