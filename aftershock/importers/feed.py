"""Events from an RSS or Atom feed: the entries that name a known symbol."""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from aftershock.calendar import NEW_YORK
from aftershock.errors import DataUnavailable, EventError
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
from aftershock.importers.web import LARGEST, Web

_ZONED = re.compile(r"\d:\d\d.*(?:Z|[+-]\d\d:?\d\d|\b(?:GMT|UTC?|[ECMP][SD]T))\s*$")
_TAG = re.compile(r"<[^>]+>")
_SHOWN = 3


@dataclass(frozen=True)
class FeedImporter(EventImporter):
    """The entries of a feed; one that names no known symbol is left out, and told.

    Parameters
    ----------
    url : str
        Of the feed, or empty where `path` is given.
    path : Path, optional
        A feed that was saved as a file.
    timeout : float
        Seconds.
    largest : int
        Bytes; a larger feed is refused.
    """

    name: ClassVar[str] = "feed"
    suffixes: ClassVar[tuple[str, ...]] = (".xml", ".rss", ".atom")
    remote: ClassVar[bool] = True
    url: str = ""
    path: Path | None = None
    user_agent: str = "aftershock"
    timeout: float = 20.0
    largest: int = LARGEST

    @property
    def source(self) -> str:
        """The address, or the file."""
        return str(self.path) if self.path else self.url

    def read(self, background: Background) -> Reading:
        """Return one draft per entry; see `EventImporter.read`."""
        feedparser = needed("feedparser", "news")
        parsed = feedparser.parse(self._checked())
        if not parsed.version:
            raise EventError(
                "neither RSS nor Atom",
                where=self.source,
                do="give the address of the feed, not of the page",
            )
        site = str(parsed.feed.get("title", ""))
        drafts = [_draft(entry, site, background) for entry in parsed.entries]
        kept = [draft for draft in drafts if draft.record["exposures"]]
        left = [d for d in drafts if not d.record["exposures"]]
        return Reading(tuple(kept), (*_told_left(left), *_told_broken(parsed)))

    def _checked(self) -> bytes:
        """Return the feed, refused where it declares entities of its own.

        Such entities can be made to grow without bound, and no feed needs them.
        """
        body = self._body()
        if b"<!entity" in body.replace(b"\0", b"").lower():
            raise EventError(
                "the feed declares entities of its own",
                where=self.source,
                allowed="a feed without <!ENTITY",
                do="do not use this feed",
            )
        return body

    def _body(self) -> bytes:
        if self.path is None:
            web = Web(self.user_agent, timeout=self.timeout, largest=self.largest)
            return web.get(self.url)
        try:
            with self.path.open("rb") as file:
                body = file.read(self.largest + 1)
        except (FileNotFoundError, IsADirectoryError) as error:
            raise DataUnavailable(
                "there is no such file",
                where=self.source,
                allowed="a feed that was saved as a file, or its address",
                do="check how it is written",
            ) from error
        if len(body) > self.largest:
            raise EventError(f"larger than {self.largest:,} bytes", where=self.source)
        return body


def _draft(entry: Any, site: str, background: Background) -> Draft:
    when, how = _time(entry)
    record = {
        "headline": shortened(_TAG.sub("", str(entry.get("title", "")))),
        **when,
        "source": {"name": site, "url": str(entry.get("link", ""))},
    }
    text = _TAG.sub(" ", str(entry.get("summary", "")))
    draft = Draft(record, {"headline": OWN_WORDS}, (how,) if how else ())
    return with_guesses(draft, background, text)


def _time(entry: Any) -> tuple[dict[str, str], str]:
    """Return when an entry was published; a time without a zone counts as a day."""
    for key in ("published", "updated"):
        written, parsed = str(entry.get(key, "")), entry.get(f"{key}_parsed")
        if not parsed:
            continue
        moment = pd.Timestamp(timegm(parsed), unit="s", tz="UTC")
        if key == "published" and _ZONED.search(written):
            stated = moment.tz_convert(NEW_YORK).isoformat()
            told = "time from the feed, of the entry, not of the news"
            return {"published": stated, "precision": "exact"}, told
        told = f"date from the feed's '{key}' ({written}), only the day"
        local = moment.tz_convert(NEW_YORK) if _ZONED.search(written) else moment
        return {"published": f"{local:%Y-%m-%d}", "precision": "day"}, told
    return {}, ""


def _told_left(left: list[Draft]) -> list[str]:
    if not left:
        return []
    few = "; ".join(str(draft.record["headline"])[:60] for draft in left[:_SHOWN])
    more = " ..." if len(left) > _SHOWN else ""
    count = "1 entry names" if len(left) == 1 else f"{len(left)} entries name"
    return [
        f"{count} no known symbol and {'is' if len(left) == 1 else 'are'} "
        f"left out: {few}{more}"
    ]


def _told_broken(parsed: Any) -> list[str]:
    if not parsed.bozo:
        return []
    return [f"the feed is not sound, entries may lack: {parsed.bozo_exception}"]
