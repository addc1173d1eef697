"""A vendor that tells another past: noticed, both kept, and old runs repeat exactly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from aftershock.results import RunResult
from aftershock.sources.base import Date, Fetched, combined
from aftershock.sources.inspection import examined
from aftershock.sources.sample import SampleSource
from aftershock.sources.yahoo import YahooSource
from aftershock.store import Store
from tests.test_whole_runs import call, workspace

FIRST = pd.Timestamp("2026-07-27 12:00", tz="UTC")
LATER = pd.Timestamp("2026-07-29 12:00", tz="UTC")
RESTATED = pd.Timestamp("2026-04-21")


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Let Yahoo answer with the sample's bars; the close of one day can be changed."""
    state: dict[str, Any] = {"now": FIRST, "factor": 1.0}

    def fetch(
        self: YahooSource, symbols: Sequence[str], start: Date = None, end: Date = None
    ) -> Fetched:
        parts = []
        for symbol, bars in SampleSource().fetch(symbols, None, None).bars.items():
            rows = bars.reset_index(names="date")
            changed = rows["date"].eq(RESTATED) & (symbol == "META")
            for name in ("open", "high", "low", "close", "adj_close"):
                rows[name] = rows[name].mask(changed, rows[name] * state["factor"])
            judged = examined(
                symbol, "yahoo", rows, start, end, fetched_at=state["now"]
            )
            parts.append(combined([judged, Fetched({}, raw={symbol: rows})]))
        return combined(parts)

    monkeypatch.setattr(YahooSource, "fetch", fetch)
    monkeypatch.setattr(YahooSource, "clock", lambda self: state["now"])
    return state


def files(out: Path) -> dict[str, bytes]:
    """Return the files of the only run, run.json without its timings."""
    (folder,) = out.iterdir()
    found = {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    found["run.json"] = found["run.json"].split(b'"timings"')[0]
    return found


@pytest.mark.slow
def test_an_old_run_repeats_after_the_past_was_restated(
    tmp_path: Path, capsys: Any, vendor: dict[str, Any]
) -> None:
    """META's close of 21 April grows by 1 %: its return of the 22nd is another."""
    path = workspace(tmp_path, source="{name: yahoo}")

    def run(place: str, *more: str) -> RunResult:
        out = tmp_path / place
        words = ("--out", str(out), "--format", "svg", "--jobs", "1", *more)
        assert call("run", path, *words) == 0
        (folder,) = out.iterdir()
        return RunResult.load(folder)

    run("first")
    old = ("--set", "prices.as_of=2026-07-28")
    before = run("before", *old)
    vendor |= {"now": LATER, "factor": 1.01}
    new = run("new")
    (told,) = [w for w in new.manifest["warnings"] if "both are kept" in w]
    assert told.startswith("META: ") and "2026-04-21" in told
    assert FIRST.isoformat() in told and LATER.isoformat() in told
    drawn = (new.folder or tmp_path) / "figures" / "sample_and_data.svg"
    assert "2026-07-29" in drawn.read_text(encoding="utf-8")
    after = run("after", *old)
    assert files(tmp_path / "before") == files(tmp_path / "after")
    assert "2026-07-27" in (
        (after.folder or tmp_path) / "figures" / "sample_and_data.svg"
    ).read_text(encoding="utf-8")
    store = Store(tmp_path / "data" / "prices")
    assert len(store.snapshots("META")) == 2

    def move(result: RunResult) -> float:
        cars = result.tables["cars"].set_index("symbol")
        return float(cars.loc["META", "car"])

    assert move(before) == move(after) != move(new)
