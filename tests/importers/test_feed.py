"""RSS and Atom, from a server on this machine."""

from __future__ import annotations

import pytest

from aftershock.errors import DataUnavailable, EventError
from aftershock.importers.base import Background
from aftershock.importers.feed import FeedImporter
from tests.importers.conftest import serving

RSS = """<?xml version="1.0"?>
<rss version="2.0"><channel><title>A feed</title>
<item><title>Meta lifts &lt;b&gt;capex&lt;/b&gt;</title>
  <link>https://example.org/1</link><description>CoreWeave gains.</description>
  <pubDate>Wed, 01 Jul 2026 08:15:00 EDT</pubDate></item>
<item><title>Nebius does it</title><link>https://example.org/2</link>
  <pubDate>Wed, 01 Jul 2026</pubDate></item>
<item><title>Weather</title><link>https://example.org/3</link></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>A feed</title>
<entry><title>Oracle does it</title><link href="https://example.org/4"/>
  <id>4</id><updated>2026-07-02T01:00:00Z</updated></entry>
<entry><title>Micron does it</title><link href="https://example.org/5"/>
  <id>5</id><published>2026-07-01T20:15:00+00:00</published>
  <updated>2026-07-05T20:15:00+00:00</updated></entry></feed>"""


class TestFeed:
    def test_rss(self, background: Background) -> None:
        with serving({"/feed": RSS.encode()}) as site:
            reading = FeedImporter(f"{site.url}/feed").read(background)
        first, second = reading.drafts
        assert first.record["headline"] == "Meta lifts capex"
        assert first.record["published"] == "2026-07-01T08:15:00-04:00"
        assert first.record["precision"] == "exact"
        assert first.record["tags"] == ["capex-guidance"]
        named = [row["symbol"] for row in first.record["exposures"]]
        assert named == ["META", "CRWV"]
        assert first.record["source"] == {
            "name": "A feed",
            "url": "https://example.org/1",
        }
        assert second.record["published"] == "2026-07-01"
        assert second.record["precision"] == "day"
        assert reading.warnings == (
            "1 entry names no known symbol and is left out: Weather",
        )

    def test_atom(self, background: Background) -> None:
        """`updated` is no time of publication: its New York day, 21:00 on 1 July."""
        with serving({"/feed": ATOM.encode()}) as site:
            drafts = FeedImporter(f"{site.url}/feed").read(background).drafts
        stated = [(d.record["published"], d.record["precision"]) for d in drafts]
        assert stated == [
            ("2026-07-01", "day"),
            ("2026-07-01T16:15:00-04:00", "exact"),
        ]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities_of_its_own_are_refused(
        self, background: Background, encoding: str
    ) -> None:
        bomb = RSS.replace("<rss", '<!DOCTYPE rss [<!ENTITY a "b">]><rss', 1).replace(
            '"1.0"', f'"1.0" encoding="{encoding}"', 1
        )
        with (
            serving({"/feed": bomb.encode(encoding)}) as site,
            pytest.raises(EventError, match="entities of its own"),
        ):
            FeedImporter(f"{site.url}/feed").read(background)

    def test_a_page_is_no_feed(self, background: Background) -> None:
        with (
            serving({"/": b"<html><body>no</body></html>"}) as site,
            pytest.raises(EventError, match="neither RSS nor Atom"),
        ):
            FeedImporter(f"{site.url}/").read(background)

    def test_a_broken_feed_is_read_as_far_as_it_goes(
        self, background: Background
    ) -> None:
        with serving({"/": RSS[: RSS.index("<item><title>Weather")].encode()}) as site:
            reading = FeedImporter(f"{site.url}/").read(background)
        assert len(reading.drafts) == 2
        assert "the feed is not sound" in reading.warnings[0]

    def test_a_large_one_is_refused(self, background: Background) -> None:
        with (
            serving({"/": RSS.encode()}) as site,
            pytest.raises(DataUnavailable, match="exceeds 100 bytes"),
        ):
            FeedImporter(f"{site.url}/", largest=100).read(background)
