"""Earnings dates and news from Yahoo, through the yfinance client."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from aftershock.calendar import NEW_YORK, TradingCalendar, label
from aftershock.errors import AftershockError, DataUnavailable, EventError
from aftershock.events.moments import parse_moment, session_window
from aftershock.importers.base import (
    OWN_WORDS,
    Background,
    Draft,
    EventImporter,
    Reading,
    shortened,
    with_guesses,
)
from aftershock.sources.yahoo import failure, yahoo_client

KINDS = ("earnings", "news")
_MOST = 100
_FIGURES = {"EPS Estimate": "EPS expected", "Reported EPS": "EPS reported"}


@dataclass(frozen=True)
class YahooImporter(EventImporter):
    """Earnings dates of some symbols, and the news that Yahoo shows with them.

    Yahoo's hour of an earnings date often only stands for "before the open" or "after
    the close": that part of the day is kept as a window, precision ``approximate``.

    Parameters
    ----------
    symbols : sequence of str
    kind : {"earnings", "news"}
    since, until : str, optional
        First and last New York day (ISO, inclusive).
    most : int
        Rows to ask for, per symbol.
    session : object, optional
        A ``curl_cffi.requests.Session``.
    """

    name: ClassVar[str] = "yahoo"
    remote: ClassVar[bool] = True
    options: ClassVar[tuple[str, ...]] = ("symbols", "since", "until", "kind")
    symbols: Sequence[str] = ()
    kind: str = "earnings"
    since: str | None = None
    until: str | None = None
    most: int = 25
    session: Any = field(default=None, compare=False, repr=False)

    @property
    def source(self) -> str:
        """The vendor."""
        return "yahoo"

    def read(self, background: Background) -> Reading:
        """Return one draft per date or article; see `EventImporter.read`."""
        self._refuse_unsaid()
        drafts: list[Draft] = []
        told: list[str] = []
        with yahoo_client(self.session) as client:
            for symbol in dict.fromkeys(self.symbols):
                found = self._of(client, symbol, background)
                kept = [draft for draft in found if self._within(draft)]
                drafts += kept
                if not kept:
                    told.append(f"{symbol}: Yahoo has no {self.kind} in the span")
        return Reading(tuple(drafts), tuple(told))

    def _refuse_unsaid(self) -> None:
        if not self.symbols:
            raise EventError(
                "no symbol is given", where="yahoo", do="name one: --symbol META"
            )
        if self.kind not in KINDS:
            raise EventError(
                f"there is no kind '{self.kind}'",
                where="--kind",
                allowed=", ".join(KINDS),
            )

    def _of(self, client: Any, symbol: str, background: Background) -> list[Draft]:
        """Return what Yahoo has of one symbol.

        Raises
        ------
        DataUnavailable
            When it cannot be had, or is not understood.
        """
        import yfinance
        from yfinance.data import YfData
        from yfinance.exceptions import YFException, YFRateLimitError

        YfData.cache_get.cache_clear()
        client.answers.clear()
        ticker = yfinance.Ticker(symbol, session=client.session)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if self.kind == "news":
                    return _news(ticker.get_news(self.most), symbol, background)
                frame = ticker.get_earnings_dates(min(self.most, _MOST))
                return _earnings(frame, symbol, background)
        except AftershockError:
            raise
        except (
            YFException,
            OSError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
        ) as error:
            answer = client.answers[-1] if client.answers else None
            limited = isinstance(error, YFRateLimitError)
            why = "rate limit" if limited else failure(error, answer)
            raise DataUnavailable(
                f"no {self.kind} of {symbol} could be fetched ({why})",
                where="importer yahoo",
                do="check the network, wait some minutes if the rate is limited, "
                "and run the same command again",
            ) from error

    def _within(self, draft: Draft) -> bool:
        day = str(draft.record.get("latest") or draft.record.get("published", ""))[:10]
        return (not self.since or day >= self.since) and (
            not self.until or day <= self.until
        )


def _earnings(
    frame: pd.DataFrame | None, symbol: str, background: Background
) -> list[Draft]:
    if frame is None:
        return []
    known = background.lexicon.instruments.get(symbol)
    name = known.name if known else symbol
    return [
        _result(moment, frame.iloc[at], symbol, name, background)
        for at, moment in enumerate(pd.DatetimeIndex(frame.index))
    ]


def _result(
    moment: pd.Timestamp,
    row: pd.Series[Any],
    symbol: str,
    name: str,
    background: Background,
) -> Draft:
    """Return the draft of one earnings date."""
    local = moment.tz_convert(NEW_YORK).as_unit("us")
    ahead = local > background.now
    record = {
        "id": f"{symbol.lower()}-earnings-{local:%Y%m%d}",
        "headline": f"{name} {'is due to publish' if ahead else 'publishes'} results",
        **_part_of_day(local),
        "tags": ["earnings"],
        "exposures": [{"symbol": symbol, "role": "actor", "expected": "0"}],
        "source": {
            "name": "Yahoo Finance",
            "url": f"https://finance.yahoo.com/calendar/earnings?symbol={symbol}",
        },
        "status": "scheduled" if ahead else "occurred",
    }
    figures = [f"{said} {row[c]:g}" for c, said in _FIGURES.items() if pd.notna(row[c])]
    notes = [
        f"Yahoo says {local:%H:%M} New York, often a mere mark of a part of the day",
        "role and sign 0 because it is the firm's own date",
        *figures,
    ]
    return Draft(record, {}, tuple(notes))


def _part_of_day(local: pd.Timestamp) -> dict[str, str]:
    """Return the window before the open or after the close, or else only the day."""
    calendar = TradingCalendar.load()
    day = {"published": f"{local:%Y-%m-%d}", "precision": "day"}
    if not calendar.is_session(local) or local == local.normalize():
        return day
    if calendar.open_at(label(local)) <= local < calendar.close_at(label(local)):
        return day
    earliest, latest = session_window(local)
    window = {"earliest": earliest.isoformat(), "latest": latest.isoformat()}
    return {**window, "precision": "approximate"}


def _news(rows: list[Any], symbol: str, background: Background) -> list[Draft]:
    """Return the drafts of the articles that Yahoo shows with a symbol."""
    contents = [row.get("content", row) for row in rows]
    return [_article(content, symbol, background) for content in contents]


def _article(content: dict[str, Any], symbol: str, background: Background) -> Draft:
    moment = parse_moment(str(content["pubDate"]))
    address = content.get("canonicalUrl") or content.get("clickThroughUrl") or {}
    record = {
        "headline": shortened(str(content["title"])),
        "published": moment.isoformat(),
        "precision": "exact",
        "source": {
            "name": str((content.get("provider") or {}).get("displayName", "")),
            "url": str(address.get("url", "")),
        },
    }
    notes = (
        "time from Yahoo's pubDate, of the article, not of the news",
        f"Yahoo shows it with {symbol}",
    )
    draft = Draft(record, {"headline": OWN_WORDS}, notes)
    guessed = with_guesses(draft, background, str(content.get("summary", "")))
    if not guessed.record["exposures"]:
        named = {**guessed.record, "exposures": [{"symbol": symbol}]}
        return Draft(named, guessed.remarks, guessed.notes)
    return guessed
