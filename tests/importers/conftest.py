"""What tests of importers share: a background, a draft's symbols, a server of ours."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pandas as pd
import pytest

from aftershock.events.baskets import Lexicon, load_lexicon
from aftershock.events.nodes import Problems
from aftershock.importers.base import Background, Draft
from aftershock.importers.tagging import load_tag_rules

NOW = pd.Timestamp("2026-07-10 12:00", tz="UTC")


@pytest.fixture
def lexicon() -> Lexicon:
    return load_lexicon(None, Problems())


@pytest.fixture
def background(lexicon: Lexicon) -> Background:
    return Background(lexicon, load_tag_rules(None), NOW)


def symbols(draft: Draft) -> list[str]:
    return [str(row["symbol"]) for row in draft.record.get("exposures", ())]


Page = bytes | int | str


@dataclass
class Site:
    """A server on the loopback interface, and what it was asked."""

    pages: Mapping[str, Page]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)


@contextmanager
def serving(pages: Mapping[str, Page]) -> Iterator[Site]:
    """Serve pages by path; a number is answered as a status, a text leads there."""
    site = Site(pages)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.agents.append(self.headers["User-Agent"])
            page = site.pages.get(self.path, 404)
            body = page if isinstance(page, bytes) else b"no"
            if isinstance(page, str):
                self.send_response(302)
                self.send_header("Location", page)
            else:
                self.send_response(page if isinstance(page, int) else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
