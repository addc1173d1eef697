"""Lists tell what is shipped from what is somebody's own."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from aftershock.cli import events
from tests.cli.conftest import run
from tests.cli.test_events import RECORD
from tests.cli.test_strategies import MINE, RUNNER, app

pytestmark = pytest.mark.usefixtures("elsewhere")


def copied_events() -> int:
    """Copy shipped events of a tag and write one more; return how many these are."""
    run("copy", "compute-contract", "data/events")
    Path("data/events/own.yaml").write_text(RECORD, encoding="utf-8")
    files = [path.read_text() for path in Path("data/events").iterdir()]
    return sum(text.count("- id: ") for text in files)


def test_events_of_the_workspace_are_told() -> None:
    """A shipped event in a file of one's own is one's own: it can be changed."""
    assert "origin" not in run("list").splitlines()[0].split()
    own = copied_events()
    assert own > 1
    rows = json.loads(run("list", "--json"))
    counts = Counter(row["origin"] for row in rows)
    assert counts == {"workspace": own, "shipped": 113 - own}
    *lines, last = run("list").splitlines()
    assert lines[0].split()[-2:] == ["origin", "symbols"]
    assert sum(" workspace " in line for line in lines) == own
    assert last.startswith(f"113 events, {own} of your workspace (times")


def test_a_narrow_screen_marks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    own = copied_events()
    monkeypatch.setattr(events, "screen_width", lambda: 80)
    *lines, last = run("list").splitlines()
    assert lines[0].split() == ["published", "id", "symbols"]
    assert sum(" * " in line for line in lines) == own
    assert last.startswith(f"113 events, {own} of your workspace * (times")


def test_strategies_of_the_workspace_are_told_with_their_file(tmp_path: Path) -> None:
    file = tmp_path / "strategies" / "mine.py"
    file.parent.mkdir()
    file.write_text(MINE.replace(" EXTRA", ""))
    asked = ["list", "--workspace", str(tmp_path)]
    rows = json.loads(RUNNER.invoke(app, [*asked, "--json"]).output)
    assert {r["name"] for r in rows if r["origin"] == "workspace"} == {"Mine"}
    assert {r["origin"] for r in rows if r["name"] != "Mine"} == {"shipped"}
    text = RUNNER.invoke(app, asked).output
    assert text.count("of your workspace: ") == 1
    assert "    of your workspace: strategies/mine.py\n" in text


def test_show_tells_thesis_and_source() -> None:
    text = RUNNER.invoke(app, ["show", "EventDrift"]).output
    assert "Bernard" in text
    assert text.count("\nParameters\n") == 1
    assert "\nValues\n  hold = 5" in text
    row = json.loads(RUNNER.invoke(app, ["show", "EventDrift", "--json"]).output)
    assert row["file"].endswith("event_drift.py")
