"""Kill commands at random points, and see what is left.

`python bench/faults.py [POINTS] [--only NAME] [--seed N]` makes a workspace of
simulated prices, and kills ``prices fetch``, ``run``, ``sweep`` and ``report`` with
SIGKILL, each POINTS / 4 times: half of them anywhere in the time that the command
takes, half soon after it began to write. After each: the store opens and holds what
it held, every run and report under its name is whole, and the next command does its
work. The vendor of the prices is made up here: no network.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from pypdf import PdfReader

from aftershock import cli
from aftershock.errors import AftershockError
from aftershock.results import RunResult
from aftershock.sources.base import Date, Fetched, combined
from aftershock.sources.inspection import examined
from aftershock.sources.yahoo import YahooSource
from aftershock.store import Store

SYMBOLS = [f"S{k:02d}" for k in range(12)]
EVENT = """
- id: a-report
  headline: Something was reported
  published: 2026-04-22T08:00:00-04:00
  precision: exact
  tags: [compute-supply]
  source: {name: A page, url: "https://example.org"}
  exposures:
    - {symbol: META, role: actor, expected: +1}
    - {symbol: CRWV, role: supplier-competitor, expected: -1}
"""
CONFIG = """
title: A run that is killed
events: {files: [../data/events/mine.yaml]}
prices: {source: {name: sample}}
study: {windows: [[0, 0]], tests: [joint_ranked], placebo: {draws: 20}}
strategies: [{name: ExpectedSign}]
sweep: {grid: {hold: [1, 5]}}
report: {formats: [pdf, html], pages: [sample_and_data, trades]}
"""
WRITING = {"fetch": 0.05, "run": 0.6, "sweep": 0.6, "report": 0.6}
"""Commands, and about what share of its time each writes in."""


def fetch(
    self: YahooSource, symbols: Sequence[str], start: Date = None, end: Date = None
) -> Fetched:
    """Answer in Yahoo's place: one price all along, which is no defect."""
    days = pd.bdate_range("2024-01-02", "2025-06-30")
    rows = pd.DataFrame({"date": days.as_unit("us")})
    for name in ("open", "high", "low", "close", "adj_close"):
        rows[name] = 100.0
    rows["volume"], rows["dividends"], rows["splits"] = 1e6, 0.0, 0.0
    parts = []
    for symbol in symbols:
        judged = examined(symbol, "yahoo", rows, start, end, fetched_at=self.now())
        parts.append(combined([judged, Fetched({}, raw={symbol: rows})]))
    return combined(parts)


def prepare() -> None:
    """Have no network, and one process for each command."""
    YahooSource.fetch = fetch
    cli.JOBS = 1


@dataclass
class Tally:
    """What was tried of one command, and how it ended."""

    tried: int = 0
    killed: int = 0
    left: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass
class World:
    """A workspace and the commands that are killed in it."""

    root: Path
    count: int = 0

    @classmethod
    def made(cls, root: Path) -> World:
        """Write a workspace with one event, one config and one finished run."""
        for folder in ("backtests", "data/events", "reports"):
            (root / folder).mkdir(parents=True)
        (root / "data/events/mine.yaml").write_text(EVENT)
        (root / "backtests/killed.yaml").write_text(CONFIG)
        world = cls(root)
        for name in ("run", "sweep", "fetch", "report"):
            world.here(world.words(name))
        return world

    def here(self, words: list[str]) -> None:
        """Run a command in this process: all that it loads and compiles is at hand."""
        os.chdir(self.root)
        with (self.root / "said").open("w") as said, redirect_stdout(said):
            try:
                cli.main(words)
            except SystemExit as end:
                if end.code:
                    raise RuntimeError(f"{' '.join(words)} ended with {end}") from None

    def words(self, name: str) -> list[str]:
        """Return the command line of a command."""
        config = "backtests/killed.yaml"
        if name == "fetch":
            # from a day earlier each time, so that there is something to fetch
            self.count += 1
            moment = time.gmtime(1.6e9 - 86400 * self.count)
            first = time.strftime("%Y-%m-%d", moment)
            return ["prices", "fetch", *SYMBOLS, "--start", first]
        if name == "report":
            return ["report", str(self.only("killed-????????"))]
        return [name, config, "--jobs", "1"]

    def only(self, pattern: str) -> Path:
        """Return the only folder of the reports with such a name."""
        (found,) = self.root.glob(f"reports/{pattern}")
        return found

    def start(self, words: list[str]) -> int:
        """Start a command in a process of its own, which has all modules at hand."""
        child = os.fork()
        if child:
            return child
        os.setsid()
        os.chdir(self.root)
        said = os.open(self.root / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        code = 1
        try:
            cli.main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            sys.stdout.flush()
            os._exit(code)

    def finished(self, words: list[str]) -> tuple[float, str]:
        """Run a command to its end; return how long it took and what it said."""
        begun = time.monotonic()
        _, status = os.waitpid(self.start(words), 0)
        said = (self.root / "said").read_text(encoding="utf-8")
        if status:
            raise RuntimeError(f"{' '.join(words)} ended with {status}: {said}")
        return time.monotonic() - begun, said

    def killed_after(self, words: list[str], seconds: float, writing: bool) -> bool:
        """Kill a command; say whether it was still at work.

        With `writing` the seconds count from when something unfinished is there.
        """
        child = self.start(words)
        while writing and not self.unfinished():
            if os.waitpid(child, os.WNOHANG)[0]:
                return False
            time.sleep(0.001)
        time.sleep(seconds)
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return True

    def snapshots(self) -> dict[str, bytes]:
        """Return every snapshot of the store."""
        store = self.root / "data/prices"
        return {
            str(p): p.read_bytes() for p in sorted(store.glob("symbol=*/*/*.parquet"))
        }

    def unfinished(self) -> list[Path]:
        """Return what is there under no lasting name."""
        hidden = [p for p in self.root.glob("reports/**/.*") if p.is_dir()]
        return [*hidden, *self.root.glob("data/prices/**/*.tmp")]


def whole(world: World) -> list[str]:
    """Return what is wrong with runs, reports and snapshots under their names."""
    wrong = []
    for run in world.root.glob("reports/killed-*"):
        try:
            RunResult.load(run)
            pages = len(PdfReader(run / "report.pdf").pages)
            html = (run / "report.html").read_text(encoding="utf-8")
            if not pages or not html.rstrip().endswith("</html>"):
                wrong.append(f"{run.name}: half a report")
        except (AftershockError, OSError, ValueError) as error:
            wrong.append(f"{run.name}: {error}")
    store = Store(world.root / "data/prices")
    try:
        held = store.load(store.symbols())
        if len(held.bars) != len(SYMBOLS):
            wrong.append(f"{len(held.bars)} symbols of {len(SYMBOLS)} are left")
    except AftershockError as error:
        wrong.append(str(error))
    return wrong


def tried(world: World, name: str, points: int, chance: random.Random) -> Tally:
    """Kill one command at so many points."""
    tally = Tally()
    usual, _ = world.finished(world.words(name))
    for point in range(points):
        before, words = world.snapshots(), world.words(name)
        writing = point % 2 == 1
        reach = WRITING[name] * usual if writing else usual
        busy = world.killed_after(words, chance.uniform(0, reach), writing)
        after = world.snapshots()
        left = world.unfinished()
        tally.tried, tally.killed = tally.tried + 1, tally.killed + busy
        tally.left += bool(left)
        gone = [k for k, content in before.items() if after.get(k) != content]
        tally.lost += [f"{name} {point}: {k} was lost" for k in gone]
        tally.lost += [f"{name} {point}: {said}" for said in whole(world)]
        if left:
            # the last word is had by the next command of the kind
            _, said = world.finished(world.words(name))
            if world.unfinished() or "broken off" not in said:
                tally.lost.append(f"{name} {point}: {left[0]} was not told or removed")
    world.finished(world.words(name))
    tally.lost += [f"{name}, at the end: {said}" for said in whole(world)]
    return tally


def faults(points: int, seed: int, only: str | None = None) -> dict[str, Tally]:
    """Kill each command, or one, a quarter of the points."""
    chance = random.Random(seed)
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        world = World.made(Path(folder) / "work")
        try:
            return {
                name: tried(world, name, points // 4, chance)
                for name in ([only] if only else WRITING)
            }
        finally:
            shutil.rmtree(world.root, ignore_errors=True)


def main() -> int:
    """Print the table of docs/reliability.md; 1 where something was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("points", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=WRITING)
    asked = parser.parse_args()
    begun = time.monotonic()
    found = faults(asked.points, asked.seed, asked.only)
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    print("| command | tried | killed at work | left something unfinished | lost |")
    print("|---|---:|---:|---:|---:|")
    for name, t in found.items():
        print(f"| `{name}` | {t.tried} | {t.killed} | {t.left} | {len(t.lost)} |")
    lost = [line for t in found.values() for line in t.lost]
    print("\n".join(lost), file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
