"""``check`` on a config that is wrong: what it says beside that is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.cli import main
from aftershock.registry import shipped

EVENT = """\
- id: own
  headline: A deal
  published: 2026-07-01T08:00:00-04:00
  tags: [compute-contract]
  exposures: [{basket: mine, role: customer, expected: +1}]
"""
SHIPPED = shipped("data")
BASKETS = "mine: {name: Mine, rule: what I hold, members: [META]}\n"
CONFIG = "title: A run\nevents: {files: [../data/events/own.yaml]}\n"


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("backtests", "data/events", "strategies"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data/events/own.yaml").write_text(EVENT, encoding="utf-8")
    (tmp_path / "data/baskets.yaml").write_text(BASKETS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], more: str) -> str:
    """Return what `check` says of the config with more keys; it is refused."""
    Path("backtests/run.yaml").write_text(CONFIG + more, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["check", "backtests/run.yaml"])
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_a_basket_of_the_workspace_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "sede: 1\n")
    assert "found 'sede'" in told
    assert "unknown basket" not in told


HEAD = """\
from __future__ import annotations
from dataclasses import dataclass
from typing import TYPE_CHECKING
import numpy as np
from aftershock.strategy import Strategy
if TYPE_CHECKING:
    from aftershock.prices import PricePanel

@dataclass(frozen=True)
class Own(Strategy):
    hold: int = 5
    {field} = None

    def plan(self, news):
        return []
"""


@pytest.mark.parametrize(
    ("field", "key", "told"),
    [
        (
            "panel: PricePanel",
            "hold: 3",
            "strategies.0.name: found Own, whose field 'panel' names 'PricePanel', "
            "which is not there",
        ),
        (
            "grid: np.ndarray",
            "grid: [1]",
            "strategies.0.grid: found [1], allowed: no value of a config: 'grid' of "
            "Own is a ndarray",
        ),
    ],
)
def test_a_field_of_a_kind_that_no_config_holds_is_named(
    capsys: pytest.CaptureFixture[str], field: str, key: str, told: str
) -> None:
    text = HEAD.replace("{field}", field)
    Path("strategies/own.py").write_text(text, encoding="utf-8")
    said_of_it = said(capsys, f"strategies: [{{name: Own, {key}}}]\n")
    assert told in said_of_it
    assert "Traceback" not in said_of_it


@pytest.mark.parametrize(
    ("text", "told", "do"),
    [
        (EVENT, "this is a file of events", "events check mine.yaml"),
        (
            "- {id: a, said_by: x}\n",
            "this is a file of claims",
            "claims list mine.yaml",
        ),
        ("- a\n", "the file does not hold keys", ""),
        (SHIPPED / "baskets.yaml", "this is a file of baskets", "events check"),
        (SHIPPED / "instruments.yaml", "this is a file of instruments", "events check"),
        (SHIPPED / "borrow.yaml", "this is a file of borrow rates", ""),
        (
            SHIPPED / "tag_rules.yaml",
            "this is a file of rules of tags",
            'events tags "HEADLINE"',
        ),
    ],
)
def test_a_file_of_another_kind_is_told_once_by_its_name(
    text: str | Path, told: str, do: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One message of three lines: what was found, what is allowed, what to do."""
    if isinstance(text, Path):
        text = text.read_text(encoding="utf-8")
    Path("mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["check", "mine.yaml"])
    assert ended.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert told in lines[0]
    assert (f"`aftershock {do}`" in lines[2]) == bool(do)


def test_a_table_is_no_config(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.csv").write_text("id,headline\na,b: c\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["check", "mine.csv"])
    first, *_, do = capsys.readouterr().err.splitlines()
    assert first == "Error: mine.csv: this is a table, not a config"
    assert "`aftershock events check mine.csv` reads a table of events" in do


def test_the_record_of_a_run_is_no_config(capsys: pytest.CaptureFixture[str]) -> None:
    """The committed one shares title, prices and study with a config."""
    record = Path(__file__).parents[2] / "reports" / "sample" / "run.json"
    Path("run.json").write_text(record.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["check", "run.json"])
    first, _, do = capsys.readouterr().err.splitlines()
    assert first == "Error: run.json: this is the record of a run, not a config"
    assert do.startswith(
        "  What to do: copy config.yaml beside it to backtests/NAME.yaml"
    )


@pytest.mark.parametrize("command", ["check", "run"])
def test_the_settings_that_a_run_saved_are_to_be_copied(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its shipped events would be found; its workspace and prices would be others."""
    folder = Path("reports/mine-1a2b3c4d")
    folder.mkdir(parents=True)
    text = "title: T\nevents: {files: [../data/events/ai_compute.yaml]}\n"
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    (folder / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main([command, "reports/mine-1a2b3c4d/config.yaml"])
    assert ended.value.code == 2
    first, _, do = capsys.readouterr().err.splitlines()
    assert "this is the record of a run" in first
    copy = "backtests/mine_again.yaml"
    assert do == f"  What to do: copy it to {copy} of its workspace, and name that"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("report.PDF", "a report"), ("days_around.png", "a picture"),
     ("event_drift.py", "Python code"), ("README.md", "a text in Markdown")],
)  # fmt: skip
def test_other_files_are_known_by_their_names(
    name: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """None was meant to be YAML: advice on its quotes or letters would mislead."""
    Path(name).write_bytes(b"\x89\x00: {")
    with pytest.raises(SystemExit):
        main(["check", name])
    first = capsys.readouterr().err.splitlines()[0]
    assert first == f"Error: {name}: this is {kind}, not a config"


def test_a_wrong_basket_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Events and claims both read the baskets."""
    Path("data/baskets.yaml").write_text("mine:\n  members: [{symbol: META}]\n")
    told = said(capsys, "")
    assert told.count("states no membership rule") == 1


def test_a_file_that_is_no_python_is_told_as_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its line and what stands there; nothing of the keys of a config."""
    Path("strategies/bad.py").write_text("x = 1\ny = x +\n", encoding="utf-8")
    assert said(capsys, "strategies: [{name: EventDrift}]\n") == (
        "Error: strategies/bad.py:2: importing the file failed: SyntaxError: invalid "
        "syntax: `y = x +`\n"
        "  Allowed: a Python file that can be imported\n"
        "  What to do: mend the file, or move it out of this folder\n"
    )
    told = said(capsys, "strategies: [{name: EventDrift}]\nsede: 1\n")
    assert told.count("importing the file failed") == 1
    assert "found 'sede'" in told
    assert "aftershock schema" not in told


def test_a_focus_that_is_not_chosen_hides_no_strategy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is the config's mistake, at its own line; the negative hold is told beside."""
    told = said(
        capsys,
        "prices: {source: {name: sample}}\n"
        "strategies: [{name: EventDrift, hold: -3, threshold: 0.0}]\n"
        "report:\n  focus: onw\n",
    )
    assert "run.yaml:6:" in told
    assert "report.focus: 'onw' Did you mean 'own'?" in told
    assert "an event that is chosen: own" in told
    assert "-3" in told and "run.yaml:4:" in told
    assert "events check" not in told
