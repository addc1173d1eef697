"""Event studies of 100 to 100,000 events beside a plain numpy gather; ratios.

The gather is the same work without a library: 240 estimation and 21 event sessions of
each pair cut out of the panel, a market model by two-pass sums, abnormal returns, their
sum over the window and the t of its mean. Both run in this process, all numbers of
events in turn: a machine is quick in one minute and slow in the next.

Run: python bench/event_study.py
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from harness import keep, seconds

import aftershock as af
from aftershock.calendar import TradingCalendar
from aftershock.results import EventStudyResult

SESSIONS, SYMBOLS = 2520, 500
COUNTS = (100, 1_000, 10_000, 100_000)
TURNS = 5
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
    index = TradingCalendar.load("2013-01-01", "2023-12-31").sessions[:SESSIONS]
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


def study(frames: Frames, tests: list[str]) -> EventStudyResult:
    """Return a study with some tests."""
    return af.event_study(*frames, windows=[(-10, 10)], tests=tests)


def statistic(found: EventStudyResult) -> float:
    """Return the t of the mean CAR."""
    return float(found.tests.set_index("test").loc["cross_sectional", "statistic"])


def works(count: int) -> dict[str, Callable[[], object]]:
    """Return what is measured for one number of events; both must give the same t."""
    frames = world(count)
    plain, ours = gather(*frames), statistic(study(frames, ["cross_sectional"]))
    if not np.isclose(plain, ours, rtol=1e-9):
        raise AssertionError(f"the gather gives {plain}, the study {ours}")
    return {
        "gather": lambda: gather(*frames),
        "one": lambda: study(frames, ["cross_sectional"]),
        "all": lambda: study(frames, EVERY),
    }


def main() -> None:
    """Measure all numbers of events in turn, print and keep the best of each."""
    measured = {count: works(count) for count in COUNTS}
    best = {count: dict.fromkeys(measured[count], np.inf) for count in COUNTS}
    for _ in range(TURNS):
        for count, named in measured.items():
            for name, work in named.items():
                best[count][name] = min(best[count][name], seconds(work))
    heads = f"{'one test':>8}  {'ratio':>6}  {'16 tests':>8}"
    print(f"{'events':>8}  {'gather':>8}  {heads}")
    for count, row in best.items():
        ratio = f"{row['one'] / row['gather']:>5.1f}x"
        print(
            f"{count:>8,}  {row['gather']:>7.4f}s  {row['one']:>7.3f}s  {ratio}  "
            f"{row['all']:>7.2f}s"
        )
    keep("event_study", {"rows": [{"events": n} | row for n, row in best.items()]})


if __name__ == "__main__":
    main()
