"""The code blocks of a page, with what their first line says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TITLE = re.compile(r'title="([^"]+)"')
ONLY_PARSED = {
    "network": "asks the network",
    "served": "runs until it is stopped",
    "cluster": "needs several machines",
    "install": "installs the program that is being tested",
    "long": "takes minutes, and is the shipped example that other tests run",
}
"""Words after `sh` for commands that are read, not run, and why."""
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in [
        *ROOT.glob("docs/**/*.md"),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "data/README.md")),
    ]
)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its further words, its file, its text."""

    page: str
    line: int
    language: str
    words: frozenset[str]
    title: str | None
    text: str

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def unmoved(self) -> str:
        """Return why the block is only read; empty where it is run."""
        return "; ".join(ONLY_PARSED[w] for w in self.words if w in ONLY_PARSED)


def blocks(page: str) -> list[Block]:
    """Return the blocks of a page from top to bottom."""
    return list(_blocks(page, (ROOT / page).read_text(encoding="utf-8")))


def _blocks(page: str, text: str) -> Iterator[Block]:
    for found in FENCE.finditer(text):
        said = found[1]
        title = TITLE.search(said)
        language, *words = TITLE.sub("", said).split() or [""]
        line = text.count("\n", 0, found.start()) + 1
        yield Block(
            page, line, language, frozenset(words), title and title[1], found[2]
        )


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Return each command of a shell block with what a here-document gives it."""
    text = block.text.replace("\\\n", " ")
    if block.language == "console":
        text = "\n".join(re.findall(r"^\$ (.+)$", text, flags=re.MULTILINE))
    lines = iter(text.splitlines())
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        given = ""
        here = re.search(r"<<'(\w+)'$", line)
        if here:
            taken = []
            for more in lines:
                if more == here[1]:
                    break
                taken.append(more + "\n")
            given = "".join(taken)
        yield line, given


def written(path: Path, text: str) -> None:
    """Write a file of a page into its workspace."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
