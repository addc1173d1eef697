"""Every mistake in a config, with its place and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.config import load_config
from aftershock.errors import ConfigError, DataUnavailable
from tests.config.conftest import load, mistakes, write


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
    ("more", "said"),
    [
        ("sede: 1\n", "what the line above says"),
        ("sede: 1\nstudi: 2\n", "what each line says"),
        ("title: twice\n", "what the line above says"),
    ],
)
def test_what_is_allowed_is_said_once(workspace: Path, more: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(workspace, more)
    assert caught.value.whole().count(f"\n  Allowed: {said}\n") == 1
    assert "aftershock schema" not in caught.value.whole()
