"""Change the numerical core in small ways, and see whether its tests notice.

`python bench/mutants.py [MODULE ...] [--each N] [--seed N] [--seconds N] [--kept FILE]`
draws, of each module, places where cosmic-ray (`pip install cosmic-ray`) would change
an operator, a comparison, a number, a condition or a loop, one change a place. A
mutant that a test notices is killed. FILE keeps what was found, so that a run which
was broken off, or ended by --seconds, goes on where it was; --again tries the
survivors once more, after tests were added.

No file is changed. One process loads the outside packages, forks for each mutant, and
the fork imports the changed text in the module's place. The kernel of the fills is
not compiled there but read as Python, so that no change costs a compilation.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from changes import ROOT, drawn, path_of
from judges import TESTS

INTERPRETED = """
_blank_book, _records = blank_book, records


def blank_book(*sizes):
    blank = _blank_book(*sizes)
    views = {n: getattr(blank, n).view(np.recarray) for n in ("trades", "days")}
    return blank._replace(**views)


def records(dtype, **fields):
    return _records(dtype, **fields).view(np.recarray)
"""
"""Plain Python reads fields of records by name only where they are record arrays."""
QUIET = ["-x", "-q", "-p", "no:cacheprovider", "--no-header", "-m", "not slow"]
LEAST_SECONDS, TIMES, MOST_MEMORY = 20.0, 4.0, 8 * 2**30
MOST_EXAMPLES = 50
USUAL: dict[tuple[str, ...], float] = {}
Found = dict[str, dict[str, Any]]


class Changed(MetaPathFinder, Loader):
    """Import some modules from other text than that of their files."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def find_spec(
        self, fullname: str, path: Any = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the modules that are changed, and no others."""
        if fullname not in self.texts:
            return None
        file = path_of(fullname)
        inside = [str(file.parent)] if file.name == "__init__.py" else None
        return spec_from_file_location(
            fullname, file, loader=self, submodule_search_locations=inside
        )

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed text."""
        text = self.texts[module.__name__]
        exec(compile(text, str(module.__file__), "exec"), vars(module))


def tests_of(module: str) -> list[str]:
    """Return the test files that judge a module."""
    short = module.removeprefix("aftershock.")
    found = TESTS.get(short) or TESTS[short.split(".")[0]]
    return [f"tests/{name}.py" for name in (*found.split(), "test_abnormal")]


def every_module() -> list[str]:
    """Return the modules that are changed where none is named."""
    names = []
    for top in dict.fromkeys(name.split(".")[0] for name in TESTS):
        path = ROOT / "aftershock" / top
        files = sorted(path.glob("*.py")) if path.is_dir() else [Path(f"{path}.py")]
        for file in files:
            if "def " in file.read_text(encoding="utf-8"):
                parts = file.relative_to(ROOT).with_suffix("").parts
                names.append(".".join(p for p in parts if p != "__init__"))
    return names


def load(modules: Sequence[str]) -> None:
    """Import what the tests need, and forget what may be changed or reads it."""
    import hypothesis
    import pytest
    from hypothesis import Phase, settings

    def fewer(max_examples: int = MOST_EXAMPLES, **more: Any) -> settings:
        """Draw fewer examples: what notices a mutant does so in the first ones."""
        return settings(max_examples=min(max_examples, MOST_EXAMPLES), **more)

    # a failing example need not be made small, and the next run must see the same
    settings.register_profile(
        "mutants",
        phases=(Phase.explicit, Phase.generate),
        deadline=None,
        max_examples=MOST_EXAMPLES,
        derandomize=True,
        database=None,
    )
    settings.load_profile("mutants")
    hypothesis.settings = fewer
    for name in sorted({n for m in modules for n in tests_of(m)}):
        try:
            importlib.import_module(name.removesuffix(".py").replace("/", "."))
        except pytest.skip.Exception:
            continue
    for name in list(sys.modules):
        if name.split(".")[0] in ("aftershock", "tests"):
            del sys.modules[name]
    gc.collect()
    gc.freeze()


def tested(texts: dict[str, str], module: str) -> int:
    """Run the tests of a module with other text in its place; in a fork."""
    import numba
    import pytest

    if ".fills" in module:
        numba.config.DISABLE_JIT = True
        name = "aftershock.fills.arrays"
        text = texts.get(name) or path_of(name).read_text(encoding="utf-8")
        texts = {**texts, name: text + INTERPRETED}
    sys.meta_path.insert(0, Changed(texts))
    # file by file: most mutants are killed before the later ones need be read
    codes = (int(pytest.main([*QUIET, name])) for name in tests_of(module))
    return next(filter(None, codes), 0)


def outcome(texts: dict[str, str], module: str, seconds: float) -> str:
    """Fork, test, and return "survived", "killed" or "timed out"."""
    child = os.fork()
    if not child:
        code = 99
        try:
            os.setsid()
            resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
            said = os.open(os.environ.get("MUTANTS_SAY", os.devnull), os.O_WRONLY)
            os.dup2(said, 1)
            os.dup2(said, 2)
            code = tested(texts, module)
        finally:
            os._exit(code)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "killed" if status else "survived"
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timed out"


def sound(module: str, *tests: str) -> float:
    """Return how long the tests of a module take as it stands, and that they pass."""
    if tests not in USUAL:
        begun = time.monotonic()
        if outcome({}, module, 600) != "survived":
            raise RuntimeError(f"the tests of {module} fail as it stands")
        USUAL[tests] = time.monotonic() - begun
    return USUAL[tests]


def judge(asked: argparse.Namespace, modules: Sequence[str], found: Found) -> None:
    """Try mutants of the modules, and write down what came of each."""
    end = time.monotonic() + asked.seconds
    again = ("survived",) if asked.again else ()
    for module in modules:
        mutants = [
            m
            for m in drawn(module, asked.each, asked.seed)
            if m.key not in found or found[m.key]["outcome"] in again
        ]
        usual = sound(module, *tests_of(module)) if mutants else 0.0
        for mutant in mutants:
            if time.monotonic() > end:
                return
            seconds = max(LEAST_SECONDS, TIMES * usual)
            row = asdict(mutant)
            row["outcome"] = outcome({module: row.pop("source")}, module, seconds)
            found[mutant.key] = row
            if asked.kept:
                with asked.kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
        if mutants:
            told = f"{module}: {len(mutants)}, tests take {usual:.1f} s"
            print(told, file=sys.stderr, flush=True)


def tell(found: Found) -> None:
    """Print the table, and the survivors."""
    print("| module | tried | killed | timed out | survived |")
    print("| --- | ---: | ---: | ---: | ---: |")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in found.values():
        for name in (row["module"].removeprefix("aftershock."), "**all**"):
            counts[name][row["outcome"]] += 1
    for name, count in sorted(counts.items(), key=lambda pair: pair[0] == "**all**"):
        numbers = [count[k] for k in ("killed", "timed out", "survived")]
        print(f"| {name} | {count.total()} | {' | '.join(map(str, numbers))} |")
    for row in found.values():
        if row["outcome"] == "survived":
            print(f"\n{row['module']}, line {row['line']}\n{row['diff']}")


def main() -> None:
    """Draw, judge, and print the table of docs/reliability.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--each", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--again", action="store_true")
    asked = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    found: Found = {}
    if asked.kept and asked.kept.exists():
        rows = map(json.loads, asked.kept.read_text(encoding="utf-8").splitlines())
        found = {f"{r['module']}:{r['line']}:{r['diff']}": r for r in rows}
    modules = [f"aftershock.{name}" for name in asked.modules] or every_module()
    load(modules)
    judge(asked, modules, found)
    tell(found)


if __name__ == "__main__":
    main()
