"""Buy the firm that acts and sell the suppliers whose customer it stops being."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aftershock.strategy import Moment, NewsView, Strategy, TradePlan


@dataclass(frozen=True)
class BeneficiaryVsRival(Strategy):
    """Long the actor, short its new rivals, the legs weighted to a beta of zero.

    Thesis: when a customer turns competitor, what it gains its suppliers lose, and the
    market's own move has no part in it. Lang, L. and Stulz, R. (1992), "Contagion and
    competitive intrastate effects of bankruptcy announcements", Journal of Financial
    Economics 32, 45-60, for competitive effects within an industry; Gatev, E.,
    Goetzmann, W. and Rouwenhorst, K. (2006), "Pairs trading", Review of Financial
    Studies 19, 797-827, for the pair. The roles are those of the event's record.

    Parameters
    ----------
    hold : int
        Sessions to hold.
    gross : float
        Fraction of equity in all legs together.
    longs, shorts : tuple of str
        Roles that are bought and sold.
    least_beta : float
        A leg with a smaller beta counts as having this one.
    """

    hold: int = 5
    gross: float = 0.5
    longs: tuple[str, ...] = ("actor",)
    shorts: tuple[str, ...] = ("supplier-competitor", "competitor")
    least_beta: float = 0.2
    decide: Moment = Moment.publication

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Trade all legs or none; without either side there is no trade."""
        up = [e.symbol for e in news.exposures if e.role in self.longs]
        down = [e.symbol for e in news.exposures if e.role in self.shorts]
        if not up or not down:
            return
        beta = {s: max(news.beta(s), self.least_beta) for s in (*up, *down)}
        # each side's legs share its beta equally; both sides have the same
        parts = {s: 1 / (len(up) * beta[s]) for s in up}
        parts |= {s: -1 / (len(down) * beta[s]) for s in down}
        scale = self.gross / sum(abs(part) for part in parts.values())
        for symbol, part in parts.items():
            yield TradePlan(
                symbol, weight=scale * part, hold=self.hold, group=news.event.id
            )
