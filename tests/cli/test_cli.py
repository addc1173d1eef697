"""The commands as a user meets them: what they print, write, and exit with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import aftershock.run
from aftershock.cli import main
from aftershock.config import load_config
from tests.conftest import ROOT

DEMO = str(ROOT / "backtests" / "demo.yaml")


class Outcome:
    """Exit code and what was printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def aftershock(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*words: str) -> Outcome:
        with pytest.raises(SystemExit) as end:
            main(words)
        printed = capsys.readouterr()
        code = end.value.code
        assert isinstance(code, int)
        return Outcome(code, printed.out, printed.err)

    return call


def workspace(root: Path, config: str) -> str:
    for folder in ("backtests", "strategies"):
        (root / folder).mkdir()
    path = root / "backtests" / "run.yaml"
    path.write_text(config)
    return str(path)


def test_help_names_every_command(aftershock: Any) -> None:
    shown = aftershock("--help")
    assert shown.code == 0
    commands = ("run", "demo", "check", "report", "schema", "events", "prices")
    assert all(f"  {name}  " in shown.out for name in commands)


@pytest.mark.parametrize("group", ["events", "prices", "strategies"])
def test_groups_have_commands(aftershock: Any, group: str) -> None:
    shown = aftershock(group, "--help")
    assert shown.code == 0
    assert "Commands:" in shown.out


def test_a_mistyped_command_is_suggested(aftershock: Any) -> None:
    shown = aftershock("chekc", DEMO)
    assert shown.code == 2
    assert "check" in shown.err


def test_schema_describes_every_section(aftershock: Any) -> None:
    schema = json.loads(aftershock("schema").out)
    sections = ["title", "events", "prices", "study"]
    assert list(schema["properties"])[:4] == sections
    assert schema["required"] == ["title", "events"]
    assert schema["additionalProperties"] is False


def test_check_prints_the_plan(aftershock: Any) -> None:
    shown = aftershock("check", DEMO)
    assert shown.code == 0
    assert "meta-compute-report-20260701" in shown.out
    assert "2026-07-01" in shown.out
    assert "[-1, 1]" in shown.out


def test_check_as_json(aftershock: Any) -> None:
    plan = json.loads(aftershock("check", DEMO, "--json").out)
    assert plan["events"] == ["meta-compute-report-20260701"]
    assert plan["sessions"] == ["2026-07-01"]
    assert plan["windows"] == [[0, 0], [-1, 1], [0, 5], [0, 10]]


def test_check_says_all_mistakes_in_all_files(aftershock: Any, tmp_path: Path) -> None:
    """A mistake in the config hides neither one in the events nor in a strategy."""
    config = workspace(
        tmp_path, "title: T\nevents: {files: [../events.yaml]}\nsede: 3\n"
    )
    (tmp_path / "events.yaml").write_text("- {id: Not A Slug}\n")
    (tmp_path / "strategies" / "broken.py").write_text("1 / 0\n")
    shown = aftershock("check", config)
    assert (shown.code, shown.out) == (2, "")
    assert "run.yaml:3:1 sede: found 'sede'" in shown.err
    assert "Did you mean 'seed'?" in shown.err
    assert "events.yaml" in shown.err
    assert "broken.py:1" in shown.err
    assert "Traceback" not in shown.err


def test_an_absent_config_is_missing_data(aftershock: Any, tmp_path: Path) -> None:
    for command in ("check", "run"):
        shown = aftershock(command, str(tmp_path / "no.yaml"))
        assert shown.code == 3
        assert shown.err.startswith("Error: ")
        assert "there is no such config" in shown.err


def test_debug_shows_the_traceback_wherever_it_stands(
    aftershock: Any, tmp_path: Path
) -> None:
    config = workspace(tmp_path, "title: T\n")
    for words in (["--debug", "check", config], ["check", config, "--debug"]):
        shown = aftershock(*words)
        assert shown.code == 2
        assert "Traceback" in shown.err
    assert "Traceback" not in aftershock("check", config).err


@pytest.mark.parametrize(
    ("formats", "said"),
    [("pdf,htlm", "Did you mean 'html'?"), ("pfd", "Did you mean 'pdf'?")],
)
def test_formats_are_checked_before_any_work(
    aftershock: Any, formats: str, said: str
) -> None:
    shown = aftershock("run", DEMO, "--format", formats)
    assert shown.code == 2
    assert said in shown.err


def test_a_defect_of_ours_is_a_traceback_and_one(
    aftershock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sys.modules["aftershock.run"], "run", fail)
    shown = aftershock("demo")
    assert shown.code == 1
    assert "ZeroDivisionError" in shown.err


def test_an_interrupt_is_130(aftershock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["aftershock.run"], "run", interrupt)
    shown = aftershock("demo")
    assert (shown.code, "Traceback" in shown.err) == (130, False)


def test_messages_are_not_read_as_markup(aftershock: Any, tmp_path: Path) -> None:
    """A key in square brackets would vanish, were it taken for a style."""
    config = workspace(tmp_path, "title: T\nevents: {files: ['[red]a.yaml']}\n")
    assert "'[red]a.yaml'" in aftershock("check", config).err


def test_demo_leaves_a_run_and_report_draws_it_again(
    aftershock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = aftershock("demo", "--format", "png")
    assert shown.code == 0
    (folder,) = (tmp_path / "reports").glob("demo-????????")
    assert f"Written to reports/{folder.name}" in shown.out
    assert "Sample data" in shown.out
    assert "META" in shown.out
    assert {"run.json", "config.yaml", "tables"} <= {p.name for p in folder.iterdir()}
    again = aftershock(
        "report", str(folder), "--format", "png", "--pages", "days_around"
    )
    assert again.code == 0
    assert all(line.endswith((".png", ".svg")) for line in again.out.split())

    shown = aftershock("report", str(folder), "--pages", "days_arond")
    assert shown.code == 2
    assert "Did you mean 'days_around'?" in shown.err


def test_a_report_of_no_run_is_missing_data(aftershock: Any, tmp_path: Path) -> None:
    shown = aftershock("report", str(tmp_path / "none"))
    assert (shown.code, "Traceback" in shown.err) == (3, False)


def test_the_saved_config_runs_again(aftershock: Any, tmp_path: Path) -> None:
    """The resolved config is a config: what was run can be read back."""
    from ruamel.yaml import YAML

    saved = tmp_path / "again.yaml"
    plain = load_config(DEMO).resolved()
    plain["events"]["files"] = [str(ROOT / "data/events/ai_compute.yaml")]
    with saved.open("w") as file:
        YAML().dump(plain, file)
    assert load_config(saved).resolved() == plain


def test_module_and_command_are_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aftershock", "strategies", "list"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert "EventDrift" in done.stdout
