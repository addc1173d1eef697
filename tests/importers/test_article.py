"""Articles as sources of events: pages and plain texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.errors import EventError
from aftershock.importers.article import ArticleImporter, Stamp, time_of
from aftershock.importers.base import Background, Draft
from tests.importers.conftest import symbols

ARTICLE = Path(__file__).parent / "compute_plan.html"


class TestArticle:
    def html(self, tmp_path: Path, background: Background, head: str) -> Draft:
        path = tmp_path / "in.html"
        body = "<p>Meta Platforms does something that fills a paragraph of text.</p>"
        path.write_text(
            f"<html><head><title>Meta does it</title>{head}</head>"
            f"<body><article><h1>Meta does it</h1>{body}</article></body></html>",
            encoding="utf-8",
        )
        return ArticleImporter(path).read(background).drafts[0]

    def test_the_whole_of_one(self, background: Background) -> None:
        """12:12 UTC is 08:12 in New York in July."""
        reading = ArticleImporter(ARTICLE).read(background)
        (draft,) = reading.drafts
        record = draft.record
        assert record["headline"] == (
            "Meta weighs selling spare AI capacity to outsiders"
        )
        assert record["published"] == "2026-07-01T08:12:00-04:00"
        assert record["precision"] == "exact"
        assert record["source"]["url"] == "https://example.org/meta-spare-capacity"
        assert set(record["tags"]) == {"compute-supply", "customer-turned-competitor"}
        assert symbols(draft) == ["META", "CRWV", "NBIS", "NDX", "NVDA"]
        assert [(move.symbol, move.pct) for move in draft.moves] == [
            ("META", 8.8),
            ("CRWV", -11.5),
            ("NBIS", -9.4),
            ("NDX", -0.6),
        ]
        assert "of the article, not of the news" in draft.notes[0]
        assert reading.warnings == (
            "a percentage without a direction was left out: 'Some 60%'",
        )

    @pytest.mark.parametrize(
        ("head", "published", "precision"),
        [
            (
                '<meta itemprop="datePublished" content="2026-07-01T20:05:00Z">',
                "2026-07-01T16:05:00-04:00",
                "exact",
            ),
            (
                '<script type="application/ld+json">{"@graph": [{"datePublished": '
                '"2026-07-01T20:05:00.000+02:00"}]}</script>',
                "2026-07-01T14:05:00-04:00",
                "exact",
            ),
            ('<meta name="date" content="2026-07-01">', "2026-07-01", "day"),
            (
                '<meta name="date" content="2026-07-01T20:05:00">',
                "2026-07-01",
                "day",
            ),
            (
                '<meta name="date" content="2026-07-01T00:00:00Z">',
                "2026-07-01",
                "day",
            ),
            (
                '<meta name="date" content="2026-07-01">'
                '<script type="application/ld+json">{"datePublished": '
                '"2026-07-01T20:05:00Z"}</script>',
                "2026-07-01T16:05:00-04:00",
                "exact",
            ),
        ],
        ids=["meta", "linked data", "date", "no offset", "midnight", "the timed one"],
    )
    def test_its_time(
        self,
        tmp_path: Path,
        background: Background,
        head: str,
        published: str,
        precision: str,
    ) -> None:
        draft = self.html(tmp_path, background, head)
        assert draft.record["published"] == published
        assert draft.record["precision"] == precision

    def test_no_time_is_none(self, tmp_path: Path, background: Background) -> None:
        assert "published" not in self.html(tmp_path, background, "").record

    def test_linked_data_that_is_broken(
        self, tmp_path: Path, background: Background
    ) -> None:
        head = '<script type="application/ld+json">{"datePubl</script>'
        assert "published" not in self.html(tmp_path, background, head).record

    @pytest.mark.parametrize(
        ("text", "published"),
        [
            ("Meta does it\nPublished: 2026-07-01T08:12:00-04:00\n\nText.", "exact"),
            ("Meta does it\nDate: 2026-07-01 08:12 ET\n\nText.", "day"),
            ("Meta does it\nDate: 2026-07-01T08:12:00 America/New_York\n.", "exact"),
            ("Meta does it\nDate: 1 July 2026\n\nText.", "day"),
            ("Title: Meta does it\n\nNew York, July 1, 2026. Text.", "day"),
            ("# Meta does it\n\nText of 2026-07-01.", "day"),
            ("Meta does it\nText.", None),
        ],
    )
    def test_a_text(
        self,
        tmp_path: Path,
        background: Background,
        text: str,
        published: str | None,
    ) -> None:
        path = tmp_path / "in.txt"
        path.write_text(text, encoding="utf-8")
        (draft,) = (
            ArticleImporter(path, url="https://example.org/").read(background).drafts
        )
        assert draft.record["headline"] == "Meta does it"
        assert draft.record["source"]["url"] == "https://example.org/"
        assert draft.record.get("precision") == published
        assert draft.record.get("published", "2026-07-01")[:10] == "2026-07-01"

    def test_a_page_that_declares_its_encoding(
        self, tmp_path: Path, background: Background
    ) -> None:
        path = tmp_path / "in.html"
        text = ARTICLE.read_text(encoding="utf-8")
        path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{text}', "utf-8")
        (draft,) = ArticleImporter(path).read(background).drafts
        assert draft.record["published"] == "2026-07-01T08:12:00-04:00"

    def test_an_empty_file(self, tmp_path: Path, background: Background) -> None:
        path = tmp_path / "in.html"
        path.write_text("\n", encoding="utf-8")
        with pytest.raises(EventError, match="the file is empty"):
            ArticleImporter(path).read(background)

    def test_without_a_title(self, tmp_path: Path, background: Background) -> None:
        path = tmp_path / "in.txt"
        path.write_text("Date: 2026-07-01\n", encoding="utf-8")
        with pytest.raises(EventError, match="no title"):
            ArticleImporter(path).read(background)

    def test_time_of_a_stamp(self) -> None:
        assert time_of(Stamp()) == {}
