"""Files as sources: tables, records, articles."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow.parquet import write_table

from aftershock.errors import AftershockError, DataUnavailable, EventError
from aftershock.importers.article import ArticleImporter, Stamp, time_of
from aftershock.importers.base import Background, Draft, needed, shortened
from aftershock.importers.records import RecordsImporter
from aftershock.importers.table import TableImporter

ARTICLE = Path(__file__).parent / "compute_plan.html"
HEAD = "id,headline,published,precision,tags,symbol,role,expected\n"
ROWS = (
    "deal-1,A deal is signed,2026-07-01T08:00:00-04:00,exact,"
    "compute-contract;financing,CRWV,supplier,+1\n"
    "deal-1,A deal is signed,2026-07-01T08:00:00-04:00,exact,"
    "compute-contract;financing,META,customer,0\n"
)


def symbols(draft: Draft) -> list[str]:
    return [str(row["symbol"]) for row in draft.record.get("exposures", ())]


class TestTable:
    def read(
        self, tmp_path: Path, background: Background, text: str, **columns: str
    ) -> tuple[tuple[Draft, ...], tuple[str, ...]]:
        path = tmp_path / "in.csv"
        path.write_text(text, encoding="utf-8")
        reading = TableImporter(path, columns).read(background)
        return reading.drafts, reading.warnings

    def test_rows_of_an_id_are_one_event(
        self, tmp_path: Path, background: Background
    ) -> None:
        (draft,), told = self.read(tmp_path, background, HEAD + ROWS)
        assert draft.record["id"] == "deal-1"
        assert draft.record["published"] == "2026-07-01T08:00:00-04:00"
        assert list(draft.record["tags"]) == ["compute-contract", "financing"]
        assert symbols(draft) == ["CRWV", "META"]
        assert [row["expected"] for row in draft.record["exposures"]] == ["+1", "0"]
        assert (draft.notes, told) == ((), ())

    @pytest.mark.parametrize(
        ("header", "named"), [("Date,Title,Ticker", "Title"), ("a,b,c", "YOURS")]
    )
    def test_the_likely_headline_is_named(
        self, tmp_path: Path, background: Background, header: str, named: str
    ) -> None:
        with pytest.raises(EventError, match=f"--map headline={named}$"):
            self.read(tmp_path, background, f"{header}\n2026-07-01,x,META\n")

    def test_a_column_map(self, tmp_path: Path, background: Background) -> None:
        text = "title,when,ticker,mood\nNebius sells notes,2026-07-01,NBIS,good\n"
        (draft,), told = self.read(
            tmp_path,
            background,
            text,
            headline="title",
            published="when",
            symbol="ticker",
        )
        assert draft.record["headline"] == "Nebius sells notes"
        assert draft.record["tags"] == ["financing"]
        assert draft.notes[0].startswith("tag financing by rule debt (notes)")
        assert symbols(draft) == ["NBIS"]
        assert told == ("columns that were not used: mood",)

    def test_rows_without_an_id_join_by_headline_and_time(
        self, tmp_path: Path, background: Background
    ) -> None:
        text = (
            "headline,published,symbol\nA,2026-07-01,META\nA,2026-07-01,CRWV\n"
            "A,2026-07-02,META\n"
        )
        drafts, _ = self.read(tmp_path, background, text)
        assert [symbols(draft) for draft in drafts] == [["META", "CRWV"], ["META"]]
        assert all("id" not in draft.record for draft in drafts)

    def test_symbols_are_found_where_no_column_names_them(
        self, tmp_path: Path, background: Background
    ) -> None:
        (draft,), _ = self.read(
            tmp_path, background, "headline,published\nMeta and Nebius,2026-07-01\n"
        )
        assert symbols(draft) == ["META", "NBIS"]

    @pytest.mark.parametrize(
        ("columns", "text", "told"),
        [
            ({"headlin": "title"}, "title\nx\n", "Did you mean 'headline'"),
            ({"headline": "titel"}, "title\nx\n", "Did you mean 'title'"),
            ({}, "title\nx\n", "--map headline=title"),
            ({}, "headline,headline\nx,y\n", "written twice"),
            ({}, "headline\nx,y\n", "cells beyond the header"),
        ],
    )
    def test_mistakes(
        self,
        tmp_path: Path,
        background: Background,
        columns: dict[str, str],
        text: str,
        told: str,
    ) -> None:
        with pytest.raises(EventError, match=told):
            self.read(tmp_path, background, text, **columns)

    def test_parquet_says_the_same(
        self, tmp_path: Path, background: Background
    ) -> None:
        """Typed columns: an aware time, a list, floats with a gap, an empty row."""
        path = tmp_path / "in.parquet"
        moment = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
        table = pa.table(
            {
                "id": ["a", "a"],
                "headline": ["A", "A"],
                "published": pa.array([moment, None], pa.timestamp("us", "UTC")),
                "tags": [["earnings", "m&a"], None],
                "symbol": ["META", "CRWV"],
                "role": ["actor", None],
                "expected": [1.0, float("nan")],
            }
        )
        write_table(table, path)
        (draft,) = TableImporter(path).read(background).drafts
        assert draft.record["published"] == "2026-07-01T12:00:00+00:00"
        assert list(draft.record["tags"]) == ["earnings", "m&a"]
        first, second = draft.record["exposures"]
        assert (first["role"], first["expected"]) == ("actor", "1")
        assert "role" not in second and "expected" not in second

    def test_what_is_no_parquet(self, tmp_path: Path, background: Background) -> None:
        path = tmp_path / "in.parquet"
        with pytest.raises(DataUnavailable, match="no such file"):
            TableImporter(path).read(background)
        path.write_text("text", encoding="utf-8")
        with pytest.raises(EventError, match="not Parquet"):
            TableImporter(path).read(background)


class TestRecords:
    def read(
        self, tmp_path: Path, background: Background, text: str
    ) -> tuple[Draft, ...]:
        path = tmp_path / "in.yaml"
        path.write_text(text, encoding="utf-8")
        return RecordsImporter(path).read(background).drafts

    def test_all_is_kept(self, tmp_path: Path, background: Background) -> None:
        text = (
            "- id: a\n  headline: ON falls\n  published: 2026-07-01\n"
            "  tags: [macro]\n  confidence: 0.5\n  confounders: [CPI]\n"
            "  exposures:\n    - {symbol: ON, role: actor, expected: -1}\n"
            "  selected_by: rule\n"
        )
        (draft,) = self.read(tmp_path, background, text)
        assert draft.record["confidence"] == "0.5"
        assert list(draft.record["confounders"]) == ["CPI"]
        assert dict(draft.record["exposures"][0]) == {
            "symbol": "ON",
            "role": "actor",
            "expected": "-1",
        }
        assert draft.record["selected_by"] == "rule"
        assert draft.notes == ()

    def test_gaps_are_guessed(self, tmp_path: Path, background: Background) -> None:
        (draft,) = self.read(tmp_path, background, "- headline: Meta lifts capex\n")
        assert draft.record["tags"] == ["capex-guidance"]
        assert symbols(draft) == ["META"]

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("a: b\n", "should be a list"),
            ("- text\n", "should be a mapping"),
            ("- {headlin: x}\n", "Did you mean 'headline'"),
            ("- {headline: x, exposures: [META]}\n", "an exposure reads"),
            ("- {headline: [\n", "not YAML"),
            ("- headline: Late: a site\n", "not YAML: .* into quotes"),
        ],
    )
    def test_mistakes(
        self, tmp_path: Path, background: Background, text: str, told: str
    ) -> None:
        with pytest.raises(EventError, match=told):
            self.read(tmp_path, background, text)


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


def test_a_package_that_is_missing_is_named_with_its_command() -> None:
    with pytest.raises(AftershockError) as caught:
        needed("no_such_package", "news")
    assert "pip install 'aftershock[news]'" in str(caught.value)
    assert "in a checkout: pip install -e '.[news]'" in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_long_headline_is_cut_at_a_word() -> None:
    cut = shortened("word " * 100)
    assert len(cut) <= 300
    assert cut.endswith("word ...")
    assert shortened(" a\n b ") == "a b"
    assert shortened("x" * 400) == "x" * 296 + " ..."
