"""The page for a headline that has just come says what the program does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftershock.cli import app
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "monday_morning.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ aftershock (.+)$", PAGE, flags=re.MULTILINE)


def test_its_commands_run_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an empty folder; the shipped config is found where it lies.

    The tables of noise on the page are those of the sample, character by character.
    """
    monkeypatch.chdir(tmp_path)
    shown = []
    for line in COMMANDS:
        words = shlex.split(line.replace("backtests/", f"{ROOT}/backtests/"))
        made = CliRunner().invoke(app, words)
        assert made.exit_code == 0, (line, made.output)
        shown.append(made.output.replace("\u2009", " "))
    noise = PAGE.split("```\nsymbol  role")[1].split("```")[0]
    assert noise.strip() in shown[0]
    assert "entry 1 of data/ledger.yaml" in shown[1]
    assert "holds: 1 recorded" in shown[2]
    assert "6 reactions awaited" in shown[3]
    assert "not studied" in shown[4]
