"""Appending to the ledger: under a lock, whole or not at all."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from aftershock.errors import EventError
from aftershock.events import Exposure
from aftershock.events.exporting import SIGNS
from aftershock.ledger.chain import FIRST, Entry, digest, read_ledger

OPENING = """\
# Headlines recorded by `aftershock now --record`, oldest first; times are UTC.
# Each sha256 covers its entry and the hash before it: to edit a line breaks the chain.
"""


def machine_clock() -> pd.Timestamp:
    """Return the present moment by this machine's clock, UTC."""
    return pd.Timestamp.now("UTC")


def append(
    path: Path,
    headline: str,
    tags: tuple[str, ...],
    exposures: tuple[Exposure, ...],
    market: str,
    seen: Mapping[str, float],
    clock: Callable[[], pd.Timestamp] = machine_clock,
) -> Entry:
    """Append one headline under a lock; the file is exchanged whole or not at all.

    Parameters
    ----------
    seen : mapping of float
        Moves as fractions that had been seen.
    clock : callable
        Gives the recorded time.

    Raises
    ------
    EventError
        For a ledger whose chain is broken, or that was written to at a later time
        than the clock shows: then nothing is written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.parent / f".{path.name}.lock"):
        text = path.read_text(encoding="utf-8") if path.exists() else OPENING
        entries = read_ledger(path) if path.exists() else ()
        last = entries[-1] if entries else None
        now = clock().tz_convert("UTC")
        if last and now < last.recorded_at:
            raise EventError(
                f"the clock shows {now:%Y-%m-%d %H:%M:%S} UTC, and entry "
                f"{last.number} was recorded later than that",
                where=str(path),
                do="set the clock of this machine",
            )
        record: dict[str, Any] = {
            "number": str(last.number + 1 if last else 1),
            "recorded_at": now.isoformat(timespec="microseconds"),
            "headline": headline.strip(),
            "tags": list(tags),
            "market": market,
            "exposures": [_plain(exposure) for exposure in exposures],
        }
        if seen:
            record["seen"] = {s: f"{100 * move:+.6g}" for s, move in seen.items()}
        record["previous"] = last.sha256 if last else FIRST
        record["sha256"] = digest(record)
        _exchange(path, text, _block(record))
        return read_ledger(path)[-1]


def _plain(exposure: Exposure) -> dict[str, str]:
    """Return an exposure as texts."""
    sign = SIGNS[exposure.expected]
    return {"symbol": exposure.symbol, "role": exposure.role, "expected": sign}


def _block(record: Mapping[str, Any]) -> str:
    """Return an entry as YAML, every text on one line."""
    from ruamel.yaml import YAML

    writer = YAML()
    writer.width = 100_000
    stream = io.StringIO()
    writer.dump([dict(record)], stream)
    return stream.getvalue()


def _exchange(path: Path, text: str, block: str) -> None:
    """Write the longer file aside, read it back, and put it in its place at once."""
    joined = text + ("" if text.endswith("\n") or not text else "\n") + block
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(joined)
            file.flush()
            os.fsync(file.fileno())
        read_ledger(Path(aside))
        Path(aside).chmod(path.stat().st_mode if path.exists() else 0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
