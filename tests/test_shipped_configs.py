"""The shipped studies over tags: each loads, chooses its events, and finds prices."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.config import build_strategies, load_config
from aftershock.events.vocabulary import ROLES
from aftershock.run.inputs import choose_events, obtain_inputs
from tests.conftest import ROOT

CHOSEN = {
    "capex_guidance": 18,
    "compute_contracts": 27,
    "compute_supply": 14,
    "customer_turned_competitor": 5,
    "demo": 1,
    "earnings_census": 37,
    "export_control": 7,
    "meta_compute": 1,
    "placebo": 24,
}
"""Events of each, as the catalogue's records count them by tag."""


def test_each_shipped_config_is_counted_here() -> None:
    shipped = {path.stem for path in (ROOT / "backtests").glob("*.yaml")}
    assert {name for name in CHOSEN if name in shipped} == set(CHOSEN)


@pytest.mark.parametrize(("name", "count"), CHOSEN.items())
def test_its_events_and_strategies(name: str, count: int) -> None:
    config = load_config(ROOT / "backtests" / f"{name}.yaml")
    _, events = choose_events(config)
    assert len(events) == count
    assert config.study.tests == "default"
    assert len(build_strategies(config)) >= 1
    if config.report.focus:
        assert events[config.report.focus].id == config.report.focus


@pytest.mark.parametrize("name", CHOSEN)
def test_its_strategies_ask_for_roles_that_its_events_have(name: str) -> None:
    """A strategy that names roles of which no event has any cannot trade."""
    config = load_config(ROOT / "backtests" / f"{name}.yaml")
    _, events = choose_events(config)
    there = {line.role for event in events.events for line in event.exposures}
    for label, strategy in build_strategies(config).items():
        for parameter, value in vars(strategy).items():
            named = set(value) & set(ROLES) if isinstance(value, tuple) else set()
            assert not named or named & there, (label, parameter)


@pytest.mark.realdata
@pytest.mark.parametrize("name", sorted(set(CHOSEN) - {"demo"}))
def test_its_prices_are_found(name: str) -> None:
    """Two pairs in three have prices; the focus is one that has been measured."""
    from tests.conftest import realdata_folder

    folder = realdata_folder() / "prices"
    source = ["prices.source.name=folder", f"prices.source.path={folder}"]
    inputs = obtain_inputs(load_config(ROOT / "backtests" / f"{name}.yaml", source))
    held = inputs.pairs["symbol"].isin(inputs.prices.symbols)
    assert held.mean() > 2 / 3
    assert inputs.focus is not None
    focus = inputs.pairs.loc[inputs.pairs["event_id"] == inputs.focus.id, "session"]
    assert focus.max() < inputs.prices.last_session


@pytest.mark.slow
@pytest.mark.realdata
def test_the_smallest_runs_from_end_to_end(tmp_path: Path) -> None:
    """Five events, of which one shares its session with another."""
    from aftershock.run import run
    from tests.conftest import realdata_folder

    folder = realdata_folder() / "prices"
    result = run(
        ROOT / "backtests" / "customer_turned_competitor.yaml",
        out=tmp_path,
        overrides=["prices.source.name=folder", f"prices.source.path={folder}"],
        formats=["svg"],
    )
    kept = result.tables["pairs"].query("status != 'dropped'")
    assert kept["event_id"].nunique() == 5
    assert kept["session"].nunique() == 4
    traded = set(result.tables["trades"]["strategy"])
    assert {"BeneficiaryVsRival", "EventDrift"} <= traded
