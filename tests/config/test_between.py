"""Keys that do not fit each other are told together, and with mistakes of form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.conftest import mistakes


def places(workspace: Path, more: str) -> list[str]:
    """Return the keys that are named, in the order of the file."""
    return [line.split()[1].rstrip(":") for line in mistakes(workspace, more)]


def test_every_mistake_between_keys_is_told_at_once(workspace: Path) -> None:
    """By hand: no default window is [0, 3], and the first of them begins at -1."""
    more = (
        "study:\n"
        "  headline: [0, 3]\n"
        "  estimation: {end: 5}\n"
        "  robustness: {estimations: [[-90, -1]]}\n"
        "  contrast: {META: 0}\n"
        "sweep: {grid: {hold: [0], stop_loss: [-1]}}\n"
    )
    windows = "[0, 0], [-1, 1], [0, 5], [0, 10]"
    assert mistakes(workspace, more)[:4] == [
        f"run.yaml:4:13 study.headline: found [0, 3], allowed: one of the windows "
        f"{windows}",
        "run.yaml:5:21 study.estimation.end: found 5, allowed: an offset before -1",
        "run.yaml:6:29 study.robustness.estimations: found [[-90, -1]], allowed: "
        "windows that end before -1",
        "run.yaml:7:13 study.contrast: found {'META': 0}, allowed: weights that are "
        "not all zero",
    ]
    assert places(workspace, more)[4:] == ["sweep.grid.hold", "sweep.grid.stop_loss"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        # beside a wrong key of the same section, of one within, of another
        (
            "study: {headline: [0, 3], seeed: 1, estimation: {end: 5, min_obs: x}}",
            ["study.headline", "study.seeed", "study.estimation.end",
             "study.estimation.min_obs"],
        ),
        (
            "study: {estimation: {start: 0, end: -20}, placebo: {}, tests: 5}",
            ["study.estimation.start", "study.placebo", "study.tests"],
        ),
        (
            "account: {cash: -1}\nstudy: {headline: [0, 3]}",
            ["account.cash", "study.headline"],
        ),
        ("sweep: {folds: 1, grid: {hold: [0]}}", ["sweep.folds", "sweep.grid.hold"]),
        (
            "strategies: [{label: session}, {name: EventDrift, label: benchmark}]",
            ["strategies.0.name", "strategies.0.label", "strategies.1.label"],
        ),
        # a window that the event cannot hold begins the event window all the same
        (
            "study: {windows: [[-30, 0]], event: [0, 1]}",
            ["study", "study.event"],
        ),
    ],
)  # fmt: skip
def test_no_mistake_hides_one_between_other_keys(
    workspace: Path, more: str, told: list[str]
) -> None:
    assert places(workspace, more + "\n") == [
        "study.estimation.end" if key == "study" else key for key in told
    ]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("study: {windows: [[1, 0]], headline: [0, 3]}", ["study.windows.0"]),
        ("study: {widows: [[0, 3]], headline: [0, 3]}", ["study.widows"]),
        ("study: {estimation: {end: x, start: 7}}", ["study.estimation.end"]),
        ("study: {event: [0], estimation: {end: 5}}", ["study.event.1"]),
        ("study: {placebo: {draws: 0}}", ["study.placebo.draws"]),
        ("study: {contrast: {META: up}}", ["study.contrast.META"]),
        ("sweep: {grid: {hold: 0}}", ["sweep.grid.hold"]),
        ("strategies: [{name: EventDrift, label: [session]}]", ["strategies.0.label"]),
        ("study: 5", ["study"]),
        ("study:\n  robustness: {estimations: 5}", ["study.robustness.estimations"]),
    ],
)
def test_a_check_is_silent_where_a_key_it_needs_is_wrong(
    workspace: Path, more: str, told: list[str]
) -> None:
    """Its default, or a part of it, is not what was meant."""
    assert places(workspace, more + "\n") == told


def test_days_are_told_as_they_are_written(workspace: Path) -> None:
    where = "{since: 2026-07-02, until: 2026-07-01}"
    (told,) = mistakes(workspace, "", f"events.where={where}")
    assert "found 2026-07-01, allowed: a date on or after since (2026-07-02)" in told
