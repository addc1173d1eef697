"""What was run is what is saved and hashed: nothing that decides is left open."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aftershock.cli.running import STEPS
from aftershock.config import load_config
from aftershock.config.other_files import copy_of
from aftershock.errors import ConfigError
from aftershock.results.files import read_table, write_table, write_yaml
from aftershock.run import run
from aftershock.run.choices import choices_of
from aftershock.run.inputs import Inputs, obtain_inputs
from aftershock.run.manifest import make_manifest
from aftershock.run.measuring import study_of
from aftershock.run.planning import plan
from aftershock.sources.sample import SampleSource
from aftershock.store import Store
from tests.run.test_steps import MORNING, inputs_of, write

FACTORS = "date,mkt,smb,hml,rf\n2026-04-21,0.01,0.002,-0.003,0.0001\n"
OWN = '''
from dataclasses import dataclass

from aftershock.strategy import Strategy, TradePlan

WEIGHT = 0.1


@dataclass(frozen=True)
class Own(Strategy):
    """Buy all."""

    def plan(self, news):
        return [TradePlan(e.symbol, weight=WEIGHT) for e in news.exposures]
'''


def repeated(inputs: Inputs) -> Inputs:
    """Read the run's saved config again, from where the run's own was."""
    write_yaml(inputs.config.resolved(), inputs.config.path)
    return inputs_of(inputs.config.path)


def test_news_of_a_day_is_repeated_by_its_saved_config(tmp_path: Path) -> None:
    """Only the day is known, so [0, 1] leads, also from the config that was saved."""
    path = write(tmp_path, ("a", MORNING, "before"))
    events = tmp_path / "events.yaml"
    text = events.read_text().replace(MORNING, "2026-04-22")
    events.write_text(text.replace("exact", "day"))
    inputs = inputs_of(path)
    told = make_manifest(inputs, study_of(inputs), None)
    assert told["study"]["windows"] == [[0, 0], [0, 3], [0, 1]]
    assert told["study"]["headline_window"] == [0, 1]
    assert told["how_to_repeat"] == [
        "copy config.yaml of this folder to one_again.yaml of its workspace",
        "aftershock run one_again.yaml",
    ]
    planned = plan(load_config(path))
    assert planned["windows"] == [[0, 0], [0, 3], [0, 1]]
    assert planned["windows_from"] == ["config", "config", "day_only"]
    assert (planned["headline"], planned["day_only"]) == ([0, 1], ["a"])
    again = repeated(inputs)
    assert again.config.headline_window == (0, 1)
    assert again.digest == inputs.digest
    assert again.config.resolved() == inputs.config.resolved()


def test_check_and_run_both_tell_what_stands_in_for_what(tmp_path: Path) -> None:
    """SOX cannot be traded: it is studied through SOXX."""
    path = write(tmp_path, ("a", MORNING, "before"))
    events = tmp_path / "events.yaml"
    assert "SOXX" not in " ".join(plan(load_config(path))["warnings"])
    events.write_text(events.read_text().replace("symbol: META", "symbol: SOX", 1))
    said = "SOXX stands in for SOX, which cannot be traded"
    inputs = inputs_of(path)
    assert make_manifest(inputs, study_of(inputs), None)["warnings"].count(said) == 1
    assert plan(load_config(path))["warnings"].count(said) == 1


def test_a_repeated_run_is_repeated_by_the_same_name() -> None:
    """Its report, which says how, is then the same to the byte."""
    assert copy_of("backtests/demo") == "backtests/demo_again.yaml"
    assert copy_of("backtests/demo_again") == "backtests/demo_again.yaml"


def test_the_models_own_estimation_is_saved(tmp_path: Path) -> None:
    """`garch` is fitted on [-510, -11] where the config is silent (docs/methods.md)."""
    path = write(tmp_path, ("a", MORNING, "before"))
    asked = ("study.model.name=garch", "study.robustness={}")
    assert plan(load_config(path, asked))["estimation"]["start"] == -510
    inputs = inputs_of(path, *asked)
    assert inputs.config.resolved()["study"]["estimation"]["start"] == -510
    chosen = inputs_of(path, *asked, "study.estimation.start=-300")
    assert chosen.config.study.estimation.start == -300
    assert choices_of(inputs)[0].span == (-510, -11)
    again = repeated(inputs)
    assert again.config.study.estimation.start == -510
    assert again.digest == inputs.digest


def test_donors_have_prices(tmp_path: Path) -> None:
    """What the mix is made of is fetched, though no event names it."""
    path = write(tmp_path, ("a", MORNING, "before"))
    model = "study.model={name: synthetic, donors: [AMD, AVGO]}"
    for asked in ((model,), ("study.model.name=synthetic", "study.donors=[AMD, AVGO]")):
        inputs = inputs_of(path, *asked, "study.placebo.draws=5")
        assert {"AMD", "AVGO"} <= set(inputs.prices.symbols)
    status = study_of(inputs).pairs.set_index("symbol")["status"]
    assert status["META"] == status["CRWV"] == "ok"


def test_prices_reach_as_far_back_as_robustness(tmp_path: Path) -> None:
    """Estimated from -300 on, and 60 sessions of slack: 360 before the event's."""
    path = write(tmp_path, ("a", MORNING, "before"))
    own = "study.estimation={start: -60, end: -11, min_obs: 30}"
    other = "study.robustness={estimations: [[-300, -11]]}"
    news = pd.Timestamp("2026-04-22")
    assert inputs_of(path, own).prices.sessions.get_loc(news) == 2 * 60 + 60
    assert inputs_of(path, own, other).prices.sessions.get_loc(news) == 300 + 60


def test_id_knows_the_factors(tmp_path: Path) -> None:
    """Another return, another id; a line above the header changes nothing."""
    path = write(tmp_path, ("a", MORNING, "before"))
    file = tmp_path / "factors.csv"
    asked = ("study.model.name=ff3", "study.factors.path=factors.csv")
    ids = []
    for text in (FACTORS, f"a remark\n{FACTORS}", FACTORS.replace("0.01", "0.02")):
        file.write_text(text)
        ids.append(inputs_of(path, *asked).digest)
    assert ids[0] == ids[1] != ids[2]


def test_id_knows_all_of_a_strategys_file(tmp_path: Path) -> None:
    """A constant beside the class decides what is traded."""
    path = write(tmp_path, ("a", MORNING, "before"))
    (tmp_path / "strategies").mkdir()
    file, ids = tmp_path / "strategies" / "own.py", set()
    for weight in ("0.1", "0.2"):
        file.write_text(OWN.replace("0.1", weight))
        ids.add(inputs_of(path, "strategies=[{name: Own}]").digest)
    assert len(ids) == 2


def test_the_plan_names_what_the_store_lacks(tmp_path: Path) -> None:
    """Of the market, META, CRWV and XYZ the first two are stored: those are at hand."""
    path = write(tmp_path, ("a", MORNING, "before"))
    had = SampleSource().fetch(["SPY", "META"], None, None)
    store = Store(tmp_path / "data" / "prices")
    store.save(had, pd.Timestamp("2026-08-01", tz="UTC"))
    asked = ["prices.source.name=yahoo", "prices.accept=[CRWV:2026-04-22:flat_bar]"]
    found = plan(load_config(path, asked))
    assert found["without_prices"] == ["CRWV", "XYZ"]
    assert {row["symbol"] for row in found["dropped"]} == {"CRWV", "XYZ"}
    assert found["prices_until"] == "2026-07-31"


@pytest.mark.parametrize(("mode", "lost"), [("keep", 0), ("merge", 1), ("drop", 2)])
def test_the_plan_names_what_overlap_will_drop(
    tmp_path: Path, mode: str, lost: int
) -> None:
    """Two sessions apart over [0, 3]: the plan of a run says what the run does."""
    later = ("b", "2026-04-24T08:00:00-04:00", "unknown")
    more = f", overlap: {mode}"
    path = write(tmp_path, ("a", MORNING, "unknown"), later, more=more)
    rows = pd.DataFrame(plan(load_config(path))["dropped"])
    told = rows[rows["reason"] != "no_prices"]
    assert len(told) == 2 * lost  # META and CRWV
    done = study_of(inputs_of(path)).dropped
    keys = ["event_id", "symbol", "reason"]
    assert set(map(tuple, rows[keys].to_numpy())) == set(
        map(tuple, done[keys].to_numpy())
    )
    own = told["detail"] == "shares sessions with " + told["event_id"]
    assert not own.any()


def test_the_plan_refuses_together_what_the_run_would(tmp_path: Path) -> None:
    """Five keys that only a step of the run would have looked at, in one message."""
    path = write(tmp_path, ("a", MORNING, "before"))
    asked = [
        "report.focus=nobody",
        "study.by=colour",
        "study.model.name=ff3",
        "study.frequency=5min",
        "strategies=[{name: EventDrift}]",
        "sweep={grid: {tresholt: [1, 2]}}",
    ]
    with pytest.raises(ConfigError) as refused:
        plan(load_config(path, asked))
    for told in ("'nobody'", "'colour'", "study.factors", "5min", "'tresholt'"):
        assert told in str(refused.value)


def test_a_label_that_looks_like_a_number_stays_text(tmp_path: Path) -> None:
    """A strategy may be called 5: its rows are found again by that name."""
    (tmp_path / "tables").mkdir()
    table = pd.DataFrame({"strategy": ["5", "007"], "metric": "sharpe", "value": 1.5})
    write_table(table, tmp_path, "metrics")
    back = read_table(tmp_path / "tables" / "metrics.csv")
    assert back["strategy"].tolist() == ["5", "007"]


def test_a_run_tells_its_steps_as_they_begin(tmp_path: Path) -> None:
    """A terminal shows them; without claims and calibration there are five."""
    told: list[str] = []
    said: list[str] = []
    path = write(tmp_path, ("a", MORNING, "before"))
    pages = ["report.pages=[sample_and_data]"]
    made = run(
        path, overrides=pages, formats=["svg"], progress=told.append, told=said.append
    )
    assert said == ["one: 1 event, 4 symbols, 2 windows, 50 placebo draws"]
    assert told == [s for s in STEPS if s not in ("claims", "calibration")]
    assert list(made.manifest["timings"]) == told


LUCK = "by luck on 200 sets of other dates: that may take most of the time"


@pytest.mark.parametrize(
    ("more", "draws", "told"),
    [
        ("", 200, f"1 strategy, tried {LUCK}"),
        (", {name: FadeTheShock}", 200, f"2 strategies, each tried {LUCK}"),
        ("", 0, "1 strategy"),
    ],
)
def test_the_cost_of_luck_is_told_before_it_is_paid(
    tmp_path: Path, more: str, draws: int, told: str
) -> None:
    said: list[str] = []
    path = write(tmp_path, ("a", MORNING, "before"))
    asked = [f"strategies=[{{name: EventDrift}}{more}]", f"luck.draws={draws}"]
    obtain_inputs(load_config(path, asked), told=said.append)
    assert said == [f"one: 1 event, 4 symbols, 2 windows, 50 placebo draws; {told}"]
