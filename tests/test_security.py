"""No code from data or from elsewhere, nothing sent: what SECURITY.md promises."""

from __future__ import annotations

import ast
import re
import socket
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from curl_cffi import requests

from aftershock import report
from aftershock.errors import AftershockError, StrategyError
from aftershock.events import load_events
from aftershock.registry import load_folder
from aftershock.strategy import Strategy
from tests.conftest import ROOT
from tests.report.conftest import HOSTILE
from tests.report_fixture import write_run
from tests.test_whole_runs import call, workspace

SOURCES = sorted([*ROOT.glob("aftershock/**/*.py"), *ROOT.glob("strategies/*.py")])
RUNS_CODE = {"eval", "exec", "compile", "__import__"}
READS_CODE = {"pickle", "_pickle", "shelve", "marshal", "dill", "cloudpickle"}


@cache
def called(path: Path) -> frozenset[str]:
    """Return the names a file calls and imports."""
    return frozenset(_called(path))


def _called(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]
        elif isinstance(node, ast.Attribute) and node.attr == "read_pickle":
            yield "pickle"


def users(names: set[str]) -> set[str]:
    """Return the files that call or import one of some names."""
    return {p.relative_to(ROOT).as_posix() for p in SOURCES if names & called(p)}


def test_no_text_is_run() -> None:
    assert users(RUNS_CODE) == set()
    assert users({"subprocess", "pty"}) == set()


def test_pickle_stays_between_processes_of_one_command() -> None:
    assert users(READS_CODE) == {"aftershock/executor/parcel.py"}


def test_yaml_that_is_read_is_safe() -> None:
    """`YAML()` without a kind only writes; what is read is safe, or nodes alone."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        for kind, does in re.findall(r"YAML\(([^)]*)\)\.(load|compose)", text):
            assert 'typ="safe"' in kind or does == "compose", path
        for writer in re.findall(r"(\w+) = YAML\(", text):
            assert f"{writer}.load" not in text, path


def test_xml_is_read_only_where_it_was_drawn() -> None:
    """feedparser and lxml's HTML parser read what comes from outside."""
    assert users({"xml"}) == {"aftershock/report/pictures.py"}


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system ['true']", "!x {}"])
def test_a_tag_makes_nothing(tmp_path: Path, capsys: Any, tag: str) -> None:
    path = Path(workspace(tmp_path))
    path.write_text(path.read_text() + f"seed: {tag}\n")
    assert call("check", str(path)) == 2
    events = tmp_path / "data" / "events" / "mine.yaml"
    events.write_text(events.read_text().replace("exact", tag))
    with pytest.raises(AftershockError):
        load_events([events], tmp_path)


STRATEGY = """
from dataclasses import dataclass
from aftershock.strategy import Strategy

RAN = True

@dataclass(frozen=True)
class Outside(Strategy):
    def plan(self, news):
        return []
"""


def test_code_from_elsewhere_is_refused(tmp_path: Path) -> None:
    """A link out of the workspace, a folder that is one, a link to itself."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "it.py").write_text(STRATEGY)
    inside = tmp_path / "work" / "strategies"
    inside.mkdir(parents=True)
    (inside / "it.py").symlink_to(outside / "it.py")
    with pytest.raises(StrategyError, match="out of the workspace") as caught:
        load_folder(inside, Strategy)
    assert "copy the file" in str(caught.value)
    (inside / "it.py").unlink()
    (inside / "loop.py").symlink_to(inside / "loop.py")
    with pytest.raises(AftershockError):
        load_folder(inside, Strategy)
    (inside / "loop.py").unlink()
    (inside.parent / "real.py").write_text(STRATEGY)
    (inside / "same.py").symlink_to(inside.parent / "real.py")
    assert list(load_folder(inside, Strategy)) == ["Outside"]
    linked = tmp_path / "other" / "strategies"
    linked.parent.mkdir()
    linked.symlink_to(outside)
    with pytest.raises(StrategyError, match="out of the workspace"):
        load_folder(linked, Strategy)


@pytest.mark.parametrize("name", ["../outside/it", "/etc/passwd", "os.system"])
def test_a_name_is_never_a_path(tmp_path: Path, capsys: Any, name: str) -> None:
    path = workspace(tmp_path)
    assert call("check", path, "--set", f"strategies=[{{name: {name}}}]") == 2
    assert call("check", path, "--set", f"report.pages=[{name}]") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_script_in_a_headline_is_words_in_every_picture(tmp_path: Path) -> None:
    """As SVG of its own, and within the HTML: no element but ours."""
    folder = write_run(tmp_path / "run")
    manifest = folder / "run.json"
    said = HOSTILE.replace('"', '\\"')
    text = re.sub(r'"headline": "[^"]*"', f'"headline": "{said}"', manifest.read_text())
    manifest.write_text(text)
    report.draw(folder, ("svg",), pages=["what_happened"])
    drawn = sorted((folder / "figures").glob("*.svg"))
    assert drawn
    for path in drawn:
        tags = {e.tag.split("}")[1] for e in ET.parse(path).iter()}
        assert not tags & {"script", "b", "foreignObject", "a", "image"}
    assert any("taken" in path.read_text() for path in drawn)


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuse and note every connection, of Python's and of curl's."""
    tried: list[str] = []

    def refuse(*given: Any, **_: Any) -> None:
        tried.append(repr(given[1:]))
        raise AssertionError("a connection was tried")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(requests.Session, "request", refuse)
    return tried


def test_offline_asks_nobody(
    tmp_path: Path, capsys: Any, no_sockets: list[str]
) -> None:
    """Neither a run on the sample, nor one on Yahoo's prices that are not there."""
    path = workspace(tmp_path)
    assert call("run", path, "--offline", "--jobs", "1", "--format", "html") == 0
    yahoo = ("--set", "prices.source={name: yahoo}")
    assert call("run", path, *yahoo, "--offline", "--jobs", "1") == 3
    assert call("check", path, *yahoo) in (0, 3)
    assert no_sockets == []
