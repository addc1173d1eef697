"""What a strategy is shown: cut at its moment of decision, and read-only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aftershock.abnormal import AbnormalReturns, Sample, measure
from aftershock.calendar import TradingCalendar
from aftershock.events import Exposure
from aftershock.models.market import Market
from aftershock.prices import PricePanel
from aftershock.strategy.moment import Moment
from aftershock.strategy.news import NewsItem
from aftershock.windows import EventWindow

ESTIMATION = (-250, -11)
MIN_OBS = 60
BARS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True)
class NewsEvent:
    """The event of a view: its id, tags, headline, session and publication."""

    id: str
    tags: tuple[str, ...]
    headline: str
    session: pd.Timestamp
    published: pd.Timestamp


@dataclass(frozen=True)
class Precedent:
    """How an earlier event ended for one symbol.

    Attributes
    ----------
    event_id, symbol, role : str
    expected : int
    reaction : float
        Abnormal return of the event session.
    after : float
        Sum of abnormal returns of the sessions after it.
    """

    event_id: str
    symbol: str
    role: str
    expected: int
    reaction: float
    after: float


@dataclass(frozen=True)
class Precedents:
    """Earlier events whose windows had closed; `rows` has one line per symbol."""

    rows: tuple[Precedent, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the events, in order of publication."""
        return tuple(dict.fromkeys(row.event_id for row in self.rows))

    def __iter__(self) -> Iterator[Precedent]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"Precedents({', '.join(self.ids)})"


@dataclass(frozen=True, repr=False, eq=False)
class NewsView:
    """One event as it could be seen at the moment of decision.

    Attributes
    ----------
    event : NewsEvent
    exposures : tuple of Exposure
        Those whose symbols had a price by then.
    decided : pandas.Timestamp
        Aware.
    prices : PricePanel
        A copy that ends at the moment of decision, of the symbols that had a price.
    market : str or None
        Symbol of the market, for abnormal returns.
    """

    event: NewsEvent
    exposures: tuple[Exposure, ...]
    decided: pd.Timestamp
    prices: PricePanel
    market: str | None
    _earlier: tuple[NewsItem, ...] = field(default=())
    _moment: Moment = Moment.publication
    _calendar: TradingCalendar = field(default_factory=TradingCalendar.load)

    @classmethod
    def of(
        cls,
        item: NewsItem,
        earlier: tuple[NewsItem, ...],
        decided: pd.Timestamp,
        prices: PricePanel,
        market: str | None,
        calendar: TradingCalendar,
        moment: Moment = Moment.publication,
    ) -> NewsView:
        """Cut the prices at `decided` and keep what was known."""
        cut = prices.until(decided, calendar, listed=True)
        seen = set(cut.symbols)
        event = NewsEvent(
            item.id, item.tags, item.headline, item.session, item.published
        )
        exposures = tuple(e for e in item.exposures if e.symbol in seen)
        known = market if market in cut.symbols else None
        return cls(event, exposures, decided, cut, known, earlier, moment, calendar)

    def history(self, symbol: str) -> pd.DataFrame:
        """Return open, high, low, close, volume by session, from the first price on.

        Decided at an open, the last row holds that session's open; the rest is NaN.
        """
        panel = self.prices.select([symbol])
        frame = pd.DataFrame({bar: getattr(panel, bar)[symbol] for bar in BARS})
        first = frame["close"].first_valid_index()
        return frame if first is None else frame.loc[first:].copy()

    def abnormal_return(self, symbol: str, sessions: int = 1) -> float:
        """Return the abnormal return over the last completed sessions.

        The market model is fitted on sessions -250 to -11 before the event session,
        ahead of the event before the session that is next to have prices. With fewer
        than 60 of them the market's own return is taken off instead, and without a
        market nothing is. Decided at an open, the last interval runs from the close
        before to that open. NaN where a price is missing.

        Parameters
        ----------
        symbol : str
        sessions : int
            The last so many intervals; their abnormal returns are added.
        """
        if symbol not in self.prices.symbols or not len(self.prices.sessions):
            return float("nan")
        abnormal = self._abnormal(symbol, self.event.session)
        return float(np.sum(abnormal[-sessions:])) if sessions >= 1 else 0.0

    def beta(self, symbol: str) -> float:
        """Return the slope on the market, fitted before the event session.

        On sessions -250 to -11, as in `abnormal_return`; 1 where fewer than 60 of
        them are there, or no market.
        """
        if symbol not in self.prices.symbols or not self.market:
            return 1.0
        fitted = _fitted(
            self._returns(symbol),
            self._returns(self.market),
            int(self.prices.sessions.searchsorted(self.event.session)),
        )
        return 1.0 if fitted is None else float(fitted.fit.beta[0])

    @property
    def events_before(self) -> int:
        """How many events came before this one, since prices begin."""
        first = self.prices.sessions[:1]
        return sum(bool((first <= item.session).all()) for item in self._before)

    def priced_before(self, symbols: Sequence[str] = ()) -> bool:
        """Tell whether symbols had a price when an event before this was decided on.

        Parameters
        ----------
        symbols : sequence of str
            Any of them; without one, any of that event's own.
        """
        return any(
            self._had_price(item, symbols or [e.symbol for e in item.exposures])
            for item in self._before
        )

    @property
    def _before(self) -> Iterator[NewsItem]:
        """The events that came before this one."""
        mine = (self.event.published, self.event.id)
        return (e for e in self._earlier if (e.published, e.id) < mine)

    def _had_price(self, item: NewsItem, symbols: Sequence[str]) -> bool:
        """Tell whether any symbol had a price when an event was decided on."""
        at = self._moment.at(item.known, item.session, self._calendar)
        asked = at >= item.known or item.open_until(at)
        return asked and self.prices.had_price(symbols, at, self._calendar)

    def precedents(self, tag: str, sessions: int = 5) -> Precedents:
        """Return how earlier events with a tag ended.

        Parameters
        ----------
        tag : str
        sessions : int
            Length of the window after the event session. Only events whose window had
            closed by the moment of decision are told.
        """
        rows: list[Precedent] = []
        days = self.prices.sessions
        closed = days[self.prices.close.notna().any(axis=1).to_numpy()]
        for item in self._earlier:
            at = int(days.searchsorted(item.session))
            if tag not in item.tags or at + sessions >= len(days):
                continue
            # what came before the prices begin has no window among them
            if days[at] == item.session and days[at + sessions] <= closed.max():
                rows += self._outcomes(item, at, sessions)
        return Precedents(tuple(rows))

    def _outcomes(self, item: NewsItem, at: int, sessions: int) -> list[Precedent]:
        found = []
        for line in item.exposures:
            if line.symbol in self.prices.symbols:
                ar = self._abnormal(line.symbol, item.session)[at : at + sessions + 1]
                after = float(ar[1:].sum())
                told = (item.id, line.symbol, line.role, line.expected)
                found.append(Precedent(*told, float(ar[0]), after))
        return found

    def _abnormal(self, symbol: str, session: pd.Timestamp) -> NDArray[np.float64]:
        mine = self._returns(symbol)
        market = self._returns(self.market) if self.market else None
        event = int(self.prices.sessions.searchsorted(session))
        return abnormal_returns(mine, market, event)

    def _returns(self, symbol: str) -> NDArray[np.float64]:
        return self._all_returns[:, self.prices.symbols.index(symbol)]

    @cached_property
    def _all_returns(self) -> NDArray[np.float64]:
        """Simple returns to each session's last known price, (T, K)."""
        close = self.prices.close.to_numpy()
        last = close.copy()
        last[-1] = np.where(
            np.isnan(last[-1]), self.prices.open.to_numpy()[-1], last[-1]
        )
        returns = np.full(close.shape, np.nan)
        returns[1:] = last[1:] / close[:-1] - 1.0
        returns.setflags(write=False)
        return returns

    def __repr__(self) -> str:
        return f"NewsView({self.event.id} at {self.decided:%Y-%m-%d %H:%M})"


def abnormal_returns(
    mine: NDArray[np.float64], market: NDArray[np.float64] | None, event: int
) -> NDArray[np.float64]:
    """Return abnormal returns of the market model, fitted before the event.

    Parameters
    ----------
    mine, market : (T,) simple returns
    event : int
        Position of the event session; it may lie at the end of the arrays.
    """
    if market is None:
        return mine
    fitted = _fitted(mine, market, event)
    return mine - market if fitted is None else np.asarray(fitted.series[0])


def _fitted(
    mine: NDArray[np.float64], market: NDArray[np.float64], event: int
) -> AbnormalReturns | None:
    """Fit the market model before the event; None with fewer than 60 sessions."""
    window = EventWindow(-event, len(mine) - 1 - event)
    offsets = np.arange(window.start, window.end + 1)
    usable = np.isfinite(mine) & np.isfinite(market)
    chosen = usable & (offsets >= ESTIMATION[0]) & (offsets <= ESTIMATION[1])
    if chosen.sum() < MIN_OBS:
        return None
    sample = Sample(
        offsets=offsets,
        positions=np.array([event]),
        returns=mine[None],
        factors={"mkt": market[None]},
        usable=usable[None],
        estimation=chosen[None],
    )
    return measure(sample, Market(), window)
