"""A notebook as a page: its text and its code, without what it printed."""

from __future__ import annotations

import json
from pathlib import Path


def page(path: Path) -> str:
    """Return the cells of a notebook as Markdown, with a link to the file itself."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    parts = [_cell(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    parts.insert(1, f"[Open this notebook]({path.name}){{ download }} in Jupyter.")
    return "\n\n".join(parts) + "\n"


def _cell(kind: str, text: str) -> str:
    return f"```python\n{text}\n```" if kind == "code" else text
