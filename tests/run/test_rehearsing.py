"""What `check` learns by asking strategies for their plans."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from aftershock.config import load_config
from aftershock.errors import ConfigError, StrategyError
from aftershock.run import rehearsing
from aftershock.run.inputs import obtain_inputs
from aftershock.run.planning import plan
from aftershock.run.trading import backtest_of
from tests.run.test_steps import MORNING, write

MINE = """
from dataclasses import dataclass
from aftershock.strategy import Strategy, TradePlan

ASKED = []


@dataclass(frozen=True)
class Mine(Strategy):
    weight: float = 0.1
    take_profit: float | None = None
    stop_loss: float | None = None
    lag: int = 0

    def plan(self, news):
        ASKED.append(news.event.id)
        for exposure in news.exposures:
            yield TradePlan(
                exposure.symbol,
                weight=self.weight,
                take_profit=self.take_profit,
                stop_loss=self.stop_loss,
                lag=self.lag,
            )
"""


def config(folder: Path, *entries: str, count: int = 1) -> Path:
    """Write a workspace with events of one morning and entries of one strategy."""
    path = write(folder, *[(f"e{n}", MORNING, "before") for n in range(count)])
    (folder / "strategies").mkdir()
    (folder / "strategies" / "mine.py").write_text(MINE)
    listed = "".join(f"  - {{name: Mine, {entry}}}\n" for entry in entries)
    path.write_text(path.read_text() + f"strategies:\n{listed}")
    return path


def test_a_parameter_that_no_plan_can_have(tmp_path: Path) -> None:
    """It stops the run; so `check` names it where it is written, and who asked.

    Line 7 of the config is its entry; 30 letters stand before the value.
    """
    path = config(tmp_path, "take_profit: -0.1, label: bold")
    with pytest.raises(StrategyError) as caught:
        plan(load_config(path))
    error = caught.value
    key = "7:31 strategies.0.take_profit"
    assert error.where == f"{path}:{key}: Mine, event e0, session 2026-04-22"
    place = tmp_path / "strategies" / "mine.py"
    assert error.found.startswith(f"TradePlan of META: take_profit=-0.1 ({place}:")
    assert error.allowed == "a fraction > 0"
    assert "change it there, in the config" in error.do


def test_percent_as_a_short_s_target(tmp_path: Path) -> None:
    path = config(tmp_path, "weight: -0.1, take_profit: 10")
    with pytest.raises(StrategyError, match="take_profit=10") as caught:
        plan(load_config(path))
    assert "below 1 on a short" in caught.value.allowed
    assert caught.value.do.startswith("write it as a fraction: 0.1 is 10 %; change it")


@pytest.mark.parametrize(
    ("entries", "where"),
    [
        # two of one name: the one that gives the value; then another name's value
        (
            ("take_profit: 0.1", "weight: -0.1, take_profit: 3"),
            "8:45 strategies.1.take",
        ),
        (("take_profit: 0.1, weight: 0",), "7:44 strategies.0.weight"),
        (("goal: 2, weight: -0.1",), "7:24 strategies.0.goal"),
    ],
)
def test_a_run_names_the_line_of_the_config_as_check_does(
    tmp_path: Path, entries: tuple[str, ...], where: str
) -> None:
    """`goal` is passed on as the target: the value tells where it was written."""
    path = config(tmp_path, *entries)
    passed = MINE.replace("lag: int = 0", "lag: int = 0\n    goal: float | None = None")
    passed = passed.replace("=self.take_profit", "=self.goal or self.take_profit")
    (tmp_path / "strategies" / "mine.py").write_text(passed)
    loaded = load_config(path)
    for asked in (partial(plan, loaded), lambda: backtest_of(obtain_inputs(loaded))):
        with pytest.raises(StrategyError) as caught:
            asked()
        assert caught.value.where.startswith(f"{path}:{where}")
        assert "Mine, event e0, session 2026-04-22" in caught.value.where


def test_a_default_that_no_plan_can_have_is_the_strategy_s_own(tmp_path: Path) -> None:
    """Nothing in the config is wrong: the file of the strategy is to be mended."""
    path = config(tmp_path, "stop_loss: 0.1")
    mine = tmp_path / "strategies" / "mine.py"
    mine.write_text(MINE.replace("lag: int = 0", "lag: int = -1"))
    with pytest.raises(StrategyError) as caught:
        plan(load_config(path))
    assert caught.value.where == f"{path}: Mine, event e0, session 2026-04-22"
    assert "mend the strategy" in caught.value.do


def test_paths_below_the_working_directory_are_told_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config(tmp_path, "take_profit: -0.1")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StrategyError) as caught:
        plan(load_config(path))
    assert caught.value.where.startswith("one.yaml:7:31 ")
    assert "(strategies/mine.py:" in caught.value.found


def test_every_entry_is_asked(tmp_path: Path) -> None:
    """Two of three are wrong: one error tells of both."""
    path = config(tmp_path, "lag: -1", "lag: 1", "take_profit: 0")
    with pytest.raises(ConfigError) as caught:
        plan(load_config(path))
    assert "one.yaml:7:23 strategies.0.lag: Mine, event e0" in str(caught.value)
    assert "one.yaml:9:31 strategies.2.take_profit: Mine, event" in str(caught.value)
    assert "strategies.1" not in str(caught.value)


def test_what_can_be_meant_is_a_plan(tmp_path: Path) -> None:
    found = plan(load_config(config(tmp_path, "take_profit: 0.1")))
    assert found["strategies"] == ["Mine"]
    assert found["warnings"] == []


def test_of_many_events_some_are_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of five, where two may be asked about, every third from the first."""
    monkeypatch.setattr(rehearsing, "MOST_ASKED", 2)
    plan(load_config(config(tmp_path, "lag: 0", count=5)))
    assert sys.modules["aftershock_user_strategies_mine"].ASKED == ["e0", "e3"]


def test_without_prices_names_of_rules_are_compared(tmp_path: Path) -> None:
    """Nothing is downloaded: an empty store has no price that could be asked about."""
    path = config(tmp_path, "take_profit: -0.1, lag: 2")
    loaded = load_config(path, ["prices.source={name: yahoo}"])
    told = plan(loaded)["warnings"]
    assert "Mine: take_profit is -0.1; a plan takes a fraction > 0" in told
    assert not any("lag" in line for line in told)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("take_profit: 10", "10, that is 1000 %; a plan takes a fraction above 0 and"),
        ("stop_loss: 2.5", "2.5, that is 250 %; a plan takes a fraction above 0 and"),
        ("take_profit: 0.1", ""),
        ("stop_loss: 0.99", ""),
    ],
)
def test_without_prices_a_rule_of_one_side_is_told(
    tmp_path: Path, rule: str, told: str
) -> None:
    """A short cannot gain 100 %, a long not lose it; which it is nobody knows yet."""
    path = config(tmp_path, rule)
    warnings = plan(load_config(path, ["prices.source={name: yahoo}"]))["warnings"]
    name = rule.partition(":")[0]
    found = [line for line in warnings if line.startswith("Mine: ")]
    assert [line.startswith(f"Mine: {name} is {told}") for line in found] == (
        [True] * bool(told)
    )


def test_without_prices_it_is_told_that_nobody_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the command that stores what a run needs: the market and three symbols.

    It says from when on: 2 x 250 sessions and 60 more before 2026-04-22, a little over
    two years. Elsewhere than in the workspace it names the store, too.
    """
    loaded = load_config(config(tmp_path, "lag: 1"), ["prices.source={name: yahoo}"])
    monkeypatch.chdir(tmp_path)
    first, second = plan(loaded)["warnings"]
    command = "`aftershock prices fetch SPY CRWV META XYZ --start 2024-01-"
    assert command in first and "--store" not in first
    assert second.startswith("no strategy is asked for its plans before there are")
    monkeypatch.chdir("/")
    assert f"--store {tmp_path}/data/prices`" in plan(loaded)["warnings"][0]


def test_with_some_prices_stored_a_strategy_without_plans_is_not_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the market is there: what to make of META nobody can know."""
    path = config(tmp_path, "take_profit: 10")
    mine = tmp_path / "strategies" / "mine.py"
    held = "if abs(news.abnormal_return(exposure.symbol)) >= 0:\n                yield "
    mine.write_text(MINE.replace("yield ", held))
    monkeypatch.setattr("aftershock.sources.sample.SampleSource.remote", True)
    monkeypatch.setattr(
        "aftershock.store.Store.best", lambda self, symbol, as_of=None: symbol == "SPY"
    )
    monkeypatch.setattr("aftershock.store.obtain", _from_the_sample)
    told = plan(load_config(path))["warnings"]
    assert "Mine: nothing is planned with those prices that are stored so far" in told
    assert any("take_profit is 10, that is 1000 %" in line for line in told)


def test_where_prices_lack_a_failure_is_told_and_not_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is still to be fetched may be why: XYZ has no price here."""
    path = config(tmp_path, "take_profit: -0.1")
    monkeypatch.setattr("aftershock.sources.sample.SampleSource.remote", True)
    monkeypatch.setattr(
        "aftershock.store.Store.best", lambda self, symbol, as_of=None: symbol != "XYZ"
    )
    monkeypatch.setattr("aftershock.store.obtain", _from_the_sample)
    told = plan(load_config(path))["warnings"]
    assert any("take_profit=-0.1" in line and "Mine" in line for line in told)


def _from_the_sample(source, symbols, start, end, **_):
    """What a store would have had of the sample."""
    return source.fetch(symbols, start, end)


def test_what_can_hardly_be_meant_is_told(tmp_path: Path) -> None:
    """Ten accounts for each of two symbols: well-formed, but not done as written."""
    (line,) = plan(load_config(config(tmp_path, "weight: 10")))["warnings"]
    assert line.startswith("Mine: 2 of 2 plans ask for a weight of up to 10")


def test_a_plan_without_prices_is_told_of_unless_they_are_awaited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """META and ZZZ on each of two events; META's prices are still to be fetched."""
    path = config(tmp_path, "lag: 0", count=2)
    both = MINE.replace("in news.exposures:", 'in ("META", "ZZZ"):')
    both = both.replace("exposure.symbol", "exposure")
    (tmp_path / "strategies" / "mine.py").write_text(both)
    said = "Mine: 2 of 4 plans, on 2 events, are for ZZZ, which has no prices here"
    told = plan(load_config(path))["warnings"]
    assert [line for line in told if line.startswith("Mine")] == [
        f"{said}, and cannot fill"
    ]
    monkeypatch.setattr("aftershock.sources.sample.SampleSource.remote", True)
    monkeypatch.setattr(
        "aftershock.store.Store.best", lambda self, symbol, as_of=None: symbol == "SPY"
    )
    monkeypatch.setattr("aftershock.store.obtain", _from_the_sample)
    told = plan(load_config(path))["warnings"]
    assert [line for line in told if "which has no prices" in line] == [
        f"{said}, and cannot fill"
    ]
