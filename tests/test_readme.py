"""The front page has one screen first and stays short; tests/docs runs its code."""

from __future__ import annotations

from tests.conftest import ROOT


def test_the_readme_has_one_screen_first_and_stays_short() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 150
    first = "\n".join(lines[:24])
    assert "make demo" in first
    assert "make test" in first
    assert "Configs, never results" in first
