"""What a run on the sample says is simulated, and what of it was reported."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from aftershock.run.manifest import make_manifest
from aftershock.run.measuring import study_of
from aftershock.run.simulated import statement
from tests.conftest import ROOT
from tests.run.test_steps import MORNING, inputs_of, write


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["2026-04-22"], "Sample data: all moves of this event are simulated"),
        (
            ["2026-04-22", "2026-05-20"],
            "Sample data: all moves of these events are simulated",
        ),
        (
            ["2026-07-01"],
            "Sample data: simulated; 2 of 2 event moves press-reported",
        ),
        (
            ["2026-04-30", "2026-07-01", "2026-04-22"],
            "Sample data: simulated; 3 of 6 event moves press-reported",
        ),
        (["2026-08-03"], "Sample data: simulated prices"),
    ],
)
def test_simulated_moves_of_the_events_are_counted(
    tmp_path: Path, days: list[str], said: str
) -> None:
    """Of META and CRWV; XYZ has no prices.

    ``data/reported_moves.csv`` has closes of both on 2026-07-01, of META alone on
    2026-04-30, of neither on 22 April and 20 May; 3 August is after the last price.
    """
    news = [(f"e{i}", f"{d}T08:00:00-04:00", "before") for i, d in enumerate(days)]
    inputs = inputs_of(write(tmp_path, *news))
    manifest = make_manifest(inputs, study_of(inputs), None)
    assert manifest["simulated"] == said


def test_one_move_of_two_events_is_counted_once(tmp_path: Path) -> None:
    """Both pieces of news came before the open of 1 July: two moves, not four."""
    news = [(name, "2026-07-01T08:00:00-04:00", "before") for name in ("a", "b")]
    inputs = inputs_of(write(tmp_path, *news))
    said = make_manifest(inputs, study_of(inputs), None)["simulated"]
    assert said == "Sample data: simulated; 2 of 2 event moves press-reported"


def test_the_note_of_a_symbol_counts_its_own_reported_moves(tmp_path: Path) -> None:
    """Counted here with the csv module: closes in percent after its first session."""
    inputs = inputs_of(write(tmp_path, ("a", MORNING, "before")))
    told = make_manifest(inputs, study_of(inputs), None)["sources"]
    notes = {row["symbol"]: row["note"] for row in told}
    with (ROOT / "data" / "reported_moves.csv").open(encoding="utf-8") as lines:
        meta = [row for row in csv.DictReader(lines) if row["symbol"] == "META"]
    closes = [row for row in meta if row["note"].startswith("close") and row["pct"]]
    days = {row["date"] for row in closes}
    first = next(row["first"] for row in told if row["symbol"] == "META")
    count = sum(day > first for day in days)
    assert MORNING[:10] not in days
    assert notes["META"] == (
        f"simulated except for {count} press-reported moves; its event move is "
        "simulated"
    )
    assert set(notes) == {"META", "CRWV", "SPY"}


@pytest.mark.parametrize(
    ("days", "meta", "crwv"),
    [
        (["2026-07-01"], "", ""),
        (["2026-04-30"], "", "; its event move is simulated"),
        (
            ["2026-04-30", "2026-07-01", "2026-04-22"],
            "; 1 of its 3 event moves are simulated",
            "; 2 of its 3 event moves are simulated",
        ),
    ],
)
def test_the_note_says_which_event_moves_are_simulated(
    tmp_path: Path, days: list[str], meta: str, crwv: str
) -> None:
    """The days are those of the first test; the market has no event of its own."""
    news = [(f"e{i}", f"{d}T08:00:00-04:00", "before") for i, d in enumerate(days)]
    inputs = inputs_of(write(tmp_path, *news))
    told = make_manifest(inputs, study_of(inputs), None)["sources"]
    ends = {row["symbol"]: row["note"].partition(" moves")[2] for row in told}
    assert ends == {"META": meta, "CRWV": crwv, "SPY": ""}


def test_real_prices_are_not_called_simulated(tmp_path: Path) -> None:
    inputs = inputs_of(write(tmp_path, ("a", MORNING, "before")))
    real = replace(inputs, fetched=replace(inputs.fetched, simulated=None))
    assert statement(real, study_of(inputs)) is None
