"""A finished run's folder to PDF, PNG and SVG: the same tables, the same bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aftershock.errors import AftershockError, ConfigError
from aftershock.pages.base import Page
from aftershock.pages.sheet import PAPERS, footer
from aftershock.plots import style
from aftershock.registry import choose, family
from aftershock.results import RunResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("pdf", "png", "svg")
PIXELS = 1640
DRAWN_ON = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The date every file carries: of drawing it would differ, and says nothing."""


def draw(
    folder: str | Path,
    formats: Sequence[str] = ("pdf", "png"),
    pages: Sequence[str] | None = None,
    paper: str = "a4",
    jobs: int = 1,
) -> list[Path]:
    """Draw the report of a finished run from its saved tables.

    Parameters
    ----------
    folder : path
        Of the run.
    formats : sequence of {"pdf", "png", "svg"}
        A PNG comes with its SVG.
    pages : sequence of str, optional
        Names of pages; default all that apply to the run.
    paper : {"a4", "letter"}
    jobs : int
        With two or more, PDF and figures are drawn by two processes.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ConfigError
        For a format or paper that does not exist.
    AftershockError
        For a page that does not exist, or a folder without a run.
    """
    _check(formats, paper)
    folder = Path(folder)
    figures = tuple(f for f in formats if f != "pdf")
    if jobs > 1 and "pdf" in formats and figures:
        return _side_by_side(folder, (("pdf",), figures), pages, paper)
    result = RunResult.load(folder)
    try:
        return _written(folder, result, formats, pages, paper)
    except (KeyError, IndexError) as error:
        raise AftershockError(
            f"the tables of the run do not fit together: {error!r}",
            where=str(folder),
            do="run the config again",
        ) from error


def _written(
    folder: Path,
    result: RunResult,
    formats: Sequence[str],
    pages: Sequence[str] | None,
    paper: str,
) -> list[Path]:
    """Draw and write all formats."""
    import matplotlib as mpl

    with mpl.rc_context(rc=style()):
        sheets = _sheets(result, chosen_pages(result, pages), paper)
        written = []
        if "pdf" in formats:
            written.append(_write_pdf(folder / "report.pdf", sheets, result))
        if {"png", "svg"} & set(formats):
            written += list(_write_figures(folder / "figures", sheets))
    return written


def _side_by_side(
    folder: Path,
    shares: Sequence[tuple[str, ...]],
    pages: Sequence[str] | None,
    paper: str,
) -> list[Path]:
    """Draw each share of the formats in a process of its own."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # spawned, not forked: compiled kernels may hold threads of this process
    with ProcessPoolExecutor(len(shares), get_context("spawn")) as pool:
        drawn = [pool.submit(draw, folder, share, pages, paper) for share in shares]
        return [path for share in drawn for path in share.result()]


def chosen_pages(result: RunResult, names: Sequence[str] | None) -> list[Page]:
    """Return the pages of a report in their order; None = all that apply.

    Raises
    ------
    AftershockError
        For a name that no page has.
    """
    known = family("aftershock.pages", Page)
    wanted = known if names is None else list(dict.fromkeys(names))
    pages: list[Page] = [choose("page", name, known)() for name in wanted]
    fitting = [page for page in pages if page.applies(result)]
    return sorted(fitting, key=lambda page: page.order)


def _check(formats: Sequence[str], paper: str) -> None:
    """Refuse what cannot be written."""
    for value, known, what in [
        *((f, FORMATS, "format") for f in formats),
        (paper, tuple(PAPERS), "paper"),
    ]:
        if value not in known:
            raise ConfigError(
                f"no {what} is named '{value}'",
                where=f"report.{what}",
                allowed=", ".join(known),
            )


def _sheets(
    result: RunResult, pages: Sequence[Page], paper: str
) -> list[tuple[Page, str, Figure]]:
    """Draw all pages; return page, file name and figure of every sheet."""
    found = []
    for page in pages:
        figures = page.draw(result, paper)
        for i, figure in enumerate(figures):
            name = page.name if i == 0 else f"{page.name}-{i + 1}"
            found.append((page, name, figure))
    for i, (_, _, figure) in enumerate(found):
        footer(figure, result.manifest, i + 1, len(found))
    return found


def _write_figures(
    folder: Path, sheets: Sequence[tuple[Page, str, Figure]]
) -> Iterator[Path]:
    """Write every sheet as PNG and SVG; what an earlier report left is removed."""
    folder.mkdir(exist_ok=True)
    for old in [*folder.glob("*.png"), *folder.glob("*.svg")]:
        old.unlink()
    for _, name, figure in sheets:
        dpi = PIXELS / float(figure.get_size_inches()[0])
        for suffix, metadata in (("png", {"Software": None}), ("svg", {"Date": None})):
            path = folder / f"{name}.{suffix}"
            figure.savefig(path, dpi=dpi, metadata=metadata)
            yield path


def _write_pdf(
    path: Path, sheets: Sequence[tuple[Page, str, Figure]], result: RunResult
) -> Path:
    """Write all sheets into one PDF with title and bookmarks."""
    from matplotlib.backends.backend_pdf import PdfPages

    raw = io.BytesIO()
    with PdfPages(raw, metadata=_metadata(result)) as book:
        for _, _, figure in sheets:
            book.savefig(figure)
    _add_bookmarks(path, raw.getvalue(), sheets)
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


def _add_bookmarks(
    path: Path, content: bytes, sheets: Sequence[tuple[Page, str, Figure]]
) -> None:
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
