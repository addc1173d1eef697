"""Where a command wrote: from the working directory below it, else from the root."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.registry.reading import shown
from tests.run.test_steps import MORNING, write

RUNNER = CliRunner()


def test_a_path_below_is_told_from_here_another_from_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert shown(here / "a" / "b.yaml") == "a/b.yaml"
    assert shown("a/../b.yaml") == "b.yaml"
    assert shown("../b.yaml") == str(tmp_path / "b.yaml")
    assert shown(tmp_path / "here2") == str(tmp_path / "here2")


@pytest.mark.parametrize(("below", "out"), [(True, "out"), (False, "../out")])
def test_runs_and_scans_tell_it_alike(
    below: bool, out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    write(here, ("e", MORNING, "before"))
    monkeypatch.chdir(here)
    for command in ("run", "scan"):
        more = ["--format", "html"] if command == "run" else []
        quick = ["--set", "study.placebo.draws=20", "--set", "report.formats=[png]"]
        made = RUNNER.invoke(app, [command, "one.yaml", "--out", out, *quick, *more])
        assert made.exit_code == 0, made.output
        start = "out/one-" if below else f"{tmp_path}/out/one-"
        assert f"Written to {start}" in made.output
        if command == "run":
            assert f"Report: {start}" in made.output


def test_what_is_made_for_a_workspace_tells_it_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for words, told in (
        (["init", str(here / "below")], "below/README.md"),
        (["init", "../other"], f"{tmp_path}/other/README.md"),
        (["strategies", "new", "Mine", "--workspace", str(here)], "strategies/mine.py"),
    ):
        assert f"Written: {told}" in RUNNER.invoke(app, words).output


def test_what_to_do_in_a_new_workspace_is_told_as_its_files_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To be pasted where one stands: a blank is quoted, no step leads to here."""
    here = tmp_path / "here"
    (here / "empty").mkdir(parents=True)
    for start, folder, files, step in (
        (here, "below", "below", "cd below\n"),
        (here, str(here / "whole"), "whole", "cd whole\n"),
        (here, "a b", "a b", "cd 'a b'\n"),
        (here, "../other", f"{tmp_path}/other", f"cd {tmp_path}/other\n"),
        (here / "empty", ".", "", "aftershock run backtests/first.yaml\n"),
    ):
        monkeypatch.chdir(start)
        said = RUNNER.invoke(app, ["init", folder]).output
        assert f"Written: {Path(files) / 'README.md'}\n" in said
        assert f"Next: {step}" in said
