"""The HTML report in a browser: quiet, sortable, fit for phone, dark, every reader."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.report.conftest import HOSTILE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=FLAGS
        )
        yield browser
        browser.close()


class View:
    """A report opened at a width, light or dark; it keeps what the browser says."""

    def __init__(self, browser: Any, path: Path, width: int, scheme: str) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())


@pytest.fixture(scope="module")
def wide(chromium: Any, drawn: Path) -> View:
    return View(chromium, drawn / "report.html", 1280, "light")


@pytest.fixture(scope="module")
def dark(chromium: Any, drawn: Path) -> View:
    return View(chromium, drawn / "report.html", 390, "dark")


@pytest.mark.parametrize("name", ["wide", "dark"])
def test_no_errors_and_no_requests(
    name: str, drawn: Path, request: pytest.FixtureRequest
) -> None:
    view = request.getfixturevalue(name)
    assert view.said == []
    outside = [url for url in view.asked if not url.startswith("data:")]
    assert outside == [(drawn / "report.html").as_uri()]
    assert view.page.title() == HOSTILE  # its script did not run


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_does_not_scroll_sideways(
    chromium: Any, drawn: Path, width: int
) -> None:
    view = View(chromium, drawn / "report.html", width, "light")
    view.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = 1)")
    assert view.page.evaluate("document.documentElement.scrollWidth") <= width
    view.page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_many_caveats_leave_no_hole_above_the_table(
    chromium: Any, drawn: Path, width: int
) -> None:
    """Wide: the table follows the picture; on a phone it follows the caveats."""
    view = View(chromium, drawn / "report.html", width, "light")
    code = """wide => {
        const first = name => document.querySelector('#page-what_happened ' + name)
        const list = first('.care ul')
        for (let i = 0; i < 60; i++) list.append(list.children[0].cloneNode(true))
        const [figure, care, table] = ['figure', '.care', 'table'].map(
            name => first(name).getBoundingClientRect())
        return [table.top - (wide ? figure : care).bottom, care.top - figure.bottom]
    }"""
    above, below = view.page.evaluate(code, width > 1000)
    assert 0 <= above < 60
    assert (below < 0) == (width > 1000)
    view.page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_panels_are_seen_whole(chromium: Any, drawn: Path, width: int) -> None:
    """Four roles: side by side where there is room, below each other on a phone."""
    view = View(chromium, drawn / "report.html", width, "light")
    code = """() => [...document.querySelectorAll('#page-days_around figure')].map(f =>
        [f.getBoundingClientRect().top, f.scrollWidth - f.clientWidth])"""
    found = view.page.evaluate(code)
    assert len(found) == 4
    assert {more for _, more in found} == {0}
    assert (found[0][0] == found[1][0]) == (width > 1000)
    view.page.close()


def test_a_panel_that_had_a_row_of_its_own_keeps_it(chromium: Any, drawn: Path) -> None:
    """It takes both columns, and the gap of 24 pixels between them."""
    view = View(chromium, drawn / "report.html", 1280, "light")
    code = """() => [0, 1].map(i => {
        const one = document.querySelectorAll('.panels figure')[i]
        one.classList.toggle('across', !i)
        return one.getBoundingClientRect().width })"""
    whole, half = view.page.evaluate(code)
    assert whole == pytest.approx(2 * half + 24, abs=1)
    view.page.close()


def test_the_name_of_a_table_stays_in_its_box(chromium: Any, drawn: Path) -> None:
    """However long it is, and wherever a table is that scrolls sideways."""
    view = View(chromium, drawn / "report.html", 390, "light")
    code = """() => {
        const box = [...document.querySelectorAll('.box')].find(
            b => b.querySelector('table') && b.scrollWidth > b.clientWidth + 40)
        const caption = box.querySelector('caption')
        caption.className = ''
        caption.textContent = 'The mean over all pairs, by window '.repeat(3)
        return [0, 10000].map(left => {
            box.scrollLeft = left
            const [name, seen] = [caption, box].map(e => e.getBoundingClientRect())
            return [name.left - seen.left, seen.right - name.right] }) }"""
    for left, right in view.page.evaluate(code):
        assert left >= -1
        assert right >= -1
    view.page.close()


def test_a_date_in_a_table_stays_on_its_line(chromium: Any, drawn: Path) -> None:
    """Also on a phone, where tables of few columns wrap; a line is 20 pixels high."""
    view = View(chromium, drawn / "report.html", 390, "light")
    code = """() => {
        const rows = [...document.querySelectorAll('table')].filter(t =>
            t.tHead.rows[0].cells.length < 6).map(t => t.tBodies[0].rows[0])
        for (const row of rows) row.cells[0].textContent = '2026-07-01'
        return rows.map(r => { const text = document.createRange()
            text.selectNodeContents(r.cells[0]); r.cells[0].className = 'd'
            return text.getBoundingClientRect().height }) }"""
    found = view.page.evaluate(code)
    assert found
    assert max(found) < 24
    assert view.page.locator("td.d").first.text_content().count("-") == 2
    view.page.close()


def test_a_hyphenated_word_of_a_title_stays_on_its_line(wide: View) -> None:
    """A span of text has one box for each line; too long for any it breaks."""
    code = """([word, width]) => {
        const head = document.querySelector('h2'), before = head.innerHTML
        head.innerHTML = `rose <span class="whole">${word}</span>`
        head.style.width = width + 'px'
        const text = document.createRange()
        text.selectNodeContents(head.querySelector('span'))
        const found = new Set([...text.getClientRects()].map(b => b.top)).size
        head.innerHTML = before; head.style.width = ''
        return found }"""
    word = "(compute-contract)"
    lines = [wide.page.evaluate(code, [word, w]) for w in range(280, 480, 10)]
    assert set(lines) == {1}
    assert wide.page.evaluate(code, ["-".join([word] * 9), 300]) > 1


def test_tables_sort_by_keyboard(wide: View) -> None:
    """Numbers by size, not as text: raw returns of the first table, read and sorted."""
    page = wide.page
    table = page.locator("#page-what_happened table").first
    button = table.locator("th button", has_text="raw")
    cells = "rows => rows.map(r => r.cells[2].textContent)"

    def column() -> list[float]:
        found = table.locator("tbody tr").evaluate_all(cells)
        return [
            float(c.replace("\u2212", "-").replace("\u202f", "").strip("%"))
            for c in found
        ]

    before = column()
    assert before != sorted(before)
    button.focus()
    page.keyboard.press("Enter")
    assert column() == sorted(before)
    assert table.locator("th[aria-sort=ascending]").inner_text().startswith("raw")
    page.keyboard.press("Enter")
    assert column() == sorted(before, reverse=True)
    assert table.locator("th[aria-sort]").count() == 1


def test_dark_is_dark_and_its_figures_too(wide: View, dark: View) -> None:
    """Paper and ink change places; green weighs most in how light a colour is."""
    code = """() => ['body', 'figure svg text'].map(s =>
        getComputedStyle(document.querySelector(s))).map((c, i) =>
        Number((i ? c.fill : c.backgroundColor).match(/\\d+/g)[1]))"""
    paper, ink = wide.page.evaluate(code)
    assert paper > 250
    assert ink < 130
    paper, ink = dark.page.evaluate(code)
    assert paper < 40
    assert ink > 130


def test_boxes_scroll_by_keyboard(dark: View) -> None:
    code = """() => [...document.querySelectorAll('.box')].filter(b =>
        b.scrollWidth > b.clientWidth + 1).map(b => b.tabIndex)"""
    found = dark.page.evaluate(code)
    assert found
    assert set(found) == {0}


@pytest.mark.parametrize("name", ["wide", "dark"])
def test_axe_finds_no_serious_fault(name: str, request: pytest.FixtureRequest) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    view = request.getfixturevalue(name)
    view.page.evaluate(
        "document.querySelectorAll('details').forEach((d, i) => d.open = !i)"
    )
    found = axe.Axe().run(view.page).response["violations"]
    grave = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in grave] == []
