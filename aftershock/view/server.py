"""A small server on the loopback: it reads what lies in one folder, and no more."""

from __future__ import annotations

import mimetypes
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

from aftershock.errors import AftershockError
from aftershock.view import pages
from aftershock.view.runs import Run, find_runs

LOOPBACK = "127.0.0.1"
NAMES = frozenset({LOOPBACK, "localhost"})
"""Hosts by which a browser may ask: another name may belong to somebody else's page."""
SERVED = (".html", ".pdf", ".png", ".svg", ".csv", ".json", ".yaml")
HTML = "text/html; charset=utf-8"
OWN = (
    "default-src 'none'; style-src 'self'; font-src data:; img-src data:; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What our pages may load. A report sorts its tables, in a box of its own."""
OF_A_RUN = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; "
    "script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
BOXED = f"{OF_A_RUN}; sandbox allow-scripts"


class Refused(Exception):  # noqa: N818 - an answer, not a defect
    """A request that is answered with a status and a sentence."""

    def __init__(self, code: HTTPStatus, said: str) -> None:
        super().__init__(said)
        self.code, self.said = code, said


def make_server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """Return a server of the runs in a folder, bound to the loopback.

    Parameters
    ----------
    folder : Path
        A folder of runs, or the folder of one.
    port : int
        0 takes one that is free: ``server.server_port``.

    Raises
    ------
    DataUnavailable
        Without a run in the folder.
    AftershockError
        When the port is taken.
    """
    find_runs(folder)

    class Bound(Reply):
        """Answers from this folder."""

        root = folder

    try:
        server = ThreadingHTTPServer((LOOPBACK, port), Bound)
    except (OSError, OverflowError) as error:
        raise AftershockError(
            f"the port cannot be used: {error}",
            where=f"--port {port}",
            allowed="a free port from 1024 to 65535; 0 takes any that is free",
        ) from error
    server.daemon_threads = True
    return server


class Reply(BaseHTTPRequestHandler):
    """Answers GET and HEAD; everything else is refused."""

    root: Path
    server_version = "aftershock"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        """Answer one request."""
        code = HTTPStatus.OK
        try:
            self._check_host()
            body, kind, policy = self._answer()
        except Refused as error:
            code, said = error.code, error.said
        except Exception as error:  # a run that is not whole in a way of its own
            code = HTTPStatus.INTERNAL_SERVER_ERROR
            said = f"This could not be shown: {type(error).__name__}: {error}"
        if code != HTTPStatus.OK:
            page = pages.error_page(code, said)
            body, kind, policy = page.encode(), HTML, OWN
        self._send(code, body, kind, policy)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal keeps the address in sight."""

    def _check_host(self) -> None:
        """Refuse names that are not ours: a page elsewhere could rebind its own."""
        host = self.headers.get("Host", "").lower()
        name, _, port = host.partition(":")
        ours = cast(tuple[str, int], self.server.server_address)[1]
        if name not in NAMES or port not in ("", str(ours)):
            raise Refused(HTTPStatus.FORBIDDEN, "Asked by a name that is not this host")

    def _answer(self) -> tuple[bytes, str, str]:
        asked = urlsplit(self.path)
        if asked.path == "/style.css":
            return pages.stylesheet().encode(), "text/css; charset=utf-8", OWN
        runs = _runs(self.root)
        if asked.path == "/":
            return pages.list_page(runs, self.root.resolve().name).encode(), HTML, OWN
        if asked.path in ("/beside", "/compare"):
            one, two = _two(runs, asked.query)
            beside = asked.path == "/beside"
            page = pages.beside_page if beside else pages.compare_page
            return page(one, two).encode(), HTML, OWN
        return _file(runs, unquote(asked.path))

    def _send(self, code: HTTPStatus, body: bytes, kind: str, policy: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _runs(root: Path) -> list[Run]:
    try:
        return find_runs(root)
    except AftershockError as error:
        raise Refused(HTTPStatus.NOT_FOUND, str(error.found)) from error


def _two(runs: list[Run], query: str) -> tuple[Run, Run]:
    """Return the runs that a query names."""
    given = parse_qs(query)
    return _run(runs, given.get("a", [""])[0]), _run(runs, given.get("b", [""])[0])


def _run(runs: list[Run], key: str) -> Run:
    found = next((run for run in runs if run.key == key), None)
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such run")
    return found


def _file(runs: list[Run], path: str) -> tuple[bytes, str, str]:
    """Return a file of a run: of a known kind, and truly inside its folder."""
    absent = Refused(HTTPStatus.NOT_FOUND, "There is no such file")
    key, mark, name = path.removeprefix("/run/").partition("/-/")
    if not path.startswith("/run/") or not mark or "\0" in name or "\\" in name:
        raise absent
    folder = _run(runs, key).folder.resolve()
    target = (folder / name).resolve()
    hidden = any(part.startswith(".") for part in name.split("/"))
    inside = target.is_relative_to(folder) and not hidden
    if not inside or target.suffix not in SERVED or not target.is_file():
        raise absent
    kind = mimetypes.guess_type(target.name)[0] or "text/plain"
    if target.suffix in (".csv", ".json", ".yaml"):
        kind = "text/plain"
    text = kind.startswith("text/")
    # a viewer of PDF does not open in a box
    policy = OF_A_RUN if target.suffix == ".pdf" else BOXED
    return target.read_bytes(), f"{kind}; charset=utf-8" if text else kind, policy
