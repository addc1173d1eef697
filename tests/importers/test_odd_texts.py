"""What sources and rules may hold that means nothing: named, or passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.errors import EventError
from aftershock.importers.article import ArticleImporter
from aftershock.importers.base import Background, Reading
from aftershock.importers.table import TableImporter
from aftershock.importers.tagging import load_tag_rules


def article(folder: Path, background: Background, name: str, text: str) -> Reading:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return ArticleImporter(path).read(background)


@pytest.mark.parametrize("wrong", ["February 30, 2026", "31 June 2026", "2026-13-01"])
def test_a_date_that_there_is_not_is_passed_over(
    tmp_path: Path, background: Background, wrong: str
) -> None:
    text = f"Meta does it\n\nSaid on {wrong}, and again on July 1, 2026.\n"
    (draft,) = article(tmp_path, background, "in.txt", text).drafts
    assert draft.record["published"] == "2026-07-01"
    assert draft.record["precision"] == "day"


def test_a_page_may_state_a_date_that_there_is_not(
    tmp_path: Path, background: Background
) -> None:
    wrong = '<meta property="article:published_time" content="2026-02-30">'
    right = '<meta name="pubdate" content="2026-07-01">'
    head = f"<head><title>Meta does it</title>{wrong}{right}</head>"
    page = f"<html>{head}<body><p>Meta does something.</p></body></html>"
    (draft,) = article(tmp_path, background, "in.html", page).drafts
    assert draft.record["published"] == "2026-07-01"


def test_a_page_of_comments_has_no_title(
    tmp_path: Path, background: Background
) -> None:
    with pytest.raises(EventError, match="no title was found"):
        article(tmp_path, background, "in.html", "<!-- a -->\n<!-- b -->\n")


class TestColumns:
    HEAD = "title,published,tags,symbol,role,expected"
    ROW = "A deal,2026-07-01T08:00:00-04:00,compute-contract,CRWV,supplier,+1"

    def read(
        self, folder: Path, background: Background, more: str, **columns: str
    ) -> Reading:
        path = folder / "in.csv"
        path.write_text(f"{self.HEAD},{more}\n{self.ROW},x\n", encoding="utf-8")
        return TableImporter(path, columns).read(background)

    def test_one_in_brackets_is_one_that_was_not_used(
        self, tmp_path: Path, background: Background
    ) -> None:
        told = self.read(tmp_path, background, "(internal)", headline="title")
        assert told.warnings == ("columns that were not used: (internal)",)
        assert told.drafts[0].record["headline"] == "A deal"

    def test_one_cannot_be_two_of_ours(
        self, tmp_path: Path, background: Background
    ) -> None:
        with pytest.raises(EventError, match="the column 'title' is named twice"):
            self.read(tmp_path, background, "x", headline="title", notes="title")


@pytest.mark.parametrize(
    ("rules", "line", "told"),
    [
        ("macro:\n  - {any: ['*']}", 2, "'*': a phrase needs words, and letters"),
        ("macro:\n  - {any: [sell *]}", 2, "'sell *': a phrase needs words, and"),
        ("macro:\n  - {any: ['%']}", 2, "'%': a phrase needs words, and letters"),
        ("macro:\n  - {any: [{a: b}]}", 2, "words are texts: [sell, spare capacity]"),
        ("macro:\n  - {any: {a: b}}", 2, "words are texts: [sell, spare capacity]"),
        ("lists: [a]\nmacro:\n  - {any: [b]}", 1, "lists reads {name: [words]}"),
        (
            "macro:\n  - {near: {first: [a], second: [b], within: ²}}",
            *(2, "within: '²' is no number of words"),
        ),
    ],
)
def test_rules_that_mean_nothing_are_named(
    tmp_path: Path, rules: str, line: int, told: str
) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data/tag_rules.yaml"
    path.write_text(rules + "\n", encoding="utf-8")
    with pytest.raises(EventError) as caught:
        load_tag_rules(tmp_path)
    assert f"tag_rules.yaml:{line}: {told}" in str(caught.value)
