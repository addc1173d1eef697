"""The wheel on every Python at hand, with the oldest and the newest packages allowed.

Each environment is made anew by pip, runs a workspace's first config far from the
checkout, and must come to the numbers that this environment comes to.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.conftest import ROOT
from tests.wheels import build_wheel

OLDEST = re.compile(r"^([\w.-]+(?:\[\w+\])?)\s*>=\s*([\w.]+)")
MINORS = (11, 12, 13, 14)
ALIVE = "import sys, venv, ensurepip; print(*sys.version_info[:2])"


def oldest() -> list[str]:
    """Return every lower bound of setup.cfg as the version itself."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    lines = settings["options"]["install_requires"].split("\n")
    return [f"{m[1]}=={m[2]}" for line in lines if (m := OLDEST.match(line))]


def pythons() -> Iterator[tuple[int, str]]:
    """Yield one working interpreter of each minor version that is at hand."""
    for minor in MINORS:
        name = f"python3.{minor}"
        own = sys.executable if minor == sys.version_info[1] else None
        for path in (own, shutil.which(name), *of_pyenv(name)):
            if path and said([path, "-c", ALIVE]).split() == ["3", str(minor)]:
                yield minor, path
                break


def of_pyenv(name: str) -> list[str]:
    """Return where pyenv keeps an interpreter: its own commands are only signposts."""
    found = shutil.which("pyenv")
    return said([found, "whence", "--path", name]).split() if found else []


def said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout


CASES = [(minor, path, "newest") for minor, path in pythons()]
CASES = [(*CASES[0][:2], "oldest"), *(c for c in CASES if c[0] != sys.version_info[1])]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of this environment."""
    folder = tmp_path_factory.mktemp("here")
    return first_run([sys.executable, "-m", "aftershock"], folder)


def first_run(aftershock: list[str], folder: Path) -> Path:
    """Make a workspace, run its first config and return the folder of the run."""
    called([*aftershock, "init", "mine"], folder)
    called(
        [*aftershock, "run", "backtests/first.yaml", "--format", "html"],
        folder / "mine",
    )
    (made,) = (folder / "mine" / "reports").glob("first-*")
    return made


def called(command: list[str], folder: Path) -> None:
    """Run a command that knows nothing of this checkout."""
    known = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=known
    )
    assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("python", "packages"),
    [pytest.param(path, age, id=f"3.{minor} {age}") for minor, path, age in CASES],
)
def test_the_wheel_comes_to_the_same_numbers(
    python: str, packages: str, wheel: Path, expected: Path, tmp_path: Path
) -> None:
    """Tables agree to 1e-9, and byte for byte where the packages are the same."""
    venv = tmp_path / "venv"
    called([python, "-m", "venv", str(venv)], tmp_path)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    bounds = tmp_path / "oldest.txt"
    bounds.write_text("\n".join(oldest()) if packages == "oldest" else "")
    called([*pip, "--no-cache-dir", str(wheel), "-r", str(bounds)], tmp_path)
    made = first_run([str(venv / "bin" / "aftershock")], tmp_path)
    shutil.rmtree(venv)
    assert "<html" in (made / "report.html").read_text(encoding="utf-8")
    names = [sorted(p.name for p in f.glob("tables/*.csv")) for f in (made, expected)]
    assert names[0] == names[1]
    for name in names[0]:
        ours, theirs = (pd.read_csv(f / "tables" / name) for f in (made, expected))
        assert list(ours) == list(theirs), name
        numbers = ours.select_dtypes("number").columns
        np.testing.assert_allclose(
            ours[numbers], theirs[numbers], rtol=1e-9, atol=1e-12, err_msg=name
        )
        words = ours.columns.difference(numbers)
        pd.testing.assert_frame_equal(ours[words], theirs[words])
    if versions(made) == versions(expected):
        tables = [
            (f / "tables" / n).read_bytes() for n in names[0] for f in (made, expected)
        ]
        assert tables[::2] == tables[1::2]
        print(f"{len(names[0])} tables, {sum(map(len, tables[::2]))} bytes, the same")


def versions(run: Path) -> dict[str, str]:
    """Return the packages that a run was made with, Python left out."""
    told = json.loads((run / "run.json").read_text(encoding="utf-8"))["versions"]
    return {name: number for name, number in told.items() if name != "python"}
