"""How long commands take from the shell, and the memory of a demo.

Run: python bench/starting.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from harness import Ran, child, keep


def best(times: int, *words: str | Path) -> Ran:
    """Return the fastest of a few runs of Python on some words."""
    return min((child([sys.executable, *words]) for _ in range(times)), key=_taken)


def _taken(ran: Ran) -> float:
    return ran.seconds


def main() -> None:
    """Measure, print and keep."""
    ours = ("-m", "aftershock")
    asked = {
        "an empty Python": best(5, "-c", "pass"),
        "`import pandas`": best(3, "-c", "import pandas"),
        "`aftershock --help`": best(5, *ours, "--help"),
        "`aftershock check backtests/demo.yaml`": best(
            3, *ours, "check", "backtests/demo.yaml"
        ),
        "`aftershock warmup`, compiled before": best(2, *ours, "warmup"),
    }
    with tempfile.TemporaryDirectory() as folder:
        asked["`aftershock demo`"] = best(2, *ours, "demo", "--out", folder)
        (run,) = Path(folder).iterdir()
        asked["`aftershock report` of the demo"] = best(2, *ours, "report", run)
    rows = []
    for what, ran in asked.items():
        print(f"{what:42} {ran.seconds:6.2f} s  {ran.peak_mb:6.0f} MB", flush=True)
        rows.append({"what": what, "seconds": ran.seconds, "peak_mb": ran.peak_mb})
    keep("starting", {"rows": rows})


if __name__ == "__main__":
    main()
