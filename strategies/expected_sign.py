"""Trade the signs that the record of the event expects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aftershock.strategy import Moment, NewsView, Strategy, TradePlan


@dataclass(frozen=True)
class ExpectedSign(Strategy):
    """Buy the expected winners and sell the expected losers as soon as it is known.

    Thesis: who gains and who loses along a supply chain can be said at once, and prices
    of the firms that are linked to the actor follow only slowly. Cohen, L. and
    Frazzini, A. (2008), "Economic links and predictable returns", Journal of Finance
    63, 1977-2011. Menzly, L. and Ozbas, O. (2010), "Market segmentation and
    cross-predictability of returns", Journal of Finance 65, 1555-1580.
    A sign that was written down after the fact makes the result hindsight.

    Parameters
    ----------
    hold : int
        Sessions to hold.
    gross : float
        Fraction of equity in all positions of an event, shared equally.
    """

    hold: int = 5
    gross: float = 0.5
    decide: Moment = Moment.publication

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Trade each exposure that has a sign; sector funds and others have none."""
        signed = [exposure for exposure in news.exposures if exposure.expected]
        for exposure in signed:
            weight = self.gross * exposure.expected / len(signed)
            yield TradePlan(exposure.symbol, weight=weight, hold=self.hold)
