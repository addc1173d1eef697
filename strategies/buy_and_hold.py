"""The yardstick that trades once: buy at the first news with prices, and hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aftershock.strategy import Moment, NewsView, Strategy, TradePlan


@dataclass(frozen=True)
class BuyAndHold(Strategy):
    """Buy at the first event that can be bought and hold to the last price.

    Thesis: none; a yardstick. What trades on news earns must be held against what its
    symbols earned anyway. Barber, B. and Odean, T. (2000), "Trading is hazardous to
    your wealth", Journal of Finance 55, 773-806.

    Parameters
    ----------
    symbols : tuple of str
        What is bought, in equal parts; when empty, those of the first event with any
        symbol that had a price by then.
    weight : float
        Fraction of equity in all of it.
    """

    symbols: tuple[str, ...] = ()
    weight: float = 1.0
    decide: Moment = Moment.publication

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Buy once; later events find that there was one to buy before."""
        if news.priced_before(self.symbols):
            return
        bought = self.symbols or tuple(e.symbol for e in news.exposures)
        for symbol in bought:
            yield TradePlan(symbol, weight=self.weight / len(bought))
