"""Pages that are refused, broken off or late, from a server on this machine."""

from __future__ import annotations

import socket

import pytest

from aftershock.errors import AftershockError, DataUnavailable
from aftershock.importers.web import Web
from tests.importers.conftest import serving


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class TestWeb:
    @pytest.mark.parametrize(
        ("path", "told"), [("/none", "HTTP 404"), ("/broken", "HTTP 503")]
    )
    def test_refusals(self, path: str, told: str) -> None:
        with (
            serving({"/broken": 503}) as site,
            pytest.raises(DataUnavailable, match=told) as caught,
        ):
            Web("me").get(site.url + path)
        assert caught.value.exit_code == 3

    def test_nobody_there(self) -> None:
        with pytest.raises(DataUnavailable, match="unreachable"):
            Web("me").get(f"http://127.0.0.1:{free_port()}/")

    @pytest.mark.parametrize("url", ["file:///etc/hosts", "ftp://a/b", "http://", "x"])
    def test_other_kinds_of_address(self, url: str) -> None:
        with pytest.raises(AftershockError, match="no address of a page"):
            Web("me").get(url)

    def test_a_page_that_leads_elsewhere(self) -> None:
        """Redirected once to a page, once to what is none."""
        leads = {"/a": "/b", "/c": "ftp://127.0.0.1/x", "/b": b"here"}
        with serving(leads) as site:
            assert Web("me").get(f"{site.url}/a") == b"here"
            with pytest.raises(AftershockError, match="no address of a page"):
                Web("me").get(f"{site.url}/c")

    def test_an_answer_that_stops_half_way(self) -> None:
        server = socket.create_server(("127.0.0.1", 0))
        import threading

        def answer() -> None:
            talk, _ = server.accept()
            talk.recv(1000)
            talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            talk.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(DataUnavailable, match=r"lacks its last 96 bytes|broke off"):
            Web("me").get(f"http://127.0.0.1:{server.getsockname()[1]}/")
        thread.join()
        server.close()

    def test_an_answer_that_takes_too_long(self) -> None:
        """The clock says 0 at the request, 0 at the first byte, then 30 seconds."""
        times = iter([0.0, 0.0, 30.0])
        with (
            serving({"/": b"x"}) as site,
            pytest.raises(DataUnavailable, match="no whole answer in 20 s"),
        ):
            Web("me", clock=lambda: next(times)).get(f"{site.url}/")
