"""A million event-symbol pairs on one machine: time, peak memory, killed and resumed.

Simulated returns of 5,000 symbols over 20 years of sessions, 200 events a symbol; the
market model on 240 sessions, two windows, the tables `pairs` and `cars`, every test
that can be streamed. The study runs twice in processes of their own: once straight
through, once killed (SIGKILL, all of its processes) when half of the blocks are there,
and asked for again. Both folders must hold the same bytes. Memory is the sum over the
process tree of the proportional set size (pages that processes share count once), every
half second; the plain sum of resident sizes, in which they count once each, stands
beside.

Run: python bench/million_pairs.py [--symbols 5000 --sessions 5040 --events 200]
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

WINDOWS = [(0, 0), (-1, 1)]


def draw(folder: Path, symbols: int, sessions: int, events: int) -> None:
    """Draw the world into Parquet files: returns in ten files of some symbols each."""
    rng = np.random.default_rng(1)
    index = pd.bdate_range("2004-01-02", periods=sessions)
    market = rng.normal(0, 0.01, sessions)
    (folder / "returns").mkdir()
    names = [f"S{k:05d}" for k in range(symbols)]
    for part, some in enumerate(np.array_split(np.arange(symbols), 10)):
        noise = rng.normal(0, 0.02, (sessions, len(some)))
        values = rng.uniform(0.5, 1.5, len(some)) * market[:, None] + noise
        frame = pd.DataFrame(values, index, [names[k] for k in some])
        frame.to_parquet(folder / "returns" / f"{part:02d}.parquet")
    # a symbol and a session only once
    rows = np.concatenate(
        [rng.choice(sessions - 260, events, replace=False) for _ in names]
    )
    chosen = pd.DataFrame(
        {
            "event_id": [f"e{k}" for k in range(len(rows))],
            "symbol": np.repeat(names, events),
            "session": index[rows + 255],
        }
    )
    order = rng.permutation(len(chosen))
    chosen.iloc[order].to_parquet(folder / "events.parquet", index=False)
    pd.DataFrame({"mkt": market}, index).to_parquet(folder / "factors.parquet")


def study(folder: Path, out: Path, jobs: int, block: int) -> None:
    """Run the study; this is a process of its own."""
    import aftershock as af
    from aftershock.executor import executor_of

    begun = time.perf_counter()

    def told(done: int, total: int) -> None:
        """Print progress."""
        print(f"{done}/{total} {time.perf_counter() - begun:.1f} s", flush=True)

    found = af.event_study_blocks(
        folder / "events.parquet",
        folder / "returns",
        folder / "factors.parquet",
        out=out,
        windows=WINDOWS,
        block=block,
        executor=executor_of(jobs=jobs),
        progress=told,
    )
    shown = ["start", "end", "test", "estimate", "statistic", "pvalue", "valid", "n"]
    computed = ~found.tests["reason"].str.contains("not computed")
    print(found.tests.loc[computed, shown].to_string(index=False), flush=True)


def memory(process: psutil.Process) -> tuple[int, int]:
    """Return proportional and resident bytes of a process and all below it."""
    shared = resident = 0
    for one in (process, *process.children(recursive=True)):
        try:
            told = one.memory_full_info()
        except psutil.Error:
            continue
        shared, resident = shared + told.pss, resident + told.rss
    return shared, resident


def watched(
    words: list[str], out: Path, until: int | None
) -> tuple[float, int, int, bool]:
    """Run a study; end it when `until` blocks are there. Seconds, peaks, killed."""
    begun, peaks = time.perf_counter(), (0, 0)
    process = subprocess.Popen(
        [sys.executable, __file__, *words], start_new_session=True
    )
    watch = psutil.Process(process.pid)
    while process.poll() is None:
        found = memory(watch)
        peaks = max(peaks[0], found[0]), max(peaks[1], found[1])
        if until and len(list(out.glob("blocks/[0-9]????"))) >= until:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return time.perf_counter() - begun, *peaks, True
        time.sleep(0.5)
    if process.returncode:
        raise SystemExit(process.returncode)
    return time.perf_counter() - begun, *peaks, False


def sum_of(folder: Path) -> str:
    """Return sha256 over the names and bytes of all files."""
    made = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        if file.name != ".lock":
            made.update(str(file.relative_to(folder)).encode())
            made.update(file.read_bytes())
    return made.hexdigest()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    for name, usual in (("symbols", 5000), ("sessions", 5040), ("events", 200)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--block", type=int, default=20_000)
    parser.add_argument("--study", nargs=2, type=Path, metavar=("WORLD", "OUT"))
    asked = parser.parse_args()
    if asked.study:
        study(*asked.study, asked.jobs, asked.block)
        return
    with tempfile.TemporaryDirectory() as work:
        world, cut, straight = (Path(work) / n for n in ("world", "cut", "straight"))
        world.mkdir()
        draw(world, asked.symbols, asked.sessions, asked.events)
        more = ["--jobs", str(asked.jobs), "--block", str(asked.block), "--study"]
        words = [*more, str(world)]
        half = asked.symbols * asked.events // asked.block // 2
        for name, out, until in (
            ("straight through", straight, None),
            ("until killed", cut, half),
            ("resumed", cut, None),
        ):
            took, shared, resident, killed = watched([*words, str(out)], out, until)
            print(
                f"{name:18} {took:7.1f} s, peak {shared / 2**30:.2f} GiB proportional, "
                f"{resident / 2**30:.2f} GiB resident{', killed' if killed else ''}",
                flush=True,
            )
        size = sum(p.stat().st_size for p in straight.rglob("*") if p.is_file())
        print(f"on disk            {size / 2**20:7.0f} MiB")
        print(f"same bytes         {sum_of(cut) == sum_of(straight)}")


if __name__ == "__main__":
    main()
