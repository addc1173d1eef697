"""The picture of the layers, drawn from the contract in setup.cfg.

``python docs/_build/layers.py`` writes docs/layers.svg again; a test compares them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "layers.svg"
CONTRACT = "importlinter:contract:layers"

WIDTH, EDGE, MOST = 520, 10, 4
BOX, GAP, ROW = 26, 6, 10
"""Heights and distances; `MOST` boxes stand beside each other."""


def layers(setup: Path = ROOT / "setup.cfg") -> list[list[str]]:
    """Return the layers from the top down, each with its modules."""
    parser = ConfigParser(interpolation=None)
    parser.read(setup, encoding="utf-8")
    lines = parser[CONTRACT]["layers"].split("\n")
    return [[name.strip() for name in line.split("|")] for line in lines if line]


def picture(rows: list[list[str]]) -> str:
    """Return the layers as SVG: what stands above may import what stands below."""
    shapes, top = [], EDGE
    for modules in rows:
        lines = [modules[i : i + MOST] for i in range(0, len(modules), MOST)]
        height = len(lines) * (BOX + GAP) + GAP
        shapes.append(_rectangle(EDGE, top, WIDTH - 2 * EDGE, height, "band"))
        for n, line in enumerate(lines):
            shapes += _boxes(line, top + GAP + n * (BOX + GAP))
        top += height + ROW
    height = top - ROW + EDGE
    words = "; ".join(" | ".join(modules) for modules in rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img">\n'
        f"<title>Layers of the package, from the top down: {words}</title>\n"
        "<style>.paper{fill:#fff}.band{fill:#eef1f4}.box{fill:#fff;stroke:#8a96a3}"
        "text{font:13px ui-monospace,monospace;fill:#1d2730;text-anchor:middle}"
        f'</style>\n<rect class="paper" width="{WIDTH}" height="{height}" rx="6"/>\n'
        + "\n".join(shapes)
        + "\n</svg>\n"
    )


def _boxes(modules: list[str], top: float) -> Iterator[str]:
    room = WIDTH - 2 * EDGE - 2 * GAP
    each = (room - (len(modules) - 1) * GAP) / len(modules)
    for i, name in enumerate(modules):
        left = EDGE + GAP + i * (each + GAP)
        yield _rectangle(left, top, each, BOX, "box")
        yield f'<text x="{left + each / 2:g}" y="{top + BOX * 0.68:g}">{name}</text>'


def _rectangle(left: float, top: float, width: float, height: float, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{left:g}" y="{top:g}" width="{width:g}" '
        f'height="{height:g}" rx="3"/>'
    )


def module_table(rows: list[list[str]]) -> str:
    """Return every module of every layer with the first line of its docstring."""
    lines = ["| layer | module | holds |", "|---|---|---|"]
    for n, modules in enumerate(rows, 1):
        for name in modules:
            lines.append(f"| {n} | `{name}` | {_first_line(name)} |")
    return "\n".join(lines)


def _first_line(module: str) -> str:
    home = ROOT / "aftershock" / module
    path = home / "__init__.py" if home.is_dir() else home.with_suffix(".py")
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0]


if __name__ == "__main__":
    PICTURE.write_text(picture(layers()), encoding="utf-8", newline="\n")
