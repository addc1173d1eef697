"""The strategies and the model that a config names, built or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aftershock.config import build_model, build_strategies
from aftershock.errors import ConfigError
from tests.config.conftest import load, mistakes


def test_strategies_are_built_by_label(workspace: Path) -> None:
    more = (
        "strategies:\n"
        "- {name: EventDrift, hold: 3}\n"
        "- {name: EventDrift, decide: sessions_after(2)}\n"
        "- {name: ExpectedSign, label: signs}\n"
    )
    built: dict[str, Any] = dict(build_strategies(load(workspace, more)))
    assert list(built) == ["EventDrift", "EventDrift_2", "signs"]
    assert built["EventDrift"].hold == 3
    assert str(built["EventDrift_2"].decide) == "sessions_after(2)"


def test_a_label_that_is_a_column_of_its_table_is_refused(workspace: Path) -> None:
    more = "strategies: [{name: EventDrift, label: benchmark}]\n"
    with pytest.raises(ConfigError, match="label: found 'benchmark'") as caught:
        load(workspace, more)
    assert "another word" in str(caught.value)


def test_a_class_named_as_a_column_needs_a_label(workspace: Path) -> None:
    (workspace / "strategies" / "mine.py").write_text(
        "from dataclasses import dataclass\n"
        "from aftershock.strategy import Strategy\n"
        "@dataclass(frozen=True)\n"
        "class benchmark(Strategy):\n"
        "    def plan(self, news):\n        return []\n"
    )
    with pytest.raises(ConfigError, match="label: found nothing"):
        load(workspace, "strategies: [{name: benchmark}]\n")
    named = load(workspace, "strategies: [{name: benchmark, label: mine}]\n")
    assert named.labels == ("mine",)


def test_a_strategy_that_is_no_dataclass_is_refused(workspace: Path) -> None:
    (workspace / "strategies" / "mine.py").write_text(
        "from aftershock.strategy import Strategy\n"
        "class Plain(Strategy):\n"
        "    def plan(self, news):\n        return []\n"
    )
    with pytest.raises(ConfigError, match="a frozen dataclass"):
        load(workspace, "strategies: [{name: Plain}]\n")


@pytest.mark.parametrize(
    ("grid", "place"),
    [
        ("{lag: [0, -1]}", "sweep.grid.lag"),
        ("{hold: [0]}", "sweep.grid.hold"),
        ("{lag: [1.5]}", "sweep.grid.lag"),
        ("{stop_loss: [null, 0.0]}", "sweep.grid.stop_loss"),
    ],
)
def test_rules_that_no_plan_could_have_are_refused(workspace, grid, place) -> None:
    with pytest.raises(ConfigError, match=place):
        load(
            workspace, f"strategies: [{{name: EventDrift}}]\nsweep: {{grid: {grid}}}\n"
        )


@pytest.mark.parametrize(
    "wrong",
    ["slippage_bps: 10000", "fees_bps: 20000", "slippage_by_symbol: {META: 10000}"],
)
def test_basis_points_leave_something_of_a_price(workspace: Path, wrong: str) -> None:
    with pytest.raises(ConfigError, match="allowed: below 10000"):
        load(workspace, f"account: {{{wrong}}}\n")


def test_a_strategy_of_the_workspace_is_found(workspace: Path) -> None:
    (workspace / "strategies" / "mine.py").write_text(
        "from dataclasses import dataclass\n"
        "from aftershock.strategy import Strategy\n"
        "@dataclass(frozen=True)\n"
        "class Mine(Strategy):\n"
        "    '''Do nothing.'''\n"
        "    def plan(self, news):\n"
        "        return ()\n"
    )
    built = build_strategies(load(workspace, "strategies: [{name: Mine}]\n"))
    assert type(built["Mine"]).__name__ == "Mine"


def test_a_broken_strategy_file_is_named(workspace: Path) -> None:
    (workspace / "strategies" / "broken.py").write_text("x = 1\n1 / 0\n")
    found = mistakes(workspace, "strategies: [{name: EventDrift}]\n")
    assert found[1:] == [
        "  Allowed: a Python file that can be imported",
        "  What to do: mend the file, or move it out of this folder",
    ]
    assert "broken.py:2" in found[0]
    assert "ZeroDivisionError" in found[0]


def test_the_model_is_built(workspace: Path) -> None:
    config = load(workspace, "study: {model: {name: mean}}\n")
    assert build_model(config).name == "mean"
