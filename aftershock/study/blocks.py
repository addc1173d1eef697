"""A study of more pairs than fit into memory: in blocks, resumed where it was ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from aftershock.abnormal import FloatArray, IntArray
from aftershock.errors import StudyError
from aftershock.executor import Executor, Serial
from aftershock.models.base import ReturnModel
from aftershock.study.arguments import date_of, windows_of
from aftershock.study.bars import USUAL_ESTIMATION, usual_estimation
from aftershock.study.block_files import (
    BlockFolder,
    arrays,
    digest,
    parquet,
    wide_frame,
)
from aftershock.study.core import aligned, check_design
from aftershock.study.design import StudyDesign, find_model
from aftershock.study.measured import Measured
from aftershock.study.panel import StudyPanel
from aftershock.study.streamed import (
    StreamedGroups,
    StreamedReturns,
    summary_of,
    sums_of,
)
from aftershock.windows import EstimationWindow

BLOCK = 20_000
TABLES = ("pairs", "cars", "abnormal_returns")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class BlockStudy:
    """A study whose tables lie in files.

    Attributes
    ----------
    folder : Path
    tests : DataFrame
        The table `tests` over all pairs; what needs all residuals, or placebo
        sessions, is not valid and says so.
    aar : DataFrame
    """

    folder: Path
    tests: pd.DataFrame
    aar: pd.DataFrame

    def files(self, table: str) -> list[Path]:
        """Return the Parquet files of a table, one for each block."""
        return BlockFolder(self.folder).files(f"{table}.parquet")

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a table, or some of its columns, in the order of the events."""
        parts = [
            pd.read_parquet(file, columns=[*columns, "row"] if columns else None)
            for file in self.files(name)
        ]
        whole = pd.concat(parts, ignore_index=True)
        return whole.sort_values("row", kind="stable", ignore_index=True)


def event_study_blocks(
    events: pd.DataFrame | str | Path,
    returns: pd.DataFrame | str | Path,
    factors: pd.DataFrame | str | Path | None = None,
    *,
    out: str | Path,
    model: str | ReturnModel = "market",
    estimation: tuple[int, int] = USUAL_ESTIMATION,
    min_obs: int = 60,
    windows: Sequence[tuple[int, int]] = ((0, 0),),
    event: tuple[int, int] | None = None,
    tests: str | Sequence[str] = "all",
    before: str | None = None,
    exclude_events: bool = False,
    block: int = BLOCK,
    keep: Collection[str] = ("pairs", "cars"),
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> BlockStudy:
    """Study any number of pairs on daily returns, in blocks and bounded memory.

    The tables `pairs` and `cars` are those of `event_study`, and so are the tests: the
    same pairs give the same numbers. A study that was ended, by whatever, goes on
    where it was when it is asked for again.

    Parameters
    ----------
    events, returns, factors
        See `event_study`; or a Parquet file, or a folder of Parquet files that each
        hold all sessions of some symbols.
    out : path
        Its folder: ``blocks/00000/pairs.parquet`` and so on, ``tests.parquet``,
        ``aar.parquet``, and a manifest with the hash of inputs and settings.
    model, estimation, min_obs, windows, event, tests, before, exclude_events
        See `event_study`.
    block : int
        Pairs that are measured at once; a session is never cut.
    keep : collection of {"pairs", "cars", "abnormal_returns"}
        Tables that are written.
    executor : Executor, optional
        Where blocks are measured; default here, one after the other.
    progress : callable, optional
        Told how many blocks of how many are done.

    Returns
    -------
    BlockStudy

    Raises
    ------
    StudyError
        For what `event_study` refuses, and for a folder of another study.
    """
    chosen = find_model(model)
    if estimation is USUAL_ESTIMATION:
        estimation, min_obs = usual_estimation(chosen, "1d", min_obs)
    tested, whole = windows_of(windows, event, estimation)
    span = EstimationWindow(*estimation, min_obs, date_of(before, "before"))
    design = StudyDesign(chosen, span, tested, whole, tests=tests)
    _check(keep, block)
    pairs, panel = aligned(
        wide_frame(events, "events"),
        wide_frame(returns, "returns"),
        None if factors is None else wide_frame(factors, "factors"),
        design,
        exclude_events,
    )
    check_design(pairs, design)
    pairs, cuts = _in_blocks(pairs, panel, block)
    manifest = {
        "inputs": digest(pairs, panel, design),
        "settings": design.words(quiet=exclude_events),
        "tables": sorted(keep),
        "pairs": len(pairs),
        "blocks": cuts,
    }
    shared = _Shared(panel, design, tuple(keep))
    folder = BlockFolder(Path(out))
    with folder.held(manifest):
        _measure(folder, shared, pairs, cuts, executor or Serial(), progress)
        return _judged(folder, shared, pairs)


def _check(keep: Collection[str], block: int) -> None:
    """Refuse tables that there are not, and blocks of nothing."""
    odd = sorted(set(keep) - set(TABLES))
    if odd or isinstance(keep, str):
        raise StudyError(
            f"found {keep!r}", where="keep", allowed="some of " + ", ".join(TABLES)
        )
    if block < 1:
        raise StudyError(f"found {block}", where="block", allowed="1, 2, ...")


def _in_blocks(
    pairs: pd.DataFrame, panel: StudyPanel, block: int
) -> tuple[pd.DataFrame, list[int]]:
    """Order pairs by session and cut them between sessions.

    Returns
    -------
    pairs : DataFrame
        With `row`, their place in the order given.
    cuts : list of int
        Where each block begins.
    """
    position = panel.position(pairs["session"])
    order = np.argsort(position, kind="stable")
    ordered = pairs.iloc[order].reset_index(drop=True).assign(given=order)
    starts = np.flatnonzero(np.diff(position[order], prepend=-1))
    if not len(starts):
        return ordered, []
    at = np.searchsorted(starts, np.arange(0, len(pairs), block), side="right") - 1
    return ordered, sorted({int(starts[k]) for k in at})


@dataclass(frozen=True, eq=False)
class _Shared:
    """What all blocks share."""

    panel: StudyPanel
    design: StudyDesign
    keep: tuple[str, ...]


def _measure(
    folder: BlockFolder,
    shared: _Shared,
    pairs: pd.DataFrame,
    cuts: Sequence[int],
    executor: Executor,
    progress: Progress | None,
) -> None:
    """Measure the blocks that are not there yet, and keep each as it comes."""
    ends = [*cuts[1:], len(pairs)]
    left = [k for k in range(len(cuts)) if not folder.block(k).is_dir()]
    chunks = [pairs.iloc[cuts[k] : ends[k]].reset_index(drop=True) for k in left]
    if chunks:  # once, for all who measure
        shared.panel.lay_out(shared.design.event_window)
    done = len(cuts) - len(left)
    for number, files in zip(left, executor.run(_files, chunks, shared), strict=True):
        folder.keep(number, files)
        done += 1
        if progress is not None:
            progress(done, len(cuts))


def _files(shared: _Shared, pairs: pd.DataFrame) -> dict[str, bytes]:
    """Measure one block; return its files."""
    found = Measured.of(pairs, shared.panel, shared.design)
    given = pairs["given"].to_numpy()
    summary = summary_of(found)
    kept = given[summary["row"].to_numpy()]
    made = {"dropped.parquet": parquet(found.dropped_table())}
    if "pairs" in shared.keep:
        made["pairs.parquet"] = parquet(found.pairs_table().assign(row=given))
    if "cars" in shared.keep:
        rows = np.tile(kept, len(shared.design.windows))
        made["cars.parquet"] = parquet(found.cars().assign(row=rows))
    if "abnormal_returns" in shared.keep:
        rows = np.repeat(kept, shared.design.event_window.length)
        table = found.abnormal_returns({}).assign(row=rows)
        made["abnormal_returns.parquet"] = parquet(table)
    made["summary.parquet"] = parquet(summary.assign(row=kept))
    made["sums.npz"] = arrays(sums_of(found))
    return made


def _judged(folder: BlockFolder, shared: _Shared, pairs: pd.DataFrame) -> BlockStudy:
    """Test all pairs by what was kept of each, in the order given."""
    parts = [pd.read_parquet(file) for file in folder.files("summary.parquet")]
    table = pd.concat(parts, ignore_index=True)
    table = table.sort_values("row", kind="stable", ignore_index=True)
    named = pairs.iloc[np.argsort(pairs["given"].to_numpy())]
    chosen = named.iloc[table["row"].to_numpy()].reset_index(drop=True)
    groups = StreamedGroups(
        chosen,
        StreamedReturns.of(table, shared.design.event_window),
        table["tested"].to_numpy(dtype=bool),
        shared.panel,
        shared.design,
        {},
        sums=_sums(folder, table["position"].to_numpy()),
    )
    study = BlockStudy(folder.path, groups.tests(groups.judged()), groups.aar())
    folder.write("tests.parquet", parquet(study.tests))
    folder.write("aar.parquet", parquet(study.aar))
    return study


def _sums(folder: BlockFolder, positions: IntArray) -> dict[str, FloatArray]:
    """Lay the column sums of all blocks on one calendar, first event to last."""
    whole: dict[str, FloatArray] = {}
    if not len(positions):
        return whole
    begin, length = int(positions.min()), int(np.ptp(positions)) + 1
    for file in folder.files("sums.npz"):
        with np.load(file) as found:
            for name in [n for n in found.files if not n.startswith("first")]:
                values = found[name]
                empty = np.zeros((length, values.shape[1]))
                at = int(found[f"first {name}"]) - begin
                whole.setdefault(name, empty)[at : at + len(values)] += values
    return whole
