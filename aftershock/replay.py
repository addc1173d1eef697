"""Events and prices against which strategies are played, again and again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.events import EventSet
from aftershock.fills.account import Account
from aftershock.fills.arrays import Market
from aftershock.fills.borrow import BorrowRow, read_borrow
from aftershock.fills.doubts import doubts, too_large
from aftershock.fills.plan import DecidedPlan
from aftershock.fills.simulate import Fills, simulate
from aftershock.prices import PricePanel
from aftershock.registry import suggest
from aftershock.strategy import (
    Moment,
    NewsItem,
    NewsView,
    Strategy,
    decide,
    read_news,
)
from aftershock.strategy.base import decision, parameters, view_of
from aftershock.tables import listed, reason_words
from aftershock.tables.idle import idle_words
from aftershock.tables.unpriced import unpriced_words

MOST = 8
"""Events or symbols that a warning names; tables have all of them."""
UNASKED = {
    "no_symbol": "no symbol on its session",
    "not_foreseen": "not known to be coming when it would be decided on",
    "outside_prices": "outside the prices at hand",
    "after_last_price": "decided on after the last price",
}
"""Why an event is not asked about, in words; the table `decisions` has the keys."""
NO_SESSION = ("precision", "policy")
"""Why an event has no session, as `dropped` says it; `decisions` calls both no_session.
"""


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
    undated : tuple of (str, str)
        Events that cannot be traded at all, and why: of `NO_SESSION`, or no_symbol.
    """

    items: tuple[NewsItem, ...]
    prices: PricePanel
    calendar: TradingCalendar
    market: str | None
    borrow: tuple[BorrowRow, ...]
    undated: tuple[tuple[str, str], ...] = ()

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
        items = read_news(events, calendar, policy)
        return cls(
            items,
            prices,
            calendar,
            market if market in prices.symbols else None,
            tuple(read_borrow() if borrow is None else borrow),
            _undated(events, items, calendar, policy),
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
            where it wanted nothing, no_prices where none of the event's symbols had
            one by then, else why it was not asked: no_session, no_symbol, or see
            `decision`.
        """
        moment = Moment.parse(strategy.decide)
        plans = trades.groupby(["event_id", "decided"]).size().to_dict()
        rows = []
        for item in self.items:
            at, reason = decision(moment, item, self.prices, self.calendar)
            count = plans.get((item.id, at), 0)
            if at is not None and not count:
                named = [e.symbol for e in item.exposures]
                had = self.prices.had_price(named, at, self.calendar)
                reason = "no_plan" if had else "no_prices"
            rows.append((item.id, at, count, reason))
        for name, reason in self.undated:
            told = "no_session" if reason in NO_SESSION else reason
            rows.append((name, None, 0, told))
        return pd.DataFrame(rows, columns=["event_id", "decided", "plans", "reason"])

    def told(
        self, strategies: Mapping[str, Strategy], account: Account
    ) -> tuple[str, ...]:
        """Return what a reader must be told of an account and of strategies by label.

        What of the account's terms the prices cannot bear, and the events that a
        strategy is not asked about.
        """
        lines = _terms(self.prices, account)
        for label, strategy in strategies.items():
            lines += self.unasked(label, strategy)
        return tuple(lines)

    def unasked(self, label: str, strategy: Strategy) -> tuple[str, ...]:
        """Return one line on the events a strategy is not asked about, if any."""
        moment = Moment.parse(strategy.decide)
        left_out: dict[str, list[str]] = {}
        for name, reason in self.undated:
            left_out.setdefault(reason, []).append(name)
        for item in self.items:
            at, reason = decision(moment, item, self.prices, self.calendar)
            if at is None:
                left_out.setdefault(reason, []).append(item.id)
        if not left_out:
            return ()
        n = sum(map(len, left_out.values()))
        parts = [
            f"{UNASKED.get(why) or reason_words(why)}: {listed(ids, MOST)}"
            for why, ids in sorted(left_out.items())
        ]
        every = len(self.items) + len(self.undated)
        told = f"{label}: {n} of {every} events {'is' if n == 1 else 'are'} not asked"
        return (f"{told} about ({'; '.join(parts)})",)

    def doubts(
        self,
        label: str,
        strategy: Strategy,
        plans: Sequence[DecidedPlan],
        account: Account,
        awaited: Collection[str] = (),
    ) -> list[str]:
        """Return what the author of a strategy should look at in its plans.

        Symbols that are awaited have no prices yet, and are not called without them.
        """
        if plans:
            here = {*self.prices.symbols, *awaited}
            told = [*unpriced_words(plans, here, MOST), *doubts(plans, account)]
            return [f"{label}: {line}" for line in told]
        views = [view for item in self.items if (view := self._shown(strategy, item))]
        if not views:
            return []
        odd = too_large(parameters(strategy), parameters(type(strategy)))
        told = [idle_words(strategy, views), *odd]
        return [f"{label}: {line}" for line in told]

    def _shown(self, strategy: Strategy, item: NewsItem) -> NewsView | None:
        """Return what a strategy is shown of one event."""
        world = (self.prices, self.calendar, self.market)
        return view_of(strategy, item, self.items, *world)

    def play(
        self,
        strategy: Strategy,
        account: Account,
        start: pd.Timestamp | None = None,
        quiet: Market | None = None,
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
            quiet,
        )


def _undated(
    events: EventSet | pd.DataFrame,
    items: tuple[NewsItem, ...],
    calendar: TradingCalendar,
    policy: str,
) -> tuple[tuple[str, str], ...]:
    """Return the events that became no item, and why; a frame has none."""
    if not isinstance(events, EventSet):
        return ()
    lost = events.without_session(calendar, policy)
    why = dict(zip(lost["event_id"], lost["reason"], strict=True))
    kept = {item.id for item in items}
    return tuple(
        (event.id, why.get(event.id, "no_symbol"))
        for event in events.events
        if event.id not in kept
    )


def _terms(prices: PricePanel, account: Account) -> list[str]:
    """Return what of the terms the prices cannot bear."""
    told = []
    if account.fees_per_share and prices.basis == "total_return":
        told.append(
            "fees_per_share counts shares of total-return prices, which differ from "
            "shares traded where dividends were paid; use prices.adjust: split"
        )
    if account.slippage_volume_share:
        silent = prices.volume.columns[~(prices.volume > 0).any()]
        told += [
            f"slippage_volume_share: {symbol} has no volume, so its fills move no price"
            for symbol in silent
        ]
    for key in ("slippage_by_symbol", "borrow_by_symbol"):
        told += [
            f"account.{key} names {symbol}, which has no prices here"
            f"{suggest(symbol, prices.symbols)}"
            for symbol in getattr(account, key)
            if symbol not in prices.symbols
        ]
    return told
