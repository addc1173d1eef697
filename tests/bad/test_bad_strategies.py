"""Wrong strategy files: the file and the line are named, nothing is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bad import making
from tests.bad.asking import ask, refuses
from tests.bad.expected import STRATEGIES

HERE = Path(__file__).parent / "strategies"
GOOD = '''"""Sell what jumped."""

from dataclasses import dataclass

from aftershock.strategy import Strategy, TradePlan


@dataclass(frozen=True)
class Own(Strategy):
    """Fade it."""

    hold: int = 5

    def plan(self, news):
        for exposure in news.exposures:
            yield TradePlan(exposure.symbol, weight=-0.1, hold=self.hold)
'''


def outside(path: Path, good: str) -> None:
    """A symbolic link to a strategy that lies outside of the workspace."""
    other = path.parent.parent.parent / "outside.py"
    other.write_text(good, encoding="utf-8")
    path.symlink_to(other)


def twice(path: Path, good: str) -> None:
    """Two files that define a class of one name."""
    path.write_text(good, encoding="utf-8")
    path.with_name("twin.py").write_text(good, encoding="utf-8")


MADE = (
    ("symlink_loop", making.loop, 3, "no such"),
    ("dangling_symlink", making.dangling, 3, "no such"),
    ("a_folder", making.folder, 3, "a folder stands there"),
    ("a_pipe", making.pipe, 3, "no such"),
    ("utf16", making.utf16, 2, "SyntaxError"),
    ("nul_byte", making.nul, 2, "null bytes"),
    ("binary", making.binary, 2, "SyntaxError"),
    ("line_of_50_mb", making.long_line, 2, "larger than 1 MB"),
    ("nested", making.nested, 2, "own.py"),
    ("outside", outside, 2, "leads out of the workspace"),
    ("twice", twice, 2, "'Own' is defined here and in own.py"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The strategies of a workspace, empty."""
    made = tmp_path / "workspace" / "strategies"
    made.mkdir(parents=True)
    return made


@pytest.mark.parametrize("name", sorted(STRATEGIES))
def test_a_small_file(folder: Path, name: str) -> None:
    code, words = STRATEGIES[name]
    shutil.copyfile(HERE / name, folder / "own.py")
    asked = ("strategies", "list", "--workspace", str(folder.parent))
    refuses(folder.parent, code, words, *asked)


@pytest.mark.parametrize(("name", "maker", "code", "words"), MADE)
def test_a_made_file(
    folder: Path, name: str, maker: making.Maker, code: int, words: str
) -> None:
    maker(folder / "own.py", GOOD)
    asked = ("strategies", "list", "--workspace", str(folder.parent))
    refuses(folder.parent, code, words, *asked)


def test_the_corpus_is_whole() -> None:
    assert {path.name for path in HERE.glob("*.py")} == set(STRATEGIES)


def test_what_they_are_made_of_is_accepted(folder: Path) -> None:
    (folder / "own.py").write_text("\ufeff" + GOOD, encoding="utf-8")
    answer = ask("strategies", "list", "--workspace", str(folder.parent))
    assert answer.code == 0 and "Own" in answer.out
