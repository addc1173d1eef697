"""Work comes out the same wherever it is done, and in the order it was given."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import numpy as np
import pandas as pd
import pytest

from aftershock.calibration import calibrate
from aftershock.cli import main
from aftershock.errors import AftershockError
from aftershock.executor import (
    Dask,
    Executor,
    Processes,
    Serial,
    Threads,
    executor_of,
    spans,
)
from aftershock.luck import placebo_dates
from aftershock.registry import load_file
from aftershock.strategy import Strategy
from aftershock.sweep import sweep_replay
from tests.conftest import ROOT
from tests.one_day import ACCOUNT, OneDay, replay_of, wandering

Table = dict[str, np.ndarray]
TABLE: Table = {"squares": np.arange(6.0) ** 2, "none": np.empty(0)}
HEAVY = ("matplotlib", "vectorbt")


def taken(table: Table, span: tuple[int, int]) -> list[float]:
    """Take some squares; later chunks come first where there is a choice."""
    time.sleep(0.02 * (6 - span[0]))
    return table["squares"][slice(*span)].tolist()


def seen(table: Table, _: int) -> tuple[int, int, bool]:
    """Tell which process has the table where, and whether it may be written to."""
    return os.getpid(), id(table["squares"]), bool(table["squares"].flags.writeable)


def refused(folder: Path, k: int) -> None:
    """Fail at once where it is asked first, write late where it is not."""
    if k == 0:
        raise AftershockError("a chunk that fails")
    time.sleep(1)
    (folder / str(k)).touch()


def read(_: None, name: str) -> str:
    """Read a file by its relative path."""
    return Path(name).read_text(encoding="utf-8")


def slowly(table: Table, k: int) -> float:
    """Take a square, slowly enough to be ended while at it."""
    time.sleep(0.1)
    return float(table["squares"][k % 6])


def ended(_: None, k: int) -> int:
    """End the process that does the last chunk."""
    if k == 3:
        os._exit(1)
    return k


def named(strategy: Strategy, _: int) -> tuple[str, int]:
    """Ask a user's strategy."""
    return type(strategy).__name__, strategy.answer()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes on this machine."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0"
    ) as made:
        yield made


@pytest.fixture(params=["serial", "threads", "processes", "dask"])
def place(request: pytest.FixtureRequest) -> Executor:
    """Every executor in turn."""
    name = request.param
    if name == "dask":
        return Dask(request.getfixturevalue("cluster").scheduler_address)
    return executor_of(name, jobs=2)


def test_results_come_in_the_order_of_the_chunks(place: Executor) -> None:
    """0 1 4 9 16 25 in chunks of four and two, though the second is done first."""
    parts = list(place.run(taken, spans(6, 4), TABLE))
    assert parts == [[0.0, 1.0, 4.0, 9.0], [16.0, 25.0]]
    assert list(place.run(taken, [], TABLE)) == []


def test_shared_data_arrive_once_and_may_be_written_to(place: Executor) -> None:
    """Eight chunks: each process has one table, as here."""
    told = set(place.run(seen, range(8), TABLE))
    assert len(told) == len({process for process, _, _ in told})
    assert all(writable for _, _, writable in told)


def test_a_users_strategy_travels_with_its_code(
    place: Executor, tmp_path: Path
) -> None:
    """Its file lies on this machine only."""
    path = tmp_path / "mine.py"
    path.write_text(
        "from dataclasses import dataclass\n"
        "from aftershock.strategy import Strategy\n"
        "@dataclass(frozen=True)\n"
        "class Mine(Strategy):\n"
        "    hold: int = 3\n"
        "    def plan(self, news):\n        return []\n"
        "    def answer(self):\n        return 14 * self.hold\n"
    )
    mine = load_file(path, Strategy)["Mine"]()
    path.unlink()
    assert list(place.run(named, [0, 1], mine)) == [("Mine", 42)] * 2


def test_an_error_of_the_work_is_raised_as_it_is(place: Executor) -> None:
    with pytest.raises(KeyError, match="squares"):
        list(place.run(slowly, [1, 2], {}))


def test_placebo_dates_do_not_depend_on_the_place(place: Executor) -> None:
    """23 draws in chunks of ten, bit for bit."""
    replay = replay_of(wandering(), [120, 300])
    here = placebo_dates(replay, OneDay(), ACCOUNT, draws=23)
    there = placebo_dates(replay, OneDay(), ACCOUNT, draws=23, executor=place)
    assert len(here.drawn) == 23
    np.testing.assert_array_equal(here.drawn, there.drawn)


@pytest.mark.parametrize("curve", [True, False])
def test_a_sweep_does_not_depend_on_the_place(place: Executor, curve: bool) -> None:
    """24 settings, bit for bit."""
    grid = {"hold": [1, 2, 3, 4, 5, 6], "stop_loss": [None, 0.02], "fees_bps": [0, 5]}
    replay = replay_of(wandering(), [100, 120, 200, 300])
    here, there = (
        sweep_replay(replay, OneDay(), grid, ACCOUNT, curve=curve, executor=executor)
        for executor in (Serial(), place)
    )
    pd.testing.assert_frame_equal(here, there, check_exact=True)


@pytest.mark.slow
def test_calibration_on_a_cluster(cluster: Any) -> None:
    """180 replications in chunks of fifty, bit for bit; nothing is drawn there."""
    from distributed import Client

    tests = ["cross_sectional", "adjusted_bmp", "joint"]
    here, there = (
        calibrate("four_on_1", tests, 120, power=60, executor=executor)
        for executor in (Serial(), Dask(cluster.scheduler_address))
    )
    pd.testing.assert_frame_equal(here, there, check_exact=True)
    with Client(cluster, set_as_default=False) as client:
        loaded = client.run(lambda: [m for m in HEAVY if m in sys.modules])
    assert list(loaded.values()) == [[], []]


@pytest.mark.slow
@pytest.mark.parametrize("victims", [1, 2])
def test_ended_workers_cost_time_and_nothing_else(cluster: Any, victims: int) -> None:
    """One or both are killed while at work; with both, the shared data are gone too."""

    def kill() -> None:
        """End workers as the system would where memory ran out."""
        for nanny in list(cluster.workers.values())[:victims]:
            os.kill(nanny.pid, signal.SIGKILL)

    before = {nanny.pid for nanny in cluster.workers.values()}
    timer = Timer(0.5, kill)
    timer.start()
    found = list(
        Dask(cluster.scheduler_address, patience=30).run(slowly, range(40), TABLE)
    )
    timer.join()
    assert found == [float((k % 6) ** 2) for k in range(40)]
    assert len(before - {nanny.pid for nanny in cluster.workers.values()}) == victims


def test_an_ended_process_is_told_in_words() -> None:
    with pytest.raises(AftershockError, match="ended before its work"):
        list(Processes(2).run(ended, range(6), None))
    assert list(Processes(2).run(taken, spans(6, 3), TABLE))[1] == [9.0, 16.0, 25.0]


def test_no_scheduler_is_one_clear_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Nothing listens on port 1; the command ends with 2, within seconds."""
    words = ["sweep", str(ROOT / "backtests" / "demo.yaml"), "--out", str(tmp_path)]
    words += ["--set", "sweep.grid.hold=[1]", "--engine", "dask"]
    begun = time.monotonic()
    with pytest.raises(SystemExit) as end:
        main([*words, "--scheduler", "tcp://127.0.0.1:1"])
    told = capsys.readouterr().err
    assert end.value.code == 2
    assert "tcp://127.0.0.1:1: no scheduler answers" in told
    assert "dask scheduler" in told
    assert "Traceback" not in told
    assert time.monotonic() - begun < 30


def test_what_is_no_address_is_told() -> None:
    with pytest.raises(AftershockError, match="no scheduler answers"):
        list(Dask("nowhere", patience=0.5).run(taken, spans(6, 4), TABLE))


def test_a_scheduler_without_workers_is_told() -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as empty:
        place = Dask(empty.scheduler_address, patience=0.5)
        with pytest.raises(AftershockError, match=r"no worker for 0\.5 seconds"):
            list(place.run(taken, spans(6, 4), TABLE))


def test_a_missing_extra_is_answered_with_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(AftershockError, match=r"pip install 'aftershock\[dask\]'"):
        list(Dask("tcp://127.0.0.1:1").run(taken, spans(6, 4), TABLE))


def test_options_make_an_executor() -> None:
    assert executor_of() == Processes(os.cpu_count() or 1)
    assert executor_of(jobs=1) == executor_of("serial", 4) == Serial()
    assert executor_of(jobs=3, usual="threads") == Threads(3)
    assert executor_of(scheduler="tcp://a:1") == Dask("tcp://a:1")


@pytest.mark.parametrize(
    ("engine", "scheduler", "words"),
    [
        ("dusk", None, "Did you mean 'dask'"),
        ("dask", None, "no scheduler"),
        ("threads", "tcp://a:1", "the scheduler tcp://a:1"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    engine: str, scheduler: str | None, words: str
) -> None:
    with pytest.raises(AftershockError, match=words):
        executor_of(engine, 2, scheduler)


def test_processes_that_stayed_follow_to_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run meets the processes of the first, started in another folder."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "note").write_text(name, encoding="utf-8")
        monkeypatch.chdir(tmp_path / name)
        assert list(Processes(2).run(read, ["note"] * 2, None)) == [name] * 2


def test_a_process_that_joins_does_the_first_chunk() -> None:
    """The rest is begun before it, elsewhere, and comes after it."""
    first, *others = Processes(2, joins=True).run(seen, range(3), TABLE)
    assert first[0] == os.getpid()
    assert os.getpid() not in {process for process, _, _ in others}
    asked = [(0, 2), (2, 4), (4, 6)]
    made = Processes(2, joins=True).run(taken, asked, TABLE)
    assert list(made) == [[0.0, 1.0], [4.0, 9.0], [16.0, 25.0]]


def test_others_are_over_where_the_own_chunk_fails(tmp_path: Path) -> None:
    """Nobody writes later into a folder that its owner has given up."""
    with pytest.raises(AftershockError, match="a chunk that fails"):
        list(Processes(2, joins=True).run(refused, range(3), tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {"1", "2"}
