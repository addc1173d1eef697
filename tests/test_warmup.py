"""`aftershock warmup`: nothing is left to compile afterwards; it says what it did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import aftershock as af
from aftershock.cli import app
from aftershock.fills import alone, kernel
from aftershock.warmup import warm_up
from tests.conftest import ROOT
from tests.scenarios import random_panel
from tests.test_sweep import ACCOUNT, EVENTS, Signs


def test_real_runs_ask_for_no_other_machine_code() -> None:
    """One set of types for each kernel, whatever the account, panel and grid."""
    warm_up()
    prices = random_panel(np.random.default_rng(5), 115)
    rules = {"hold": [1, None], "stop_loss": [None, 0.05], "trailing_stop": [0.1]}
    af.backtest(Signs(), EVENTS, prices, ACCOUNT, market=None, borrow=())
    for curve in (True, False):
        af.sweep(
            *(Signs(), EVENTS, prices, rules, ACCOUNT),
            **{"market": None, "borrow": (), "curve": curve},
        )
    # looked up now: a test that interprets the rules loads their modules anew
    kernels = (kernel.run, alone.barred, alone.returns_by_rule)
    assert [len(made.signatures) for made in kernels] == [1, 1, 1]


def test_the_second_time_nothing_is_compiled() -> None:
    warm_up()
    again = warm_up()
    assert [one.compiled for one in again] == [False, False]
    assert all(Path(one.folder).is_dir() for one in again)


def test_the_command_says_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From elsewhere the folder is told whole."""
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(app, ["warmup"]).output
    assert said.startswith("accounts: ") and "trades by themselves: " in said
    assert "Ready after" in said and str(warm_up()[0].folder) in said
    told = json.loads(CliRunner().invoke(app, ["warmup", "--json"]).output)
    assert [set(one) for one in told] == [
        {"kernel", "compiled", "seconds", "folder"}
    ] * 2


@pytest.mark.slow
def test_a_new_machine_compiles_once_and_then_only_loads(tmp_path: Path) -> None:
    """With an empty cache; what a backtest adds to the cache afterwards is nothing."""

    def warmed() -> list[bool]:
        """Return what `warmup` compiled, in a process of its own."""
        ran = subprocess.run(
            [sys.executable, "-m", "aftershock", "warmup", "--json"],
            env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return [one["compiled"] for one in json.loads(ran.stdout)]

    assert warmed() == [True, True]
    kept = pd.Series({p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.nb?")})
    assert len(kept) and warmed() == [False, False]
    again = pd.Series({p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.nb?")})
    assert kept.equals(again)
