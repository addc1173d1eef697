"""Prices from Yahoo, through the yfinance client: one request per symbol."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from aftershock.sources.base import (
    Date,
    Fetched,
    FetchFailed,
    PriceSource,
    combined,
    first_few,
)
from aftershock.sources.inspection import examined

_NAMES = {
    "Open": "open", "High": "high", "Low": "low", "Close": "close",
    "Adj Close": "adj_close", "Volume": "volume", "Dividends": "dividends",
    "Stock Splits": "splits",
}  # fmt: skip
_FIRST = "1970-01-01"
_EXCHANGE = "America/New_York"
_CHART = "/finance/chart/"


def _now() -> pd.Timestamp:
    """Return the present moment."""
    return pd.Timestamp.now("UTC")


@dataclass(frozen=True)
class YahooSource(PriceSource):
    """Daily bars, dividends and splits from Yahoo.

    Closes are split-adjusted, ``adj_close`` also for dividends, as Yahoo gives them.
    A bar whose session had not closed when it was fetched is left out, with a warning.

    Parameters
    ----------
    retries : int
        How often a request is repeated after a rate limit or a passing failure.
    backoff, timeout : float
        Seconds before the first repetition, doubled each time; for one request.
    session : object, optional
        A ``curl_cffi.requests.Session``; a new one for each fetch when left out.
    sleep : callable
        What waits.
    now : callable
        What tells the time (aware).
    """

    name: ClassVar[str] = "yahoo"
    remote: ClassVar[bool] = True
    retries: int = 4
    backoff: float = 2.0
    timeout: float = 20.0
    session: Any = field(default=None, compare=False, repr=False)
    sleep: Callable[[float], None] = field(
        default=time.sleep, compare=False, repr=False
    )
    now: Callable[[], pd.Timestamp] = field(default=_now, compare=False, repr=False)

    def clock(self) -> pd.Timestamp:
        """Return the present moment."""
        return self.now()

    def fetch(
        self, symbols: Sequence[str], start: Date = None, end: Date = None
    ) -> Fetched:
        """Fetch, check and return bars; see `PriceSource.fetch`.

        Raises
        ------
        FetchFailed
            When a symbol could not be had for a reason other than that Yahoo does not
            know it. Every such symbol is named; the others are in `partial`.
        """
        parts: list[Fetched] = []
        failed: dict[str, str] = {}
        with yahoo_client(self.session) as client:
            for symbol in dict.fromkeys(symbols):
                # Once one symbol has used up all patience, the rest get one try each.
                tries = 1 if failed else self.retries + 1
                if "no answer" in failed.values():
                    failed[symbol] = "not tried"
                    continue
                try:
                    parts.append(self._one(client, symbol, (start, end), tries))
                except _TransientError as error:
                    failed[symbol] = str(error)
        if failed:
            raise _unavailable(failed, combined(parts))
        return combined(parts)

    def _one(
        self, client: _Client, symbol: str, span: tuple[Date, Date], tries: int
    ) -> Fetched:
        """Return what Yahoo has of one symbol, waiting longer after each failure."""
        for attempt in range(tries):
            fetched_at = self.now()
            try:
                frame = client.history(symbol, *span, self.timeout)
            except _TransientError as error:
                # a network that is not there is not worth a long wait
                absent = attempt > 0 and str(error).startswith("unreachable")
                if attempt + 1 == tries or absent:
                    raise
                self.sleep(self.backoff * 2.0**attempt)
            else:
                return _judged(symbol, frame, span, fetched_at)
        raise AssertionError("there is at least one try")


class _TransientError(Exception):
    """A request that failed in a way that may pass."""


@dataclass
class _Client:
    """yfinance with a session of which every answer is seen."""

    session: Any
    answers: list[Any] = field(default_factory=list)
    patience: float = 20.0

    def history(
        self, symbol: str, start: Date, end: Date, timeout: float
    ) -> pd.DataFrame | None:
        """Return what Yahoo gives; None where it says that there is nothing."""
        import yfinance
        from yfinance.data import YfData
        from yfinance.exceptions import YFException, YFRateLimitError

        # The client remembers answers, bad ones too: a repetition would see them again.
        YfData.cache_get.cache_clear()
        self.answers.clear()
        self.patience = timeout
        ticker = yfinance.Ticker(symbol, session=self.session)
        # Every symbol trades in New York: saves the request that would ask where.
        ticker._tz = _EXCHANGE
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                frame: pd.DataFrame = ticker.history(
                    start=_day(start) or _FIRST,
                    end=_day(end, later=1),
                    auto_adjust=False,
                    actions=True,
                    timeout=timeout,
                )
        except YFRateLimitError as error:
            raise _TransientError("rate limit") from error
        except (YFException, OSError, ValueError, LookupError, TypeError) as error:
            if self._unknown():
                return None
            raise _TransientError(failure(error, self._chart())) from error
        return frame if len(frame) else None

    def _chart(self) -> Any:
        """Return the last answer of the chart endpoint."""
        charts = [a for a in self.answers if _CHART in str(getattr(a, "url", ""))]
        return charts[-1] if charts else None

    def _unknown(self) -> bool:
        """Say whether Yahoo answered, and the answer was that there are no prices."""
        answer = self._chart()
        if answer is None:
            return False
        if answer.status_code == 404:
            return True
        try:
            chart = answer.json()["chart"]
            error = chart["error"] or {}
            nothing = not chart["result"] or not _quotes(chart["result"][0])
        except (ValueError, LookupError, TypeError):
            return False
        said = f"{error.get('code')} {error.get('description')}"
        absent = "Not Found" in said or "Data doesn't exist" in said
        return absent if error else nothing


def _quotes(result: dict[str, Any]) -> Any:
    """Return the bars of an answer; empty where Yahoo has none in the span."""
    return result["indicators"]["quote"][0]


@contextmanager
def yahoo_client(session: Any) -> Iterator[_Client]:
    """Set yfinance up to raise what goes wrong, silently, in a folder it may write."""
    import yfinance
    from curl_cffi import requests

    yfinance.set_tz_cache_location(str(_cache_folder()))
    used = session or requests.Session(impersonate="chrome")
    client, get = _Client(used), used.get

    def seen(*args: Any, **kwargs: Any) -> Any:
        """Keep each answer; cookies are waited for no longer than prices."""
        kwargs["timeout"] = client.patience
        client.answers.append(get(*args, **kwargs))
        return client.answers[-1]

    debug, logger = yfinance.config.debug, logging.getLogger("yfinance")
    before, level = debug.hide_exceptions, logger.level
    debug.hide_exceptions = False
    logger.setLevel(logging.CRITICAL)
    used.get = seen  # type: ignore[method-assign]
    try:
        yield client
    finally:
        del used.get
        debug.hide_exceptions = before
        logger.setLevel(level)
        if session is None:
            used.close()


def _cache_folder() -> Path:
    """Return the folder for the client's own notes (cookies), made where it can be."""
    import tempfile

    import platformdirs

    wanted = Path(platformdirs.user_cache_dir("aftershock")) / "yfinance"
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=wanted):
            return wanted
    except OSError:
        return Path(tempfile.mkdtemp(prefix="aftershock-yfinance-"))


def _judged(
    symbol: str,
    frame: pd.DataFrame | None,
    span: tuple[Date, Date],
    fetched_at: pd.Timestamp,
) -> Fetched:
    """Return one symbol's bars, checked, with the rows as they came beside them."""
    rows = None if frame is None else vendor_rows(frame)
    judged = examined(symbol, "yahoo", rows, *span, fetched_at=fetched_at)
    return judged if rows is None else replace(judged, raw={symbol: rows})


def vendor_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return yfinance's frame with our column names and plain dates."""
    index = pd.DatetimeIndex(frame.index)
    days = index.tz_localize(None).normalize().as_unit("us")
    known = frame.rename(columns=_NAMES)[list(_NAMES.values())].astype("float64")
    known.insert(0, "date", days)
    return known.reset_index(drop=True)


def _day(date: Date, later: int = 0) -> str | None:
    """Return a date as text, some days later (the client's end is exclusive)."""
    if date is None:
        return None
    return f"{pd.Timestamp(date) + pd.Timedelta(days=later):%Y-%m-%d}"


def failure(error: Exception, answer: Any) -> str:
    """Return in few words why a request failed."""
    kind = type(error).__name__
    if answer is not None and answer.status_code >= 400:
        return f"HTTP {answer.status_code}"
    if not isinstance(error, OSError) or isinstance(error, ValueError):
        return f"answer not understood: {kind}"
    if kind in {"IncompleteRead", "ChunkedEncodingError"}:
        return f"answer cut off: {kind}"
    return "no answer" if "Timeout" in kind else f"unreachable: {kind}"


def _unavailable(failed: dict[str, str], partial: Fetched) -> FetchFailed:
    """Return the error that names every symbol that failed, and why."""
    causes = pd.Series(failed).groupby(pd.Series(failed), sort=False).groups
    said = [f"{first_few(names, most=40)} ({why})" for why, names in causes.items()]
    error = FetchFailed(
        f"no prices could be fetched for {first_few(said, most=40)}",
        where="source yahoo",
        do="check the network, wait some minutes if the rate is limited, and run the "
        "same command again: what was fetched is kept in the store; or use "
        "--offline, or a folder of price files",
    )
    error.partial = partial
    return error
