"""bt: one algo that transacts the session's shares at its price."""

import sys

import bt
import numpy as np
import pandas as pd
from timed import best, say

task = np.load(sys.argv[1])
price, sizes = task["price"], task["sizes"]
cash, fee = float(task["cash"]), float(task["fee"])
names = [f"S{k}" for k in range(price.shape[1])]
prices = pd.DataFrame(price, pd.DatetimeIndex(task["days"]), names)


class Given(bt.Algo):
    """Buy and sell what is due on a session."""

    def __init__(self, size: np.ndarray) -> None:
        super().__init__()
        self.due: dict = {}
        for row, column in np.argwhere(size != 0):
            due = self.due.setdefault(prices.index[row], [])
            due.append((names[column], size[row, column]))

    def __call__(self, target: bt.Strategy) -> bool:
        """Transact."""
        for name, shares in self.due.get(target.now, ()):
            target.transact(shares, name)
        return True


def final(size: np.ndarray) -> float:
    """Play one hold."""
    made = bt.Backtest(
        bt.Strategy("s", [Given(size)], children=names), prices,
        initial_capital=cash, commissions=lambda q, p: abs(q) * p * fee,
        progress_bar=False,
    )  # fmt: skip
    made.run()
    return float(made.strategy.values.iloc[-1])


def work() -> list[float]:
    """Play all holds."""
    return [final(size) for size in sizes]


took, ended = best(work)
say("bt", seconds=took / len(sizes), equity=ended)
