"""Reports of current events (8-K, 6-K) at the SEC, by the moment of acceptance.

The moment is the header's ACCEPTANCE-DATETIME, a New York wall clock without a zone;
the one in the JSON listing is unreliable and is not read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from aftershock.errors import DataUnavailable, EventError
from aftershock.events.moments import parse_moment
from aftershock.importers.base import Background, Draft, EventImporter, Reading
from aftershock.importers.web import Web

FORMS = ("8-K", "8-K/A", "6-K", "6-K/A")
PACE = 0.11
"""Seconds from one request to the next: the SEC allows ten a second."""
ITEMS: dict[str, tuple[str, str]] = {
    "1.01": ("enters into a material agreement", ""),
    "1.02": ("ends a material agreement", ""),
    "1.03": ("bankruptcy or receivership", ""),
    "2.01": ("completes a purchase or sale of assets", "m&a"),
    "2.02": ("publishes results", "earnings"),
    "2.03": ("takes on a financial obligation", "financing"),
    "2.04": ("an obligation falls due early", "financing"),
    "2.05": ("restructures", ""),
    "2.06": ("writes off assets", ""),
    "3.01": ("may lose its listing", ""),
    "3.02": ("sells unregistered shares", "financing"),
    "4.01": ("changes its auditor", ""),
    "4.02": ("earlier accounts cannot be relied on", ""),
    "5.01": ("changes hands", "m&a"),
    "5.02": ("directors or officers change", ""),
    "5.03": ("changes its charter or bylaws", ""),
    "5.07": ("holders have voted", ""),
    "7.01": ("discloses under Regulation FD", ""),
    "8.01": ("reports another event", ""),
    "9.01": ("attaches exhibits", ""),
}
"""Items of Form 8-K in few words, and the tag that an item alone stands for."""
_MINOR = "9.01"


@dataclass(frozen=True)
class EdgarImporter(EventImporter):
    """The 8-K and 6-K reports of some firms, each at the moment it was accepted.

    Parameters
    ----------
    symbols : sequence of str
    user_agent : str
        Name and mail address of who asks; the SEC demands them.
    since, until : str, optional
        First and last day of filing (ISO, inclusive); without either only what the
        SEC calls recent: a year, or a thousand filings.
    site, data : str
        Where filings and listings are kept.
    web : Web, optional
        What fetches; made from `user_agent` when left out.
    """

    name: ClassVar[str] = "edgar"
    remote: ClassVar[bool] = True
    options: ClassVar[tuple[str, ...]] = ("symbols", "since", "until", "user_agent")
    symbols: Sequence[str] = ()
    user_agent: str = ""
    since: str | None = None
    until: str | None = None
    site: str = "https://www.sec.gov"
    data: str = "https://data.sec.gov"
    web: Web | None = field(default=None, compare=False, repr=False)

    @property
    def source(self) -> str:
        """The archive."""
        return "edgar"

    def read(self, background: Background) -> Reading:
        """Return one draft per report; see `EventImporter.read`."""
        self._refuse_unsaid()
        web = self.web or Web(self.user_agent, pause=PACE)
        known = _by_symbol(_json(web, f"{self.site}/files/company_tickers.json"))
        drafts: list[Draft] = []
        told: list[str] = []
        for symbol in dict.fromkeys(self.symbols):
            number = known.get(symbol.replace(".", "-"))
            if number is None:
                told.append(f"{symbol}: the SEC lists no such symbol")
                continue
            found = [
                self._draft(web, symbol, number, row, background)
                for row in self._filings(web, number)
            ]
            drafts += found
            if not found:
                told.append(f"{symbol}: no {' or '.join(FORMS[::2])} in the span")
        return Reading(tuple(drafts), tuple(told))

    def _refuse_unsaid(self) -> None:
        if not self.symbols:
            raise EventError(
                "no symbol is given", where="edgar", do="name one: --symbol META"
            )
        if not re.search(r"\w.*\S+@\S+\.\S+", self.user_agent):
            raise EventError(
                f"the SEC wants to know who asks, and found '{self.user_agent}'",
                where="--user-agent",
                allowed="a name and a mail address",
                do='write --user-agent "Your Name you@your.domain"',
            )

    def _filings(self, web: Web, number: int) -> Iterator[dict[str, Any]]:
        """Return the rows of the listing that are reports within the span."""
        listing = _json(web, f"{self.data}/submissions/CIK{number:010d}.json")
        filings = _part(listing, "filings", self.data)
        tables = [_part(filings, "recent", self.data)]
        for older in filings.get("files", ()):
            if self._reaches(older):
                tables.append(_json(web, f"{self.data}/submissions/{older['name']}"))
        for table in tables:
            for row in _rows(table):
                if row["form"] in FORMS and self._within(row["filingDate"]):
                    yield row

    def _reaches(self, older: dict[str, Any]) -> bool:
        """Tell whether an older part of a listing may hold filings of the span."""
        first, last = (str(older.get(k, "")) for k in ("filingFrom", "filingTo"))
        if self.until and first > self.until:
            return False
        return last >= self.since if self.since else bool(self.until)

    def _within(self, day: str) -> bool:
        return (not self.since or day >= self.since) and (
            not self.until or day <= self.until
        )

    def _draft(
        self,
        web: Web,
        symbol: str,
        number: int,
        row: dict[str, Any],
        background: Background,
    ) -> Draft:
        folder = f"{self.site}/Archives/edgar/data/{number}"
        accession = row["accessionNumber"]
        folder = f"{folder}/{accession.replace('-', '')}"
        header = web.get(f"{folder}/{accession}.hdr.sgml").decode("utf-8", "replace")
        accepted = acceptance(header, accession)
        items = items_of(header) or str(row.get("items", "")).split(",")
        items = [item for item in items if item and item != _MINOR]
        tags = [t for item in items if (t := ITEMS.get(item, ("", ""))[1])]
        instrument = background.lexicon.instruments.get(symbol)
        name = instrument.name if instrument else symbol
        record = {
            "id": "-".join([symbol, row["form"].replace("/", ""), accession]).lower(),
            "headline": f"{name} files {row['form']}: {_said(items)}",
            "published": accepted.isoformat(),
            "precision": "exact",
            "tags": list(dict.fromkeys(tags)),
            "exposures": [{"symbol": symbol, "role": "actor", "expected": "0"}],
            "source": {
                "name": "SEC EDGAR",
                "url": f"{folder}/{row['primaryDocument']}",
            },
        }
        notes = [
            "time from the header's acceptance, a press release may be older",
            "role and sign 0 because it is the filer",
            f"items {', '.join(items) or 'none'}",
        ]
        return Draft(record, {"headline": "say what the report tells"}, tuple(notes))


def acceptance(header: str, accession: str) -> pd.Timestamp:
    """Return the moment of acceptance that a header states, New York.

    Raises
    ------
    EventError
        Where it states none, or one that does not exist.
    """
    match = re.search(r"<ACCEPTANCE-DATETIME>\s*(\d{14})", header)
    if not match:
        raise EventError(
            "the header states no ACCEPTANCE-DATETIME",
            where=accession,
            do="look the filing up, and add the event by hand",
        )
    d = match[1]
    clock = f"{d[:4]}-{d[4:6]}-{d[6:8]}T{d[8:10]}:{d[10:12]}:{d[12:]}"
    return parse_moment(f"{clock} America/New_York", accession)


def items_of(header: str) -> list[str]:
    """Return the item numbers that a header in its short form names."""
    return re.findall(r"<ITEMS>\s*(\d+\.\d+)", header)


def _said(items: Sequence[str]) -> str:
    told = [ITEMS[item][0] for item in items if item in ITEMS]
    return "; ".join(told) or "a report of current events"


def _by_symbol(listing: Any) -> dict[str, int]:
    """Return the numbers of firms by symbol."""
    rows = listing.values() if isinstance(listing, dict) else listing
    try:
        return {str(row["ticker"]).upper(): int(row["cik_str"]) for row in rows}
    except (TypeError, KeyError, ValueError) as error:
        raise _misunderstood("the list of symbols", error) from error


def _rows(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a listing, which is kept by column, as rows."""
    names = ("accessionNumber", "filingDate", "form", "primaryDocument", "items")
    try:
        columns = [table[name] for name in names]
        return [
            dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)
        ]
    except (TypeError, KeyError, ValueError) as error:
        raise _misunderstood("the list of filings", error) from error


def _part(content: Any, key: str, where: str) -> dict[str, Any]:
    part = content.get(key) if isinstance(content, dict) else None
    if not isinstance(part, dict):
        raise _misunderstood(where, KeyError(key))
    return part


def _json(web: Web, url: str) -> Any:
    try:
        return json.loads(web.get(url))
    except ValueError as error:
        raise _misunderstood(url, error) from error


def _misunderstood(where: str, error: Exception) -> DataUnavailable:
    return DataUnavailable(
        f"the answer was not understood: {type(error).__name__}: {error}",
        where=where,
        do="try again later",
    )
