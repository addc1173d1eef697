"""Snapshots of prices on disk: written once, never changed, read as of a moment."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import quote, unquote

import pandas as pd
from filelock import FileLock

from aftershock.sources.base import COLUMNS, Date, Fetched, combined
from aftershock.sources.inspection import examined
from aftershock.store import seal
from aftershock.store.blocks import BLOCK, read_rows
from aftershock.store.changes import changed_history
from aftershock.store.description import (
    KEY,
    Snapshot,
    described,
    moment_of,
    snapshot_of,
)

_log = logging.getLogger("aftershock")


@dataclass(frozen=True)
class Store:
    """A folder of snapshots, ``symbol=META/fetched=.../bars.parquet``.

    The vendor's rows and actions are kept as they came, and are checked and adjusted
    on reading. A file appears whole or not at all, and is never written again. Its
    rows lie in blocks of `BLOCK`, so that a span of sessions is read alone.

    Parameters
    ----------
    root : Path
    """

    root: Path

    def save(
        self,
        fetched: Fetched,
        fetched_at: pd.Timestamp,
        *,
        source: str = "yahoo",
        start: Date = None,
        end: Date = None,
    ) -> list[Path]:
        """Append one snapshot for every symbol that the vendor had, or did not know.

        Parameters
        ----------
        fetched : Fetched
        fetched_at : Timestamp
            Aware.
        source : str
        start, end : str, Timestamp or None
            The span that was asked for.
        """
        unknown = [s for s, why in fetched.missing.items() if why == "no_prices"]
        rows = dict.fromkeys(unknown, _EMPTY)
        rows |= {s: b.reset_index(names="date") for s, b in fetched.bars.items()}
        rows |= fetched.raw
        self.root.mkdir(parents=True, exist_ok=True)
        when = fetched_at.tz_convert("UTC").isoformat()
        with FileLock(self.root / ".lock"):
            self._clear()
            return [
                self._write(snapshot_of(s, source, when, (start, end), r), r)
                for s, r in rows.items()
            ]

    def load(
        self,
        symbols: Sequence[str],
        start: Date = None,
        end: Date = None,
        as_of: Date = None,
    ) -> Fetched:
        """Return the bars of some symbols from the snapshots made up to `as_of`.

        All bars of a symbol come from one snapshot, so that they share one
        adjustment. Where an earlier snapshot tells another history, or is read since
        the vendor later knew no prices any more, a warning says so.
        """
        return combined([self._one(s, start, end, as_of) for s in symbols])

    def snapshots(self, symbol: str, as_of: Date = None) -> list[Snapshot]:
        """Return the snapshots of a symbol made up to a moment, oldest first."""
        folder = self.root / f"symbol={quote(symbol, safe='')}"
        found = [described(self.root, path) for path in folder.glob("*/*.parquet")]
        return _known(sorted(found, key=lambda s: (s.moment, s.path)), as_of)

    def best(
        self, symbol: str, start: Date = None, end: Date = None, as_of: Date = None
    ) -> Snapshot | None:
        """Return the newest snapshot that covers a span, else the one nearest to it."""
        return _best(self.snapshots(symbol, as_of), start, end)

    def symbols(self) -> tuple[str, ...]:
        """Return every symbol of which there is a snapshot, sorted."""
        files = self.root.glob("symbol=*/*/*.parquet")
        folders = {file.parent.parent.name for file in files}
        return tuple(sorted(unquote(f.removeprefix("symbol=")) for f in folders))

    def status(self) -> pd.DataFrame:
        """Return one row per symbol: its newest snapshot, and how many there are."""
        rows = []
        for symbol in self.symbols():
            every = self.snapshots(symbol)
            if every:
                rows.append(asdict(every[-1]) | {"snapshots": len(every)})
        columns = [*Snapshot.__dataclass_fields__, "snapshots"]
        return pd.DataFrame(rows, columns=columns)

    def rows_of(
        self,
        snapshot: Snapshot,
        start: Date = None,
        end: Date = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Return the vendor's rows of a snapshot, as they came.

        With a span, whole blocks of rows (see `BLOCK`) of which some may lie in it;
        the others are not read from the disk.
        """
        return read_rows(self.root / snapshot.path, start, end, columns)

    def _one(self, symbol: str, start: Date, end: Date, as_of: Date) -> Fetched:
        """Return what the store has of one symbol."""
        every = self.snapshots(symbol)
        known = _known(every, as_of)
        asked = _best(known, start, end)
        chosen = _best([s for s in known if s.rows], start, end)
        if asked is None or chosen is None:
            return Fetched({}, missing={symbol: "no_prices"})
        if asked.rows:
            chosen = asked
        rows = self.rows_of(chosen, start, end)
        judged = examined(
            symbol,
            chosen.source,
            rows,
            start,
            end,
            fetched_at=chosen.moment,
            note=chosen.path,
        )
        told = [*self._changed(chosen, every), *_late(chosen, end)]
        told += [] if chosen is asked else [_vanished(asked, chosen)]
        return replace(judged, warnings=(*judged.warnings, *told))

    def _changed(self, chosen: Snapshot, every: Sequence[Snapshot]) -> tuple[str, ...]:
        """Return what the snapshot before said otherwise, as warnings.

        All sessions are compared: a split after the span explains a factor within it.
        """
        before = [s for s in every if s.moment < chosen.moment and s.rows]
        if not before:
            return ()
        old, new = (
            self.rows_of(one, columns=["date", "close", "splits"])
            for one in (before[-1], chosen)
        )
        told = changed_history(old, new, upto=before[-1].reach())
        days = f"{before[-1].fetched_at} and {chosen.fetched_at}"
        return tuple(
            f"{chosen.symbol}: between the snapshots of {days} {what}; both are kept"
            for what in told
        )

    def _clear(self) -> None:
        """Remove what a killed process had not finished, and tell of it in the log.

        Only who holds the lock writes: what is unfinished now will never be finished.
        """
        for left in sorted(self.root.glob("symbol=*/*/*.tmp")):
            left.unlink()
            _log.warning(
                "Found %s, a snapshot that was broken off while it was written: "
                "removed; no other is touched",
                left,
            )

    def _write(self, snapshot: Snapshot, rows: pd.DataFrame) -> Path:
        """Write one file under a new name: first aside, then in its place at once."""
        import pyarrow as pa
        from pyarrow.parquet import write_table

        target = _free(self.root, snapshot)
        target.parent.mkdir(parents=True, exist_ok=True)
        table = pa.Table.from_pandas(rows, preserve_index=False)
        notes = {
            **(table.schema.metadata or {}),
            KEY: json.dumps(asdict(snapshot)),
            seal.KEY: seal.BLANK,
        }
        aside = target.with_suffix(f".{os.getpid()}.tmp")
        try:
            with aside.open("w+b") as file:
                write_table(
                    table.replace_schema_metadata(notes),
                    file,
                    row_group_size=BLOCK,
                    write_statistics=["date"],
                    write_page_checksum=True,
                )
                seal.seal(file)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(target)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        _flush_folder(target.parent)
        return target


_EMPTY = pd.DataFrame(
    {"date": pd.DatetimeIndex([], dtype="datetime64[us]")}
    | {name: pd.Series([], dtype="float64") for name in COLUMNS}
)


def _late(chosen: Snapshot, end: Date) -> list[str]:
    """Return a warning where the vendor lacked closed sessions that were asked for."""
    if chosen.last is None or not chosen.is_late():
        return []
    if end is not None and pd.Timestamp(end) <= pd.Timestamp(chosen.last):
        return []
    return [
        f"{chosen.symbol}: {chosen.source} had no bar after {chosen.last}, though "
        f"sessions until {chosen.reach():%Y-%m-%d} had closed when it was asked at "
        f"{chosen.fetched_at}"
    ]


def _vanished(asked: Snapshot, chosen: Snapshot) -> str:
    """Return the warning that what is delisted by now is read as it was kept."""
    return (
        f"{asked.symbol}: {asked.source} knew no prices any more when it was asked at "
        f"{asked.fetched_at}; those fetched at {chosen.fetched_at} are used"
    )


def _known(snapshots: Sequence[Snapshot], as_of: Date) -> list[Snapshot]:
    """Return those made up to a moment."""
    limit = moment_of(as_of)
    return [s for s in snapshots if limit is None or s.moment <= limit]


def _best(snapshots: Sequence[Snapshot], start: Date, end: Date) -> Snapshot | None:
    """Return the newest snapshot that covers a span, else the one nearest to it."""
    first = None if start is None else pd.Timestamp(start)

    def worth(snapshot: Snapshot) -> tuple[bool, pd.Timestamp, pd.Timestamp]:
        """Order by what is covered, then by age."""
        reach = snapshot.reach()
        held = reach if end is None else min(reach, pd.Timestamp(end))
        return snapshot.begins_by(first), held, snapshot.moment

    return max(snapshots, key=worth, default=None)


def _free(root: Path, snapshot: Snapshot) -> Path:
    """Return a path in the hive layout at which nothing is yet."""
    stamp = f"{snapshot.moment:%Y%m%dT%H%M%S.%fZ}"
    folder = root / f"symbol={quote(snapshot.symbol, safe='')}" / f"fetched={stamp}"
    taken = len(list(folder.glob("*.parquet")))
    return folder / (f"bars-{taken + 1}.parquet" if taken else "bars.parquet")


def _flush_folder(folder: Path) -> None:
    """Make a new name outlive a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
