"""A finished run's folder to PDF, PNG, SVG, HTML: the same tables, the same bytes."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aftershock.errors import AftershockError, ConfigError
from aftershock.executor import Processes
from aftershock.pages.base import Page
from aftershock.pages.sheet import PAPERS
from aftershock.plots import style
from aftershock.registry import choose, family, load_folder, suggest
from aftershock.report.book import bind, rasterised, write_part
from aftershock.report.html import document
from aftershock.report.leaves import Leaves
from aftershock.report.pictures import as_file
from aftershock.results import RunResult
from aftershock.results.files import require_run
from aftershock.results.placing import aside, clear

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("pdf", "png", "svg", "html")
DEFAULT_FORMATS = ("pdf", "png", "html")
FIGURES = "figures"
PIXELS = 1640
CARD_PIXELS = 1200
PART = ("part-1.pdf", "part-2.pdf")


class Share(NamedTuple):
    """What one process draws: formats, of PDF and PNG some parts only."""

    formats: tuple[str, ...]
    parts: tuple[int, ...]


def draw(
    folder: str | Path,
    formats: Sequence[str] = DEFAULT_FORMATS,
    pages: Sequence[str] | None = None,
    paper: str = "a4",
    jobs: int = 1,
    workspace: Path | None = None,
) -> list[Path]:
    """Draw the report of a finished run from its saved tables.

    Parameters
    ----------
    folder : path
        Of the run.
    formats : sequence of {"pdf", "png", "svg", "html"}
        A PNG comes with its SVG.
    pages : sequence of str, optional
        Names of pages; default all that apply to the run.
    paper : {"a4", "letter"}
    jobs : int
        With two or more, one process draws most of the sheets as PDF and PNG, another
        the rest, SVG and HTML.
    workspace : path, optional
        Where the user's own pages lie, in `pages/`.

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
    folder, shares = Path(folder), _shares(formats, jobs)
    require_run(folder)
    clear(folder)
    with aside(folder, "report") as place:
        asked = (folder, place, pages, paper, workspace)
        draw_some = _share if len(shares) > 1 else _draw_share
        drawn = Processes(len(shares), joins=True).run(draw_some, shares, asked)
        made = _bound([path for paths in drawn for path in paths], place)
        return _put_in_place([path.relative_to(place) for path in made], place, folder)


def _shares(formats: Sequence[str], jobs: int) -> list[Share]:
    """Return who draws what; a PNG comes with its SVG."""
    wanted = {*formats, *(("svg",) if "png" in formats else ())}
    laid, told = (
        tuple(name for name in half if name in wanted)
        for half in (FORMATS[:2], FORMATS[2:])
    )
    if jobs == 1 or not laid:
        return [Share(laid + told, (0, 1))]
    return [Share(laid, (0,)), Share(laid + told, (1,))]


def _draw_share(asked: tuple[Any, ...], share: Share) -> list[Path]:
    """Draw exactly these formats, in this process, into a place of their own."""
    import matplotlib as mpl

    folder, place, pages, paper, workspace = asked
    result = RunResult.load(folder)
    leaves = Leaves(result, chosen_pages(result, pages, workspace), paper)
    (place / FIGURES).mkdir(exist_ok=True)
    writers = {
        "pdf": lambda: [
            write_part(place / PART[i], leaves, i)
            for i in share.parts
            if leaves.part(i)
        ],
        "png": lambda: list(_write_pictures(place / FIGURES, leaves, share.parts)),
        "svg": lambda: list(_write_drawings(place / FIGURES, leaves)),
        "html": lambda: [_write_document(place / "report.html", leaves)],
    }
    try:
        with mpl.rc_context(rc=style()):
            return [path for name in share.formats for path in writers[name]()]
    except (KeyError, IndexError) as error:
        raise AftershockError(
            f"the tables of the run do not fit together: {error!r}",
            where=str(folder),
            do="run the config again",
        ) from error


def _share(asked: tuple[Any, ...], share: Share) -> list[Path]:
    """Draw some formats, without collecting garbage: all that is made is kept."""
    gc.disable()
    try:
        return _draw_share(asked, share)
    finally:
        gc.enable()


def _bound(made: Sequence[Path], place: Path) -> list[Path]:
    """Return the files, the parts of the PDF made one."""
    parts = sorted(path for path in made if path.name in PART)
    whole = [path for path in made if path.name not in PART]
    return ([bind(parts, place / "report.pdf")] if parts else []) + whole


def _put_in_place(made: Sequence[Path], place: Path, folder: Path) -> list[Path]:
    """Move files that are all drawn to the run; older figures of their kind go."""
    kinds = {path.suffix for path in made if path.parent.name == FIGURES}
    if kinds:
        (folder / FIGURES).mkdir(exist_ok=True)
    for path in made:
        (place / path).replace(folder / path)
    for old in (folder / FIGURES).glob("*"):
        if old.suffix in kinds and old.relative_to(folder) not in made:
            old.unlink()
    return [folder / path for path in made]


def known_pages(workspace: Path | None = None) -> dict[str, type[Page]]:
    """Return the pages that a report can name: the workspace's, then ours.

    Raises
    ------
    AftershockError
        When a file of the workspace cannot be imported; the file is named.
    """
    found: dict[str, type[Page]] = family("aftershock.pages", Page)
    if workspace and (workspace / "pages").is_dir():
        found |= load_folder(workspace / "pages", Page)
    return found


def chosen_pages(
    result: RunResult, names: Sequence[str] | None, workspace: Path | None = None
) -> list[Page]:
    """Return the pages of a report in their order; None = all that apply.

    Raises
    ------
    AftershockError
        For a name that no page has.
    """
    known = known_pages(workspace)
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
                f"no {what} is named '{value}'.{suggest(value, known)}",
                where=f"report.{what}",
                allowed=", ".join(known),
            )


def _write_pictures(
    folder: Path, leaves: Leaves, parts: Sequence[int]
) -> Iterator[Path]:
    """Write the sheets of parts as PNG, with the first the card."""
    with ThreadPoolExecutor(1) as saver:  # one is saved while the next is drawn
        saved = [
            saver.submit(_save, picture, folder / f"{leaf.name}.png")
            for part in parts
            if leaves.part(part)
            for leaf, picture in zip(
                leaves.part(part), rasterised(leaves.pdf(part), PIXELS), strict=True
            )
        ]
    yield from (one.result() for one in saved)
    if leaves.card and 0 in parts:
        path = folder / "card.png"
        dpi = CARD_PIXELS / float(leaves.card.figure.get_size_inches()[0])
        leaves.card.figure.savefig(path, dpi=dpi, metadata={"Software": None})
        yield path


def _save(picture: Image, path: Path) -> Path:
    """Write a picture as PNG."""
    picture.save(path, compress_level=3)  # 6 takes twice as long and saves nothing
    return path


def _write_drawings(folder: Path, leaves: Leaves) -> Iterator[Path]:
    """Write every sheet and the card as SVG."""
    for leaf in leaves.all:
        path = folder / f"{leaf.name}.svg"
        path.write_text(as_file(leaves.svg(leaf)), encoding="utf-8", newline="\n")
        yield path


def _write_document(path: Path, leaves: Leaves) -> Path:
    """Write the HTML."""
    path.write_text(document(leaves), encoding="utf-8", newline="\n")
    return path
