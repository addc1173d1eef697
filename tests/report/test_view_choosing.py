"""The list of runs: what a person needs who chooses between two of one title."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from aftershock.view.choosing import facts, set_apart
from aftershock.view.pages import list_page
from aftershock.view.runs import Run, find_runs


def write_played(folder: Path, **change: Any) -> None:
    """A run of one strategy; `change` puts other parts into its run.json."""
    manifest = {
        "id": folder.name,
        "title": "One title",
        "engine": "aftershock 1",
        "seed": 1,
        "counts": {"events": 1, "pairs": 4, "ok": 2, "flagged": 1},
        "study": {"headline_window": [0, 0], "estimation": {"start": -250}},
        "account": {"cash": 200000.0, "fees_bps": 1.0},
        "prices": {"source": "folder", "sha256": "aaaa"},
        "events": [{"id": "one-event"}],
        "strategies": [
            {"label": "Mine", "name": "Mine", "parameters": {"hold": 5}},
            {"label": "Idle", "name": "Idle", "parameters": {}},
        ],
    }
    tables = folder / "tables"
    tables.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(manifest | change))
    (tables / "metrics.csv").write_text(
        "strategy,metric,value\nMine,n_trades,3\nMine,total_return,-0.015\n"
    )
    (tables / "cars.csv").write_text(
        "event_id,symbol,event_session,start,end,car,pvalue\n"
        "one-event,A,2026-07-01,0,0,0.06,\none-event,B,2026-07-01,0,0,-0.03,\n"
        "one-event,C,2026-07-01,0,0,,\none-event,A,2026-07-01,-1,1,0.5,\n"
    )


def by_name(folder: Path) -> tuple[dict[str, Run], list[Run]]:
    runs = find_runs(folder)
    return {run.name: run for run in runs}, runs


def told(folder: Path) -> dict[str, str]:
    """What sets each run of a folder apart, by the run's name."""
    named, runs = by_name(folder)
    return {name: set_apart(run, runs) for name, run in named.items()}


def test_a_run_says_what_it_measured_and_what_its_strategies_brought(
    tmp_path: Path,
) -> None:
    """By hand: (6 % - 3 %) / 2 = 1.5 %; 200,000 less 1.5 % is 197,000; 2 + 1 of 4."""
    write_played(tmp_path / "one")
    assert facts(find_runs(tmp_path)[0]) == [
        "1 event, 3 of 4 pairs used; mean abnormal return over [0, 0] +1.5\u2009%",
        "Mine: 3 trades, −1.5\u2009% after costs, equity 197,000 at the end",
        "Idle: no figures in tables/metrics.csv",
    ]


def test_a_run_without_tables_says_what_run_json_knows(tmp_path: Path) -> None:
    """As a report that was handed on: its counts are known, its results are not."""
    write_played(tmp_path / "one")
    shutil.rmtree(tmp_path / "one" / "tables")
    assert facts(find_runs(tmp_path)[0]) == [
        "1 event, 3 of 4 pairs used",
        "Traded by Mine and Idle; what they brought is not in this folder",
    ]
    write_played(tmp_path / "two", strategies=[])
    assert len(facts(find_runs(tmp_path)[0])) == 1


def test_a_sweep_has_its_own_headline_and_is_called_one(tmp_path: Path) -> None:
    """Its study is that of the run, whose finding would say nothing of the settings.

    By hand: Sharpe ratios 1 and 0 spread by 0.7071; the luckiest of two without skill
    has 0.7071 x 0.5772 x 0.9004 = 0.37, 0.9004 the normal quantile at 1 - 1 / (2 e).
    """
    head = {"text": "META rose", "verdict": "moved", "pvalue": 0.03}
    for name in ("one", "broken"):
        write_played(tmp_path / name, headline=head)
    (tmp_path / "broken" / "tables" / "sweep.csv").write_text("hold\n1\n")
    (tmp_path / "one" / "tables" / "sweep.csv").write_text(
        "hold,sharpe,total_return,strategy\n1,1.0,0.1,Mine\n5,0.0,0,Mine\n"
        "1,,,Idle\n5,,,Idle\n"
    )
    named, _ = by_name(tmp_path)
    swept, broken = named["one"], named["broken"]
    assert swept.finding == (
        "Mine: the best of 2 settings has a Sharpe ratio of 1.00; luck alone gives the "
        "best of 2 about 0.37"
    )
    assert facts(swept)[1:] == ["Idle: none of 2 settings traded"]
    assert broken.finding == "tables/sweep.csv of this sweep is not whole"
    assert swept.verdict == broken.verdict == "sweep"


def test_a_symbol_counts_once_a_session_in_the_mean(tmp_path: Path) -> None:
    """B repeats its session under another event: of 6 % and -3 %, 6 % is left."""
    write_played(tmp_path / "one")
    (tmp_path / "one" / "tables" / "pairs.csv").write_text(
        "event_id,symbol,session,status,reason\none-event,A,2026-07-01,ok,\n"
        "one-event,B,2026-07-01,flagged,same_session_duplicate\n"
    )
    assert facts(find_runs(tmp_path)[0])[0] == (
        "1 event, 3 of 4 pairs used; mean abnormal return over [0, 0] +6.0\u2009% "
        "of the 1 that repeat no symbol in a session"
    )


def test_runs_of_one_title_are_told_apart_by_what_is_set(tmp_path: Path) -> None:
    """The first trades longer, the second pays more; the third has another title."""
    longer = [{"label": "Mine", "name": "Mine", "parameters": {"hold": 10}}]
    dearer = {"cash": 200000.0, "fees_bps": 5.0}
    write_played(tmp_path / "longer", strategies=longer)
    write_played(tmp_path / "dearer", account=dearer)
    write_played(tmp_path / "alone", title="Another", seed=2)
    assert told(tmp_path) == {
        "longer": "Set apart by Mine hold 10 and fees_bps 1",
        "dearer": "Set apart by Mine hold 5, Idle played and fees_bps 5",
        "alone": "",
    }


def test_what_follows_from_a_setting_is_not_told_beside_it(tmp_path: Path) -> None:
    """Two keys set, four that differ: prices have the study's market, paths its model.

    Nobody can write `prices.market` or `path_model` in a config.
    """
    for market, model in (("SPY", "market"), ("QQQ", "mean")):
        study = {"market": market, "model": model, "path_model": f"{model}_no_alpha"}
        prices = {"source": "folder", "market": market, "sha256": market}
        write_played(tmp_path / market, study=study, prices=prices)
    assert told(tmp_path) == {
        "SPY": "Set apart by market SPY and model market",
        "QQQ": "Set apart by market QQQ and model mean",
    }


def test_many_differences_are_counted_and_long_ones_shortened(tmp_path: Path) -> None:
    """Five things differ, four are named; a list of 61 letters ends in the 59th."""
    many = {"market": "SPY", "model": "market", "tests": "x" * 61, "path": [1, 2]}
    write_played(tmp_path / "one", study=many, seed=2)
    write_played(tmp_path / "two", study={}, seed=3)
    said = told(tmp_path)
    assert said["one"] == (
        f"Set apart by market SPY, model market, tests {'x' * 59}…, path [1, 2] "
        "and 1 more"
    )
    assert said["two"] == "Set apart by seed 3"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"id": "one"}, "The same inputs as one"),
        (
            {"prices": {"source": "folder", "sha256": "bbbb"}},
            "Set as the others of its title, on prices of other content",
        ),
        ({}, "Nothing that this list knows sets it apart: see what changed"),
    ],
)
def test_a_run_without_a_setting_of_its_own_says_so(
    tmp_path: Path, change: dict[str, Any], expected: str
) -> None:
    write_played(tmp_path / "one")
    write_played(tmp_path / "two", **change)
    assert told(tmp_path)["two"] == expected


def write_swept(folder: Path) -> None:
    write_played(folder)
    (folder / "tables" / "sweep.csv").write_text(
        "hold,sharpe,total_return,strategy\n1,1.0,0.1,Mine\n"
    )


def test_a_sweep_and_a_run_of_the_same_inputs_name_each_other(tmp_path: Path) -> None:
    write_played(tmp_path / "one")
    write_swept(tmp_path / "two")
    assert told(tmp_path) == {
        "one": "The same inputs as the sweep two",
        "two": "A sweep of the same inputs as one",
    }


@pytest.mark.parametrize("broken", ["{", "[]", '{"counts": 3, "strategies": [4]}'])
def test_a_broken_run_is_listed_without_facts(tmp_path: Path, broken: str) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "run.json").write_text(broken)
    run = find_runs(tmp_path)[0]
    assert facts(run) == []
    assert set_apart(run, [run]) == ""


def test_the_page_shows_them_and_reads_no_markup(tmp_path: Path) -> None:
    write_played(tmp_path / "one", seed="<b>2</b>")
    write_played(tmp_path / "two")
    page = list_page(find_runs(tmp_path), "reports")
    assert "197,000 at the end</li>" in page
    assert "Set apart by seed &lt;b&gt;2&lt;/b&gt;.</p>" in page
