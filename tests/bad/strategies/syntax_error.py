"""Sell what jumped."""

from dataclasses import dataclass

from aftershock.strategy import Strategy, TradePlan


@dataclass(frozen=True)
class Own(Strategy):
    """Fade it."""

    hold: int = 5

    def plan(self, news)
        for exposure in news.exposures:
            yield TradePlan(exposure.symbol, weight=-0.1, hold=self.hold)
