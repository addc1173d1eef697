"""Buy before an announcement whose day is known, and leave before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aftershock.strategy import Moment, NewsView, Strategy, TradePlan


@dataclass(frozen=True)
class PreAnnouncement(Strategy):
    """Hold whom a scheduled event is about over the sessions that lead up to it.

    Thesis: attention and the risk of an announcement are paid for before it comes.
    Frazzini, A. and Lamont, O. (2007), "The earnings announcement premium and trading
    volume", NBER working paper 13090. Lucca, D. and Moench, E. (2015), "The pre-FOMC
    announcement drift", Journal of Finance 70, 329-371.
    Only events whose day was public by the moment of decision are traded; what they
    will say is not told. With the defaults the last fill is an open, three sessions
    on, that comes before any hour of the event: it also misses the premium of the
    announcement itself, which a longer `hold` would take.

    Parameters
    ----------
    tag : str
        Kind of event: earnings, macro, lock-up, index-change or ipo.
    hold : int
        Sessions to hold.
    gross : float
        Fraction of equity in all positions of an event, shared equally.
    """

    tag: str = "earnings"
    hold: int = 3
    gross: float = 0.5
    decide: Moment = Moment.sessions_before(5)

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Buy each symbol that the event is about."""
        if self.tag in news.event.tags:
            weight = self.gross / max(len(news.exposures), 1)
            for exposure in news.exposures:
                yield TradePlan(exposure.symbol, weight=weight, hold=self.hold)
