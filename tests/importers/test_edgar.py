"""The archive of the SEC, played by a server on this machine."""

from __future__ import annotations

import dataclasses
import json

import pandas as pd
import pytest

from aftershock.errors import DataUnavailable, EventError
from aftershock.importers.base import Background
from aftershock.importers.edgar import PACE, EdgarImporter, acceptance, items_of
from aftershock.importers.web import Web
from tests.importers.conftest import serving

TICKERS = {
    "0": {"cik_str": 1769628, "ticker": "CRWV", "title": "CoreWeave, Inc."},
    "1": {"cik_str": 1513845, "ticker": "NBIS", "title": "Nebius Group N.V."},
}
COLUMNS = ("accessionNumber", "filingDate", "form", "primaryDocument", "items")
HEADER = """<SEC-HEADER>{accession}.hdr.sgml : 20260701
<ACCEPTANCE-DATETIME>{accepted}
<ACCESSION-NUMBER>{accession}
<TYPE>8-K
<PUBLIC-DOCUMENT-COUNT>3
<PERIOD>20260701
<ITEMS>2.02
<ITEMS>9.01
<FILING-DATE>20260701
"""


def listing(*rows: tuple[str, ...]) -> dict[str, list[str]]:
    """A listing as the archive keeps it: by column, with more than is needed."""
    columns = {name: [row[i] for row in rows] for i, name in enumerate(COLUMNS)}
    return {**columns, "acceptanceDateTime": ["2026-07-01T12:00:00.000Z"] * len(rows)}


ONE = ("0001769628-26-000001", "2026-07-01", "8-K", "a.htm", "2.02,9.01")
OTHER = ("0001769628-26-000002", "2026-06-01", "10-Q", "b.htm", "")
OLD = ("0001769628-25-000009", "2025-05-14", "8-K", "c.htm", "1.01")


def archive() -> dict[str, bytes | int]:
    folder = "/Archives/edgar/data/1769628"
    main = {
        "filings": {
            "recent": listing(ONE, OTHER),
            "files": [
                {"name": "CIK0001769628-submissions-001.json", "filingTo": "2025-12-31"}
            ],
        }
    }
    nebius = {"filings": {"recent": listing(), "files": []}}

    def header(accession: str, accepted: str) -> bytes:
        return HEADER.format(accession=accession, accepted=accepted).encode()

    return {
        "/files/company_tickers.json": json.dumps(TICKERS).encode(),
        "/submissions/CIK0001769628.json": json.dumps(main).encode(),
        "/submissions/CIK0001513845.json": json.dumps(nebius).encode(),
        "/submissions/CIK0001769628-submissions-001.json": json.dumps(
            listing(OLD)
        ).encode(),
        f"{folder}/000176962826000001/{ONE[0]}.hdr.sgml": header(
            ONE[0], "20260701163012"
        ),
        f"{folder}/000176962825000009/{OLD[0]}.hdr.sgml": header(
            OLD[0], "20250514080000"
        ),
    }


ME = "A Tester tester@example.org"


class TestEdgar:
    def test_the_moment_is_the_header_s(self, background: Background) -> None:
        """16:30:12 New York, whatever the listing says (08:00 there, as UTC)."""
        with serving(archive()) as site:
            reading = EdgarImporter(
                ["CRWV"], ME, since="2026-01-01", site=site.url, data=site.url
            ).read(background)
        (draft,) = reading.drafts
        assert draft.record["published"] == "2026-07-01T16:30:12-04:00"
        assert draft.record["precision"] == "exact"
        assert draft.record["headline"] == "CoreWeave files 8-K: publishes results"
        assert draft.record["tags"] == ["earnings"]
        assert draft.record["exposures"] == [
            {"symbol": "CRWV", "role": "actor", "expected": "0"}
        ]
        assert draft.record["source"]["url"].endswith(
            "/Archives/edgar/data/1769628/000176962826000001/a.htm"
        )
        assert set(site.agents) == {ME}
        assert not any("submissions-001" in path for path in site.asked)

    def test_older_listings_are_read_where_the_span_reaches(
        self, background: Background
    ) -> None:
        with serving(archive()) as site:
            drafts = (
                EdgarImporter(
                    ["CRWV"],
                    ME,
                    since="2025-01-01",
                    until="2025-12-31",
                    site=site.url,
                    data=site.url,
                )
                .read(background)
                .drafts
            )
        assert [d.record["published"] for d in drafts] == ["2025-05-14T08:00:00-04:00"]

    def test_an_end_alone_reaches_back_too(self, background: Background) -> None:
        """Until the end of 2025: the report of May 2025, which is not recent."""
        with serving(archive()) as site:
            importer = EdgarImporter(
                ["CRWV"], ME, until="2025-12-31", site=site.url, data=site.url
            )
            drafts = importer.read(background).drafts
        assert [d.record["published"] for d in drafts] == ["2025-05-14T08:00:00-04:00"]

    def test_what_is_not_there_is_told(self, background: Background) -> None:
        with serving(archive()) as site:
            reading = EdgarImporter(
                ["NBIS", "NOPE"], ME, site=site.url, data=site.url
            ).read(background)
        assert reading.drafts == ()
        assert reading.warnings == (
            "NBIS: no 8-K or 6-K in the span",
            "NOPE: the SEC lists no such symbol",
        )

    def test_the_pace(self, background: Background) -> None:
        """Four requests on a clock that stands still: three waits, never too short."""
        waits: list[float] = []
        now = [100.0]

        def sleep(seconds: float) -> None:
            waits.append(seconds)
            now[0] += seconds

        web = Web(ME, pause=PACE, sleep=sleep, clock=lambda: now[0])
        with serving(archive()) as site:
            importer = EdgarImporter(
                ["CRWV"], ME, since="2026-01-01", site=site.url, data=site.url
            )
            dataclasses.replace(importer, web=web).read(background)
        assert len(site.asked) == 3
        assert waits == pytest.approx([PACE, PACE])
        assert PACE >= 0.1

    @pytest.mark.parametrize("agent", ["", "Mozilla/5.0", "me@", "@example.org"])
    def test_it_must_say_who_asks(self, background: Background, agent: str) -> None:
        with pytest.raises(EventError, match="who asks"):
            EdgarImporter(["CRWV"], agent).read(background)

    def test_it_must_say_what_for(self, background: Background) -> None:
        with pytest.raises(EventError, match="no symbol"):
            EdgarImporter([], ME).read(background)

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/files/company_tickers.json", b"[1]"),
            ("/files/company_tickers.json", b"<html>"),
            ("/submissions/CIK0001769628.json", b"{}"),
            (
                "/submissions/CIK0001769628.json",
                b'{"filings": {"recent": {"form": ["8-K"]}}}',
            ),
        ],
    )
    def test_an_answer_that_is_not_understood(
        self, background: Background, path: str, body: bytes
    ) -> None:
        with (
            serving(archive() | {path: body}) as site,
            pytest.raises(DataUnavailable, match="not understood"),
        ):
            EdgarImporter(["CRWV"], ME, site=site.url, data=site.url).read(background)

    def test_a_refusal(self, background: Background) -> None:
        with (
            serving(archive() | {"/files/company_tickers.json": 403}) as site,
            pytest.raises(DataUnavailable, match="HTTP 403"),
        ):
            EdgarImporter(["CRWV"], ME, site=site.url, data=site.url).read(background)

    def test_acceptance(self) -> None:
        """Both forms of the header; in winter New York is five hours behind."""
        text = "<SEC-HEADER>\n<ACCEPTANCE-DATETIME>20260115173000\nACCESSION NUMBER: 1"
        assert acceptance(text, "1") == pd.Timestamp("2026-01-15 22:30", tz="UTC")
        assert items_of(text) == []
        with pytest.raises(EventError, match="no ACCEPTANCE-DATETIME"):
            acceptance("", "1")
        with pytest.raises(EventError, match="does not exist"):
            acceptance("<ACCEPTANCE-DATETIME>20260308023000", "1")
