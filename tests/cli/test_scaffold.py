"""The test that a scaffold writes: what it says where its news is not traded."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from aftershock.cli.scaffold import write_scaffold
from aftershock.events import load_catalogue
from tests.cli.test_strategies import TESTS

LOOP = "for exposure in news.exposures:\n"
EVENTS = re.compile(r"EVENTS = pd\.DataFrame\(.*?\n\)\n", re.DOTALL)


def scaffold_for(role: str, workspace: Path) -> Path:
    """Write a scaffold whose strategy trades one role only; return its test."""
    strategy, test = write_scaffold("Mine", workspace, set())
    only = (
        f"{LOOP}            if exposure.role != '{role}':\n                continue\n"
    )
    strategy.write_text(strategy.read_text().replace(LOOP, only))
    return test


def test_news_that_is_traded_is_named_with_a_line_to_paste(tmp_path: Path) -> None:
    """Nobody is a customer in the scaffold's news; the line's event has one."""
    test = scaffold_for("customer", tmp_path)
    with pytest.raises(AssertionError, match="it plans nothing here") as caught:
        runpy.run_path(str(test))[TESTS[0]]()
    said = str(caught.value)
    (line, *_) = [one for one in said.splitlines() if one.startswith("EVENTS = ")]
    (event,) = re.findall(r'ids=\["(.*)"\]', line)
    roles = {exposure.role for exposure in load_catalogue()[event].exposures}
    assert "customer" in roles
    text, n = EVENTS.subn(f"{line}\n", test.read_text())
    assert n == 1
    test.write_text(text)
    found = runpy.run_path(str(test))
    for name in TESTS:
        found[name]()


def test_without_such_news_the_roles_are_named(tmp_path: Path) -> None:
    test = scaffold_for("victim", tmp_path)
    with pytest.raises(AssertionError) as caught:
        runpy.run_path(str(test))[TESTS[0]]()
    assert "nor for any of " in str(caught.value)
    assert "Their roles are acquirer, actor, competitor, customer," in str(caught.value)
