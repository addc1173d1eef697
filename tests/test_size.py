"""Size limits: short functions and short files keep the engine readable."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

FILES = sorted([*ROOT.glob("aftershock/**/*.py"), *ROOT.glob("strategies/*.py")])
# `make bench` installs peers below bench/.venvs
AROUND = sorted([*ROOT.glob("tests/**/*.py"), *ROOT.glob("bench/*.py")])
Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_without_docstring(function: Function) -> int:
    """Count from the line of `def` to the last, less the docstring's own lines."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None or first.end_lineno is None:
        return lines
    return lines - (first.end_lineno - first.lineno + 1)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, Function):
            name = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            yield name, lines_without_docstring(node)


def sizes() -> dict[str, int]:
    return dict(pair for path in FILES for pair in functions(path))


def test_counting_leaves_the_docstring_out() -> None:
    """Four lines, of which two are the docstring: two are left."""
    source = 'def f():\n    """One\n    two."""\n    return 1\n'
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert lines_without_docstring(function) == 2


def test_files_have_at_most_300_lines() -> None:
    # as bytes: tests/bad has a file whose encoding nobody knows
    lengths = {p: len(p.read_bytes().splitlines()) for p in (*FILES, *AROUND)}
    assert [f"{p}: {n}" for p, n in lengths.items() if n > 300] == []


def test_no_function_has_more_than_60_lines() -> None:
    assert [f"{name}: {n}" for name, n in sizes().items() if n > 60] == []


def test_half_of_the_functions_have_at_most_8_lines() -> None:
    assert statistics.median(sizes().values()) <= 8


def test_nine_in_ten_functions_have_at_most_25_lines() -> None:
    assert statistics.quantiles(sizes().values(), n=10)[-1] <= 25
