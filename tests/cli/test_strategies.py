"""``aftershock strategies list`` and ``show``."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from aftershock.cli.strategies import app
from aftershock.errors import StrategyError

RUNNER = CliRunner()


def test_list_names_what_a_config_can_name() -> None:
    rows = json.loads(RUNNER.invoke(app, ["list", "--json"]).output)
    drift = next(row for row in rows if row["name"] == "EventDrift")
    assert drift["parameters"]["hold"] == 5
    assert drift["parameters"]["decide"] == "event_close"
    text = RUNNER.invoke(app, ["list"]).output
    assert "ExpectedSign" in text
    assert "threshold=0.02" in text


def test_show_tells_thesis_and_source() -> None:
    text = RUNNER.invoke(app, ["show", "EventDrift"]).output
    assert "Bernard" in text
    assert "hold = 5" in text
    row = json.loads(RUNNER.invoke(app, ["show", "EventDrift", "--json"]).output)
    assert row["file"].endswith("event_drift.py")


def test_a_misspelt_name_gets_a_suggestion() -> None:
    made = RUNNER.invoke(app, ["show", "EventDrif"])
    assert isinstance(made.exception, StrategyError)
    with pytest.raises(StrategyError, match="Did you mean 'EventDrift'"):
        raise made.exception
