"""The real yfinance client against a fake session: earnings dates and news."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from curl_cffi import requests

from aftershock.errors import DataUnavailable, EventError
from aftershock.importers.base import Background
from aftershock.importers.yahoo import YahooImporter
from tests.sources.yahoo_answers import UnreachableSession

TABLE = """<html><body><table><thead><tr><th>Symbol</th><th>Company</th>
<th>Earnings Date</th><th>EPS Estimate</th><th>Reported EPS</th><th>Surprise (%)</th>
</tr></thead><tbody>
<tr><td>META</td><td>Meta Platforms, Inc.</td><td>July 29, 2026 at 4 PM EDT</td>
<td>7.1</td><td>-</td><td>-</td></tr>
<tr><td>META</td><td>Meta Platforms, Inc.</td><td>April 29, 2026 at 7 AM EDT</td>
<td>6.5</td><td>6.75</td><td>3.85</td></tr>
<tr><td>META</td><td>Meta Platforms, Inc.</td><td>January 28, 2026 at 11 AM EST</td>
<td>6.1</td><td>6.2</td><td>1.6</td></tr>
<tr><td>META</td><td>Meta Platforms, Inc.</td><td>November 1, 2025 at 4 PM EDT</td>
<td>6.1</td><td>6.2</td><td>1.6</td></tr>
</tbody></table></body></html>"""


def article(title: str, when: str, **more: Any) -> dict[str, Any]:
    content = {
        "title": title,
        "summary": "Some words of CoreWeave.",
        "pubDate": when,
        "provider": {"displayName": "A page"},
        "canonicalUrl": {"url": f"https://example.org/{title[:4]}"},
    }
    return {"id": title, "content": content | more}


NEWS = [
    article("Meta lifts capex", "2026-07-01T12:12:00Z"),
    article("Nothing with a name", "2026-06-30T12:12:00Z", summary=""),
    {"ad": ["x"], "content": {}},
]


class FakeSession(requests.Session):
    """Answers what is not a cookie or a crumb with one body and status."""

    def __init__(self, body: str, status: int = 200) -> None:
        super().__init__()
        self.body, self.status = body, status
        self.asked: list[str] = []

    def request(self, method: str, url: str, **_: Any) -> requests.Response:
        self.asked.append(f"{method} {url}")
        response = requests.Response()
        response.url, response.status_code = url, 200
        response.content = b"abc.DEF"
        if "calendar/earnings" in url or "xhr/ncp" in url:
            response.status_code = self.status
            response.content = self.body.encode()
        return response


def news(*rows: dict[str, Any]) -> str:
    return json.dumps({"data": {"tickerStream": {"stream": list(rows)}}})


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


class TestEarnings:
    def test_dates_become_drafts(self, background: Background) -> None:
        """The background's now is 10 July 2026: the first date lies ahead.

        16:00 stands for after the close (16:00 to 20:00), 07:00 for before the open
        (04:00 to 09:29:59); 11:00 within the session, and a Saturday, for the day.
        """
        session = FakeSession(TABLE)
        drafts = YahooImporter(["META"], session=session).read(background).drafts
        stated = [
            tuple(d.record.get(k) for k in ("earliest", "latest", "published"))
            for d in drafts
        ]
        assert stated == [
            ("2026-07-29T16:00:00-04:00", "2026-07-29T20:00:00-04:00", None),
            ("2026-04-29T04:00:00-04:00", "2026-04-29T09:29:59-04:00", None),
            (None, None, "2026-01-28"),
            (None, None, "2025-11-01"),
        ]
        assert [d.record["precision"] for d in drafts] == [
            "approximate",
            "approximate",
            "day",
            "day",
        ]
        assert [d.record["status"] for d in drafts][:2] == ["scheduled", "occurred"]
        assert (
            drafts[0].record["headline"] == "Meta Platforms is due to publish results"
        )
        assert drafts[1].record["headline"] == "Meta Platforms publishes results"
        assert drafts[1].record["tags"] == ["earnings"]
        assert "EPS reported 6.75" in drafts[1].notes
        assert not any("EPS reported" in note for note in drafts[0].notes)
        assert drafts[0].record["exposures"] == [
            {"symbol": "META", "role": "actor", "expected": "0"}
        ]

    def test_a_span(self, background: Background) -> None:
        importer = YahooImporter(
            ["META"], since="2026-01-01", until="2026-06-30", session=FakeSession(TABLE)
        )
        ids = [draft.record["id"] for draft in importer.read(background).drafts]
        assert ids == ["meta-earnings-20260429", "meta-earnings-20260128"]

    def test_no_dates_are_told(self, background: Background) -> None:
        session = FakeSession("<html><body>nothing</body></html>")
        reading = YahooImporter(["META"], session=session).read(background)
        assert reading.drafts == ()
        assert reading.warnings == ("META: Yahoo has no earnings in the span",)

    def test_a_table_of_another_shape(self, background: Background) -> None:
        session = FakeSession("<table><tr><th>A</th></tr><tr><td>1</td></tr></table>")
        with pytest.raises(DataUnavailable, match="not understood"):
            YahooImporter(["META"], session=session).read(background)


class TestNews:
    def test_articles_become_drafts(self, background: Background) -> None:
        session = FakeSession(news(*NEWS))
        importer = YahooImporter(["META"], kind="news", session=session)
        first, second = importer.read(background).drafts
        assert first.record["headline"] == "Meta lifts capex"
        assert first.record["published"] == "2026-07-01T08:12:00-04:00"
        assert first.record["precision"] == "exact"
        assert first.record["tags"] == ["capex-guidance"]
        assert [e["symbol"] for e in first.record["exposures"]] == ["META", "CRWV"]
        assert first.record["source"] == {
            "name": "A page",
            "url": "https://example.org/Meta",
        }
        assert second.record["exposures"] == [{"symbol": "META"}]
        assert session.asked[-1].startswith("POST ")

    def test_an_article_without_a_time(self, background: Background) -> None:
        rows = {"content": {"title": "Meta does it"}}
        session = FakeSession(news(rows))
        with pytest.raises(DataUnavailable, match="not understood: KeyError"):
            YahooImporter(["META"], kind="news", session=session).read(background)


@pytest.mark.parametrize("kind", ["earnings", "news"])
def test_a_rate_limit(background: Background, kind: str) -> None:
    session = FakeSession("Too Many Requests", 429)
    with pytest.raises(DataUnavailable, match=r"META could be fetched \(rate limit\)"):
        YahooImporter(["META"], kind=kind, session=session).read(background)


@pytest.mark.parametrize("kind", ["earnings", "news"])
def test_without_a_network(background: Background, kind: str) -> None:
    importer = YahooImporter(["META"], kind=kind, session=UnreachableSession())
    with pytest.raises(DataUnavailable, match="unreachable: DNSError") as caught:
        importer.read(background)
    assert caught.value.exit_code == 3


def test_what_must_be_said(background: Background) -> None:
    with pytest.raises(EventError, match="no symbol"):
        YahooImporter().read(background)
    with pytest.raises(EventError, match="no kind 'gossip'"):
        YahooImporter(["META"], kind="gossip").read(background)
