"""What a config says that says little: defaults, and the files that it names."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from aftershock.config import build_account, build_source, build_strategies, load_config
from aftershock.fills import Account
from tests.config.conftest import EVENTS, load, write
from tests.conftest import ROOT


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
