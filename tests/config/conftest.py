"""A workspace with two files of events, and configs written into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.config import RunConfig, load_config
from aftershock.errors import AftershockError

EVENTS = "- id: nothing-is-read-here\n"
SHORT = "title: A run\nevents: {files: [../data/events/a.yaml]}\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for folder in ("backtests", "data/events", "strategies"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("a", "b"):
        (tmp_path / "data/events" / f"{name}.yaml").write_text(EVENTS)
    return tmp_path


def write(workspace: Path, text: str, name: str = "run.yaml") -> Path:
    path = workspace / "backtests" / name
    path.write_text(text, encoding="utf-8")
    return path


def load(workspace: Path, more: str = "", *overrides: str) -> RunConfig:
    return load_config(write(workspace, SHORT + more), overrides)


def mistakes(workspace: Path, more: str, *overrides: str) -> list[str]:
    """Return the lines of the error, each without the folder of the file."""
    with pytest.raises(AftershockError) as caught:
        load(workspace, more, *overrides)
    folder = f"{workspace / 'backtests'}/"
    lines = str(caught.value).replace(folder, "").splitlines()
    return lines[1:] if "mistakes in the config" in lines[0] else lines
