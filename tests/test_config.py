"""Configs: defaults, paths, overrides, and every mistake with its place."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from aftershock.config import (
    RunConfig,
    build_account,
    build_model,
    build_source,
    build_strategies,
    load_config,
)
from aftershock.errors import AftershockError, ConfigError, DataUnavailable
from aftershock.fills import Account
from tests.conftest import ROOT

EVENTS = "- id: nothing-is-read-here\n"
SHORT = "title: A run\nevents: {files: [../data/events/a.yaml]}\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for folder in ("backtests", "data/events", "strategies"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("a", "b"):
        (tmp_path / "data/events" / f"{name}.yaml").write_text(EVENTS)
    return tmp_path


def write(workspace: Path, text: str, name: str = "run.yaml") -> Path:
    path = workspace / "backtests" / name
    path.write_text(text, encoding="utf-8")
    return path


def load(workspace: Path, more: str = "", *overrides: str) -> RunConfig:
    return load_config(write(workspace, SHORT + more), overrides)


def mistakes(workspace: Path, more: str, *overrides: str) -> list[str]:
    """Return the lines of the error, each without the folder of the file."""
    with pytest.raises(AftershockError) as caught:
        load(workspace, more, *overrides)
    folder = f"{workspace / 'backtests'}/"
    lines = str(caught.value).replace(folder, "").splitlines()
    return lines[1:] if "mistakes in the config" in lines[0] else lines


# Defaults and paths ------------------------------------------------------------------


def test_two_keys_make_a_config(workspace: Path) -> None:
    """The defaults are those of the manual, typed here by hand."""
    config = load(workspace)
    study = config.study
    estimation = study.estimation
    assert (config.name, config.workspace) == ("run", workspace)
    assert config.prices.source.name == "yahoo"
    assert (config.events.overlap, config.events.policy) == ("keep", "next")
    assert (study.market, study.model.name, study.tests) == ("SPY", "market", "default")
    assert (estimation.start, estimation.end, estimation.min_obs) == (-250, -11, 60)
    assert (estimation.before, estimation.exclude_events) == (None, False)
    assert study.windows == ((0, 0), (-1, 1), (0, 5), (0, 10))
    assert (study.path, study.hull) == ((-10, 20), (-1, 10))
    assert config.headline_window == (0, 0)
    assert study.contrast == "expected_signs"
    assert study.placebo is not None
    assert study.placebo.draws == 1000
    assert config.strategies == ()


def test_the_account_of_a_config_has_the_defaults_of_the_account(
    workspace: Path,
) -> None:
    assert build_account(load(workspace)) == Account()
    keys = set(type(load(workspace).account).model_fields)
    assert keys == {f.name for f in dataclasses.fields(Account)}


def test_workspace_of_a_config_elsewhere_is_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(EVENTS)
    path = tmp_path / "run.yaml"
    path.write_text("title: A run\nevents: {files: [a.yaml]}\n")
    assert load_config(path).workspace == tmp_path


def test_globs_are_expanded_each_file_once(workspace: Path) -> None:
    config = load(
        workspace, "", "events.files=[../data/events/*.yaml, ../data/*/a.yaml]"
    )
    assert [f.name for f in config.event_files] == ["a.yaml", "b.yaml"]
    assert all(f.is_absolute() for f in config.event_files)


def test_shipped_events_stand_in_for_missing_ones(workspace: Path) -> None:
    config = load(workspace, "", "events.files=[../data/events/ai_compute.yaml]")
    assert config.event_files == (ROOT / "data" / "events" / "ai_compute.yaml",)


def test_paths_count_from_the_config_also_when_set(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / "bars").mkdir()
    monkeypatch.chdir(workspace.parent)
    over = ("prices.source.name=folder", "prices.source.path=../bars")
    config = load(workspace, "", *over)
    source: Any = build_source(config)
    assert Path(source.path) == workspace / "bars"
    assert config.resolved()["prices"]["source"]["path"] == "../bars"


def test_resolved_is_plain_and_complete(workspace: Path) -> None:
    more = "study: {estimation: {before: 2026-06-01}}\n"
    plain = load(workspace, more).resolved()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["study"]["estimation"]["before"] == "2026-06-01"
    assert plain["study"]["headline"] == [0, 0]
    assert plain["events"]["files"] == ["../data/events/a.yaml"]


# Values ------------------------------------------------------------------------------


@pytest.mark.parametrize("symbol", ["ON", "NO", "true", "600519", "1e5", "2026-01-02"])
def test_symbols_stay_text(workspace: Path, symbol: str) -> None:
    """ON is ON Semiconductor; plain YAML 1.1 would read True."""
    more = f"study: {{market: {symbol}, contrast: {{{symbol}: 1}}}}\n"
    config = load(workspace, more)
    assert config.study.market == symbol
    assert config.study.contrast == {symbol: 1.0}


def test_a_broken_value_keeps_its_place_when_text_is_repaired(workspace: Path) -> None:
    assert mistakes(workspace, "study: {market: 7, tests: 8}\nseed: x\n") == [
        "run.yaml:3:27 study.tests: found 8, allowed: default or all or a list",
        "run.yaml:4:7 seed: found 'x', allowed: a whole number",
    ]


def test_dates_and_big_numbers(workspace: Path) -> None:
    more = (
        "account: {cash: 1_000_000, close_cutoff: 15:50, latency: 5min}\n"
        "events: {files: [../data/events/a.yaml], where: {since: 2026-01-02}}\n"
    )
    path = write(workspace, "title: A run\n" + more)
    config = load_config(path)
    assert config.account.cash == 1e6
    assert (config.account.close_cutoff, config.account.latency) == ("15:50", "5min")
    assert config.events.where.since == dt.date(2026, 1, 2)


def test_overrides_reach_any_depth(workspace: Path) -> None:
    more = "strategies: [{name: EventDrift, hold: 5}]\n"
    over = ("strategies.0.hold=7", "study.estimation.min_obs=80", "study.by=role")
    config = load(workspace, more, *over)
    assert config.strategies[0].parameters == {"hold": 7}
    assert (config.study.estimation.min_obs, config.study.by) == (80, "role")


def test_an_empty_environment_variable_is_not_expanded(workspace: Path) -> None:
    config = load_config(write(workspace, SHORT.replace("A run", "${HOME}")))
    assert config.title == "${HOME}"


# The parts a config names ------------------------------------------------------------


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
    assert len(found) == 1
    assert "broken.py:2" in found[0]
    assert "ZeroDivisionError" in found[0]


def test_the_model_is_built(workspace: Path) -> None:
    config = load(workspace, "study: {model: {name: mean}}\n")
    assert build_model(config).name == "mean"


# Mistakes ----------------------------------------------------------------------------


def test_all_mistakes_are_said_at_once_in_order(workspace: Path) -> None:
    more = (
        "study:\n"
        "  markt: SPY\n"
        "  model: {name: markte}\n"
        "  tests: [bpm]\n"
        "  windows: [[1, 0]]\n"
        "  estimation: {before: 20260601}\n"
        "account: {fill: nxt_open, cash: -1}\n"
        "strategies: [{name: EventDrft}, {name: EventDrift, hld: 3, hold: x}]\n"
        "seed: 1\n"
        "seed: 2\n"
    )
    found = mistakes(workspace, more)
    places = [line.partition(": ")[0] for line in found]
    assert places == [
        "run.yaml:4:3 study.markt",
        "run.yaml:5:17 study.model.name",
        "run.yaml:6:11 study.tests.0",
        "run.yaml:7:13 study.windows.0",
        "run.yaml:8:24 study.estimation.before",
        "run.yaml:9:17 account.fill",
        "run.yaml:9:33 account.cash",
        "run.yaml:10:21 strategies.0.name",
        "run.yaml:10:52 strategies.1.hld",
        "run.yaml:10:66 strategies.1.hold",
        "run.yaml:12:1 seed",
    ]
    hints = {0: "market", 1: "market", 2: "bmp", 5: "next_open", 7: "EventDrift"}
    for line, hint in {**hints, 8: "hold"}.items():
        assert found[line].endswith(f"Did you mean '{hint}'?")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            "studdy: {}",
            "3:1 studdy: found 'studdy', allowed: account, calibration, claims,",
        ),
        ("study: 5", "3:8 study: found 5, allowed: a mapping of keys"),
        ("seed: true", "3:7 seed: found True, allowed: a whole number"),
        ("account: {cash: .inf}", "3:17 account.cash: found inf, allowed: a finite"),
        ("account: {open_cutoff: 9:28}", 'allowed: a time such as "09:28"'),
        ("account: {latency: soon}", "allowed: a number or seconds, or a span such as"),
        (
            "study: {windows: []}",
            "study.windows: found [], allowed: at least 1 entries",
        ),
        ("study: {windows: [[0]]}", "study.windows.0.1: found nothing"),
        (
            "study: {windows: [[0, 0, 1]]}",
            "study.windows.0: found [0, 0, 1], allowed: 2",
        ),
        (
            "study: {headline: [0, 3]}",
            "3:19 study.headline: found [0, 3], allowed: one",
        ),
        ("study: {event: [0, 1]}", "study.event: found [0, 1], allowed: a window that"),
        ("study: {windows: [[-20, 0]]}", "study.estimation.end"),
        ("study: {estimation: {start: -20}}", "study.estimation.min_obs"),
        ("study: {estimation: {start: -5}}", "study.estimation.start: found -5"),
        ("study: {placebo: {}}", "study.placebo: found {}, allowed: either draws or"),
        ("study: {contrast: {META: 0}}", "allowed: weights that are not all zero"),
        ("study: {contrast: expected}", "Did you mean 'expected_signs'?"),
        (
            "study: {contrast: {META: up}}",
            "study.contrast.META: found 'up', allowed: a",
        ),
        ("study: {tests: [joint_rankd]}", "Did you mean 'joint_ranked'?"),
        ("study: {model: {name: market, lags: 2}}", "study.model.lags: found 'lags'"),
        ("prices: {source: {name: folder}}", "prices.source.path: found nothing"),
        ("prices: {source: {name: yaho}}", "Did you mean 'yahoo'?"),
        ("prices: {as_of: 5}", "prices.as_of: found 5, allowed: a date such as"),
        ("report: {pages: [what_happend]}", "Did you mean 'what_happened'?"),
        ("report: {paper: a5}", "report.paper: found 'a5', allowed: a4 or letter"),
        ("strategies: [{name: EventDrift, decide: soon}]", "sessions_after(k)"),
        (
            "strategies: [{name: EventDrift, threshold: 10 %}]",
            "3:44 strategies.0.threshold: found '10 %', allowed: a number. "
            "A fraction is wanted: 0.10.",
        ),
        (
            "strategies: [{name: EventDrift, threshold: 2.5%}]",
            "A fraction is wanted: 0.025.",
        ),
        (
            "strategies: [{name: EventDrift, hold: 1.5}]",
            "3:39 strategies.0.hold: found 1.5, allowed: a whole number",
        ),
        ("strategies: [{hold: 3}]", "strategies.0.name: found nothing"),
        ("strategies: [EventDrift]", "strategies.0: found 'EventDrift'"),
        ("seed: !!python/name:os.system x", "the tag tag:yaml.org,2002:python/name"),
        ("seed: &a 3\naccount: {cash: *a}", "account.cash: found an alias"),
        ("study: {estimation: {before: 2026-02-30}}", "allowed: a date that exists"),
        ("? [1, 2]\n: 3", "found a key that is not text"),
        ("study: {frequency: 5m}", "study.frequency: found '5m', allowed: 1d, 5min"),
        ("study: {frequency: 8h}", "study.frequency: found '8h', allowed: 1d, 5min"),
    ],
)
def test_each_mistake_says_what_is_allowed(
    workspace: Path, more: str, said: str
) -> None:
    found = mistakes(workspace, more + "\n")
    assert any(said in line for line in found), found


def test_formats_of_the_report(workspace: Path) -> None:
    assert load(workspace).report.formats == ("pdf", "png", "html")
    found = mistakes(workspace, "report: {formats: [pdf, htm]}\n")
    assert len(found) == 1
    assert "report.formats.1: found 'htm'" in found[0]
    assert "Did you mean 'html'?" in found[0]


def test_missing_keys(workspace: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write(workspace, "seed: 1\n"))
    said = str(caught.value)
    assert "run.yaml:1:1 events: found nothing, allowed: the key is required" in said
    assert "run.yaml:1:1 title: found nothing, allowed: the key is required" in said


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "prices: {source: {nmae: folder, path: .}}",
            "run.yaml:3:19 prices.source.nmae: found 'nmae', allowed: name, path. "
            "Did you mean 'name'?",
        ),
        (
            "strategies: [{class: EventDrift}]",
            "run.yaml:3:15 strategies.0.class: found 'class', allowed: name, decide, "
            "hold, label, threshold, weight. "
            "Did you mean 'name'?",
        ),
        (
            "prices: {source: {Name: foldr}}",
            "run.yaml:3:19 prices.source.Name: found 'Name', allowed: name, as one of "
            "folder, sample, yahoo. Did you mean 'name'?",
        ),
        (
            "prices: {source: {path: .}}",
            "run.yaml:3:18 prices.source.name: found nothing, allowed: one of folder, "
            "sample, yahoo",
        ),
    ],
)
def test_a_mistyped_name_is_the_one_mistake(
    workspace: Path, entry: str, said: str
) -> None:
    """The key that stands where `name` should, not merely that `name` lacks."""
    assert mistakes(workspace, entry + "\n") == [said]


def test_an_empty_file_lacks_its_keys(workspace: Path) -> None:
    with pytest.raises(ConfigError, match="title: found nothing"):
        load_config(write(workspace, ""))


def test_files_that_are_not_there_are_missing_data(workspace: Path) -> None:
    """Absent files alone: exit code 3; with another mistake: 2."""
    over = (
        "events.files=[../data/no.yaml]",
        "prices.source={name: folder, path: ../no}",
        "claims=[no*.yaml]",
    )
    with pytest.raises(DataUnavailable) as caught:
        load(workspace, "", *over)
    assert "events.files.0: found '../data/no.yaml', which is not there" in str(
        caught.value
    )
    assert "claims.0: found 'no*.yaml', which is not there" in str(caught.value)
    assert "prices.source.path: found '../no', which is not there" in str(caught.value)
    with pytest.raises(ConfigError):
        load(workspace, "seed: x\n", *over)


def test_files_of_claims(workspace: Path) -> None:
    """Globs, relative to the config; the shipped ones where the workspace has none."""
    folder = workspace / "data" / "claims"
    folder.mkdir()
    for name in ("b", "a"):
        (folder / f"{name}.yaml").write_text("[]")
    config = load(workspace, "claims: [../data/claims/*.yaml]\n")
    assert [path.name for path in config.claim_files] == ["a.yaml", "b.yaml"]
    assert config.resolved()["claims"] == ["../data/claims/*.yaml"]
    config = load(workspace, "claims: [../data/claims/meta_compute.yaml]\n")
    assert config.claim_files == (ROOT / "data" / "claims" / "meta_compute.yaml",)
    assert load(workspace).claim_files == ()


def test_a_config_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable, match="there is no such config"):
        load_config(tmp_path / "no.yaml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"title: [1, 2\n", r"run.yaml:2:1: this is not YAML"),
        (b"- a\n- b\n", r"run.yaml:1:1: the file does not hold keys"),
        (b"title: \xff\xfe\n", r"byte 7 is not UTF-8"),
        (b"title: a\x00b\n", r"a NUL at character 8"),
        (b"#" * 1_000_001, r"larger than 1 MB"),
    ],
)
def test_what_is_no_config(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "run.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=said):
        load_config(path)


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("seed", r"--set: found 'seed'"),
        ("a..b=1", r"--set: found 'a..b=1'"),
        ("seed.x=1", r"--set seed.x=1: 'seed' holds no keys"),
        ("events.files.9=a", r"'events.files' is a list"),
        ("study.windows=[[0", r"--set study.windows=\[\[0: this is not YAML"),
        ("study.markt=QQQ", r"--set study.markt=QQQ study.markt: found 'markt'"),
        ("seed=x", r"--set seed=x seed: found 'x', allowed: a whole number"),
    ],
)
def test_mistakes_in_overrides(workspace: Path, override: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(workspace, "seed: 1\n", override)


@pytest.mark.parametrize("name", ["demo", "meta_compute"])
def test_the_shipped_configs_load(name: str) -> None:
    config = load_config(ROOT / "backtests" / f"{name}.yaml")
    assert config.study.estimation.before == dt.date(2026, 6, 1)
    assert list(build_strategies(config)) == ["EventDrift", "ExpectedSign"]
    assert config.seed == 20260701


def test_the_demo_is_the_real_study_on_the_sample() -> None:
    """Title and prices differ, so the demo shows what the real run shows.

    Simulated prices have nothing to say to what people claimed of the real ones.
    """
    demo, real = (
        load_config(ROOT / "backtests" / f"{name}.yaml").resolved()
        for name in ("demo", "meta_compute")
    )
    assert demo.pop("prices")["source"] == {"name": "sample"}
    assert real.pop("prices")["source"] == {"name": "yahoo"}
    assert demo.pop("claims") == []
    assert real.pop("claims") == ["../data/claims/meta_compute.yaml"]
    assert demo.pop("title") == real.pop("title") + " (sample data)"
    assert demo == real


def test_paths_written_on_windows_are_read_anywhere(workspace: Path) -> None:
    """Either slash names the same files, and is saved as a forward one."""
    (workspace / "p").mkdir()
    text = (
        "title: T\nevents: {files: ['../data/events/a.yaml']}\n"
        "prices: {source: {name: folder, path: '../p'}, bars: '../p'}\n"
    )
    (workspace / "p" / "SPY.csv").write_text("date,close\n2026-07-01,1\n")
    there = load_config(write(workspace, text))
    here = load_config(write(workspace, text.replace("/", "\\")))
    assert here.event_files == there.event_files == (workspace / "data/events/a.yaml",)
    assert build_source(here).path == workspace / "p"
    assert here.resolved() == there.resolved()
    assert here.resolved()["prices"]["source"]["path"] == "../p"
