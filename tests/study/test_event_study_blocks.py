"""A study in blocks gives the numbers of the study in memory, and survives its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import aftershock as af
from aftershock.errors import StudyError
from aftershock.executor import Processes
from aftershock.study.streamed import STREAMED
from tests.conftest import ROOT

WINDOWS = [(0, 0), (-1, 3)]
ASKED = sorted(STREAMED | {"bmp_normal", "corrado_rank"})
Frames = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def world(pairs: int, symbols: int = 60, sessions: int = 900, seed: int = 3) -> Frames:
    """Draw a market, returns with gaps, and pairs in no order, a few of them twice."""
    rng = np.random.default_rng(seed)
    index = pd.bdate_range("2015-01-02", periods=sessions)
    market = rng.normal(0, 0.01, sessions)
    values = market[:, None] + rng.normal(0, 0.02, (sessions, symbols))
    values[rng.random(values.shape) < 0.002] = np.nan
    names = [f"S{k}" for k in range(symbols)]
    events = pd.DataFrame(
        {
            "event_id": [f"e{k}" for k in range(pairs)],
            "symbol": [*rng.choice([*names, "NONE"], pairs)],
            "session": index[rng.integers(40, sessions, pairs)],
        }
    )
    factors = pd.DataFrame({"mkt": market}, index)
    return events, pd.DataFrame(values, index, names), factors


def same_tests(ours: pd.DataFrame, theirs: pd.DataFrame) -> list[str]:
    """Compare the rows of tests that can be streamed; return their names."""
    rows = theirs["test"].str.removesuffix("_normal").isin(STREAMED)
    told = [c for c in ours if not c.startswith("pvalue_")]
    pd.testing.assert_frame_equal(
        ours.loc[rows, told], theirs.loc[rows, told], rtol=1e-12, atol=0
    )
    return sorted(set(theirs.loc[rows, "test"]))


@pytest.mark.parametrize("pairs", [pytest.param(3_000, marks=pytest.mark.slow), 300])
def test_the_numbers_are_those_of_the_study_in_memory(
    tmp_path: Path, pairs: int
) -> None:
    """3,000 pairs of 60 symbols in nine blocks and two processes; 300 in one."""
    frames = world(pairs)
    found = af.event_study_blocks(
        *frames,
        out=tmp_path / "study",
        windows=WINDOWS,
        tests=ASKED,
        block=350,
        keep=("pairs", "cars", "abnormal_returns"),
        executor=Processes(2) if pairs > 350 else None,
    )
    whole = af.event_study(*frames, windows=WINDOWS, tests=ASKED)
    assert len(found.files("cars")) == (9 if pairs > 350 else 1)
    for name in ("pairs", "cars", "abnormal_returns"):
        theirs = whole.table(name)
        keys = ["event_id", *[c for c in ("start", "end", "offset") if c in theirs]]
        mine = found.table(name)[list(theirs)].sort_values(keys, ignore_index=True)
        theirs = theirs.sort_values(keys, ignore_index=True)
        pd.testing.assert_frame_equal(
            mine, theirs, rtol=1e-12, atol=0, check_dtype=False
        )
    names = same_tests(found.tests, whole.tests)
    assert {"patell", "bmp", "adjusted_bmp", "clustered", "wilcoxon"} <= set(names)
    pd.testing.assert_frame_equal(found.aar, whole.aar, rtol=1e-12, atol=1e-18)


def test_many_overlapping_pairs_are_correlated_by_sums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where more than 200,000 pairs overlap: r from column sums of all blocks."""
    monkeypatch.setattr("aftershock.significance.correlation.MOST_PAIRS", 100)
    frames = world(2_000)
    found = af.event_study_blocks(
        *frames, out=tmp_path, windows=WINDOWS, tests=ASKED, block=300, keep=()
    )
    whole = af.event_study(*frames, windows=WINDOWS, tests=ASKED)
    same_tests(found.tests, whole.tests)
    row = found.tests.set_index("test").loc["adjusted_bmp"]
    assert set(row["reason"]) == {"approximate_r"}


def test_what_needs_all_residuals_is_named(tmp_path: Path) -> None:
    frames = world(400)
    found = af.event_study_blocks(*frames, out=tmp_path, keep=())
    whole = af.event_study(*frames, tests="all")
    assert list(found.tests["test"]) == list(whole.tests["test"])
    row = found.tests.set_index("test")
    assert not row.loc["corrado_rank", "valid"]
    assert "needs the residuals" in row.loc["corrado_rank", "reason"]
    assert "needs placebo sessions" in row.loc["placebo", "reason"]


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a study's folder."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != ".lock")
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


@pytest.mark.slow
def test_killed_and_resumed_is_the_same_bytes(tmp_path: Path) -> None:
    """SIGKILL while blocks are measured; asked for again, it goes on from there."""
    code = (
        "import sys, time\nfrom pathlib import Path\nimport aftershock as af\n"
        "from tests.study.test_event_study_blocks import WINDOWS, world\n"
        "af.event_study_blocks(*world(3_000), out=Path(sys.argv[1]), windows=WINDOWS,\n"
        "    block=100, progress=lambda done, total: time.sleep(0.1))\n"
    )
    cut, straight = tmp_path / "cut", tmp_path / "straight"
    process = subprocess.Popen([sys.executable, "-c", code, str(cut)], cwd=ROOT)
    while not (cut / "blocks" / "00005").is_dir():
        assert process.poll() is None
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done = len(list((cut / "blocks").glob("?????")))
    assert not (cut / "tests.parquet").exists()
    (cut / "blocks" / "00029.unfinished").mkdir()
    told: list[int] = []
    for folder in (cut, straight):
        af.event_study_blocks(
            *world(3_000),
            out=folder,
            windows=WINDOWS,
            block=100,
            progress=lambda k, _: told.append(k),
        )
    assert told[0] == done + 1 > 6
    assert contents(cut) == contents(straight)


def test_a_folder_of_another_study_is_refused(tmp_path: Path) -> None:
    events, returns, factors = world(300)
    ask = {"out": tmp_path / "study", "keep": ()}
    first = af.event_study_blocks(events, returns, factors, **ask)
    again = af.event_study_blocks(events, returns, factors, **ask)
    pd.testing.assert_frame_equal(first.tests, again.tests)
    other = returns.copy()
    other.iloc[500, 3] = 0.01
    with pytest.raises(StudyError, match="another study: inputs differ"):
        af.event_study_blocks(events, other, factors, **ask)
    with pytest.raises(StudyError, match="blocks differ"):
        af.event_study_blocks(events, returns, factors, block=50, **ask)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(StudyError, match="other files"):
        af.event_study_blocks(events, returns, factors, out=tmp_path)


def test_inputs_may_be_parquet(tmp_path: Path) -> None:
    """Returns in two files of thirty symbols each."""
    events, returns, factors = world(300)
    (tmp_path / "returns").mkdir()
    for k in (0, 30):
        returns.iloc[:, k : k + 30].to_parquet(
            tmp_path / "returns" / f"{k:02d}.parquet"
        )
    events.to_parquet(tmp_path / "events.parquet")
    factors.to_parquet(tmp_path / "factors.parquet")
    read = af.event_study_blocks(
        tmp_path / "events.parquet",
        tmp_path / "returns",
        tmp_path / "factors.parquet",
        out=tmp_path / "read",
    )
    given = af.event_study_blocks(events, returns, factors, out=tmp_path / "given")
    assert json.loads((read.folder / "manifest.json").read_text())["pairs"] == 300
    assert contents(read.folder) == contents(given.folder)
    with pytest.raises(StudyError, match="no Parquet file"):
        af.event_study_blocks(events, tmp_path / "none", out=tmp_path / "x")


@pytest.mark.parametrize("wrong", [{"keep": ("tests",)}, {"block": 0}])
def test_what_makes_no_sense_is_refused(tmp_path: Path, wrong: dict) -> None:
    with pytest.raises(StudyError):
        af.event_study_blocks(*world(50), out=tmp_path, **wrong)


def test_nothing_to_study_is_no_error(tmp_path: Path) -> None:
    """No symbol has prices: every pair is dropped, every test says so."""
    events, returns, factors = world(20)
    found = af.event_study_blocks(
        events.assign(symbol="NONE"), returns, factors, out=tmp_path
    )
    assert set(found.table("pairs")["reason"]) == {"no_prices"}
    assert not found.tests["valid"].any()
