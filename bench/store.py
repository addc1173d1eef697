"""Sixty of 5,040 sessions of 5,000 symbols out of the price store, and all of them.

Bytes are what the process asked the system to read (Linux). The files lie in the
system's cache in both cases, since they have just been written.

Run: python bench/store.py
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from harness import WORK, keep, seconds

from aftershock.calendar import TradingCalendar
from aftershock.sources.base import Fetched
from aftershock.store import Store

SYMBOLS, SESSIONS, WINDOW, BATCH = 5000, 5040, 60, 250


def fill(store: Store, index: pd.DatetimeIndex) -> list[str]:
    """Write simulated prices as a vendor's rows; return the symbols."""
    rng = np.random.default_rng(1)
    names = [f"S{k:04d}" for k in range(SYMBOLS)]
    when = pd.Timestamp("2026-07-03", tz="UTC")
    for first in range(0, SYMBOLS, BATCH):
        raw = {name: _rows(rng, index) for name in names[first : first + BATCH]}
        store.save(Fetched({}, raw=raw), when)
        if (first + BATCH) % 1000 == 0:
            print(f"{first + BATCH:,} of {SYMBOLS:,} symbols written", flush=True)
    return names


def _rows(rng: np.random.Generator, index: pd.DatetimeIndex) -> pd.DataFrame:
    """Return one symbol's rows."""
    n = len(index)
    close = np.round(50 * np.exp(np.cumsum(rng.normal(0, 0.01, n))), 4)
    bars = {"open": close * 1.001, "high": close * 1.01, "low": close * 0.99}
    return pd.DataFrame(
        {
            "date": index,
            **{name: np.round(values, 4) for name, values in bars.items()},
            "close": close,
            "adj_close": close,
            "volume": rng.integers(10**5, 10**7, n).astype(float),
            "dividends": 0.0,
            "splits": 0.0,
        }
    )


def bytes_read() -> int:
    """Return what this process has asked the system to read."""
    return int(Path("/proc/self/io").read_text(encoding="ascii").split()[1])


def main() -> None:
    """Measure, print and keep."""
    calendar = TradingCalendar.load("2006-01-01", "2027-12-31")
    index = calendar.sessions[calendar.sessions < "2026-07-02"][-SESSIONS:]
    folder = WORK / "store"
    shutil.rmtree(folder, ignore_errors=True)  # what a broken run left
    found = {"symbols": SYMBOLS, "sessions": SESSIONS, "window": WINDOW}
    store = Store(folder)
    names = fill(store, index)
    store.load(names[:2])
    spans = {"some": (index[-WINDOW], index[-1]), "whole": (None, None)}
    for part, span in spans.items():
        before = bytes_read()
        took = seconds(lambda s=span: len(store.load(names, *s).bars), 1)
        read = bytes_read() - before
        print(f"{part:6} {took:7.1f} s  {read / 1e6:9.0f} MB", flush=True)
        found |= {f"{part}_s": took, f"{part}_mb": read / 1e6}
    files = list(folder.rglob("*.parquet"))
    found |= {"files": len(files)}
    found |= {"held_mb": sum(f.stat().st_size for f in files) / 1e6}
    shutil.rmtree(folder)
    keep("store", found)


if __name__ == "__main__":
    main()
