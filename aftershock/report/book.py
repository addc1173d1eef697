"""The drawn PDF made fit for its places: with bookmarks as a file, or as pictures."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from aftershock.report.leaves import Leaves

if TYPE_CHECKING:
    from PIL.Image import Image


def write_pdf(path: Path, leaves: Leaves) -> Path:
    """Write all sheets into one PDF, with a bookmark at each page and a fixed id."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, ByteStringObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(leaves.pdf)))
    for i, (page, name, _) in enumerate(leaves.sheets):
        if name == page.name:
            writer.add_outline_item(title=page.title, page_number=i)
    writer.page_mode = "/UseOutlines"
    mark = ByteStringObject(hashlib.sha256(leaves.pdf).digest()[:16])
    writer._ID = ArrayObject([mark, mark])
    with path.open("wb") as file:
        writer.write(file)
    return path


def rasterised(pdf: bytes, pixels: int) -> Iterator[Image]:
    """Yield the pages of a PDF as pictures on white, so many pixels wide.

    A sheet is laid out once for both: laying out its words takes most of the time.
    """
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

    with PdfDocument(pdf) as document:
        for page in document:
            # a hair less: the renderer rounds up
            drawn = page.render(scale=(pixels - 0.01) / page.get_width())
            yield drawn.to_pil()
            page.close()
