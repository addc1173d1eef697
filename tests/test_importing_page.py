"""The page about importing works as it is printed, from top to bottom."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aftershock.events import load_events
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "importing.md"


def run(script: str, folder: Path) -> str:
    """Run a block of the page; `aftershock` is the one under test."""
    program = f'aftershock() {{ "{sys.executable}" -m aftershock "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-ec", program + script],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_command_in_turn(tmp_path: Path) -> None:
    """The YAML on the page is what the reader's draft becomes in the editor."""
    (tmp_path / "data").mkdir()
    (tmp_path / "backtests").mkdir()
    text = PAGE.read_text(encoding="utf-8")
    said = []
    for language, block in re.findall(r"```(sh|yaml)\n(.*?)```", text, re.DOTALL):
        if language == "yaml":
            draft = (tmp_path / "article.yaml").read_text(encoding="utf-8")
            assert "id: oracle-rents-campus-coreweave-20260709" in draft
            assert draft.count("# missing: role, expected") == 2
            (tmp_path / "article.yaml").write_text(block, encoding="utf-8")
        else:
            said.append(run(block, tmp_path))
    assert "Added nbis-site-20260707 at data/events/own.yaml:1" in said[0]
    assert "1 draft from news.csv" in said[1] and "missing" not in said[1]
    assert "nbis-site-20260707" in said[2] and "capex" in said[2]
    assert "missing" in said[3] and "article.moves.csv" in said[3]
    assert said[4].endswith("Nothing is wrong.\n")
    assert "events written to contracts.csv\n" in said[-1]
    events = load_events(sorted((tmp_path / "data" / "events").glob("*.yaml")))
    assert len(events) == 3


def test_the_commands_for_the_network_are_understood() -> None:
    """Their options exist; what they fetch is tested elsewhere."""
    text = PAGE.read_text(encoding="utf-8")
    block = text.partition("## From the network")[2].split("```")[1]
    options = set(re.findall(r"--[a-z-]+", block))
    shown = subprocess.run(
        [sys.executable, "-m", "aftershock", "events", "import", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
    ).stdout
    assert options and all(option in shown for option in options)


@pytest.mark.parametrize("page", ["docs/importing.md", "data/README.md"])
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^):#]+)\)", text)
    assert links
    assert all((ROOT / page).parent.joinpath(link).exists() for link in links)
