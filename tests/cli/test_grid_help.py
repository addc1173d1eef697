"""The grid of a sweep is shown where one looks for it, as it can be written."""

from __future__ import annotations

import re

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.config.sections import SweepSection
from tests.conftest import ROOT

GRID = re.compile(r"sweep: (\{grid: \{.*?\}.*?\})")


def written(text: str) -> dict[str, object]:
    """Return the first grid that a text shows, as YAML reads it."""
    found = GRID.search(text)
    assert found
    return dict(YAML(typ="safe").load(found[1]))


@pytest.mark.parametrize("page", ["README.md", "docs/commands.md"])
def test_a_page_shows_a_grid_that_is_read(page: str) -> None:
    grid = SweepSection(**written((ROOT / page).read_text(encoding="utf-8"))).grid
    assert grid["hold"] == (1, 5, 10)


def test_help_shows_a_grid_on_a_line_of_its_own() -> None:
    shown = CliRunner().invoke(app, ["sweep", "--help"]).output
    line = "sweep: {grid: {hold: [1, 5, 10], stop_loss: [null, 0.05]}, folds: 4}"
    assert line in map(str.strip, shown.splitlines())
    section = SweepSection(**written(shown))
    assert section.grid == {"hold": (1, 5, 10), "stop_loss": (None, 0.05)}
    assert section.folds == 4
    assert "--set 'sweep.grid={hold: [1, 5, 10]}'" in " ".join(shown.split())
