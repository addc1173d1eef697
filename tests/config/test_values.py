"""Values of a config: text, dates, numbers, and those set on the command line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from aftershock.config import load_config
from aftershock.errors import ConfigError
from tests.config.conftest import SHORT, load, mistakes, write


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


def test_formats_of_the_report(workspace: Path) -> None:
    assert load(workspace).report.formats == ("pdf", "png", "html")
    found = mistakes(workspace, "report: {formats: [pdf, htm]}\n")
    assert len(found) == 1
    assert "report.formats.1: found 'htm'" in found[0]
    assert "Did you mean 'html'?" in found[0]


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


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            "account: {cash: 1,000,000, fees_bps: 2}",
            "3:17 account.cash: found 1,000,000, cut at its commas, allowed: 1_000_000",
        ),
        (
            "account: {fees_min: 1,000.50}",
            "3:21 account.fees_min: found 1,000.50, cut at its commas, allowed: "
            "1_000.50",
        ),
        (
            "{cash: 1,000}",
            "account.cash: found 1,000, cut at its commas, allowed: 1_000",
        ),
        (
            "account:\n  cash: 1,000,000",
            "4:9 account.cash: found '1,000,000', allowed: a number. Write 1_000_000.",
        ),
        (
            "strategies: [{name: EventDrift, hold: '1,000'}]",
            "strategies.0.hold: found '1,000', allowed: a whole number. Write 1_000.",
        ),
    ],
)
def test_a_number_with_commas_is_told_as_one(
    workspace: Path, more: str, said: str
) -> None:
    over = (f"account={more}",) if more.startswith("{") else ()
    (told,) = mistakes(workspace, "" if over else more + "\n", *over)
    assert told.endswith(said)


def test_what_stands_for_commas_is_read(workspace: Path) -> None:
    assert load(workspace, "account: {cash: 1_000_000}\n").account.cash == 1e6
