"""Yahoo's chart endpoint in miniature: answers, a fake session, a loopback server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from curl_cffi import requests

DAYS = ("2026-06-29", "2026-06-30", "2026-07-01", "2026-07-02")
CLOSES = (100.0, 102.0, 51.5, 52.0)


@dataclass
class Answer:
    """One answer: status, body, and how much of the body is sent."""

    body: str
    status: int = 200
    cut: bool = False


def chart(
    symbol: str = "META",
    days: Sequence[str] = DAYS,
    closes: Sequence[float | None] = CLOSES,
    adjusted: Sequence[float | None] | None = None,
    events: Mapping[str, Any] | None = None,
) -> Answer:
    """A good answer: bars stamped with their session's opening, as Yahoo does."""
    opened = [pd.Timestamp(f"{day} 09:30", tz="America/New_York") for day in days]
    quote = {
        "open": [c and c - 1 for c in closes],
        "high": [c and c + 2 for c in closes],
        "low": [c and c - 2 for c in closes],
        "close": list(closes),
        "volume": [c and 1000 for c in closes],
    }
    result: dict[str, Any] = {
        "meta": meta(symbol),
        "timestamp": [int(moment.timestamp()) for moment in opened],
        "indicators": {
            "quote": [quote],
            "adjclose": [{"adjclose": list(adjusted or closes)}],
        },
    }
    if events:
        result["events"] = dict(events)
    return Answer(json.dumps({"chart": {"result": [result], "error": None}}))


def meta(symbol: str) -> dict[str, Any]:
    return {
        "currency": "USD",
        "symbol": symbol,
        "exchangeName": "NMS",
        "instrumentType": "EQUITY",
        "firstTradeDate": 1337347800,
        "gmtoffset": -14400,
        "timezone": "EDT",
        "exchangeTimezoneName": "America/New_York",
        "priceHint": 2,
        "dataGranularity": "1d",
        "range": "",
        "validRanges": ["1d", "5d", "1mo", "max"],
    }


def stamp(day: str) -> int:
    return int(pd.Timestamp(f"{day} 09:30", tz="America/New_York").timestamp())


def error(code: str, description: str, status: int) -> Answer:
    said = {"code": code, "description": description}
    return Answer(json.dumps({"chart": {"result": None, "error": said}}), status)


UNKNOWN = error("Not Found", "No data found, symbol may be delisted", 404)
EMPTY = Answer(
    json.dumps(
        {
            "chart": {
                "result": [
                    {
                        "meta": meta("GONE"),
                        "indicators": {"quote": [{}], "adjclose": [{}]},
                    }
                ],
                "error": None,
            }
        }
    )
)
NOTHING = Answer(json.dumps({"chart": {"result": None, "error": None}}))
TOO_MANY = Answer("Too Many Requests\r\n", 429)
BROKEN = error("Internal Server Error", "upstream", 500)
UNAUTHORIZED = Answer(
    json.dumps({"finance": {"result": None, "error": {"code": "Unauthorized"}}}), 401
)
MALFORMED = Answer('{"chart": {"result": [{"meta": ')


@dataclass
class Script:
    """What is answered for each symbol: in turn, the last one for good."""

    answers: Mapping[str, Sequence[Answer]]
    asked: list[str] = field(default_factory=list)

    def to(self, url: str) -> Answer:
        path = urlsplit(url).path
        if "/finance/chart/" not in path:
            return Answer("abc.DEF" if path.endswith("getcrumb") else "<html></html>")
        symbol = path.rsplit("/", 1)[1].replace("%5E", "^")
        turn = self.asked.count(symbol)
        self.asked.append(symbol)
        answers = self.answers.get(symbol, (UNKNOWN,))
        return answers[min(turn, len(answers) - 1)]


class FakeSession(requests.Session):
    """A session without a network: every request is answered from the script."""

    def __init__(self, script: Script) -> None:
        super().__init__()
        self.script = script

    def request(self, method: str, url: str, **_: Any) -> requests.Response:
        answer = self.script.to(url)
        if answer.cut:
            raise requests.exceptions.IncompleteRead("transfer closed", 18)
        response = requests.Response()
        response.url, response.status_code = url, answer.status
        response.content = answer.body.encode()
        return response


class UnreachableSession(requests.Session):
    """A session on a machine without a network."""

    def request(self, method: str, url: str, **_: Any) -> requests.Response:
        raise requests.exceptions.DNSError("Could not resolve host", 6)


class LoopbackSession(requests.Session):
    """The real client, talking to a server on this machine instead of Yahoo's."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def request(self, method: str, url: str, **given: Any) -> requests.Response:
        there = urlsplit(url)._replace(scheme="http", netloc=f"127.0.0.1:{self.port}")
        return super().request(method, there.geturl(), **given)


@contextmanager
def serving(script: Script) -> Iterator[LoopbackSession]:
    """Serve a script on the loopback interface; yields a session that goes there."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = script.to(self.path)
            body = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if answer.cut else body)
            self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    session = LoopbackSession(server.server_port)
    try:
        yield session
    finally:
        session.close()
        server.shutdown()
        server.server_close()
        thread.join()
