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
from aftershock.strategy import Moment, NewsItem, Strategy, decide, read_news
from aftershock.strategy.base import decision
from aftershock.tables import listed

MOST = 8
"""Events that a warning names; the table `decisions` has all."""


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

    def decisions(self, strategy: Strategy, trades: pd.DataFrame) -> pd.DataFrame:
        """Return what came of every event, those without a trade too.

        Parameters
        ----------
        strategy : Strategy
        trades : DataFrame
            Of `Fills`: its plans, filled or refused.

        Returns
        -------
        DataFrame
            event_id, decided (missing where it was not asked), plans, reason: no_plan
            where it wanted nothing, else why it was not asked, see `decision`.
        """
        moment = Moment.parse(strategy.decide)
        plans = trades.groupby(["event_id", "decided"]).size().to_dict()
        rows = []
        for item in self.items:
            at, reason = decision(moment, item, self.prices, self.calendar)
            count = plans.get((item.id, at), 0)
            rows.append((item.id, at, count, reason or ("" if count else "no_plan")))
        return pd.DataFrame(rows, columns=["event_id", "decided", "plans", "reason"])

    def unasked(self, label: str, strategy: Strategy) -> tuple[str, ...]:
        """Return one line on the events a strategy is not asked about, if any."""
        moment = Moment.parse(strategy.decide)
        left_out: dict[str, list[str]] = {}
        for item in self.items:
            at, reason = decision(moment, item, self.prices, self.calendar)
            if at is None:
                left_out.setdefault(reason, []).append(item.id)
        if not left_out:
            return ()
        n = sum(map(len, left_out.values()))
        parts = [f"{why}: {listed(ids, MOST)}" for why, ids in sorted(left_out.items())]
        told = f"{label}: {n} of {len(self.items)} events are not asked about"
        return (f"{told} ({'; '.join(parts)})",)

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
