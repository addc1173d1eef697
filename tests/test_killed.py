"""Commands that are killed at random points lose nothing and leave nothing half."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="commands are forked and killed")
def test_killed_at_forty_points() -> None:
    """Fetch, run, sweep and report, ten times each: see bench/faults.py."""
    command = [sys.executable, "bench/faults.py", "40", "--seed", "7"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split("|") for line in done.stdout.splitlines()[2:]]
    assert [row[1].strip(" `") for row in rows] == ["fetch", "run", "sweep", "report"]
    assert sum(int(row[2]) for row in rows) == 40
    assert sum(int(row[3]) for row in rows) > 20
    assert sum(int(row[4]) for row in rows) > 10
