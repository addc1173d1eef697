"""Small changes of a module, drawn from those that cosmic-ray knows."""

from __future__ import annotations

import ast
import difflib
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parent.parent
SENSE = re.compile(
    r"ReplaceBinaryOperator_(Add|Sub|Mul|Div|FloorDiv|Mod|Pow)"
    r"_(Add|Sub|Mul|Div|FloorDiv|Pow)$"
    r"|ReplaceBinaryOperator_Bit(Or|And|Xor)_Bit(Or|And|Xor)$"
    r"|ReplaceComparisonOperator_(Eq|NotEq|Lt|LtE|Gt|GtE)_(Eq|NotEq|Lt|LtE|Gt|GtE)$"
    r"|ReplaceComparisonOperator_Is(Not)?_Is(Not)?$"
    r"|ReplaceUnaryOperator_(USub|Invert|Not|Delete)"
    r"|AddNot$|Replace(True|False|And|Or|Break|Continue)|NumberReplacer$"
    r"|ZeroIterationForLoop$|RemoveDecorator$|ExceptionReplacer$"
)
"""Operators of cosmic-ray; the others make what no value could be computed with."""


@dataclass(frozen=True)
class Mutant:
    """One change of one module; `diff` holds the lines before and after."""

    module: str
    line: int
    diff: str
    source: str

    @property
    def key(self) -> str:
        """Return what names the mutant in the file of what was found."""
        return f"{self.module}:{self.line}:{self.diff}"


class Meaning(ast.NodeTransformer):
    """Take away what changes nothing that runs: annotations, and the compiler."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Forget the type of an argument."""
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Forget the type of a field."""
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Forget what a function returns, and that it is compiled."""
        node.returns = None
        kept = [d for d in node.decorator_list if ast.unparse(d) != "compiled"]
        node.decorator_list = kept
        return self.generic_visit(node)


def meaning(source: str) -> str:
    """Return a text that is the same for sources that do the same."""
    return ast.dump(Meaning().visit(ast.parse(source)))


def path_of(name: str) -> Path:
    """Return the file of a module."""
    path = ROOT / name.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def places(source: str) -> dict[tuple[Any, str], list[tuple[str, int]]]:
    """Return what cosmic-ray could do at each place: (operator, occurrence)."""
    nodes = list(ast_nodes(get_ast(source)))
    found = defaultdict(list)
    for name in filter(lambda n: SENSE.match(n.split("/")[1]), operator_names()):
        operator = get_operator(name)()
        spots = (s for node in nodes for s in operator.mutation_positions(node))
        for occurrence, (start, _) in enumerate(spots):
            kind = name.split("/")[1].split("_")[0]
            found[start, kind].append((name, occurrence))
    return found


def drawn(module: str, count: int, seed: int) -> Iterator[Mutant]:
    """Draw places of a module, and one change at each."""
    source = path_of(module).read_text(encoding="utf-8")
    before, chance = meaning(source), random.Random(f"{seed} {module}")
    spots = sorted(places(source).items())
    chance.shuffle(spots)
    for ((line, _), _), choices in spots:
        name, occurrence = chance.choice(choices)
        changed = mutate_code(source, get_operator(name)(), occurrence)
        try:
            if changed is None or meaning(changed) == before:
                continue
        except SyntaxError:
            continue
        lines = difflib.ndiff(source.splitlines(), changed.splitlines())
        diff = "\n".join(x for x in lines if x[0] in "-+")
        yield Mutant(module, line, diff, changed)
        count -= 1
        if not count:
            return
