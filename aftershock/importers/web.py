"""Getting a page: bounded in size and time, paced, and refused in one message."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aftershock.errors import AftershockError, DataUnavailable

LARGEST = 10_000_000
_CHUNK = 65_536
_ABSENT = (404, 410)


@dataclass
class Web:
    """Fetches pages, no two of them closer together than `pause`.

    Parameters
    ----------
    user_agent : str
        Who asks.
    pause : float
        Least seconds between the starts of two requests.
    timeout : float
        Seconds for one answer, from its first byte to its last.
    largest : int
        Bytes beyond which an answer is refused.
    sleep, clock : callable
        What waits, and what counts seconds.
    """

    user_agent: str
    pause: float = 0.0
    timeout: float = 20.0
    largest: int = LARGEST
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    _last: float | None = field(default=None, init=False, repr=False)

    def get(self, url: str) -> bytes:
        """Return the body at an address.

        Raises
        ------
        AftershockError
            For an address that is not http or https.
        DataUnavailable
            When it cannot be reached, refuses, is too large or too slow.
        """
        found = self.find(url)
        if found is None:
            raise _unavailable(url, "there is no such page (HTTP 404)")
        return found

    def find(self, url: str) -> bytes | None:
        """Return the body at an address, None where there is no such page."""
        _refuse_scheme(url)
        self._wait()
        request = urllib.request.Request(url, headers={"User-Agent": self.user_agent})
        try:
            opener = urllib.request.build_opener(_Redirects)
            with opener.open(request, timeout=self.timeout) as answer:
                return self._body(answer, url)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in _ABSENT:
                return None
            raise _unavailable(url, f"it answers HTTP {error.code}") from error
        except urllib.error.URLError as error:
            raise _unavailable(url, f"unreachable: {error.reason}") from error
        except (OSError, http.client.HTTPException) as error:
            why = f"{type(error).__name__}: {error}"
            raise _unavailable(url, f"the answer broke off: {why}") from error

    def _body(self, answer: http.client.HTTPResponse, url: str) -> bytes:
        """Read an answer in parts, so that neither its size nor its pace runs away."""
        begun, parts, size = self.clock(), [], 0
        while part := answer.read1(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > self.largest:
                raise _unavailable(url, f"the answer exceeds {self.largest:,} bytes")
            if self.clock() - begun > self.timeout:
                raise _unavailable(url, f"no whole answer in {self.timeout:g} s")
        if answer.length:
            raise _unavailable(
                url, f"the answer lacks its last {answer.length:,} bytes"
            )
        return b"".join(parts)

    def _wait(self) -> None:
        now = self.clock()
        if self._last is not None and self._last + self.pause > now:
            self.sleep(self._last + self.pause - now)
            now = self._last + self.pause
        self._last = now


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to pages only: not to files, nor to other kinds of server."""

    def redirect_request(
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """Return the next request, refused where it leads to no page."""
        _refuse_scheme(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _refuse_scheme(url: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound:
        raise AftershockError(
            "this is no address of a page",
            where=url,
            allowed="an address that begins with https:// or http://",
        )


def _unavailable(url: str, found: str) -> DataUnavailable:
    return DataUnavailable(
        found,
        where=url,
        do="check the address and the network, and try again later; "
        "or save the page and import the file",
    )
