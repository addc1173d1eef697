"""What a strategy's file reaches for, read without running it.

It also sees branches that did not run, and libraries that open files from compiled
code.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

from aftershock.strategy.audit.leak import CHANCE, FRAMES, OUTSIDE, TAMPERED, Leak
from aftershock.strategy.audit.rules import (
    ATTRIBUTES,
    METHODS,
    NAMED,
    WALKERS,
    cause_of,
    forbidden_import,
)
from aftershock.strategy.base import Strategy

Found = Iterator[tuple[str, str]]
_SELF = ("self", "cls")
_SEEDED = ("default_rng", "Random", "RandomState", "SeedSequence", "PCG64")


def read_files(cls: type[Strategy]) -> Iterator[Leak]:
    """Yield what the files of a strategy and of its own modules reach for."""
    try:
        paths = _files(cls)
    except (TypeError, OSError):
        yield Leak(cls.__name__, "", "file", OUTSIDE, "its source cannot be read")
        return
    for path in paths:
        text = path.read_text(encoding="utf8")
        for line, cause, what in _File(ast.parse(text)).found():
            place = f"line {line}" if path == paths[0] else f"{path.name}:{line}"
            yield Leak(cls.__name__, "", "file", cause, f"{place}: {what}")


def _files(cls: type[Strategy]) -> list[Path]:
    """Return the file of a class, of its bases, and of what they import beside them."""
    found: list[Path] = []
    for base in cls.__mro__:
        if base.__module__.split(".")[0] in ("aftershock", "abc", "builtins"):
            continue
        source = inspect.getsourcefile(base)
        if source is None:
            raise OSError
        waiting = [Path(source).resolve()]
        while waiting:
            path = waiting.pop()
            if path not in found:
                found.append(path)
                waiting += _beside(path)
    return found


def _beside(path: Path) -> Iterator[Path]:
    """Yield the files that a file imports from its own folder."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            module = sys.modules.get(name)
            given = getattr(module, "__file__", None) or f"{name.replace('.', '/')}.py"
            file = path.parent / given
            if file.is_file() and file.resolve().parent == path.parent:
                yield file.resolve()


class _File:
    """The names that a file gives to what it imports, and what it does with them."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._names: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    whole = alias.name if alias.asname else alias.name.split(".")[0]
                    self._names[alias.asname or whole] = whole
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    self._names[alias.asname or alias.name] = whole

    def found(self) -> Iterator[tuple[int, str, str]]:
        """Yield the line, the cause and what is done there."""
        for node in ast.walk(self._tree):
            for cause, what in self._reaches(node):
                yield getattr(node, "lineno", 0), cause, what

    def _reaches(self, node: ast.AST) -> Found:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imports(node)
        elif isinstance(node, ast.Call):
            yield from self._calls(node)
        elif isinstance(node, ast.Attribute):
            yield from self._attribute(node)
        elif isinstance(node, ast.Name) and node.id in ("__builtins__", "__loader__"):
            yield OUTSIDE, f"uses {node.id}"

    def _whole(self, node: ast.AST) -> str:
        """Return the dotted name of an expression; "" where it is none."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            head = self._whole(node.value)
            return f"{head}.{node.attr}" if head else ""
        return ""

    def _imported(self, node: ast.AST) -> bool:
        """Tell whether an expression begins with an imported name."""
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self._names

    def _calls(self, node: ast.Call) -> Found:
        name = self._whole(node.func)
        method = isinstance(node.func, ast.Attribute)
        known = not method or self._imported(node.func)
        if known and (cause := cause_of(name)):
            yield cause, f"calls {name}"
        elif method and (
            node.func.attr in METHODS  # type: ignore[attr-defined]
            or node.func.attr.startswith("read_")  # type: ignore[attr-defined]
        ):
            yield OUTSIDE, f"calls {node.func.attr}"  # type: ignore[attr-defined]
        elif known and _unseeded(name, node):
            yield CHANCE, f"calls {name} without a seed"
        yield from self._indirect(name, node)

    def _indirect(self, name: str, node: ast.Call) -> Found:
        """Yield names that are put together, and what is written over."""
        first = node.args[0] if node.args else None
        own = isinstance(first, ast.Name) and first.id in _SELF
        written = name in ("setattr", "delattr")
        if not own and (written or name.endswith(("__setattr__", "__delattr__"))):
            yield TAMPERED, f"calls {name}"
        elif name == "getattr" and len(node.args) > 1:
            asked = node.args[1]
            text = asked.value if isinstance(asked, ast.Constant) else None
            if text is None and first is not None and self._imported(first):
                yield OUTSIDE, "a name of a module that is put together"
            elif text in ATTRIBUTES:
                yield FRAMES, f"reads {text}"

    def _attribute(self, node: ast.Attribute) -> Found:
        """Yield attributes that lead to a caller, or that are not the strategy's."""
        name, attr = self._whole(node), node.attr
        own = isinstance(node.value, ast.Name) and node.value.id in _SELF
        if not isinstance(node.ctx, ast.Load):
            if self._imported(node) or (not own and _class_of(node.value)):
                yield TAMPERED, f"sets {name or attr}"
        elif attr in ATTRIBUTES:
            yield FRAMES, f"reads {attr}"
        elif name in ("sys.modules", "sys.path_importer_cache", "os.environ"):
            yield FRAMES if name.startswith("sys") else OUTSIDE, f"reads {name}"
        elif attr[:1] == "_" != attr[1:2] and not own and attr not in NAMED:
            yield FRAMES, f"reads the private {attr}"


def _imports(node: ast.Import | ast.ImportFrom) -> Found:
    if isinstance(node, ast.Import):
        names = [(alias.name, alias.name) for alias in node.names]
    else:
        module = node.module or ""
        names = [(module, f"{module}.{alias.name}") for alias in node.names]
    for module, whole in names:
        walks = module.split(".")[0] in WALKERS
        if forbidden_import(module) and forbidden_import(whole):
            yield FRAMES if walks else OUTSIDE, f"imports {module}"
        elif module.split(".")[0] == "aftershock" and forbidden_import(whole):
            yield OUTSIDE, f"imports {whole}"
        elif cause := cause_of(whole):
            yield cause, f"imports {whole}"


def _unseeded(name: str, node: ast.Call) -> bool:
    """Tell a generator that is made without a seed, or drawn from the common one."""
    head, _, last = name.rpartition(".")
    if head not in ("random", "numpy.random"):
        return False
    if last in _SEEDED or last.endswith("Generator"):
        return not (node.args or node.keywords)
    return last not in ("seed", "Generator") and last[:1].islower()


def _class_of(node: ast.AST) -> bool:
    """Tell ``type(x)`` and ``x.__class__``, through which classes are written over."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "type"
    return isinstance(node, ast.Attribute) and node.attr in ("__class__", "__func__")
