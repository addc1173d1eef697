"""The report as one HTML file that asks nothing of the network."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from aftershock.pages.telling import Listing, Told, told
from aftershock.report.fonts import font_faces
from aftershock.report.leaves import Leaf, Leaves
from aftershock.report.listings import DataListing, data_listings
from aftershock.report.pictures import Picture, in_the_dark, pictures_of

NARROW, THIN = 830, 460
"""Pixels of a picture that leave room beside it for caveats, and for a table."""
HYPHENATED = re.compile(r"(\S*\w-\w\S*)")
PLAIN_COLOURS = frozenset(
    {"#ffffff", "#1a2230", "#666c77", "#d9dce1", "#00639b", "#fdf3d8", "#d9b65c"}
)
"""Colours of the document itself, as in its style sheet."""


@dataclass
class Finding:
    """Sheets with one title: what is said, drawn and listed under it."""

    ident: str
    told: Told
    pictures: list[Picture] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)

    @property
    def standfirst(self) -> list[str]:
        """What stands below the title."""
        return self.told.standfirst

    @property
    def beside(self) -> str:
        """What there is room for beside the picture: care, table, or nothing."""
        if len(self.pictures) != 1:
            return ""
        width = self.pictures[0].width
        if self.told.remarks:
            return "care" if width < NARROW else ""
        return "table" if self.listings and width < THIN else ""

    @property
    def panels(self) -> bool:
        """Whether its pictures stand beside each other where there is room."""
        return any(picture.panel for picture in self.pictures)

    def add(self, told: Told, pictures: Sequence[Picture]) -> None:
        """Take a sheet in; a table that continues one becomes part of it."""
        self.pictures += pictures
        self.told.remarks = list(dict.fromkeys([*self.told.remarks, *told.remarks]))
        self.told.notes = list(dict.fromkeys([*self.told.notes, *told.notes]))
        for new in told.listings:
            last = self.listings[-1] if self.listings else None
            if last and (last.name, last.heads) == (new.name, new.heads):
                last.rows = [*last.rows, *new.rows]
            else:
                self.listings.append(
                    Listing(new.name, new.heads, new.right, list(new.rows))
                )


@dataclass(frozen=True)
class Section:
    """A page of the report in HTML."""

    name: str
    title: str
    findings: list[Finding]
    data: list[DataListing]


def document(leaves: Leaves) -> str:
    """Return the HTML of a report; every text in it is escaped.

    The same run gives the same bytes in any process.
    """
    sections = list(_sections(leaves))
    script, style = _part("report.js"), _part("report.css")
    pictures = list(_pictures(sections))
    colours = PLAIN_COLOURS.union(*(picture.colours for picture in pictures))
    areas = frozenset[str]().union(*(picture.areas for picture in pictures))
    manifest = leaves.result.manifest
    html: str = template("aftershock.report", "report.html.j2").render(
        manifest=manifest,
        sections=sections,
        pictures=pictures,
        narrow=NARROW,
        style=style,
        dark=in_the_dark(colours, areas),
        script=script,
        script_hash=_hash(script),
        fonts="{fonts}",
    )
    html = html.replace("\u2009%", "\u202f%")  # a number keeps its unit on its line
    drawn = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", html, flags=re.S)
    faces = font_faces(dict.fromkeys((400, 500, 600), re.sub(r"<[^>]*>", "", drawn)))
    return html.replace("{fonts}", faces, 1)


def _pictures(sections: list[Section]) -> Iterator[Picture]:
    """Return every picture of the document."""
    for section in sections:
        for finding in section.findings:
            yield from finding.pictures


def _sections(leaves: Leaves) -> Iterator[Section]:
    """Return one section for each page, in the order of the report."""
    by_page: dict[str, list[Leaf]] = {}
    for leaf in leaves.sheets:
        by_page.setdefault(leaf.page.name, []).append(leaf)
    for name, sheets in by_page.items():
        page = sheets[0].page
        findings = _findings(leaves, sheets)
        data = list(data_listings(leaves.result.tables, page.tables))
        yield Section(name, page.title, findings, data)


def _findings(leaves: Leaves, sheets: list[Leaf]) -> list[Finding]:
    """Put sheets of one title together."""
    found: list[Finding] = []
    for leaf in sheets:
        words = told(leaf.figure)
        title = words.title or leaf.page.title
        if not found or found[-1].told.title != title:
            mine = Told(words.kicker, title, words.standfirst, source=words.source)
            found.append(Finding(leaf.name, mine))
        found[-1].add(words, _drawn(leaves, leaf, words, title))
    return found


def _drawn(leaves: Leaves, leaf: Leaf, words: Told, title: str) -> list[Picture]:
    """Return a sheet's pictures, described by what is said about it."""
    said = " ".join([*words.standfirst, words.source, "Its numbers are listed below."])
    about = f"{leaf.page.title}: {title}", said.strip()
    return pictures_of(leaves.svg(leaf), leaf.figure, leaf.name, about, words.panels)


def template(package: str, name: str) -> Any:
    """Return a template; every value is escaped unless it is our own SVG."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"ours": Markup, "whole": _whole}
    text = (files(package) / name).read_text(encoding="utf-8")
    return environment.from_string(text)


def _whole(title: str) -> Any:
    """Return a title whose hyphenated words stay on a line.

    Marked and not respelt: what is copied, searched or read aloud keeps its hyphen.
    """
    from markupsafe import Markup, escape

    parts = HYPHENATED.split(title)
    held = Markup('<span class="whole">{}</span>').format
    return Markup("").join(
        held(part) if i % 2 else escape(part) for i, part in enumerate(parts)
    )


def _part(name: str) -> str:
    """Return one of the files beside this one."""
    return (files("aftershock.report") / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """Return what names a script in a content security policy: no other will run."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")
