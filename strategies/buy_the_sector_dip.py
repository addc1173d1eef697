"""Buy a sector that fell on the news, if such falls were taken back before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan

from aftershock.strategy import Moment, NewsView, Strategy, TradePlan


@dataclass(frozen=True)
class BuyTheSectorDip(Strategy):
    """Buy chips after a shock, only where precedents of the tag reverted.

    Thesis: a fall that spreads from one firm's news to its whole sector is partly a
    want of liquidity, and is paid back to whoever provides it. Nagel, S. (2012),
    "Evaporating liquidity", Review of Financial Studies 25, 2005-2039. Whether that
    holds for this kind of news is asked of the precedents, never assumed.

    Parameters
    ----------
    threshold : float
        Least size of the abnormal fall, as a fraction.
    hold : int
        Sessions to hold, and over which precedents must have reverted.
    gross : float
        Fraction of equity in all positions of an event.
    fewest : int
        Falls among the precedents that are needed to judge by.
    roles : tuple of str
        Who belongs to the sector.
    """

    threshold: float = 0.01
    hold: int = 5
    gross: float = 0.5
    fewest: int = 3
    roles: tuple[str, ...] = ("sector-fund", "upstream-supplier")
    decide: Moment = Moment.event_close

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Buy what fell, where falls of these roles after such news were taken back."""
        fallen = [
            e.symbol
            for e in news.exposures
            if e.role in self.roles and news.abnormal_return(e.symbol) < -self.threshold
        ]
        if fallen and self._reverted(news):
            for symbol in fallen:
                yield TradePlan(symbol, self.gross / len(fallen), hold=self.hold)

    def _reverted(self, news: NewsView) -> bool:
        """Tell whether, on average, earlier falls were followed by gains."""
        after = {
            (row.event_id, row.symbol): row.after
            for tag in news.event.tags
            for row in news.precedents(tag, self.hold)
            if row.role in self.roles and row.reaction < -self.threshold
        }
        known = [value for value in after.values() if not isnan(value)]
        return len(known) >= self.fewest and sum(known) > 0
