"""All comparisons one after the other, and the page that is made of them.

Broken off, it goes on with the comparison that was not finished; at the end the
results are put away, so that the next time everything is measured anew.

Run: python bench/every.py
"""

from __future__ import annotations

import subprocess
import sys
import time

from document import write
from harness import HERE, RESULTS, ROOT

PARTS = (
    *("event_study", "study_peers", "sweep", "engines"),
    *("starting", "memory", "store", "own"),
)


def command(part: str) -> list[str]:
    """Return how a part is measured."""
    if part != "own":
        return [sys.executable, str(HERE / f"{part}.py")]
    told = f"--benchmark-json={RESULTS / 'own.json'}"
    asked = ["-o", "addopts=", "-p", "no:cacheprovider", "-q", told]
    return [sys.executable, "-m", "pytest", *asked, str(HERE / "test_own.py")]


def main() -> None:
    """Measure what is not measured yet, then write the page."""
    start = time.monotonic()
    RESULTS.mkdir(exist_ok=True)
    subprocess.run([sys.executable, "-m", "aftershock", "warmup"], check=True, cwd=ROOT)
    for k, part in enumerate(PARTS, 1):
        minutes = (time.monotonic() - start) / 60
        head = f"[{k} of {len(PARTS)}, {minutes:.0f} min] {part}"
        if (RESULTS / f"{part}.json").exists():
            print(f"{head}: measured before", flush=True)
            continue
        print(head, flush=True)
        subprocess.run(command(part), check=True, cwd=ROOT)
    page = write()
    for part in PARTS:
        (RESULTS / f"{part}.json").replace(RESULTS / f"{part}.last")
    print(f"Written to {page.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
