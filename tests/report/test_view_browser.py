"""The local page in a browser: the reports open side by side, on a phone too."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aftershock.view import make_server
from tests.report.test_browser import CHROMIUM, chromium  # noqa: F401 - a fixture
from tests.report_fixture import write_run

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
PAIR = "?a=first-1&b=second-2"
PATHS = ["/", f"/beside{PAIR}", f"/compare{PAIR}"]


@pytest.fixture(scope="module")
def address(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two invented runs on a server of their own; the first has its report drawn."""
    root = tmp_path_factory.mktemp("reports")
    shutil.copytree(drawn, root / "first-1", ignore=shutil.ignore_patterns("figures"))
    write_run(root / "second-2", trades=3, accounts=1, claims=2, verdict="moved")
    shutil.copy(drawn / "report.html", root / "second-2")
    server = make_server(root)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["wide", "phone"])
def page(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Any]:  # noqa: F811
    width, scheme = request.param
    view = chromium.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    view.said = []
    view.on("console", lambda message: view.said.append(message.text))
    view.on("pageerror", lambda error: view.said.append(str(error)))
    yield view
    view.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_asks_nobody_else_and_has_no_grave_fault(
    page: Any, address: str, path: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + path)
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = [u for u in asked if not u.startswith((address, "data:"))]
    assert outside == []
    assert page.said == []
    green = page.evaluate(
        "Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[1])"
    )
    assert green > 250 if width == 1280 else green < 40
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    options = {"iframes": False}
    found = axe.Axe().run(page, options=options).response["violations"]
    grave = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in grave] == []


def test_two_runs_are_chosen_and_their_reports_open(page: Any, address: str) -> None:
    """Chosen by hand in the list; both frames show a report whose tables sort."""
    page.goto(address + "/")
    page.locator("input[name=a][value=first-1]").check()
    page.locator("input[name=b][value=second-2]").check()
    page.get_by_role("button", name="Side by side").click()
    page.wait_for_selector(".pair iframe >> nth=1")
    frames = page.frames[1:]
    assert len(frames) == 2
    for frame in frames:
        frame.wait_for_selector("#report")
    assert frames[0].locator("th button").count() > 0
    boxes = [f.frame_element().bounding_box() for f in frames]
    beside = boxes[0]["y"] == boxes[1]["y"]
    assert beside == (page.viewport_size["width"] == 1280)


def test_wide_the_window_does_not_scroll_and_no_picture_is_cut(
    page: Any, address: str
) -> None:
    """Three bars side by side were one too many; on a phone the window scrolls."""
    page.goto(f"{address}/beside{PAIR}")
    page.wait_for_selector(".pair iframe >> nth=1")
    wide = page.viewport_size["width"] == 1280
    scrolls = "document.documentElement.scrollHeight > window.innerHeight"
    assert page.evaluate(scrolls) == (not wide)
    for frame in page.frames[1:]:
        frame.wait_for_selector("figure.box")
        cut = """() => [...document.querySelectorAll('figure.box')]
            .filter(box => box.scrollWidth > box.clientWidth + 2).length"""
        assert frame.evaluate(cut) == 0 or not wide


def test_no_number_is_torn(page: Any, address: str) -> None:
    """A value of one word stands on one line: no taller than its row's other cells."""
    page.goto(f"{address}/compare{PAIR}")
    torn = """() => [...document.querySelectorAll('td.v:not(.w)')].filter(cell => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range.getClientRects().length > 1;
    }).map(cell => cell.textContent)"""
    assert page.locator("td.v").count() > 4
    assert page.evaluate(torn) == []


def test_what_changed_names_the_verdicts(chromium: Any, address: str) -> None:  # noqa: F811
    page = chromium.new_page()
    page.goto(address + "/")
    page.locator("input[name=a][value=first-1]").check()
    page.locator("input[name=b][value=second-2]").check()
    page.get_by_role("button", name="What changed").click()
    row = page.locator("tr", has_text="verdict").first
    assert row.locator("td").all_inner_texts() == ["verdict", "undecided", "moved"]
    page.close()
