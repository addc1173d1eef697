"""The drawn PDF made fit for its places: bound with bookmarks, or as pictures."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aftershock.report.leaves import Leaves

if TYPE_CHECKING:
    from PIL.Image import Image


def write_part(path: Path, leaves: Leaves, part: int) -> Path:
    """Write a part of the sheets as PDF, with a bookmark at the first of each page."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(leaves.pdf(part))))
    for i, (page, name, _) in enumerate(leaves.part(part)):
        if name == page.name:
            writer.add_outline_item(title=page.title, page_number=i)
    writer.write(path)
    return path


def bind(parts: Sequence[Path], path: Path) -> Path:
    """Write parts as one PDF that opens with its bookmarks and has a fixed id."""
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, ByteStringObject

    writer = PdfWriter(clone_from=parts[0])
    for part in parts[1:]:
        writer.append(part)
    writer.page_mode = "/UseOutlines"
    digest = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).digest()
    writer._ID = ArrayObject([ByteStringObject(digest[:16])] * 2)
    writer.write(path)
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
