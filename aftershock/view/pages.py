"""The pages as HTML: the list, two reports side by side, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from urllib.parse import quote

from aftershock.report.fonts import font_faces
from aftershock.report.html import PLAIN_COLOURS, template
from aftershock.report.pictures import in_the_dark
from aftershock.view.choosing import facts, set_apart
from aftershock.view.comparing import differences
from aftershock.view.runs import Run

LETTERS = "".join(map(chr, [*range(32, 127), *range(160, 383)])) + "−–—…·’‘“”↗ "


def list_page(runs: Sequence[Run], place: str) -> str:
    """Return the list of runs, with the choice of two."""
    return _page("list", runs=runs, place=place, facts=facts, set_apart=set_apart)


def beside_page(one: Run, two: Run) -> str:
    """Return two reports in frames."""
    return _page("beside", pair=(one, two))


def compare_page(one: Run, two: Run) -> str:
    """Return what differs between two runs."""
    return _page("compare", pair=(one, two), groups=differences(one, two), facts=facts)


def error_page(code: int, said: str) -> str:
    """Return a page that says what could not be shown."""
    return _page("error", code=code, said=said)


@lru_cache(maxsize=1)
def stylesheet() -> str:
    """Return the report's style, its dark colours, its font, and what is added here."""
    report = (files("aftershock.report") / "report.css").read_text(encoding="utf-8")
    own = (files("aftershock.view") / "view.css").read_text(encoding="utf-8")
    dark = in_the_dark(PLAIN_COLOURS)
    scheme = f"@media screen and (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"
    return font_faces(dict.fromkeys((400, 500, 600), LETTERS)) + report + own + scheme


def _page(kind: str, **values: object) -> str:
    made: str = template("aftershock.view", "view.html.j2").render(
        kind=kind, address=address, **values
    )
    return made.replace("\u2009%", "\u202f%")  # a number keeps its unit on its line


def address(run: Run, name: str) -> str:
    """Return where a file of a run is served."""
    return f"/run/{quote(run.key)}/-/{name}"
