"""``aftershock strategies``: list, show, new, audit."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from ruamel.yaml import YAML
from typer.testing import CliRunner

from aftershock.cli import starting
from aftershock.cli.scaffold import write_scaffold
from aftershock.cli.strategies import app
from aftershock.errors import DataUnavailable, StrategyError
from tests.run.test_steps import EVENT

RUNNER = CliRunner()
ROOT = Path(__file__).parents[2]


def test_list_names_what_a_config_can_name() -> None:
    rows = json.loads(RUNNER.invoke(app, ["list", "--json"]).output)
    drift = next(row for row in rows if row["name"] == "EventDrift")
    assert drift["parameters"]["hold"] == 5
    assert drift["parameters"]["decide"] == "event_close"
    text = RUNNER.invoke(app, ["list"]).output
    assert "ExpectedSign" in text and "threshold=0.02" in text


def test_a_misspelt_name_gets_a_suggestion() -> None:
    made = RUNNER.invoke(app, ["show", "EventDrif"])
    assert isinstance(made.exception, StrategyError)
    with pytest.raises(StrategyError, match="Did you mean 'EventDrift'"):
        raise made.exception


CONFIG = """
title: An audit
events: {files: [events.yaml]}
prices: {source: {name: sample}}
strategies: [{name: Mine, weight: 0.3}]
"""
SAMPLE = "market SPY; prices: sample, simulated"
MINE = """
from dataclasses import dataclass
from aftershock.strategy import Strategy, TradePlan

SEEN = []


@dataclass(frozen=True)
class Mine(Strategy):
    weight: float = 0.1

    def plan(self, news):
        SEEN.append(news.event.id)
        yield TradePlan("META", weight=self.weight EXTRA, hold=2)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A config of two events, and a strategies folder."""
    (tmp_path / "events.yaml").write_text(
        "".join(
            EVENT.format(
                id=f"e{day}",
                published=f"2026-04-{day}T08:00:00-04:00",
                declared="before",
            )
            for day in (21, 28)
        )
    )
    (tmp_path / "strategies").mkdir()
    (tmp_path / "backtests").mkdir()
    (tmp_path / "backtests" / "one.yaml").write_text(
        CONFIG.replace("events.yaml", "../events.yaml")
    )
    return tmp_path


def audited(workspace: Path, extra: str, *more: str) -> Result:
    """Write the strategy and audit it."""
    file = workspace / "strategies" / "mine.py"
    file.write_text(MINE.replace(" EXTRA", extra))
    config = str(workspace / "backtests" / "one.yaml")
    return RUNNER.invoke(app, ["audit", str(file), "--config", config, *more])


def test_a_sound_file_passes_the_audit(workspace: Path) -> None:
    made = audited(workspace, "")
    assert made.exit_code == 0, made.output
    config = workspace / "backtests" / "one.yaml"
    assert made.output.splitlines() == [
        f"Events of {config}: e21 and e28",
        f"Symbols: META, CRWV and XYZ; no prices of XYZ; {SAMPLE}",
        "Mine: 2 plan(s) for 2 event(s); none depends on what was not known",
    ]


def test_every_entry_of_a_config_is_audited(workspace: Path) -> None:
    """One strategy with two weights: each entry is asked, and told by its label."""
    config = workspace / "backtests" / "one.yaml"
    two = "{name: Mine}, {name: Mine, weight: 0.2, label: twice}"
    config.write_text(config.read_text().replace("{name: Mine, weight: 0.3}", two))
    lines = audited(workspace, "").output.splitlines()[2:]
    assert [line.partition(":")[0] for line in lines] == ["Mine", "twice"]


def test_a_leak_is_named_with_strategy_event_and_field(workspace: Path) -> None:
    """Weights grow with every event asked: in reverse the second has the first's."""
    made = audited(workspace, " + 0.1 * len(SEEN)")
    assert made.exit_code == 2
    assert "Mine, event e21, weight: " in made.output
    (report,) = json.loads(audited(workspace, " + len(SEEN)", "--json").output)
    assert report["leaks"][0]["field"] == "weight"


def test_several_files_and_what_an_import_does(workspace: Path) -> None:
    """The second file writes over a method when it is imported: named, and undone."""
    from aftershock.strategy import NewsView

    before = NewsView.beta
    audited(workspace, "")
    first = workspace / "strategies" / "mine.py"
    second = workspace / "strategies" / "other.py"
    text = MINE.replace(" EXTRA", "").replace("Mine", "Other")
    change = "from aftershock.strategy import NewsView\n"
    second.write_text(f"{change}NewsView.beta = lambda view, symbol: 9.0\n{text}")
    config = str(workspace / "backtests" / "one.yaml")
    made = RUNNER.invoke(
        app, ["audit", str(first), str(second), "--config", config, "--json"]
    )
    assert made.exit_code == 2, made.output
    mine, other = json.loads(made.output)
    assert (mine["strategy"], mine["leaks"]) == ("Mine", [])
    told = {leak["detail"] for leak in other["leaks"]}
    assert "aftershock.strategy.view.NewsView.beta, on import" in told
    assert NewsView.beta is before


@pytest.mark.slow
def test_without_a_config_every_shipped_event_is_asked_about() -> None:
    """What is drawn by id is worth a look, and no leak."""
    file = ROOT / "strategies" / "random_dates.py"
    made = RUNNER.invoke(app, ["audit", str(file)])
    assert made.exit_code == 0, made.output
    assert "All shipped events: " in made.output and "none depends" in made.output
    assert "to look at: RandomDates, event " in made.output
    assert "lag: events under other ids" in made.output


def test_a_file_without_a_strategy_cannot_be_audited(workspace: Path) -> None:
    file, config = workspace / "none.py", workspace / "backtests" / "one.yaml"
    made = RUNNER.invoke(app, ["audit", str(file), "--config", str(config)])
    assert isinstance(made.exception, DataUnavailable)
    file.write_text("X = 1\n")
    made = RUNNER.invoke(app, ["audit", str(file), "--config", str(config)])
    assert isinstance(made.exception, StrategyError)


@pytest.mark.slow
def test_the_scaffold_works_and_its_test_passes(tmp_path: Path) -> None:
    made = RUNNER.invoke(app, ["new", "FollowTheLeader", "--workspace", str(tmp_path)])
    assert made.exit_code == 0, made.output
    strategy = tmp_path / "strategies" / "follow_the_leader.py"
    test = tmp_path / "tests" / "test_follow_the_leader.py"
    assert strategy.is_file() and str(test) in made.output
    assert f"aftershock strategies audit {strategy} --config" in made.output
    assert f"\npython -m pytest {test}\n" in made.output
    assert "pip install" not in made.output
    listed = RUNNER.invoke(app, ["list", "--workspace", str(tmp_path)]).output
    assert "FollowTheLeader  A beginning: buys what rose on the news." in listed
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    ran = subprocess.run(
        list(map(str, command)),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ran.returncode == 0 and "2 passed" in ran.stdout, ran.stdout


def test_where_pytest_lacks_it_is_to_be_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aftershock.cli.scaffold.find_spec", lambda name: None)
    made = RUNNER.invoke(app, ["new", "Mine", "--workspace", str(tmp_path)])
    first, second = made.output.splitlines()[3:5]
    assert first == "python -m pip install pytest"
    assert second == f"python -m pytest {tmp_path / 'tests' / 'test_mine.py'}"


LONG = "if news.abnormal_return(exposure.symbol) > self.threshold:"
SIZE = "weight=self.weight,"
TESTS = ("test_its_plans_can_be_traded", "test_it_plans_from_what_was_known")


@pytest.mark.parametrize(
    ("changes", "fails"),
    [
        ({LONG: LONG.replace(">", "<"), SIZE: "weight=-self.weight,"}, {}),
        ({LONG: LONG.replace("self.threshold", "9.0")}, {0: "it plans nothing here"}),
        ({"TradePlan(exposure.symbol": 'TradePlan("QQQ"'}, {0: "{'QQQ'}"}),
        ({SIZE: "weight=-self.weight, take_profit=10,"}, {0: "below 1", 1: "below 1"}),
        ({SIZE: "weight=random.uniform(0.01, 0.1),"}, {1: "other random numbers"}),
        ({"for exposure": "SEEN.append(1); w = 0.01 * len(SEEN)\n        for exposure",
          SIZE: "weight=w,"}, {1: "the same in all"}),
    ],
)  # fmt: skip
def test_a_scaffolded_test_holds_for_any_strategy_and_can_fail(
    tmp_path: Path, changes: dict[str, str], fails: dict[int, str]
) -> None:
    """A short passes; what plans nothing, by chance or from memory does not."""
    strategy, test = write_scaffold("Mine", tmp_path, set())
    text = strategy.read_text()
    for old, new in changes.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    top = "from dataclasses import dataclass"
    strategy.write_text(text.replace(top, f"import random\n{top}\n\nSEEN = []\n", 1))
    found = runpy.run_path(str(test))
    for place, name in enumerate(TESTS):
        if place not in fails:
            found[name]()
            continue
        with pytest.raises((AssertionError, StrategyError)) as caught:
            found[name]()
        assert fails[place] in str(caught.value)


def test_the_scaffolded_test_holds_for_the_strategy_of_the_readme(
    tmp_path: Path,
) -> None:
    """It plans of rivals alone that fell 8 %: CRWV 14 % and NBIS 17 % by the press."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (text,) = re.findall(
        r"(?s)title=\"strategies/buy_the_rivals.py\"\n(.*?)```", readme
    )
    strategy, test = write_scaffold("BuyTheRivals", tmp_path, set())
    strategy.write_text(text)
    found = runpy.run_path(str(test))
    for name in TESTS:
        found[name]()
    strategy.write_text(text.replace("supplier-competitor", "victim"))
    with pytest.raises(AssertionError, match="it plans nothing here"):
        runpy.run_path(str(test))[TESTS[0]]()


def test_the_scaffolded_test_asks_about_the_event_of_a_new_workspace(
    tmp_path: Path,
) -> None:
    """Every symbol with its role and sign, as `init` writes it."""
    _, test = write_scaffold("Mine", tmp_path, set())
    asked = runpy.run_path(str(test))["EVENTS"]
    record = starting.EVENTS.format(schema="", url="u", now="2026-07-02")
    exposures = YAML(typ="safe").load(record)[0]["exposures"]
    assert asked[["symbol", "role", "expected"]].to_dict("records") == [
        {key: row[key] for key in ("symbol", "role", "expected")} for row in exposures
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("EventDrift", "named 'EventDrift' already"),
        ("follow me", "no name of a class"),
        ("../Evil", "no name of a class"),
    ],
)
def test_a_name_that_cannot_be_writes_nothing(tmp_path, name: str, said: str) -> None:
    made = RUNNER.invoke(app, ["new", name, "--workspace", str(tmp_path)])
    assert isinstance(made.exception, StrategyError)
    assert said in str(made.exception)
    assert not list(tmp_path.iterdir())


def test_a_file_of_ones_own_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_mine.py").write_text("")
    made = RUNNER.invoke(app, ["new", "Mine", "--workspace", str(tmp_path)])
    assert isinstance(made.exception, StrategyError)
    assert not (tmp_path / "strategies").exists()
