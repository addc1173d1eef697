"""The pages made from the code, and the site as it is built: strictly, and offline."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

HERE = ROOT / "docs" / "_build"
MISSING = [name for name in ("mkdocs", "material", "mkdocstrings")
           if importlib.util.find_spec(name) is None]  # fmt: skip
needs_extra = pytest.mark.skipif(
    bool(MISSING), reason=f"not installed (extra docs): {', '.join(MISSING)}"
)


@pytest.fixture(autouse=True)
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))


def made(name: str) -> ModuleType:
    return importlib.import_module(name)


def test_the_picture_of_the_layers_is_that_of_the_contract() -> None:
    """Else: python docs/_build/layers.py."""
    layers = made("layers")
    assert layers.PICTURE.read_text(encoding="utf-8") == layers.picture(layers.layers())


def test_layers_are_read_from_the_top_down(tmp_path: Path) -> None:
    """Two layers by hand: three boxes, the upper one above the others."""
    layers, setup = made("layers"), tmp_path / "setup.cfg"
    setup.write_text(
        "[importlinter:contract:layers]\nlayers =\n    cli\n    events | errors\n"
    )
    rows = layers.layers(setup)
    assert rows == [["cli"], ["events", "errors"]]
    drawn = layers.picture(rows)
    found = re.findall(r'y="([\d.]+)">(\w+)</text>', drawn)
    places = {name: float(y) for y, name in found}
    assert places["cli"] < places["events"] == places["errors"]
    table = layers.module_table(rows)
    assert "| 1 | `cli` | The commands." in table and "| 2 | `errors` |" in table


def test_every_key_of_a_config_stands_on_its_page() -> None:
    """A schema by hand: a limit, a choice, a list, a section, what is needed."""
    schema = {
        "properties": {
            "title": {"type": "string"},
            "share": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
            "inner": {"$ref": "#/$defs/Inner"},
        },
        "required": ["title"],
        "$defs": {
            "Inner": {
                "description": "What is inside.\n\nAttributes\n----------\nx",
                "properties": {
                    "kind": {"enum": ["a", "b"], "default": "a"},
                    "days": {
                        "anyOf": [
                            {"type": "array", "items": {"type": "integer"}},
                            {"type": "null"},
                        ],
                        "default": None,
                    },
                },
            }
        },
    }
    text = made("schema_page").page(schema)
    assert "| `title` | text | needed |" in text
    assert "| `share` | number ≥ 0 ≤ 1 | `0.5` |" in text
    assert "## `inner`\n\nWhat is inside.\n\n" in text
    assert '| `kind` | `"a"`, `"b"` | `"a"` |' in text
    assert "| `days` | list of: whole number or nothing | – |" in text


def test_every_command_stands_on_its_page() -> None:
    text = made("command_page").page()
    for name in ("run", "events import", "strategies audit", "prices compare"):
        assert f"`aftershock {name}`\n" in text
    assert "`--set KEY=VALUE`" in text and "**Usage**" in text


def test_every_public_name_stands_on_its_page() -> None:
    import aftershock

    text = made("api_page").page()
    for name in aftershock.__all__:
        assert re.search(rf"^::: aftershock\.(\w+\.)?{name}$", text, re.MULTILINE), name


def test_a_notebook_is_a_page_of_its_text_and_code(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "words"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "x = 1"]},
    ]
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    text = made("notebook_page").page(path)
    assert text.startswith("# Title\nwords\n\n[")
    assert text.endswith("```python\n%matplotlib inline\nx = 1\n```\n")


@needs_extra
def test_links_between_files_become_links_between_pages() -> None:
    hooks = made("hooks")
    before = (
        "[a](../data/README.md#time) ![b](layers.svg) [c](https://x.org/y.md) "
        "[d](#here) [e](../CONTRIBUTING.md)"
    )
    after = (
        "[a](data.md#time) ![b](layers.svg) [c](https://x.org/y.md) "
        "[d](#here) [e](contributing.md)"
    )
    assert hooks.linked(before, "importing.md") == after
    assert hooks.linked("[a](../methods.md)", "howto/test.md") == "[a](../methods.md)"
    front = "[a](docs/methods.md) ![b](reports/sample/card.png) [c](NOTICE)"
    assert hooks.linked(front, "index.md") == (
        "[a](methods.md) ![b](sample/card.png) [c](NOTICE.txt)"
    )
    back = "[a](../docs/importing.md)"
    assert hooks.linked(back, "data.md") == "[a](importing.md)"


@needs_extra
def test_words_for_tests_are_not_shown() -> None:
    """Markdown takes a fence with a word it does not know for text."""
    before = '```sh network\na\n```\n```yaml title="a b.yaml"\n```\n```\n```\n'
    after = '```sh\na\n```\n```yaml title="a b.yaml"\n```\n```\n```\n'
    assert made("hooks").fenced(before) == after


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    yield folder


@needs_extra
@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_asks_nothing_of_the_network(
    site: Path,
) -> None:
    """Every file of docs/ is there; nothing but a link to click leads elsewhere."""
    pages = [p.relative_to(site) for p in site.rglob("*.html")]
    for path in (ROOT / "docs").rglob("*.md"):
        assert path.relative_to(ROOT / "docs").with_suffix(".html") in pages
    loads = r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="?(?:https?:)?//"""
    for page in pages:
        text = (site / page).read_text(encoding="utf-8")
        assert not re.search(loads, text), page
        assert "```" not in text, page
    styles = [p.read_text(encoding="utf-8") for p in site.rglob("*.css")]
    assert not any(re.search(r"url\([\"']?(https?:)?//", text) for text in styles)


@needs_extra
@pytest.mark.slow
def test_the_reference_holds_texts_of_the_code(site: Path) -> None:
    python = (site / "reference" / "python.html").read_text(encoding="utf-8")
    assert "Measure and test the reaction to events, on plain frames." in python
    architecture = (site / "architecture.html").read_text(encoding="utf-8")
    assert "The commands. Only this folder prints or exits" in architecture
