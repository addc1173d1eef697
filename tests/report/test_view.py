"""The local page: what it serves, what it refuses, and what it says has changed."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.errors import AftershockError, DataUnavailable
from aftershock.view import make_server
from aftershock.view.runs import find_runs

SECRET = "the secret of another folder"
HOSTILE = "<script>alert(1)</script> & <b>bold</b>"


def write_small(folder: Path, **change: str) -> None:
    """A run of two tables; `change` puts other words in place of these."""
    told = {"hold": "5", "pvalue": "0.0301", "pnl": "-1200.5", "last": "2026-07-31"}
    told |= change
    (folder / "tables").mkdir(parents=True)
    manifest = {
        "title": told.get("title", "A small run"),
        "simulated": "Sample data: simulated",
        "prices": {"last_session": told["last"], "source": "sample"},
        "headline": {"text": "META rose", "verdict": "moved", "pvalue": 0.0301},
    }
    (folder / "run.json").write_text(json.dumps(manifest))
    (folder / "config.yaml").write_text(
        "title: t\nstudy:\n  windows: [[0, 0]]\n"
        f"strategies: [{{hold: {told['hold']}}}]\n"
    )
    (folder / "tables" / "tests.csv").write_text(
        "group,start,end,test,estimate,pvalue,valid\n"
        f"all,-1,1,bmp,0.05,{told['pvalue']},True\nall,0,0,bmp,,,False\n"
    )
    (folder / "tables" / "metrics.csv").write_text(
        f"strategy,metric,value\nMine,pnl,{told['pnl']}\nMine,total_return,0.01\n"
    )
    (folder / "report.html").write_text("<title>report</title><p>of a run")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs, one that is broken, and what lies beside them and is not to be had."""
    root = tmp_path_factory.mktemp("around")
    (root / "secret.txt").write_text(SECRET)
    (root / "secret.json").write_text(SECRET)
    reports = root / "reports"
    write_small(reports / "one-1", title=HOSTILE)
    write_small(reports / "two 2&a", hold="10", pvalue="0.5", pnl="-1200.50")
    (reports / "broken-3").mkdir()
    (reports / "broken-3" / "run.json").write_text('{"title": ')
    (reports / "broken-3" / "config.yaml").write_text("a: [")
    (reports / "broken-3" / "tables").mkdir()
    (reports / "broken-3" / "tables" / "tests.csv").write_text('a,b\n"1,2\n')
    write_small(root / "elsewhere", title=SECRET)
    (reports / "link-4").symlink_to(root / "elsewhere")
    inside = reports / "one-1"
    (inside / "way_out.json").symlink_to(root / "secret.json")
    (inside / ".hidden.json").write_text(SECRET)
    (inside / "code.py").write_text(SECRET)
    return reports


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[ThreadingHTTPServer]:
    made = make_server(folder)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


class Answer:
    """Status, headers and text of one request."""

    def __init__(self, server: ThreadingHTTPServer, path: str, method: str = "GET",
                 host: str | None = "") -> None:  # fmt: skip
        port = server.server_port
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        line.putrequest(method, path, skip_host=True)
        if host is not None:
            line.putheader("Host", host or f"127.0.0.1:{port}")
        line.endheaders()
        got = line.getresponse()
        self.status, self.headers = got.status, got.headers
        self.text = got.read().decode("utf-8", "replace")
        line.close()


def test_it_listens_on_the_loopback_alone(server: ThreadingHTTPServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert server.server_port > 0


def test_the_list_names_every_run_and_reads_no_markup(
    server: ThreadingHTTPServer,
) -> None:
    page = Answer(server, "/")
    assert page.status == 200
    assert page.text.count("<li>\n<h2>") == 3
    assert "META rose" in page.text
    assert "moved, p = 0.030" in page.text
    assert "Sample data: simulated" in page.text
    assert "not whole" in page.text  # the broken one
    assert "<script>" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize(
    "name", ["report.html", "run.json", "config.yaml", "tables/tests.csv"]
)
def test_files_of_a_run_are_served(server: ThreadingHTTPServer, name: str) -> None:
    got = Answer(server, f"/run/{quote('two 2&a')}/-/{name}")
    assert got.status == 200
    assert "sandbox allow-scripts" in got.headers["Content-Security-Policy"]
    html = got.headers["Content-Type"].startswith("text/html")
    assert html == name.endswith(".html")


OUT = [
    "/run/one-1/-/../../secret.json",
    "/run/one-1/-/..%2f..%2fsecret.json",
    "/run/one-1/-/%2e%2e/%2e%2e/secret.json",
    "/run/one-1/-/..%5c..%5csecret.json",
    "/run/one-1/-//etc/passwd",
    "/run/one-1/-/way_out.json",
    "/run/one-1/-/.hidden.json",
    "/run/one-1/-/code.py",
    "/run/one-1/-/run.json%00.html",
    "/run/one-1/-/",
    "/run/one-1/-/tables",
    "/run/../-/secret.json",
    "/run//-/secret.json",
    "/run/nothing/-/run.json",
    "/run/link-4/-/run.json",
    "/secret.json",
    "/../secret.json",
    "//127.0.0.1/secret.json",
    "/compare?a=one-1&b=../secret",
]


@pytest.mark.parametrize("path", OUT)
def test_nothing_outside_a_run_is_served(
    server: ThreadingHTTPServer, path: str
) -> None:
    got = Answer(server, path)
    assert got.status == 404
    assert SECRET not in got.text


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{}", "127.0.0.1:1", "127.0.0.1.evil.com", None],
)
def test_another_name_is_refused(server: ThreadingHTTPServer, host: str | None) -> None:
    asked = host.format(server.server_port) if host else None
    assert Answer(server, "/", host=asked).status == 403


def test_localhost_is_a_name_of_ours(server: ThreadingHTTPServer) -> None:
    assert Answer(server, "/", host=f"localhost:{server.server_port}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_it_only_reads(server: ThreadingHTTPServer, method: str) -> None:
    assert Answer(server, "/run/one-1/-/run.json", method).status == 501


@pytest.mark.parametrize("path", ["/", "/style.css", "/compare?a=one-1&b=one-1", "/no"])
def test_every_page_says_what_it_may_load(
    server: ThreadingHTTPServer, path: str
) -> None:
    got = Answer(server, path)
    policy = got.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert Answer(server, path, "HEAD").text == ""


def test_a_broken_run_can_be_compared(server: ThreadingHTTPServer) -> None:
    assert Answer(server, "/compare?a=one-1&b=broken-3").status == 200
    assert Answer(server, "/beside?a=one-1&b=broken-3").status == 200


def test_the_folder_is_told_by_its_name_from_inside_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    made = make_server(Path())
    threading.Thread(target=made.serve_forever, daemon=True).start()
    page = Answer(made, "/").text
    made.shutdown()
    made.server_close()
    assert "<title>Runs in reports · aftershock</title>" in page
    assert "<h1>3 runs in reports</h1>" in page


def test_the_folder_of_one_run_is_shown_alone(folder: Path) -> None:
    (run,) = find_runs(folder / "one-1")
    assert run.name == "one-1"


def test_a_file_is_not_called_an_absent_folder(folder: Path) -> None:
    with pytest.raises(DataUnavailable, match=r"run\.json: this is a file") as caught:
        make_server(folder / "one-1" / "run.json")
    assert caught.value.allowed.startswith("a folder of runs")


def test_without_a_run_there_is_nothing_to_show(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none"):
        with pytest.raises(DataUnavailable, match=r"no finished run|no such folder"):
            make_server(place)


def test_a_port_that_is_taken_is_named(
    server: ThreadingHTTPServer, folder: Path
) -> None:
    with pytest.raises(AftershockError, match="the port cannot be used"):
        make_server(folder, server.server_port)


def test_the_command_prints_its_address_and_ends_quietly(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ThreadingHTTPServer, "serve_forever", stop)
    made = CliRunner().invoke(app, ["view", str(folder), "--no-browser"])
    assert made.exit_code == 0, made.output
    assert "at http://127.0.0.1:" in made.output
