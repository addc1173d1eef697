"""run.json knows what every strategy was set to, by the config or by default."""

from __future__ import annotations

from pathlib import Path

from aftershock.run import manifest
from tests.run.test_steps import MORNING, inputs_of, write


def test_parameters_of_no_config_are_told_too(tmp_path: Path) -> None:
    """EventDrift's file says threshold 0.02, weight 0.10, decided at the event's close.

    Plain values: what is drawn from memory and from run.json must be the same.
    """
    path = write(tmp_path, ("one", MORNING, "after"))
    played = "strategies=[{name: EventDrift, hold: 3, label: Mine}, {name: BuyAndHold}]"
    mine, held = manifest._strategies(inputs_of(path, played))
    assert mine == {
        "label": "Mine",
        "name": "EventDrift",
        "parameters": {
            "hold": 3, "threshold": 0.02, "weight": 0.1, "decide": "event_close",
        },
    }  # fmt: skip
    assert held["parameters"] == {
        "symbols": [], "weight": 1.0, "decide": "publication",
    }  # fmt: skip


def test_a_run_that_trades_nothing_has_no_strategies(tmp_path: Path) -> None:
    path = write(tmp_path, ("one", MORNING, "after"))
    assert manifest._strategies(inputs_of(path)) == []
