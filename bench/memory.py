"""Peak resident memory of event studies, each in a process of its own.

Run: python bench/memory.py
"""

from __future__ import annotations

import sys

from event_study import EVERY, study, world
from harness import child, keep

COUNTS = (10_000, 100_000)
PARTS = {"inputs": None, "one test": ["cross_sectional"], "16 tests": EVERY}


def main() -> None:
    """Measure, print and keep; with a number and a part: do what is measured."""
    if len(sys.argv) > 1:
        frames = world(int(sys.argv[1]))
        tests = PARTS[sys.argv[2]]
        if tests is not None:
            study(frames, tests)
        return
    rows = []
    for count in COUNTS:
        peaks = {
            part: child([sys.executable, __file__, str(count), part]).peak_mb
            for part in PARTS
        }
        told = ", ".join(f"{part} {mb:,.0f} MB" for part, mb in peaks.items())
        print(f"{count:>8,} events: {told}", flush=True)
        rows.append({"events": count, **peaks})
    keep("memory", {"rows": rows})


if __name__ == "__main__":
    main()
