"""``events copy`` and ``strategies copy``: what is shipped becomes one's own file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.cli.starting import write_workspace
from aftershock.errors import AftershockError
from aftershock.events import EventSet, load_catalogue, load_events
from tests.conftest import ROOT

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def ours() -> EventSet:
    return load_catalogue()


def call(*words: Any) -> str:
    made = RUNNER.invoke(app, [str(word) for word in words])
    assert made.exit_code == 0, (made.output, made.exception)
    return made.output


def refused(*words: Any) -> AftershockError:
    made = RUNNER.invoke(app, [str(word) for word in words])
    assert isinstance(made.exception, AftershockError)
    return made.exception


def test_a_file_is_copied_as_it_is(tmp_path: Path) -> None:
    """Outside a workspace byte for byte; a second copy would overwrite: refused."""
    call("events", "copy", "ai_compute", tmp_path / "a")
    copy = tmp_path / "a" / "ai_compute.yaml"
    assert copy.read_bytes() == (ROOT / "data/events/ai_compute.yaml").read_bytes()
    copy.write_text("mine")
    assert refused("events", "copy", "ai_compute.yaml", tmp_path / "a").exit_code == 2
    assert copy.read_text() == "mine"


def test_without_a_name_all_event_files_are_copied_or_none(tmp_path: Path) -> None:
    names = {path.name for path in ROOT.glob("data/events/*.yaml")}
    call("events", "copy", tmp_path / "all")
    assert {path.name for path in (tmp_path / "all").iterdir()} == names
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "policy_macro.yaml").write_text("mine")
    refused("events", "copy", tmp_path / "some")
    assert len(list((tmp_path / "some").iterdir())) == 1


def test_events_of_a_tag_take_the_place_of_the_shipped(
    ours: EventSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tags that share events still make a catalogue in which each id is once."""
    write_workspace(tmp_path)
    folder = tmp_path / "data" / "events"
    monkeypatch.setattr("aftershock.events.load_catalogue", lambda: ours)
    call("events", "copy", "compute-contract", folder)
    call("events", "copy", "--tag", "earnings", folder)
    made = folder / "tag_compute_contract.yaml"
    assert made.read_text().startswith(
        "# yaml-language-server: $schema=../../schemas/events.schema.json\n"
    )
    assert {e.id for e in load_events([made]).events} == {
        e.id for e in ours.tagged("compute-contract").events
    }
    whole = load_catalogue(tmp_path)
    assert {e.id for e in whole.events} == {
        *(e.id for e in ours.events),
        "my-first-event",
    }
    some = ours.tagged("compute-contract").events[0].id
    assert Path(whole[some].file) == made


def test_a_copied_event_says_what_the_shipped_one_says(
    ours: EventSet, tmp_path: Path
) -> None:
    call("events", "copy", "m&a", tmp_path)
    for event in load_events([tmp_path / "tag_m_a.yaml"]).events:
        shipped = ours[event.id]
        for name in ("headline", "latest", "tags", "exposures", "notes", "confounders"):
            assert getattr(event, name) == getattr(shipped, name)


def test_a_wrong_name_is_answered_with_the_closest(tmp_path: Path) -> None:
    assert "'ai_compute'" in str(refused("events", "copy", "ai_computer", tmp_path))
    named = refused("strategies", "copy", "FadeTheShok", tmp_path)
    assert "'FadeTheShock'" in str(named)
    both = refused("events", "copy", "ai_compute", tmp_path, "--tag", "earnings")
    assert "not both" in str(both)
    assert list(tmp_path.iterdir()) == []


def test_a_strategy_is_copied_and_found_in_place_of_the_shipped(tmp_path: Path) -> None:
    call("strategies", "copy", "FadeTheShock", tmp_path / "strategies")
    copy = tmp_path / "strategies" / "fade_the_shock.py"
    shipped = ROOT / "strategies" / "fade_the_shock.py"
    assert copy.read_text() == shipped.read_text()
    shown = call("strategies", "show", "FadeTheShock", "--workspace", tmp_path)
    assert str(copy) in shown


def test_baskets_and_sample_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = {row["id"]: row for row in json.loads(call("events", "baskets", "--json"))}
    assert rows["neoclouds"]["members"] == ["CRWV", "NBIS"]
    assert "neoclouds" in call("events", "baskets")
    assert "simulated" in call("prices", "sample")
    sample = json.loads(call("prices", "sample", "--json"))
    assert "META" in [row["symbol"] for row in sample]
