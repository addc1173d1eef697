"""Event studies of 1,000 to 100,000 events beside a plain numpy gather; ratios.

The gather is the same work without a library: 250 estimation and 21 event sessions of
each pair cut out of the panel, a market model by two-pass sums, abnormal returns, their
sum over the window and the t of its mean. Both run in this process, best of three.

Run: python bench/event_study.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd

import aftershock as af

SESSIONS, SYMBOLS = 2520, 500
COUNTS = (1_000, 10_000, 100_000)
_EVERY = """
    cross_sectional crude_dependence patell bmp adjusted_patell adjusted_bmp skewness
    corrado_rank corrado_zivney_sign sign generalized_sign wilcoxon grank_t grank_z
    clustered jackknife
"""
EVERY = _EVERY.split()
Frames = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def world(events: int, seed: int = 1) -> Frames:
    """Draw events, returns and a market."""
    rng = np.random.default_rng(seed)
    index = pd.bdate_range("2015-01-02", periods=SESSIONS)
    market = rng.normal(0, 0.01, SESSIONS)
    noise = rng.normal(0, 0.02, (SESSIONS, SYMBOLS))
    names = [f"S{k}" for k in range(SYMBOLS)]
    returns = pd.DataFrame(market[:, None] + noise, index, names)
    # a symbol and a session only once: tests would leave out the second
    span = SESSIONS - 271
    rows, columns = np.divmod(
        rng.choice(span * SYMBOLS, events, replace=False), SYMBOLS
    )
    chosen = pd.DataFrame(
        {
            "event_id": [f"e{k}" for k in range(events)],
            "symbol": [names[k] for k in columns],
            "session": index[rows + 260],
        }
    )
    return chosen, returns, pd.DataFrame({"mkt": market}, index)


def gather(events: pd.DataFrame, returns: pd.DataFrame, factors: pd.DataFrame) -> float:
    """Return the t of the mean CAR by plain numpy."""
    r, m = returns.to_numpy(), factors["mkt"].to_numpy()
    rows = returns.index.searchsorted(events["session"])
    columns = returns.columns.get_indexer(events["symbol"])
    past, now = rows[:, None] + np.arange(-250, -10), rows[:, None] + np.arange(-10, 11)
    y, x = r[past, columns[:, None]], m[past]
    dx, dy = x - x.mean(1, keepdims=True), y - y.mean(1, keepdims=True)
    b = (dx * dy).sum(1) / (dx * dx).sum(1)
    a = y.mean(1) - b * x.mean(1)
    ar = r[now, columns[:, None]] - a[:, None] - b[:, None] * m[now]
    car = ar.sum(1)
    return float(np.sqrt(len(car)) * car.mean() / car.std(ddof=1))


def study(frames: Frames, tests: list[str]) -> float:
    """Return the t of the mean CAR by a study with some tests."""
    found = af.event_study(*frames, windows=[(-10, 10)], tests=tests)
    return float(found.tests.set_index("test").loc["cross_sectional", "statistic"])


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the best time of a few."""
    best = np.inf
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return float(best)


def main() -> None:
    """Measure and print."""
    print(
        f"{'events':>8}  {'gather':>8}  {'one test':>8}  {'ratio':>6}  {'16 tests':>8}"
    )
    for count in COUNTS:
        frames = world(count)
        plain, ours = gather(*frames), study(frames, ["cross_sectional"])
        if not np.isclose(plain, ours, rtol=1e-9):
            raise AssertionError(f"the gather gives {plain}, the study {ours}")
        times = 3 if count <= 10_000 else 1
        base = seconds(lambda f=frames: gather(*f), times)
        one = seconds(lambda f=frames: study(f, ["cross_sectional"]), times)
        all_ = seconds(lambda f=frames: study(f, EVERY), times)
        ratio = f"{one / base:>5.1f}x"
        print(f"{count:>8,}  {base:>7.3f}s  {one:>7.3f}s  {ratio}  {all_:>7.2f}s")


if __name__ == "__main__":
    main()
