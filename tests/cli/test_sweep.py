"""``aftershock sweep``: the folder, the table, what is printed, what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.errors import ConfigError
from aftershock.results import RunResult
from tests.run.test_steps import EVENT

RUNNER = CliRunner()
CONFIG = """
title: A sweep
events: {files: [events.yaml]}
prices: {source: {name: sample}}
study: {windows: [[0, 0]], placebo: {draws: 20}}
strategies: [{name: EventDrift}, {name: ExpectedSign}]
sweep: {grid: {hold: [1, 3], stop_loss: [null, 0.05]}, folds: 2}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Four events on the sample's prices."""
    days = ("04-08", "04-21", "05-12", "06-02")
    text = "".join(
        EVENT.format(id=f"e{day}", published=f"2026-{day}T08:00:00-04:00",
                     declared="before")
        for day in days
    )  # fmt: skip
    (tmp_path / "events.yaml").write_text(text)
    path = tmp_path / "grid.yaml"
    path.write_text(CONFIG)
    return path


def test_a_sweep_leaves_its_tables_and_its_page(config: Path, tmp_path: Path) -> None:
    made = RUNNER.invoke(app, ["sweep", str(config), "--out", str(tmp_path / "out")])
    assert made.exit_code == 0, made.output
    assert "EventDrift: 4 settings, by Sharpe ratio\n" in made.output
    assert "Sample data: simulated" in made.output
    assert "beats luck: probability that the true Sharpe ratio is above" in made.output
    assert "Chosen on past events only and traded on the next, " in made.output
    (folder,) = (tmp_path / "out").iterdir()
    result = RunResult.load(folder)
    swept, chosen = result.tables["sweep"], result.tables["walk_forward"]
    assert list(swept["strategy"]) == ["EventDrift"] * 4 + ["ExpectedSign"] * 4
    assert {"hold", "stop_loss", "sharpe", "deflated_sharpe"} <= set(swept)
    assert swept["same_trades"].between(1, 4).all()
    assert list(chosen["fold"].astype(str)) == ["1", "out of sample"] * 2
    assert (folder / "figures" / "sweep-2.png").is_file()


def test_events_that_are_not_asked_about_are_told(config: Path, tmp_path: Path) -> None:
    """The sample ends soon after the events: 99 sessions later there is no price."""
    late = "strategies=[{name: EventDrift, decide: sessions_after(99)}]"
    asked = ["--set", late, "--set", "sweep.folds=2"]
    said = (
        "EventDrift: 4 of 4 events are not asked about (decided on after the last "
        "price: e04-08"
    )
    checked = RUNNER.invoke(app, ["check", str(config), *asked])
    assert said in checked.output
    out = ["--out", str(tmp_path / "out"), "--set", "report.formats=[png]"]
    made = RUNNER.invoke(app, ["sweep", str(config), *asked, *out])
    assert f"Warning: {said}" in made.output


def test_settings_with_the_same_trades_are_told(config: Path, tmp_path: Path) -> None:
    """No price halves in three sessions: a stop of 0.9 is never hit."""
    grid = "sweep.grid={hold: [1, 3], stop_loss: [null, 0.9]}"
    out = ["--out", str(tmp_path / "out"), "--set", "report.formats=[html]"]
    made = RUNNER.invoke(app, ["sweep", str(config), "--set", grid, *out])
    line = "stop loss made no difference: none and 0.9 made the same trades"
    assert f"Warning: EventDrift and ExpectedSign: {line}" in made.output
    assert "nan" not in made.output
    (folder,) = (tmp_path / "out").iterdir()
    result = RunResult.load(folder)
    assert any(line in told for told in result.manifest["warnings"])
    page = " ".join((folder / "report.html").read_text(encoding="utf-8").split())
    assert line.capitalize() in page


def test_a_past_without_a_trade_chose_nothing(config: Path, tmp_path: Path) -> None:
    """The first two events expect nothing: of two blocks the first trades nothing."""
    path = tmp_path / "events.yaml"
    first, second, *later = path.read_text().split("- id:")[1:]
    bare = [re.sub(r"expected: [+-]1", "expected: 0", part) for part in (first, second)]
    path.write_text("".join(f"- id:{part}" for part in [*bare, *later]))
    only = ["--set", "strategies=[{name: ExpectedSign}]"]
    out = ["--out", str(tmp_path / "out"), "--set", "report.formats=[html]"]
    made = RUNNER.invoke(app, ["sweep", str(config), *only, *out])
    told = (
        "The past had no trade to choose by in 1 of 1 blocks: the first setting of the "
        "grid was traded. Its "
    )
    assert told in made.output
    assert "Chosen on" not in made.output
    (folder,) = (tmp_path / "out").iterdir()
    assert f"Report: {folder / 'report.html'}" in made.output
    page = " ".join((folder / "report.html").read_text(encoding="utf-8").split())
    assert told in page and "Chosen on" not in page


def test_labels_that_the_grid_makes_one_are_told(config: Path, tmp_path: Path) -> None:
    """They differ in hold alone, and the grid sets it."""
    two = "[{name: EventDrift}, {name: EventDrift, hold: 9, label: patient}]"
    out = ["--out", str(tmp_path / "out"), "--set", "report.formats=[html]"]
    asked = ["--set", f"strategies={two}", *out]
    made = RUNNER.invoke(app, ["sweep", str(config), *asked])
    told = (
        "EventDrift and patient brought the same in every setting: the grid sets hold, "
        "in which alone they differ"
    )
    assert f"Warning: {told}" in made.output
    (folder,) = (tmp_path / "out").iterdir()
    page = " ".join((folder / "report.html").read_text(encoding="utf-8").split())
    assert page.count(f"{told}.") >= 2


def test_json_is_the_table(config: Path, tmp_path: Path) -> None:
    made = RUNNER.invoke(
        app, ["sweep", str(config), "--out", str(tmp_path / "out"), "--json"]
    )
    rows = json.loads(made.output)
    assert len(rows) == 8
    assert rows[0]["hold"] == 1 and rows[0]["stop_loss"] is None


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("sweep=null", "no grid"),
        ("strategies=[]", "no strategy"),
        ("sweep.grid={holds: [1]}", "Did you mean 'hold'"),
    ],
)
def test_what_cannot_be_swept(config: Path, setting: str, said: str) -> None:
    made = RUNNER.invoke(app, ["sweep", str(config), "--set", setting])
    assert isinstance(made.exception, ConfigError)
    assert said in str(made.exception)
    assert not (config.parent / "reports").exists()


@pytest.mark.slow
def test_the_ladder_has_a_rung_for_settings_chosen_on_the_past(
    config: Path, tmp_path: Path
) -> None:
    from aftershock import run

    one_page = ["report.pages=[sample_and_data]"]
    result = run(config, out=tmp_path / "out", overrides=one_page, formats=["png"])
    ladder = result.tables["ladder"]
    assert ladder.loc[ladder["strategy"] == "EventDrift", "rung"].tolist() == [
        1, 2, 3, 4, 5,
    ]  # fmt: skip
