"""Follow the first reaction to the news."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import copysign

from aftershock.strategy import Moment, NewsView, Strategy, TradePlan


@dataclass(frozen=True)
class EventDrift(Strategy):
    """Buy what rose and sell what fell on the news, and hold it for some sessions.

    Thesis: prices take in news too slowly, so that the first abnormal move goes on.
    Bernard, V. and Thomas, J. (1989), "Post-earnings-announcement drift: delayed price
    response or risk premium?", Journal of Accounting Research 27, 1-36. Chan, W.
    (2003), "Stock price reaction to news and no-news: drift and reversal after
    headlines", Journal of Financial Economics 70, 223-260: drift after
    headlines, reversal without.

    Parameters
    ----------
    hold : int
        Sessions to hold.
    threshold : float
        Least size of the abnormal return, as a fraction.
    weight : float
        Fraction of equity in each position.
    """

    hold: int = 5
    threshold: float = 0.02
    weight: float = 0.10
    decide: Moment = Moment.event_close

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Trade each exposure in the direction of its move; funds move it too."""
        for exposure in news.exposures:
            move = news.abnormal_return(exposure.symbol)
            if abs(move) > self.threshold:
                side = copysign(self.weight, move)
                yield TradePlan(exposure.symbol, weight=side, hold=self.hold)
