"""The yardstick of luck: the trades of the expected signs, at other times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from aftershock.strategy import Moment, NewsView, Strategy, TradePlan


@dataclass(frozen=True)
class RandomDates(Strategy):
    """Trade the expected signs of each event some random number of sessions later.

    Thesis: none; a yardstick. Same symbols, sides, sizes and costs as `ExpectedSign`,
    but when the news is old. What both earn is no reward for the news. White, H.
    (2000), "A reality check for data snooping", Econometrica 68, 1097-1126.

    Parameters
    ----------
    hold : int
        Sessions to hold.
    gross : float
        Fraction of equity in all positions of an event, shared equally.
    soonest, latest : int
        Sessions to wait, drawn evenly between these.
    seed : int
        With the event's id it fixes the draw, whatever the order of events.
    """

    hold: int = 5
    gross: float = 0.5
    soonest: int = 20
    latest: int = 120
    seed: int = 1
    decide: Moment = Moment.publication

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Trade each exposure that has a sign, all of an event on one later date."""
        lag = Random(f"{self.seed} {news.event.id}").randint(self.soonest, self.latest)
        signed = [exposure for exposure in news.exposures if exposure.expected]
        for exposure in signed:
            weight = self.gross * exposure.expected / len(signed)
            yield TradePlan(exposure.symbol, weight=weight, hold=self.hold, lag=lag)
