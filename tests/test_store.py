"""Snapshots: append-only, never fetched twice, read as of a moment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pandas as pd
import pytest
from pyarrow.parquet import read_schema

from aftershock.errors import DataUnavailable, PriceError
from aftershock.sources.base import Date, Fetched, FetchFailed, PriceSource, combined
from aftershock.sources.folder import FolderSource
from aftershock.sources.inspection import examined
from aftershock.store import Store, obtain

NOON = pd.Timestamp("2026-07-03 12:00", tz="UTC")
CLOSES = {
    "2026-06-29": 100.0,
    "2026-06-30": 102.0,
    "2026-07-01": 101.0,
    "2026-07-02": 99.0,
    "2026-07-06": 98.0,
}


def rows(
    start: Date, end: Date, closes: dict[str, float], split: str = ""
) -> pd.DataFrame:
    days = pd.DatetimeIndex(list(closes))
    frame = pd.DataFrame({"date": days.as_unit("us"), "close": list(closes.values())})
    for name in ("open", "high", "low", "adj_close"):
        frame[name] = frame["close"]
    frame["volume"], frame["dividends"] = 1000.0, 0.0
    frame["splits"] = [2.0 if day == split else 0.0 for day in closes]
    inside = (days >= pd.Timestamp(start or "1970")) & (
        days <= pd.Timestamp(end or "2100")
    )
    return frame[inside].reset_index(drop=True)


@dataclass(frozen=True)
class Vendor(PriceSource):
    """A remote source with a clock of its own, which counts what it is asked."""

    name: ClassVar[str] = "yahoo"
    remote: ClassVar[bool] = True
    at: pd.Timestamp = NOON
    closes: dict[str, dict[str, float]] = field(default_factory=dict)
    failing: tuple[str, ...] = ()
    split: str = ""
    asked: list[tuple[tuple[str, ...], Date, Date]] = field(default_factory=list)

    def clock(self) -> pd.Timestamp:
        return self.at

    def fetch(self, symbols: Sequence[str], start: Date, end: Date) -> Fetched:
        self.asked.append((tuple(symbols), start, end))
        had = combined([self.one(s, start, end) for s in symbols])
        if self.failing:
            error = FetchFailed("no prices could be fetched for NBIS")
            error.partial = had
            raise error
        return had

    def one(self, symbol: str, start: Date, end: Date) -> Fetched:
        if symbol in self.failing:
            return Fetched({})
        if symbol not in self.closes:
            return Fetched({}, missing={symbol: "no_prices"})
        given = rows(start, end, self.closes[symbol], self.split)
        judged = examined(symbol, "yahoo", given, start, end, fetched_at=self.at)
        return combined([judged, Fetched({}, raw={symbol: given})])


def until(last: str) -> dict[str, float]:
    return {day: close for day, close in CLOSES.items() if day <= last}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "prices")


def test_what_a_snapshot_covers_is_not_fetched_again(store: Store) -> None:
    """On Friday 3 July 2026, a holiday, the last closed session is Thursday."""
    vendor = Vendor(closes={"META": until("2026-07-02")})
    first = obtain(vendor, ["META"], "2026-06-29", None, store)
    again = obtain(vendor, ["META"], "2026-06-30", "2026-07-01", store)
    assert len(vendor.asked) == 1
    assert list(first.bars["META"]["close"]) == [100, 102, 101, 99]
    assert list(again.bars["META"]["close"]) == [102, 101]
    assert first.provenance[0]["fetched_at"] == "2026-07-03T12:00:00+00:00"


def test_a_later_session_is_fetched_with_all_that_was_there(store: Store) -> None:
    obtain(
        Vendor(closes={"META": until("2026-07-02")}),
        ["META"],
        "2026-06-29",
        None,
        store,
    )
    monday = pd.Timestamp("2026-07-06 22:00", tz="UTC")
    later = Vendor(at=monday, closes={"META": CLOSES})
    fetched = obtain(later, ["META"], "2026-07-02", None, store)
    assert later.asked == [(("META",), "2026-06-29", None)]
    assert list(fetched.bars["META"]["close"]) == [99, 98]
    assert fetched.warnings == ()
    assert store.status()["snapshots"].tolist() == [2]


def test_as_of_repeats_exactly_and_needs_no_network(store: Store) -> None:
    obtain(Vendor(closes={"META": until("2026-07-02")}), ["META"], store=store)
    changed = CLOSES | {"2026-06-30": 103.0}
    later = Vendor(at=pd.Timestamp("2026-07-07", tz="UTC"), closes={"META": changed})
    new = obtain(later, ["META"], store=store)
    old = obtain(later, ["META"], store=store, as_of="2026-07-03")
    assert list(new.bars["META"]["close"]) == [100, 103, 101, 99, 98]
    assert list(old.bars["META"]["close"]) == [100, 102, 101, 99]
    assert len(later.asked) == 1
    with pytest.raises(DataUnavailable, match="as of 2026-07-02"):
        obtain(later, ["META"], store=store, as_of="2026-07-02")
    with pytest.raises(PriceError, match="'soon' is no date"):
        obtain(later, ["META"], store=store, as_of="soon")


def test_a_changed_history_is_told_and_both_are_kept(store: Store) -> None:
    obtain(Vendor(closes={"META": until("2026-07-02")}), ["META"], store=store)
    changed = CLOSES | {"2026-06-30": 103.0}
    later = Vendor(at=pd.Timestamp("2026-07-07", tz="UTC"), closes={"META": changed})
    (warning,) = obtain(later, ["META"], store=store).warnings
    assert "the closes of 2026-06-30 changed; both are kept" in warning
    assert len(store.snapshots("META")) == 2


def test_a_later_split_changes_no_history(store: Store) -> None:
    """Two for one on 6 July: all earlier closes are halved, as they should be."""
    obtain(Vendor(closes={"META": until("2026-07-02")}), ["META"], store=store)
    halved = {day: close / 2 for day, close in CLOSES.items()}
    after = pd.Timestamp("2026-07-07", tz="UTC")
    told = Vendor(at=after, closes={"META": halved}, split="2026-07-06")
    assert obtain(told, ["META"], store=store).warnings == ()


def test_all_closes_rescaled_without_a_split_are_told(store: Store) -> None:
    obtain(Vendor(closes={"META": until("2026-07-02")}), ["META"], store=store)
    halved = {day: close / 2 for day, close in CLOSES.items() if day > "2026-06-29"}
    after = pd.Timestamp("2026-07-07", tz="UTC")
    (warning,) = obtain(
        Vendor(at=after, closes={"META": halved}), ["META"], store=store
    ).warnings
    assert "all closes changed by the factor 0.5" in warning


def test_offline_uses_the_store_alone(store: Store) -> None:
    vendor = Vendor(closes={"META": until("2026-07-02")})
    with pytest.raises(DataUnavailable, match="META") as caught:
        obtain(vendor, ["META"], store=store, offline=True)
    assert caught.value.exit_code == 3
    with pytest.raises(DataUnavailable, match="there is no store"):
        obtain(vendor, ["META"], offline=True)
    assert vendor.asked == []
    obtain(vendor, ["META"], "2026-06-30", None, store)
    fetched = obtain(vendor, ["META"], "2026-06-01", None, store, offline=True)
    assert "META: the store holds only 2026-06-30 to 2026-07-02" in fetched.warnings[-1]
    assert len(vendor.asked) == 1


def test_an_unknown_symbol_is_remembered(store: Store) -> None:
    vendor = Vendor()
    for _ in range(2):
        assert obtain(vendor, ["NOPE"], store=store).missing == {"NOPE": "no_prices"}
    assert len(vendor.asked) == 1
    assert store.status()["rows"].tolist() == [0]


def test_what_was_kept_of_a_delisted_symbol_is_still_read(store: Store) -> None:
    """Bars of 3 July; asked again on the 7th the vendor knows the symbol no more."""
    obtain(Vendor(closes={"GONE": until("2026-07-02")}), ["GONE"], store=store)
    later = pd.Timestamp("2026-07-07 12:00", tz="UTC")
    found = obtain(Vendor(at=later), ["GONE"], end="2026-07-06", store=store)
    assert found.bars["GONE"]["close"].tolist() == [100.0, 102.0, 101.0, 99.0]
    assert "no_prices" not in found.missing.values()
    assert [w for w in found.warnings if "asked at 2026-07-07T12:00" in w] == [
        "GONE: yahoo knew no prices any more when it was asked at "
        "2026-07-07T12:00:00+00:00; those fetched at 2026-07-03T12:00:00+00:00 are used"
    ]
    again = Vendor(at=later)
    obtain(again, ["GONE"], end="2026-07-06", store=store)
    assert not again.asked


def test_what_was_had_before_a_failure_is_kept(store: Store) -> None:
    vendor = Vendor(closes={"META": until("2026-07-02")}, failing=("NBIS",))
    with pytest.raises(FetchFailed, match="NBIS"):
        obtain(vendor, ["META", "NBIS"], store=store)
    kept = obtain(vendor, ["META"], store=store, offline=True)
    assert list(kept.bars["META"]["close"]) == [100, 102, 101, 99]
    assert store.symbols() == ("META",)


def test_rows_are_kept_as_they_came_and_judged_on_reading(store: Store) -> None:
    closes = until("2026-07-02") | {"2026-07-01": -1.0}
    refused = obtain(Vendor(closes={"META": closes}), ["META"], store=store)
    assert refused.missing == {"META": "price_defect"}
    snapshot = store.best("META")
    assert snapshot is not None
    assert list(store.rows_of(snapshot)["close"]) == [100, 102, -1, 99]
    id_ = "META:2026-07-01:not_positive"
    accepted = obtain(Vendor(), ["META"], store=store, offline=True, accept=[id_])
    assert accepted.bars["META"]["close"].isna().tolist() == [False, False, True, False]


def test_the_layout_and_the_metadata(store: Store) -> None:
    vendor = Vendor(closes={"^GSPC": until("2026-07-02")})
    obtain(vendor, ["^GSPC"], "2026-06-29", "2026-07-01", store)
    (path,) = store.root.rglob("*.parquet")
    relative = path.relative_to(store.root).as_posix()
    assert relative == "symbol=%5EGSPC/fetched=20260703T120000.000000Z/bars.parquet"
    notes = json.loads(read_schema(path).metadata[b"aftershock"])
    assert notes["symbol"] == "^GSPC" and notes["source"] == "yahoo"
    assert notes["start"] == "2026-06-29" and notes["end"] == "2026-07-01"
    assert (notes["first"], notes["last"], notes["rows"]) == (
        "2026-06-29",
        "2026-07-01",
        3,
    )
    assert not list(store.root.rglob("*.tmp"))


def test_a_snapshot_is_never_written_again(store: Store) -> None:
    had = Vendor(closes={"META": CLOSES}).fetch(["META"], None, None)
    paths = store.save(had, NOON) + store.save(had, NOON)
    assert [path.name for path in paths] == ["bars.parquet", "bars-2.parquet"]


def test_a_write_that_fails_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    had = Vendor(closes={"META": CLOSES}).fetch(["META"], None, None)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.save(had, NOON)
    assert store.snapshots("META") == []


def test_a_broken_snapshot_is_named(store: Store) -> None:
    had = Vendor(closes={"META": CLOSES}).fetch(["META"], None, None)
    (path,) = store.save(had, NOON)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(PriceError, match=r"bars\.parquet: the snapshot cannot be read"):
        store.load(["META"])


def test_a_folder_never_goes_through_the_store(store: Store, tmp_path: Path) -> None:
    rows(None, None, CLOSES).to_csv(tmp_path / "META.csv", index=False)
    obtain(FolderSource(tmp_path), ["META"], store=store)
    assert not store.root.exists()


def test_what_a_killed_process_left_is_named_and_removed(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """A file half written, and a symbol of which nothing else is there."""
    vendor = Vendor(closes={"META": until("2026-07-02")})
    obtain(vendor, ["META"], store=store)
    left = [
        store.root / "symbol=META" / "fetched=20260704T120000.000000Z" / "bars.7.tmp",
        store.root / "symbol=NBIS" / "fetched=20260704T120000.000000Z" / "bars.7.tmp",
    ]
    for path in left:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"PAR1 half")
    assert store.symbols() == ("META",)
    assert list(store.load(["META"]).bars["META"]["close"]) == [100, 102, 101, 99]
    monday = pd.Timestamp("2026-07-06 22:00", tz="UTC")
    obtain(Vendor(at=monday, closes={"META": CLOSES}), ["META"], store=store)
    assert all(str(path) in caplog.text for path in left)
    assert not list(store.root.rglob("*.tmp"))
    assert len(store.snapshots("META")) == 2
