"""What work on a cluster costs: by chunk, by byte, by task; see docs/scaling.md.

Everything runs on this machine: one scheduler and two worker processes over TCP. Costs
of work are seconds of the processor, rates are seconds of the clock.

Run: python bench/scaling.py
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from aftershock.calibration import DESIGNS
from aftershock.calibration.designs import Shift
from aftershock.calibration.replications import Chunk, replicate
from aftershock.config import load_config
from aftershock.config.parts import build_account, build_strategies
from aftershock.executor import Dask, Executor, Serial
from aftershock.executor.parcel import Parcel
from aftershock.luck import TOGETHER, placebo_dates
from aftershock.registry import shipped
from aftershock.replay import Replay
from aftershock.run.inputs import obtain_inputs
from aftershock.study.design import StudyDesign, find_model
from aftershock.study.panel import make_panel
from aftershock.windows import EstimationWindow, EventWindow

TASKS, PAIRS = 2_000, 20_000


class Listening(Executor):
    """Runs here, and notes what would have travelled."""

    def run(self, work: Any, chunks: Any, shared: Any) -> Any:
        """Yield the results; keep seconds and bytes of each chunk."""
        self.sent = Parcel.of(shared).size
        self.seconds, self.returned = [], []
        for chunk in chunks:
            begun = time.process_time()
            found = work(shared, chunk)
            self.seconds.append(time.process_time() - begun)
            self.returned.append(len(pickle.dumps(found)))
            yield found


def nothing(_: Any, chunk: int) -> int:
    """Do nothing."""
    return chunk


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def placebo() -> Iterable[str]:
    """Play placebo dates of the shipped example: a strategy on the same news, moved."""
    config = load_config(shipped("backtests") / "demo.yaml")
    inputs = obtain_inputs(config, offline=True)
    replay = Replay.of(
        inputs.events,
        inputs.prices,
        inputs.calendar,
        config.study.market,
        config.events.policy,
    )
    account, place = build_account(config), Listening()
    for name, strategy in build_strategies(config).items():
        placebo_dates(replay, strategy, account, 100, executor=place)
        each = np.median(place.seconds) / TOGETHER
        yield f"placebo date, {name:14} {each * 1e3:8.2f} ms"
    back = np.mean(place.returned) / TOGETHER
    yield f"  sent once {place.sent / 1e3:.0f} kB, returned {back:.0f} bytes"


def calibration() -> Iterable[str]:
    """Replicate four symbols on one session, all tests."""
    study = StudyDesign(find_model("market"), tests="all", contrast="expected_signs")
    chunk = Chunk(DESIGNS["four_on_1"], study, Shift(), 0, 50, 0, 0.05, (1, 2))
    replicate(chunk)
    begun = time.process_time()
    found = replicate(chunk)
    each = (time.process_time() - begun) / 50
    size = len(pickle.dumps(found)) / 50
    yield f"replication                   {each * 1e3:8.2f} ms"
    yield f"  returned {size:.0f} bytes"


def pairs() -> Iterable[str]:
    """Measure pairs of 500 symbols: 240 rows, one session, the standardised return."""
    rng, index = np.random.default_rng(1), pd.bdate_range("2015-01-02", periods=2520)
    market = rng.normal(0, 0.01, len(index))
    values = market[:, None] + rng.normal(0, 0.02, (len(index), 500))
    returns = pd.DataFrame(values, index, [f"S{k}" for k in range(500)])
    panel = make_panel(
        returns, pd.DataFrame({"mkt": market}, index), find_model("market"),
        EstimationWindow(),
    )  # fmt: skip
    columns = rng.integers(0, 500, PAIRS)
    rows = rng.integers(260, len(index), PAIRS)
    window = EventWindow(0, 0)
    panel.measure(columns[:10], rows[:10], window)
    took = []
    for _ in range(7):
        begun = time.process_time()
        panel.measure(columns, rows, window).scar(window)
        took.append(time.process_time() - begun)
    each = np.median(took) / PAIRS
    yield f"placebo pair                  {each * 1e6:8.2f} us"


def wire() -> Iterable[str]:
    """Give out chunks of nothing, and send 200 MB, over TCP on this machine."""
    from distributed import Client, LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0"
    ) as made:
        place = Dask(made.scheduler_address)
        list(place.run(nothing, range(10), None))
        begun = time.process_time()
        took = seconds(lambda: list(place.run(nothing, range(TASKS), None)))
        each = (time.process_time() - begun) / TASKS
        yield f"chunks of nothing             {TASKS / took:8.0f} a second"
        yield f"  scheduler and client        {each * 1e3:8.2f} ms each"
        parcel = Parcel.of(np.zeros(25_000_000))
        with Client(made, set_as_default=False) as client:
            took = seconds(lambda: client.scatter(parcel, broadcast=True, hash=False))
        rate = 2 * parcel.size / took / 1e6
        yield f"shared data                   {rate:8.0f} MB a second, two workers"
    alone = seconds(lambda: list(Serial().run(nothing, range(TASKS), None)))
    yield f"chunks of nothing, here       {TASKS / alone:8.0f} a second"


def main() -> None:
    """Measure and print."""
    for measured in (placebo, calibration, pairs, wire):
        for line in measured():
            print(line, flush=True)


if __name__ == "__main__":
    main()
