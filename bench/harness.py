"""What the comparisons share: timing, child processes, peers' environments, results."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
ROOT = HERE.parent
RESULTS = HERE / ".results"
VENVS = HERE / ".venvs"
WORK = HERE / ".work"
ENOUGH = 1.0
"""Seconds that short work is repeated for; peers have the same."""


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the best time of a few, or of as many as a second holds; 1 is once."""
    best, done, began = np.inf, 0, time.perf_counter()
    while done < times or (times > 1 and time.perf_counter() - began < ENOUGH):
        start = time.perf_counter()
        work()
        best, done = min(best, time.perf_counter() - start), done + 1
    return float(best)


def keep(name: str, found: dict[str, Any]) -> None:
    """Write the result of one comparison, for the page that is made of all."""
    RESULTS.mkdir(exist_ok=True)
    aside = RESULTS / f"{name}.tmp"
    aside.write_text(json.dumps(found, indent=1), encoding="utf-8")
    aside.replace(RESULTS / f"{name}.json")


def versions(*names: str) -> dict[str, str]:
    """Return the versions of some packages of this environment."""
    from importlib.metadata import version

    return {name: version(name) for name in names}


def machine() -> dict[str, str]:
    """Return what this machine is, without its name."""
    model = platform.processor() or platform.machine()
    told = Path("/proc/cpuinfo")
    if told.exists():
        lines = told.read_text(encoding="utf-8").splitlines()
        named = [
            line.split(":", 1)[1].strip() for line in lines if "model name" in line
        ]
        model = named[0] if named else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": f"{model}, {os.cpu_count()} cores",
        "memory": f"{memory:.0f} GiB",
        "system": platform.system(),
        "Python": platform.python_version(),
    }


@dataclass(frozen=True)
class Ran:
    """What a child process took: seconds, peak memory in MB, and what it printed."""

    seconds: float
    peak_mb: float
    said: str


def child(command: Sequence[str | Path], **settings: str) -> Ran:
    """Run a process to its end and measure it; the first of its name is Python's."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
        env={**os.environ, **settings},
    )  # fmt: skip
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {status}")
    return Ran(time.perf_counter() - start, usage.ru_maxrss / 1024, said)


def peer_python(name: str) -> Path:
    """Return the Python of a peer's environment, made where there is none yet.

    Raises
    ------
    RuntimeError
        With the last line of pip's complaint.
    """
    asked, folder = HERE / "peers" / f"{name}.txt", VENVS / name
    stamp, python = folder / ".installed", folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != asked.read_text():
        print(f"installing {name} into {folder.relative_to(ROOT)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        made = subprocess.run(
            [*pip, "-r", asked], capture_output=True, text=True, check=False
        )
        if made.returncode:
            complaints = [s for s in made.stderr.splitlines() if "ERROR" in s]
            raise RuntimeError((complaints or ["pip failed"])[-1])
        stamp.write_text(asked.read_text())
    return python


def ask_peer(name: str, task: Path, limit: float) -> dict[str, Any]:
    """Run a peer's script on a task in its own environment; return what it found.

    A peer that takes longer than the limit, or fails, is told of by ``error``.
    """
    try:
        python = peer_python(name)
    except (RuntimeError, subprocess.CalledProcessError) as error:
        return {"error": f"could not be installed: {error}"}
    script = HERE / "peers" / f"run_{name}.py"
    settings = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    try:
        made = subprocess.run(
            [python, script, task], capture_output=True, text=True, timeout=limit,
            env={**settings, "MPLBACKEND": "Agg"}, cwd=WORK, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"error": f"over {limit:.0f} s"}
    if made.returncode:
        return {"error": (made.stderr.strip().splitlines() or ["it failed"])[-1]}
    found: dict[str, Any] = json.loads(made.stdout.strip().splitlines()[-1])
    return found
