"""Tables as sources of events: CSV and Parquet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow.parquet import write_table

from aftershock.errors import DataUnavailable, EventError
from aftershock.importers.base import Background, Draft
from aftershock.importers.table import TableImporter
from tests.importers.conftest import symbols

HEAD = "id,headline,published,precision,tags,symbol,role,expected\n"
ROWS = (
    "deal-1,A deal is signed,2026-07-01T08:00:00-04:00,exact,"
    "compute-contract;financing,CRWV,supplier,+1\n"
    "deal-1,A deal is signed,2026-07-01T08:00:00-04:00,exact,"
    "compute-contract;financing,META,customer,0\n"
)


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
