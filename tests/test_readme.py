"""What the front pages show works as it is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aftershock.config import build_strategies, load_config
from tests.conftest import ROOT


def block(page: str, language: str) -> str:
    """Return the first block of a language on a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_readme_has_one_screen_first_and_stays_short() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 150
    first = "\n".join(lines[:24])
    assert "make demo" in first
    assert "make test" in first
    assert "Configs, never results" in first


def test_the_config_of_the_readme_loads(tmp_path: Path) -> None:
    path = tmp_path / "backtests" / "mine.yaml"
    path.parent.mkdir()
    path.write_text(block("README.md", "yaml"))
    config = load_config(path)
    assert config.headline_window == (0, 0)
    assert list(build_strategies(config)) == ["EventDrift"]


def test_the_strategy_of_the_guide_is_found(tmp_path: Path) -> None:
    for folder in ("backtests", "strategies"):
        (tmp_path / folder).mkdir()
    code = block("CONTRIBUTING.md", "python")
    (tmp_path / "strategies" / "fade_it.py").write_text(code)
    path = tmp_path / "backtests" / "run.yaml"
    path.write_text(
        "title: T\nevents: {files: [../data/events/ai_compute.yaml]}\n"
        "strategies: [{name: FadeIt, hold: 10}]\n"
    )
    (built,) = build_strategies(load_config(path)).values()
    assert type(built).__name__ == "FadeIt"


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^):#]+)\)", text)
    assert [link for link in links if not (ROOT / link).exists()] == []
