"""A span of sessions is read from the store without the rest of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aftershock.calendar import TradingCalendar
from aftershock.sources.base import Fetched
from aftershock.store import Store
from aftershock.store.description import KEY

MADE = pd.Timestamp("2026-07-03 12:00", tz="UTC")
INDEX = TradingCalendar.load().sessions
INDEX = INDEX[INDEX <= "2026-07-02"][-1260:]


def rows(seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    close = 50 * np.exp(np.cumsum(rng.normal(0, 0.01, len(INDEX))))
    frame = pd.DataFrame({"date": INDEX, "close": close})
    for name in ("open", "high", "low", "adj_close"):
        frame[name] = frame["close"]
    return frame.assign(volume=1000.0, dividends=0.0, splits=0.0)


def saved(root: Path, given: pd.DataFrame, when: pd.Timestamp = MADE) -> Store:
    store = Store(root)
    store.save(Fetched({}, raw={"META": given}), when)
    return store


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return a list to which each table that is read from a file is appended."""
    tables: list[Any] = []
    usual = pq.ParquetFile.read_row_groups

    def noted(self: Any, *asked: Any, **more: Any) -> Any:
        """Read, and note what was read."""
        tables.append(usual(self, *asked, **more))
        return tables[-1]

    monkeypatch.setattr(pq.ParquetFile, "read_row_groups", noted)
    return tables


def test_sixty_sessions_are_one_or_two_blocks_of_five(
    tmp_path: Path, read: list[Any]
) -> None:
    """1,260 rows in blocks of 252: sessions 600 to 659 lie in the third alone."""
    store = saved(tmp_path, rows())
    found = store.load(["META"], INDEX[600], INDEX[659]).bars["META"]
    assert list(found.index) == list(INDEX[600:660])
    assert [table.num_rows for table in read] == [252]
    store.load(["META"], INDEX[480], INDEX[539])
    assert read[-1].num_rows == 504
    assert len(store.load(["META"], "2030-01-01").bars) == 0
    assert read[-1].num_rows == 0


def test_a_few_sessions_take_a_quarter_of_the_bytes(tmp_path: Path) -> None:
    """One block in five, and a footer: what the process asked the system to read."""
    store = saved(tmp_path, rows())
    asked = Path("/proc/self/io")
    if not asked.exists():
        pytest.skip("only Linux tells what a process reads")
    store.load(["META"], INDEX[10], INDEX[20])

    def taken() -> int:
        """Return the bytes that this process has read."""
        return int(asked.read_text().split()[1])

    before = taken()
    store.load(["META"], INDEX[600], INDEX[659])
    some, before = taken() - before, taken()
    store.load(["META"])
    assert some < 0.5 * (taken() - before)
    assert some < 0.5 * next(tmp_path.rglob("*.parquet")).stat().st_size


@pytest.mark.parametrize("kind", ["sorted", "shuffled", "zoned", "text", "one_block"])
def test_a_span_gives_what_the_whole_gives(tmp_path: Path, kind: str) -> None:
    """Whatever the vendor's dates look like, and for snapshots of earlier versions."""
    given = rows()
    if kind == "shuffled":
        given = given.sample(frac=1.0, random_state=1)
    if kind == "zoned":
        given["date"] = given["date"].dt.tz_localize("America/New_York")
    if kind == "text":
        given["date"] = given["date"].dt.strftime("%Y-%m-%d")
    store = saved(tmp_path, rows() if kind == "text" else given)
    if kind in ("text", "one_block"):
        rewritten(tmp_path, given, told=kind == "text")
    whole = store.load(["META"]).bars["META"]
    assert len(whole) == 1260
    for first, last in ((0, 0), (251, 252), (600, 659), (1259, 1259)):
        part = store.load(["META"], INDEX[first], INDEX[last]).bars["META"]
        pd.testing.assert_frame_equal(part, whole.iloc[first : last + 1])


def rewritten(root: Path, given: pd.DataFrame, told: bool) -> None:
    """Write a snapshot's rows anew in one block, with or without their extremes."""
    (path,) = root.rglob("*.parquet")
    table = pa.Table.from_pandas(given, preserve_index=False)
    notes = {**table.schema.metadata, KEY: pq.read_schema(path).metadata[KEY]}
    pq.write_table(table.replace_schema_metadata(notes), path, write_statistics=told)


def test_a_split_after_the_span_explains_the_snapshot_before(tmp_path: Path) -> None:
    """Two for one on the last session: all closes of the later snapshot are halves."""
    old, new = rows().iloc[:-1], rows()
    saved(tmp_path, old, MADE - pd.Timedelta("1D"))
    for name in ("open", "high", "low", "close", "adj_close"):
        new[name] /= 2
    new.loc[1259, "splits"] = 2.0
    store = saved(tmp_path, new)
    assert store.load(["META"], INDEX[600], INDEX[659]).warnings == ()
    new.loc[5, "close"] *= 1.1
    saved(tmp_path, new, MADE + pd.Timedelta("1D"))
    (warning,) = store.load(["META"], INDEX[600], INDEX[659]).warnings
    assert f"{INDEX[5]:%Y-%m-%d} changed" in warning
