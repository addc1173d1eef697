"""The HTML report as a file: whole, escaped, in order, the same bytes."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jinja2 import Template

from aftershock import report
from aftershock.errors import AftershockError
from aftershock.report.fonts import font_faces
from aftershock.report.html import template
from aftershock.report.listings import data_listings
from aftershock.report.pictures import in_the_dark
from aftershock.results import RunResult
from tests.report.conftest import HOSTILE, SAMPLE
from tests.report_fixture import write_run


class Elements(HTMLParser):
    """Every element with its attributes, and the text outside of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text, self._silent = "", False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._silent = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._silent else data

    def all(self, attribute: str) -> list[str]:
        return [str(a[attribute]) for _, a in self.found if attribute in a]


@pytest.fixture(scope="module")
def text(drawn: Path) -> str:
    return (drawn / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def elements(text: str) -> Elements:
    return Elements(text)


def test_nothing_is_fetched(text: str, elements: Elements) -> None:
    links = [*elements.all("src"), *elements.all("href"), *elements.all("xlink:href")]
    assert links
    assert [k for k in links if not k.startswith(("#", "data:"))] == []
    assert "url(http" not in text
    assert "@import" not in text


def test_strings_of_the_run_stay_text(elements: Elements) -> None:
    """The page has its own script, and the title's is words."""
    assert [tag for tag, _ in elements.found].count("script") == 1
    assert "b" not in [tag for tag, _ in elements.found]
    assert elements.text.count(HOSTILE) >= 3


def test_sections_are_the_pages_in_their_order(drawn: Path, elements: Elements) -> None:
    pages = report.chosen_pages(RunResult.load(drawn), None)
    sections = [a["id"] for tag, a in elements.found if tag == "section"]
    assert sections == [f"page-{page.name}" for page in pages]
    assert len(sections) >= 7


def test_each_section_names_the_sample_data(text: str) -> None:
    parts = text.split("<section ")[1:]
    assert [p[:40] for p in parts if SAMPLE not in p] == []


def test_ids_are_unique_and_found(elements: Elements) -> None:
    ids = elements.all("id")
    assert len(ids) == len(set(ids))
    named = elements.all("aria-labelledby") + elements.all("aria-describedby")
    links = [k[1:] for k in elements.all("xlink:href") + elements.all("href")]
    assert set(named) | {k for k in links if not k.startswith("ata:")} <= set(ids)


def test_pictures_have_title_and_description(elements: Elements) -> None:
    pictures = [a for tag, a in elements.found if tag == "svg"]
    assert len(pictures) >= 5
    assert {a.get("role") for a in pictures} == {"img"}
    tags = [tag for tag, _ in elements.found]
    assert tags.count("desc") == len(pictures)
    assert tags.count("title") == len(pictures) + 1


def test_what_the_sheet_says_in_words_is_not_drawn_again(text: str) -> None:
    """The title of a page is a heading; the svg file has it, the inlined one not."""
    pictures = text.split("<svg ")[1:]
    assert [
        p for p in pictures if "Not investment advice" in p.split("</svg>")[0]
    ] == []
    assert text.count("Not investment advice.") == 1


def test_words_with_a_hyphen_are_marked_and_not_respelt() -> None:
    """With what stands at them; a dash between numbers or alone is no hyphen."""
    text = "Of 3 (compute-contract) \u22122.1\u2009% - a&b"
    made = template_of("{{ text|whole }}").render(text=text)
    assert '<span class="whole">(compute-contract)</span> \u22122.1' in made
    assert made.count("<span") == 1
    assert Elements(made).text == text


def template_of(text: str) -> Template:
    """A template with the filters of the report."""
    return template("aftershock.report", "report.html.j2").environment.from_string(text)


def test_it_is_small(drawn: Path) -> None:
    assert (drawn / "report.html").stat().st_size < 1_000_000


def test_svg_files_are_xml_with_their_font(drawn: Path) -> None:
    for path in (drawn / "figures").glob("*.svg"):
        assert ET.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
        assert "@font-face" in path.read_text(encoding="utf-8")


def test_every_weight_set_in_an_svg_is_inside(drawn: Path) -> None:
    """Else a browser would thicken the regular letters by itself."""
    set_in = set()
    for path in (drawn / "figures").glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        inside = set(re.findall(r"@font-face{[^}]*?font-weight:(\d+)", text))
        used = set(re.findall(r"style=\"[^\"]*font(?:-weight)?: (\d{3})[; ]", text))
        assert used <= inside, path.name
        set_in |= used
    assert "600" in set_in


def test_a_font_is_cut_to_an_alphabet_and_what_it_lacks() -> None:
    """Other letters cost some bytes; the whole weight has about fifty kilobytes."""
    one, more = font_faces({400: "ab"}), font_faces({400: "abéłő"})
    assert 10_000 < len(one) < len(more) < 25_000
    assert font_faces({400: "x–9"}) == one
    assert font_faces({400: "őłé"}) == more


def test_dark_turns_lightness_over() -> None:
    """White paper becomes the darkest, dark ink light; unlike ones stay apart."""
    rules = in_the_dark(["#ffffff", "#000000", "#1a2230"])
    pairs = dict(part.split(":") for part in rules.rstrip(";").split(";"))
    light = {k: int(v[3:5], 16) for k, v in pairs.items()}  # green weighs most
    assert light["--c-ffffff"] < 40
    assert light["--c-1a2230"] > 190
    assert light["--c-000000"] > light["--c-1a2230"]


def test_long_tables_are_cut_and_say_so(drawn: Path) -> None:
    tables = RunResult.load(drawn).tables
    (placebo,) = data_listings(tables, ["placebo", "pending"])  # one holds nothing
    assert (placebo.rows, placebo.shown) == (len(tables["placebo"]), 120)
    assert "session" not in placebo.listing.heads  # empty in every row


def test_pages_by_name(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", claims=2)
    report.draw(folder, ("html",), pages=["claims", "what_happened"])
    made = Elements((folder / "report.html").read_text(encoding="utf-8"))
    sections = [a["id"] for tag, a in made.found if tag == "section"]
    assert sections == ["page-what_happened", "page-claims"]
    assert not (folder / "figures").exists()
    assert "Sample data" not in made.text
    with pytest.raises(AftershockError, match="Did you mean 'claims'"):
        report.draw(folder, ("html",), pages=["clams"])


def test_the_card_is_1200_by_630(drawn: Path) -> None:
    """Width and height are bytes 16 to 23 of a PNG file (PNG specification, IHDR)."""
    head = (drawn / "figures" / "card.png").read_bytes()[16:24]
    sizes = (int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big"))
    assert sizes == (1200, 630)
    text = (drawn / "figures" / "card.svg").read_text(encoding="utf-8")
    assert "each symbol taken alone, not corrected for their number" in text
    assert "Sample data" in text
    assert "Not investment advice." in text
