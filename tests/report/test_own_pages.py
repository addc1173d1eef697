"""A user's page: one file in the workspace's `pages/`, found by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock import report
from aftershock.cli.workspace import workspace_of_run
from aftershock.config.names import pages
from aftershock.errors import AftershockError
from tests.report_fixture import write_run

MINE = '''
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aftershock.pages.base import Page
from aftershock.pages.sheet import Sheet


@dataclass(frozen=True)
class Row:
    """Its types are resolved through sys.modules."""

    words: str


class Mine(Page):
    name: ClassVar[str] = "mine"
    title: ClassVar[str] = "A page of my own"
    order: ClassVar[int] = 3

    def draw(self, result, paper):
        sheet = Sheet(result.manifest, paper)
        sheet.heading("mine", "What I alone look at")
        sheet.text(2, 3, Row("drawn by me").words)
        return [sheet.figure]
'''


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    return write_run(tmp_path / "reports" / "run")


def test_it_is_found_drawn_and_placed(run: Path) -> None:
    workspace = workspace_of_run(run)
    (workspace / "pages" / "mine.py").write_text(MINE)
    assert "mine" in pages(workspace)
    report.draw(run, ("html",), pages=["trades", "mine"], workspace=workspace)
    text = (run / "report.html").read_text(encoding="utf-8")
    assert text.index("What I alone look at") < text.index('id="page-trades"')
    assert "drawn by me" in text


def test_a_file_that_cannot_be_imported_is_named(run: Path) -> None:
    workspace = workspace_of_run(run)
    (workspace / "pages" / "broken.py").write_text("x = 1\nraise ValueError('no')\n")
    with pytest.raises(AftershockError, match=r"broken\.py:2.*ValueError: no"):
        report.draw(run, ("html",), workspace=workspace)


def test_a_page_that_fails_is_named_with_its_line(run: Path) -> None:
    workspace = workspace_of_run(run)
    failing = MINE.replace('Row("drawn by me").words', "{}['absent']")
    line = failing.splitlines().index("        sheet.text(2, 3, {}['absent'])") + 1
    (workspace / "pages" / "failing.py").write_text(failing)
    with pytest.raises(AftershockError, match=rf"failing\.py:{line}: .*'mine' failed"):
        report.draw(run, ("html",), pages=["mine"], workspace=workspace)
