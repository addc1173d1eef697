"""What an account of the second simulator meets: bars, marks, slippage, commission."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pandas as pd

from aftershock.fills import Account
from aftershock.prices import PricePanel

OPEN, CLOSE = 0, 1


def on_a_price(level: float, *prices: float) -> float:
    """Return the first price that a level equals but for the last digits of a float.

    10 % above 100 is 110.00000000000001 there; by docs/methods.md 110 touches it.
    """
    same = (p for p in prices if math.isclose(p, level, rel_tol=1e-10))
    return next(same, level)


@dataclass
class PlainMarket:
    """Prices and the terms that an account has with them."""

    prices: PricePanel
    account: Account
    rate: float
    events: set[tuple[str, int]] = field(default_factory=set)
    recent: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.bars: dict[str, dict[str, list[float]]] = {
            s: {
                f: getattr(self.prices, f)[s].tolist()
                for f in ("open", "high", "low", "close", "dividends")
            }
            for s in self.prices.symbols
        }

    def _whole(self, symbol: str, t: int) -> bool:
        bars = self.bars[symbol]
        return all(math.isfinite(bars[f][t]) for f in ("open", "high", "low", "close"))

    def _last(self, symbol: str, t: int) -> float:
        """The last close up to a session."""
        for k in range(t, -1, -1):
            if math.isfinite(self.bars[symbol]["close"][k]):
                return self.bars[symbol]["close"][k]
        return math.nan

    def _mark(self, symbol: str, t: int, when: int) -> float:
        first = self.bars[symbol]["open"][t]
        if when == CLOSE:
            return self._last(symbol, t)
        return first if math.isfinite(first) else self._last(symbol, t - 1)

    def _slip(
        self, symbol: str, t: int, when: int, stopped: bool, shares: float
    ) -> float:
        lost = self._flat(symbol, t, when, stopped) + self._push(symbol, t, shares)
        return min(lost, 0.99)

    def _push(self, symbol: str, t: int, shares: float) -> float:
        """k sigma sqrt(q / V), V of the 20 sessions before."""
        k = self.account.slippage_volume_share
        volume = self.prices.volume[symbol].tolist()[max(t - 20, 0) : t]
        known = [v for v in volume if math.isfinite(v)]
        if not k or not known:
            return 0.0
        sigma = self._sigma(symbol, t)
        return k * sigma * math.sqrt(shares / (sum(known) / len(known)))

    def _sigma(self, symbol: str, t: int) -> float:
        closes = pd.Series(self.bars[symbol]["close"][:t])
        moves = (closes / closes.shift(1) - 1).tail(60)
        return moves.std() if moves.notna().sum() >= 5 else 0.0

    def _flat(self, symbol: str, t: int, when: int, stopped: bool) -> float:
        a = self.account
        given = a.slippage_by_symbol.get(symbol, a.slippage_bps)
        if given is not None:
            return given * 1e-4
        usual = max(5e-4, 0.1 * self._sigma(symbol, t))
        news = when == OPEN and (symbol, t) in self.events
        return usual * (2 if news or stopped else 1)

    def _fee(self, shares: float, price: float) -> float:
        a = self.account
        fee = shares * (price * a.fees_bps * 1e-4 + a.fees_per_share)
        return max(fee, a.fees_min)
