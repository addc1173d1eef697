"""Every code block of every page does what the page says, in the order of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.blocks import ONLY_PARSED, PAGES, Block, blocks, commands
from tests.docs.playing import Play, play, workspace

SLOW = {
    "README.md",
    "docs/importing.md",
    "docs/monday_morning.md",
    "docs/tutorial.md",
    "docs/howto/dask.md",
    "docs/howto/page.md",
    "docs/howto/repeat.md",
    "docs/howto/report.md",
}
"""Pages that run whole studies."""
SAYS = {
    "docs/importing.md": (
        "Added nbis-site-20260707 at data/events/own.yaml:1",
        "1 draft from news.csv",
        "article.moves.csv",
        "Nothing is wrong.",
    ),
    "docs/monday_morning.md": (
        "entry 1 of data/ledger.yaml",
        "holds: 1 recorded",
        "6 reactions awaited",
    ),
}
"""What the commands of a page must print, besides what the page itself shows."""
WITH_CODE = [page for page in PAGES if blocks(page)]


def marked(page: str) -> object:
    return pytest.param(page, marks=[pytest.mark.slow] if page in SLOW else [])


@pytest.mark.parametrize("page", [marked(page) for page in WITH_CODE])
def test_its_code_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = play(page, tmp_path / "workspace", monkeypatch)
    for words in SAYS.get(page, ()):
        assert words in printed


@pytest.mark.parametrize("page", PAGES)
def test_its_links_lead_somewhere(page: str) -> None:
    """As files of the repository: the site turns them into its own."""
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^):#\s]+)", re.sub(r"```.*?```", "", text, flags=re.S))
    here = (ROOT / page).parent
    assert [link for link in links if not (here / link).exists()] == []


def test_blocks_that_are_only_read_say_why() -> None:
    words = {word for page in PAGES for b in blocks(page) for word in b.words}
    assert words <= {*ONLY_PARSED, "output", "extract"}


def block(text: str, language: str = "sh", *words: str) -> Block:
    return Block("page.md", 1, language, frozenset(words), None, text)


def test_commands_are_read_as_a_shell_reads_them() -> None:
    """A line that goes on is one, a comment none; what follows << belongs to it."""
    text = "# why\na --b \\\n  c\ncat > f <<'END'\n1\n2\nEND\nd\n"
    expected = [("a --b    c", ""), ("cat > f <<'END'", "1\n2\n"), ("d", "")]
    assert list(commands(block(text))) == expected


@pytest.mark.parametrize(
    ("shown", "failure"),
    [
        (block("aftershock events lst\n"), AssertionError),
        (block("rm -rf /\n"), pytest.fail.Exception),
        (block("aftershock check x --sett a=b\n", "sh", "network"), Exception),
        (block("nobody knows\n", "sh", "install"), AssertionError),
        (block("never printed\n", "text", "output"), AssertionError),
        (block("title: T\nevents: {files: [x], were: {}}\n", "yaml"), Exception),
        (block("account: {csh: 5}\n", "yaml"), Exception),
        (block("- {id: a, headline: b}\n", "yaml"), Exception),
        (block("1 / 0\n", "python"), ZeroDivisionError),
        (block("aftershock demo\n", ""), AssertionError),
    ],
)
def test_a_block_that_is_wrong_is_noticed(
    shown: Block,
    failure: type[BaseException],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(failure):
        Play(tmp_path).block(shown)


@pytest.mark.parametrize(
    ("shown", "fails"),
    [
        ("head\na  1\nb  2\n", False),
        ("head\n...\nb  2\n", False),
        ("...\na  1\n...\n", False),
        ("head\nb  2\n", True),
        ("b  2\n...\na  1\n", True),
        ("head\n...\na  1\nc  3\n", True),
    ],
)
def test_lines_left_out_of_an_output_are_marked(
    shown: str, fails: bool, tmp_path: Path
) -> None:
    """Printed: head, a, b, a blank line, c; what is shown as neighbours must be so."""
    played = Play(tmp_path, said=["head\na  1\nb  2\n\nc  3\n"])
    if not fails:
        played.block(block(shown, "text", "output"))
        return
    with pytest.raises(AssertionError):
        played.block(block(shown, "text", "output"))


def test_a_page_leaves_no_module_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    with workspace(tmp_path / "w", monkeypatch) as played:
        (tmp_path / "w" / "left_behind.py").write_text("x = 1\n")
        played.block(block("import left_behind\n", "python"))
        assert "left_behind" in sys.modules
    assert "left_behind" not in sys.modules
