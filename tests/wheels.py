"""Build the wheel from a copy of the tree, so that the tree stays clean."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.conftest import ROOT

LEFT_OUT = shutil.ignore_patterns(
    ".*", "build", "dist", "*.egg-info", "__pycache__", "reports"
)


def isolation() -> list[str]:
    """Build without an environment of its own where setuptools is new enough."""
    try:
        major = int(version("setuptools").split(".")[0])
    except PackageNotFoundError:
        return []
    return ["--no-isolation"] if major >= 77 else []


def build_wheel(folder: Path) -> Path:
    """Return the wheel; its sources lie in ``source`` beside it."""
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=LEFT_OUT)
    command = [sys.executable, "-m", "build", "--wheel", *isolation()]
    command += ["--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built
