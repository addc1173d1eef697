"""``aftershock init``, ``schema``, completion: the first minutes of a new user."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from aftershock.cli import app, main
from aftershock.cli.schemas import MAKERS, schema_of
from aftershock.cli.starting import write_workspace
from aftershock.config import build_strategies, load_config
from aftershock.errors import AftershockError
from aftershock.events import load_catalogue, load_events
from tests.conftest import ROOT

RUNNER = CliRunner()
HEADER = re.compile(r"# yaml-language-server: \$schema=(\S+)")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "mine"
    made = RUNNER.invoke(app, ["init", str(folder)])
    assert made.exit_code == 0, made.output
    return folder


def test_the_event_says_when_it_was_written(tmp_path: Path) -> None:
    """It is the field by which a prediction is known from an account of the past."""
    before = pd.Timestamp.now("UTC").floor("s")
    write_workspace(tmp_path)
    (event,) = load_events([tmp_path / "data" / "events" / "my_events.yaml"]).events
    assert before <= event.recorded_at <= pd.Timestamp.now("UTC")


def test_its_news_was_picked_as_the_catalogue_says(workspace: Path) -> None:
    """It is the shipped event of that morning in fewer words."""
    (event,) = load_events([workspace / "data" / "events" / "my_events.yaml"]).events
    (known,) = load_catalogue().chosen(ids=["meta-compute-report-20260701"]).events
    assert (event.earliest, event.latest) == (known.earliest, known.latest)
    assert event.selected_by == known.selected_by == "move"


@pytest.mark.skipif(shutil.which("git") is None, reason="asks git")
def test_locks_are_no_work_of_a_workspace(workspace: Path, tmp_path: Path) -> None:
    """`events add` leaves one: taken away, it could be held by two at once."""
    locks = ["data/events/.my_events.yaml.lock", "data/.ledger.yaml.lock"]
    names = "\n".join([*locks, "data/events/my_events.yaml"])
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for place in (workspace, ROOT):
        shutil.copy(place / ".gitignore", tmp_path)
        asked = ["git", "check-ignore", "--stdin"]
        found = subprocess.run(
            asked, cwd=tmp_path, input=names, capture_output=True, text=True, check=True
        )
        assert found.stdout.split() == locks


def test_without_a_folder_init_says_how_to_name_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["init"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines() == [
        "Error: aftershock init: no folder is named",
        "  Allowed: a folder that is empty, or is not there yet",
        "  What to do: name it: `aftershock init my_workspace`, or `aftershock init .` "
        "where you stand",
    ]


def test_a_workspace_has_what_a_run_needs(workspace: Path) -> None:
    """The one event on the first session of July 2026, one strategy, the sample."""
    config = load_config(workspace / "backtests" / "first.yaml")
    assert config.prices.source.name == "sample"
    assert config.event_files == (workspace / "data/events/my_events.yaml",)
    assert [type(s).__name__ for s in build_strategies(config).values()] == [
        "FirstIdea"
    ]
    shown = RUNNER.invoke(app, ["check", str(config.path), "--json"])
    plan = json.loads(shown.output)
    assert (plan["events"], plan["sessions"]) == (["my-first-event"], ["2026-07-01"])
    assert "simulated" in (workspace / "backtests" / "first.yaml").read_text()


def test_one_changed_line_asks_yahoo(workspace: Path, tmp_path: Path) -> None:
    text = (workspace / "backtests" / "first.yaml").read_text()
    (line,) = [x for x in text.splitlines() if "source:" in x]
    changed = workspace / "backtests" / "real.yaml"
    changed.write_text(text.replace(line, "  source: {name: yahoo}"))
    assert load_config(changed).prices.source.name == "yahoo"
    changed.unlink()


def test_its_catalogue_is_sound_beside_the_shipped_one(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace)
    shown = RUNNER.invoke(app, ["events", "check"])
    assert shown.exit_code == 0, shown.output
    assert "Nothing is wrong." in shown.output
    texts = [path.read_text() for path in ROOT.glob("data/events/*.yaml")]
    shipped = sum(text.count("\n- id: ") for text in texts)
    assert f" {shipped + 1}, every id used once" in shown.output


def test_every_yaml_names_a_schema_that_is_there_and_accepts_it(
    workspace: Path,
) -> None:
    files = sorted(workspace.rglob("*.yaml"))
    assert len(files) == 2
    for path in files:
        found = HEADER.match(path.read_text())
        assert found is not None
        schema = json.loads((path.parent / found[1]).read_text())
        assert problems_of(plain_yaml(path), schema) == []


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    before = snapshot(tmp_path)
    for place in (tmp_path, tmp_path / "mine.txt"):
        made = RUNNER.invoke(app, ["init", str(place)])
        assert isinstance(made.exception, AftershockError)
        assert made.exception.exit_code == 2
    assert snapshot(tmp_path) == before


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert all(path.is_file() for path in write_workspace(tmp_path))


@pytest.mark.parametrize("there", [True, False])
def test_what_cannot_be_finished_is_taken_away(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full when the schemas are written: the last of all files."""

    def full(_: Path) -> list[Path]:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = tmp_path / "mine"
    if there:
        folder.mkdir()
    monkeypatch.setattr("aftershock.cli.schemas.write_schemas", full)
    with pytest.raises(AftershockError, match="No space left") as told:
        write_workspace(folder)
    assert told.value.exit_code == 2
    assert folder.exists() == there
    assert list(tmp_path.rglob("*")) == ([folder] if there else [])


def plain_yaml(path: Path) -> Any:
    """The file as an editor sees it: JSON's own types, dates as text."""
    return json.loads(json.dumps(YAML(typ="safe").load(path.read_text()), default=str))


def problems_of(value: Any, schema: dict[str, Any]) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema)
    return [error.message[:300] for error in validator.iter_errors(value)]


def shipped() -> Iterator[Any]:
    for kind, pattern in (
        ("config", "backtests/*.yaml"),
        ("events", "data/events/*.yaml"),
        ("events", "data/yardsticks/*.yaml"),
        ("claims", "data/claims/*.yaml"),
        ("baskets", "data/baskets.yaml"),
    ):
        for path in sorted(ROOT.glob(pattern)):
            yield pytest.param(kind, path, id=path.stem)


@pytest.mark.parametrize(("kind", "path"), list(shipped()))
def test_a_schema_accepts_what_is_shipped(kind: str, path: Path) -> None:
    assert problems_of(plain_yaml(path), schema_of(kind)) == []


EVENT = {
    "id": "a",
    "headline": "b",
    "published": "2026-07-01",
    "tags": ["macro"],
    "exposures": [{"symbol": "META", "role": "actor", "expected": 1}],
}
WRONG: list[tuple[str, Any]] = [
    ("config", {"title": "x", "events": {"files": ["a.yaml"]}, "sede": 3}),
    ("config", {"title": "x"}),
    ("events", [{**EVENT, "tags": ["macros"]}]),
    ("events", [{k: v for k, v in EVENT.items() if k != "published"}]),
    ("events", [{**EVENT, "exposures": [{"symbol": "META", "role": "actor"}]}]),
    ("events", [{**EVENT, "headline": "x" * 301}]),
    ("events", [{**EVENT, "headlin": "x"}]),
    ("claims", [{"id": "a", "measure": "arr"}]),
    ("baskets", {"mine": {"rule": "by hand", "members": [{"symbol": "meta"}]}}),
    ("baskets", {"mine": {"members": ["META"]}}),
]


@pytest.mark.parametrize(("kind", "value"), WRONG)
def test_a_schema_refuses_what_a_reader_refuses(kind: str, value: Any) -> None:
    assert problems_of([EVENT], schema_of("events")) == []
    assert problems_of(value, schema_of(kind)) != []


def test_schema_prints_each_kind_and_names_a_mistyped_one() -> None:
    for kind in MAKERS:
        schema = json.loads(RUNNER.invoke(app, ["schema", kind]).output)
        jsonschema.Draft202012Validator.check_schema(schema)
    made = RUNNER.invoke(app, ["schema", "event"])
    assert "Did you mean 'events'?" in str(made.exception)


def completed(shell: str, words: str) -> str:
    env = {
        "_AFTERSHOCK_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
        "_TYPER_COMPLETE_ARGS": words,
    }
    done = subprocess.run(
        [sys.executable, "-m", "aftershock"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **env},
    )
    return done.stdout


def test_a_shell_completes_commands_and_those_of_groups() -> None:
    assert completed("bash", "aftershock ini").split() == ["init"]
    assert "audit" in completed("bash", "aftershock strategies ").split()
    assert '"calibrate"' in completed("zsh", "aftershock cal")


def test_version_is_the_one_of_setup_cfg() -> None:
    (line,) = [
        x
        for x in (ROOT / "setup.cfg").read_text().splitlines()
        if x.startswith("version = ")
    ]
    shown = RUNNER.invoke(app, ["--version"]).output
    assert shown == f"aftershock {line.removeprefix('version = ')}\n"
