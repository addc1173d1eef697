"""A page played from top to bottom in a workspace of its own, in this process."""

from __future__ import annotations

import importlib
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer.main
from ruamel.yaml import YAML
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.cli.schemas import schema_of
from aftershock.config import RunConfig, load_config
from aftershock.events import load_events
from tests.conftest import ROOT
from tests.docs.blocks import Block, blocks, commands, written

FAMILIES = ("models", "significance", "sources", "importers", "pages")
SMALLEST = "title: T\nevents: {files: [../data/events/my_events.yaml]}\n"
OTHERS = ("make", "pip", "dask", "source", "pre-commit", "pytest")
"""What a block that is only read may start."""


@dataclass
class Play:
    """What a page has done so far: its files, its Python names, what was printed."""

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "page"})
    said: list[str] = field(default_factory=list)

    def block(self, block: Block) -> None:
        """Play one block; a language that nothing is known of must hold no command."""
        play = LANGUAGES.get(block.language)
        if play:
            play(self, block)
        else:
            started = [line for line in block.text.splitlines() if _is_command(line)]
            assert started == [], f"{block.where}: commands need ```sh"

    def python(self, block: Block) -> None:
        """Write a file of the page, or run what is none."""
        code = compile(block.text, block.where, "exec")
        if block.title:
            written(Path.cwd() / block.title, block.text)
        else:
            exec(code, self.names)

    def shell(self, block: Block) -> None:
        """Run each command, or only read it where the block says so."""
        for line, given in commands(block):
            words = shlex.split(line.partition(" <<")[0], comments=True)
            if block.unmoved:
                _understood(words, block)
            else:
                self._run(words, given, block)

    def _run(self, words: list[str], given: str, block: Block) -> None:
        words = [found for word in words for found in _spread(word)]
        match words:
            case ["aftershock", *rest]:
                made = CliRunner().invoke(app, rest)
                told = made.output or str(made.exception)
                assert made.exit_code == 0, (block.where, words, told)
                self.said.append(_plain(made.output))
            case ["cd", folder]:
                os.chdir(folder)
            case ["mv", source, target]:
                shutil.move(source, target)
            case ["cat", ">", target]:
                written(Path.cwd() / target, given)
            case _:
                pytest.fail(f"{block.where}: cannot run {words}")

    def data(self, block: Block) -> None:
        """Write a file of the page; check what kind it is and whether it is right."""
        if "extract" in block.words:
            YAML(typ="safe").load(block.text)
            return
        name = block.title or f"backtests/line_{block.line}.{block.language}"
        path = Path.cwd() / name
        written(path, block.text)
        if block.language == "yaml":
            _check_yaml(path, YAML(typ="safe").load(block.text), block)
        elif not block.title:
            assert len(load_events([path])) > 0

    def text(self, block: Block) -> None:
        """Hold a block of output against what was printed, in the same order.

        Lines that stand together were printed together, blank ones aside: what is left
        out is marked by a line of three dots.
        """
        if "output" not in block.words:
            return
        rest = _lines("\n".join(self.said))
        parts = [part.strip("\n") for part in _lines(block.text).split(LEFT_OUT)]
        for part in filter(None, parts):
            _, found, rest = rest.partition(f"\n{part}\n")
            assert found, (block.where, part)
            rest = f"\n{rest}"


LEFT_OUT = "\n...\n"
"""A line of a block of output that stands for others."""


def _lines(text: str) -> str:
    """Return the lines of a text that say something, a break on both sides of each."""
    said = filter(None, map(str.rstrip, _plain(text).splitlines()))
    return "".join(f"\n{line}" for line in said) + "\n"


LANGUAGES: dict[str, Callable[[Play, Block], None]] = {
    "python": Play.python,
    "sh": Play.shell,
    "console": Play.shell,
    "yaml": Play.data,
    "csv": Play.data,
    "text": Play.text,
}


def _plain(text: str) -> str:
    return text.replace("\u2009", " ")


def _spread(word: str) -> list[str]:
    """Return the files that a word with a star stands for, else the word."""
    found = sorted(map(str, Path().glob(word))) if "*" in word else []
    return found or [word]


def _is_command(line: str) -> bool:
    return line.removeprefix("$ ").startswith(("aftershock ", "pip ", "make "))


def _understood(words: list[str], block: Block) -> None:
    """Parse a command without running it: its name, arguments and options exist."""
    if words[0] != "aftershock":
        assert words[0] in OTHERS, (block.where, words)
        return
    command, name, rest = typer.main.get_command(app), "aftershock", words[1:]
    context = command.make_context(name, list(rest))
    while hasattr(command, "resolve_command"):
        left = [*context._protected_args, *context.args]
        name, command, rest = command.resolve_command(context, left)
        context = command.make_context(name, list(rest), parent=context)


def _check_yaml(path: Path, value: Any, block: Block) -> None:
    """Check a file by what it holds: events, claims, baskets, a config or a part."""
    kind = _kind(value)
    if kind == "part":
        smallest = YAML(typ="safe").load(SMALLEST)
        RunConfig.model_validate(smallest | value)
    elif kind == "config":
        load_config(path)
    else:
        jsonschema.validate(_as_json(value), schema_of(kind))
        if kind == "events":
            assert len(load_events([path])) == len(value), block.where


def _kind(value: Any) -> str:
    if isinstance(value, list):
        return "claims" if "said_by" in value[0] else "events"
    if {"title", "events"} <= value.keys():
        return "config"
    return "part" if value.keys() <= RunConfig.model_fields.keys() else "baskets"


def _as_json(value: Any) -> Any:
    """Return the same with dates as texts, as JSON has them."""
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@contextmanager
def workspace(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Play]:
    """Stand in a workspace as `init` makes it, with the shipped configs beside.

    A page's file `aftershock/models/x.py` lies in that folder, and counts as one of
    the package's own, so that it is found as the page says.
    """
    made = CliRunner().invoke(app, ["init", str(folder)])
    assert made.exit_code == 0, made.output
    for path in (ROOT / "backtests").glob("*.yaml"):
        shutil.copy(path, folder / "backtests")
    patch.chdir(folder)
    patch.syspath_prepend(str(folder))
    known = set(sys.modules)
    for family in FAMILIES:
        home = importlib.import_module(f"aftershock.{family}")
        here = str(folder / "aftershock" / family)
        patch.setattr(home, "__path__", [*home.__path__, here])
    try:
        yield Play(folder)
    finally:
        for name in set(sys.modules) - known:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if file.startswith(str(folder)):
                del sys.modules[name]


def play(page: str, folder: Path, patch: pytest.MonkeyPatch) -> str:
    """Play a page from top to bottom and return all that its commands printed."""
    with workspace(folder, patch) as played:
        for block in blocks(page):
            try:
                played.block(block)
            except Exception as error:
                error.add_note(f"in the block at {block.where}")
                raise
        return "\n".join(played.said)
