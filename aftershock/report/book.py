"""The sheets as one PDF: title, bookmarks, the same bytes every time."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from pathlib import Path
from typing import Any

from aftershock.report.leaves import Leaf, Leaves
from aftershock.results import RunResult

DRAWN_ON = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The date every file carries: of drawing it would differ, and says nothing."""


def write_pdf(path: Path, leaves: Leaves) -> Path:
    """Write all sheets into one PDF with title and bookmarks."""
    from matplotlib.backends.backend_pdf import PdfPages

    raw = io.BytesIO()
    with PdfPages(raw, metadata=_metadata(leaves.result)) as book:
        for leaf in leaves.sheets:
            book.savefig(leaf.figure)
    _add_bookmarks(path, raw.getvalue(), leaves.sheets)
    return path


def _metadata(result: RunResult) -> dict[str, Any]:
    """Return the document's title and fixed dates."""
    return {
        "Title": str(result.manifest.get("title") or "aftershock report"),
        "Creator": str(result.manifest.get("engine") or "aftershock"),
        "Producer": "aftershock",
        "CreationDate": DRAWN_ON,
        "ModDate": DRAWN_ON,
    }


def _add_bookmarks(path: Path, content: bytes, sheets: list[Leaf]) -> None:
    """Copy a PDF, with a bookmark at each page's first sheet and a fixed id."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, ByteStringObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for i, (page, name, _) in enumerate(sheets):
        if name == page.name:
            writer.add_outline_item(title=page.title, page_number=i)
    writer.page_mode = "/UseOutlines"
    mark = ByteStringObject(hashlib.sha256(content).digest()[:16])
    writer._ID = ArrayObject([mark, mark])
    with path.open("wb") as file:
        writer.write(file)
