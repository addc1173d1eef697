"""Paths of a config name the user's own files, whatever its folder is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.config import load_config

EVENTS = "- id: nothing-is-read-here\n"


def config(workspace: Path, files: str) -> Path:
    """Write a config beside two event files, one of which is named as a shipped one."""
    for folder in ("backtests", "data/events"):
        (workspace / folder).mkdir(parents=True)
    for name in ("ai_compute", "b"):
        path = workspace / "data/events" / f"{name}.yaml"
        path.write_text(EVENTS, encoding="utf-8")
    path = workspace / "backtests/run.yaml"
    path.write_text(f"title: A run\nevents: {{files: {files}}}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["plain", "a [1]", "[x]", "what?", "**", "a*b"])
@pytest.mark.parametrize("files", ["['../data/events/*.yaml']", "['../*/*/*.yaml']"])
def test_a_pattern_finds_the_files_of_the_workspace(
    tmp_path: Path, name: str, files: str
) -> None:
    """The folder's own name is no pattern; no shipped file is taken instead."""
    (tmp_path / "a 1" / "data/events").mkdir(parents=True)  # what "a [1]" would match
    workspace = tmp_path / name
    found = load_config(config(workspace, files)).event_files
    events = workspace / "data/events"
    assert found == (events / "ai_compute.yaml", events / "b.yaml")


def test_brackets_still_choose_letters(tmp_path: Path) -> None:
    found = load_config(config(tmp_path / "[w]", "['../data/events/[bc].yaml']"))
    assert [path.name for path in found.event_files] == ["b.yaml"]


def test_what_the_workspace_lacks_is_looked_up_in_the_shipped_folder(
    tmp_path: Path,
) -> None:
    found = load_config(config(tmp_path / "[w]", "['../data/yardsticks/*.yaml']"))
    assert found.event_files
    assert all(path.is_file() for path in found.event_files)
    assert not any(path.is_relative_to(tmp_path) for path in found.event_files)
