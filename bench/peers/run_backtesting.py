"""backtesting.py: one symbol at a time, and the sum of what each account earned."""

import sys

import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy
from timed import best, say

task = np.load(sys.argv[1])
price, sizes = task["price"], task["sizes"]
cash, fee = float(task["cash"]), float(task["fee"])
days = pd.DatetimeIndex(task["days"])
frames = [
    pd.DataFrame(dict.fromkeys(("Open", "High", "Low", "Close"), column), index=days)
    for column in price.T.copy()
]


class Given(Strategy):
    """Order what is bought and sold at the next open."""

    size = np.zeros(0)

    def init(self) -> None:
        """Prepare nothing."""

    def next(self) -> None:
        """Order for the next bar."""
        at = len(self.data)
        wanted = int(self.size[at]) if at < len(self.size) else 0
        if wanted > 0:
            self.buy(size=wanted)
        elif wanted < 0:
            self.sell(size=-wanted)


def earned(frame: pd.DataFrame, size: np.ndarray) -> float:
    """Return what one symbol's account earned."""
    made = Backtest(frame, Given, cash=cash, commission=fee)
    return float(made.run(size=size)["Equity Final [$]"]) - cash


def work() -> list[float]:
    """Play all holds."""
    return [
        cash + sum(earned(f, s) for f, s in zip(frames, size.T, strict=True))
        for size in sizes
    ]


took, ended = best(work)
say("backtesting", seconds=took / len(sizes), equity=ended)
