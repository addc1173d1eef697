"""Colours are for a person at a terminal who wants them; all else is plain."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.cli.running import busy, steps_shown
from tests.conftest import ROOT

pty = pytest.importorskip("pty", reason="there are no terminals of this kind here")
COLOUR = re.compile(rb"\x1b\[[0-9;]*(?:3|4|9|10)\d(?:;[0-9;]*)?m")
ESCAPE = b"\x1b["
WORDS = [sys.executable, "-m", "aftershock", "events", "baskets"]


def at_a_terminal(folder: Path, **env: str) -> bytes:
    """Run the command on a terminal of its own, and return what it shows there."""
    ours, theirs = pty.openpty()
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    child = subprocess.Popen(
        WORDS,
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **env},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert child.wait() == 0, shown
    return shown


def test_no_color_is_respected_at_a_terminal(tmp_path: Path) -> None:
    """https://no-color.org: no colour; bold may stay."""
    assert ESCAPE in at_a_terminal(tmp_path)
    assert not COLOUR.search(at_a_terminal(tmp_path, NO_COLOR="1"))


def test_what_is_no_terminal_gets_plain_text() -> None:
    shown = CliRunner().invoke(app, ["events", "baskets"], env={"TERM": "xterm"})
    assert "neoclouds" in shown.output
    assert "\x1b" not in shown.output


def test_a_run_says_what_it_will_do_and_a_terminal_shows_its_steps(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for terminal in (True, False):
        monkeypatch.setattr(sys.stderr, "isatty", lambda seen=terminal: seen)
        with steps_shown() as (progress, told):
            told("one: 12 events")
            progress("backtest")
        shown = capsys.readouterr()
        assert shown.out == ""
        assert ("backtest" in shown.err) is terminal
        assert "Running one: 12 events" in shown.err
        with busy("12 symbols"):
            pass
        shown = capsys.readouterr()
        assert shown.out == ""
        assert ("12 symbols" in shown.err) is terminal
