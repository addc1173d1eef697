"""Trade against a large first reaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import copysign

from aftershock.strategy import Moment, NewsView, Strategy, TradePlan


@dataclass(frozen=True)
class FadeTheShock(Strategy):
    """Sell what jumped and buy what fell, after the first close that knew the news.

    Thesis: dramatic news is overreacted to, so that part of a very large move is taken
    back. De Bondt, W. and Thaler, R. (1985), "Does the stock market overreact?",
    Journal of Finance 40, 793-805. Tetlock, P. (2011), "All the news that's fit to
    reprint: do investors react to stale information?", Review of Financial Studies
    24, 1481-1512: reactions to news that was known before are reversed.

    Parameters
    ----------
    threshold : float
        Least size of the abnormal return, as a fraction.
    hold : int
        Sessions to hold.
    weight : float
        Fraction of equity in each position.
    stop_loss : float
        Fraction of the entry price at which a trade that goes on falling is left.
    """

    threshold: float = 0.05
    hold: int = 5
    weight: float = 0.25
    stop_loss: float = 0.10
    decide: Moment = Moment.event_close

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Trade each exposure against its move, where the move was large."""
        for exposure in news.exposures:
            move = news.abnormal_return(exposure.symbol)
            if abs(move) > self.threshold:
                yield TradePlan(
                    exposure.symbol,
                    weight=-copysign(self.weight, move),
                    hold=self.hold,
                    stop_loss=self.stop_loss,
                )
