"""Printing where stdout is not UTF-8, as in a pipe on Windows: nothing fails."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from aftershock.cli import main

HEADLINE = "Zoë: −6 % ≥ Łódź, “計”"
RECORD = f"""\
- id: own
  headline: '{HEADLINE}'
  published: 2026-07-01T08:00:00-04:00
  tags: [compute-contract]
  exposures: [{{symbol: META, role: customer, expected: +1}}]
"""


def printed(
    monkeypatch: pytest.MonkeyPatch, encoding: str, *words: str, code: int = 0
) -> bytes:
    """Return the bytes of stdout and stderr of a command, both in an encoding."""
    pipe = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", pipe)
    monkeypatch.setattr(sys, "stderr", pipe)
    with pytest.raises(SystemExit) as ended:
        main(words)
    pipe.flush()
    assert ended.value.code == code
    return pipe.buffer.getvalue()


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data/events").mkdir(parents=True)
    path = tmp_path / "data/events/own.yaml"
    path.write_text(RECORD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("cp1252", "Zoë: -6 % >= ?ódz, “?”"),
        ("latin-1", 'Zoë: -6 % >= ?ódz, "?"'),
        ("utf-8", HEADLINE),
    ],
)
def test_what_an_encoding_lacks_is_shown_as_near_as_it_can(
    monkeypatch: pytest.MonkeyPatch, encoding: str, told: str
) -> None:
    """By the tables of cp1252 and latin-1: both have e with dots, one has quotes."""
    said = printed(monkeypatch, encoding, "events", "show", "own").decode(encoding)
    assert told in said


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_json_is_utf8_or_plain(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    said = printed(monkeypatch, encoding, "events", "show", "own", "--json")
    assert json.loads(said.decode("utf-8"))["headline"] == HEADLINE
    assert said.isascii() == (encoding != "utf-8")


def test_a_message_is_told_in_any_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    said = printed(monkeypatch, "cp1252", "events", "show", "−計", code=2)
    assert b"'-?'" in said
    assert b"Traceback" not in said
