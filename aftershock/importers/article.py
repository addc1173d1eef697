"""One article, from an HTML or text file: what it is headed, when, and about whom."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from aftershock.errors import EventError
from aftershock.events.moments import parse_moment
from aftershock.events.nodes import read_text
from aftershock.importers.base import (
    OWN_WORDS,
    Background,
    Draft,
    EventImporter,
    Reading,
    needed,
    shortened,
    with_guesses,
)
from aftershock.importers.moves import percent_moves

_STAMPED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "pubdate",
    "date",
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DATE = re.compile(
    r"\b(?P<iso>20\d\d-\d\d-\d\d)\b"
    rf"|\b(?P<month>(?i:{'|'.join(_MONTHS)})) (?P<day>\d\d?),? (?P<year>20\d\d)\b"
    rf"|\b(?P<day2>\d\d?) (?P<month2>(?i:{'|'.join(_MONTHS)})) (?P<year2>20\d\d)\b"
)
_HEADED = re.compile(r"(?i)(title|date|published|url|source)\s*:\s*(.+)")
_HEAD_LINES = 8


@dataclass(frozen=True)
class Stamp:
    """When a page says that it was published, and where it says so."""

    text: str = ""
    how: str = ""

    @property
    def moment(self) -> pd.Timestamp | None:
        """The moment, where a time of day other than midnight and an offset are told.

        Midnight is how pages write a date.
        """
        if re.match(r".{10}[T ]00:00(:00)?(\D|$)", self.text):
            return None
        try:
            return parse_moment(self.text)
        except EventError:
            return None


@dataclass(frozen=True)
class Page:
    """What an article says of itself."""

    title: str
    text: str
    stamp: Stamp
    url: str = ""
    site: str = ""


@dataclass(frozen=True)
class ArticleImporter(EventImporter):
    """An article that was saved as a file.

    The time is the article's own; the news may be older. A date without a time, a
    time without an offset, and midnight count as a day.

    Parameters
    ----------
    path : Path
    url : str
        Where it was read, if the file does not say.
    """

    name: ClassVar[str] = "article"
    suffixes: ClassVar[tuple[str, ...]] = (".html", ".htm", ".txt", ".md")
    options: ClassVar[tuple[str, ...]] = ("url",)
    path: Path = Path()
    url: str = ""

    @property
    def source(self) -> str:
        """The file."""
        return str(self.path)

    def read(self, background: Background) -> Reading:
        """Return one draft; see `EventImporter.read`."""
        written = read_text(self.path)
        if not written.strip():
            raise EventError(
                "the file is empty",
                where=self.source,
                allowed="a page or a text with a title",
                do="save the article again",
            )
        html = self.path.suffix.lower() in (".html", ".htm")
        page = _html_page(written) if html else _text_page(written)
        if not page.title:
            raise EventError(
                "no title was found",
                where=self.source,
                allowed="a page with a title, or a text whose first line is one",
                do="write the title into the first line of a text file",
            )
        draft, warnings = draft_of(page, background, self.url or page.url)
        return Reading((draft,), warnings)


def draft_of(
    page: Page, background: Background, url: str
) -> tuple[Draft, tuple[str, ...]]:
    """Return the draft that a page makes, and what is in doubt."""
    moves, others = percent_moves(f"{page.title}.\n{page.text}", background.lexicon)
    record = {
        "headline": shortened(page.title),
        **time_of(page.stamp),
        "source": {"name": page.site, "url": url},
    }
    notes = (page.stamp.how,) if page.stamp.how else ()
    draft = Draft(record, {"headline": OWN_WORDS}, notes, tuple(moves))
    left = [f"a percentage without a direction was left out: '{o}'" for o in others]
    return with_guesses(draft, background, page.text), tuple(left)


def time_of(stamp: Stamp) -> dict[str, str]:
    """Return what a stamp is worth: an exact time, a day, or nothing."""
    if not stamp.text:
        return {}
    moment = stamp.moment
    if moment is not None:
        return {"published": moment.isoformat(), "precision": "exact"}
    return {"published": stamp.text[:10], "precision": "day"}


def _html_page(html: str) -> Page:
    """Return title and text by trafilatura, the time by the page's own marks."""
    trafilatura = needed("trafilatura", "news")
    found = trafilatura.bare_extraction(html, with_metadata=True)
    if found is None:
        return Page(_title(html), "", _html_stamp(html))
    return Page(
        found.title or _title(html),
        found.text or "",
        _html_stamp(html),
        found.url or "",
        found.sitename or found.hostname or "",
    )


def _title(html: str) -> str:
    match = re.search(r"(?is)<title[^>]*>(.*?)</title>", html)
    return " ".join(match[1].split()) if match else ""


def _html_stamp(html: str) -> Stamp:
    """Return the time that the page states, the most telling first; else a date."""
    stamps = [stamp for stamp in _stated(html) if _is_day(stamp.text[:10])]
    timed = next((stamp for stamp in stamps if stamp.moment is not None), None)
    if timed:
        return timed
    if stamps:
        clock = stamps[0].text[10:]
        lost = f", its '{clock}' being no time with an offset" if clock else ""
        return Stamp(stamps[0].text[:10], f"{stamps[0].how}{lost}, only the day")
    day = needed("htmldate", "news").find_date(html, original_date=True)
    return Stamp(day, "date found by htmldate, only the day") if day else Stamp()


def _stated(html: str) -> Iterator[Stamp]:
    """Return every publication time in meta tags, linked data and time elements."""
    lxml = needed("lxml.html", "news")
    parser = lxml.HTMLParser(encoding="utf-8")
    try:
        # as bytes: a text that declares its encoding is refused
        tree = lxml.fromstring(html.encode(), parser=parser)
    except lxml.etree.ParserError:  # nothing but comments
        return
    by_name: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop") or ""
        by_name.setdefault(name.casefold(), (node.get("content") or "").strip())
    for name in _STAMPED:
        if by_name.get(name):
            yield Stamp(by_name[name], _own(name))
    for node in tree.xpath("//script[@type='application/ld+json']"):
        for text in _linked(node.text or ""):
            yield Stamp(text, _own("datePublished"))
    for node in tree.xpath("//time[@datetime][@pubdate or @itemprop='datePublished']"):
        yield Stamp(node.get("datetime").strip(), _own("time element"))


def _own(name: str) -> str:
    return f"time from the page's {name}, of the article, not of the news"


def _linked(text: str) -> Iterator[str]:
    """Return every ``datePublished`` in a block of linked data."""
    try:
        waiting: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, dict):
            if isinstance(part.get("datePublished"), str):
                yield part["datePublished"].strip()
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def _text_page(text: str) -> Page:
    """Return a text's first line as title, and what its head says of time and place."""
    lines = [line.strip(" #*\t") for line in text.splitlines()]
    lines = [line for line in lines if line]
    head = [_HEADED.fullmatch(line) for line in lines[:_HEAD_LINES]]
    told = {match[1].casefold(): match[2].strip() for match in head if match}
    plain = [ln for i, ln in enumerate(lines) if i >= len(head) or not head[i]]
    title = told.get("title") or (plain.pop(0) if plain else "")
    body = "\n".join(plain)
    stamp = _text_stamp(told.get("published") or told.get("date") or "", body)
    return Page(title, body, stamp, told.get("url", ""), told.get("source", ""))


def _text_stamp(stated: str, body: str) -> Stamp:
    own = Stamp(stated, "time from the head, of the article, not of the news")
    if own.moment is not None:
        return own
    for text, how in ((stated, "date from its head"), (body, "first date in the text")):
        days = filter(_is_day, map(_iso, _DATE.finditer(text)))
        if day := next(days, ""):
            return Stamp(day, f"{how}, only the day")
    return Stamp()


def _is_day(text: str) -> bool:
    """Tell whether a text is a day that there is: no 30th of February."""
    if not re.fullmatch(r"20\d\d-\d\d-\d\d", text):
        return False
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _iso(match: re.Match[str]) -> str:
    if match["iso"]:
        return match["iso"]
    month = (match["month"] or match["month2"]).casefold()
    day, year = match["day"] or match["day2"], match["year"] or match["year2"]
    return f"{year}-{_MONTHS.index(month) + 1:02d}-{int(day):02d}"
