"""Rules: what fires, on which words; and what the rules are worth."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aftershock.errors import EventError
from aftershock.events import TAGS, Event
from aftershock.importers.tag_quality import TagQuality, measure_tags, themes_of
from aftershock.importers.tagging import TagRules, load_tag_rules, words_of


def rules(tmp_path: Path, text: str) -> TagRules:
    """The rules of a workspace's own file."""
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "tag_rules.yaml").write_text(text, encoding="utf-8")
    return load_tag_rules(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Meta's lock-up", ["meta", "lock", "up"]),
        ("D.A. Davidson, U.S. 2.5bn", ["da", "davidson", "us", "2.5bn"]),
        ("S&P 500 falls 7.9%", ["s&p", "500", "falls", "7.9"]),
        ("A 12,000-GPU site", ["a", "12,000", "gpu", "site"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert list(words_of(text)) == words


class TestRules:
    @pytest.mark.parametrize(
        ("rule", "text", "words"),
        [
            ("{any: [notes]}", "It sells notes", "notes"),
            ("{any: [notes]}", "It is noteworthy", ""),
            ("{any: [note*]}", "It is noteworthy", "note*"),
            ("{any: [senior notes]}", "Senior notes", "senior notes"),
            ("{any: [senior notes]}", "Senior bank notes", ""),
            ("{any: [raises <amount>]}", "It raises 1.5bn", "raises <amount>"),
            ("{any: [raises <amount>]}", "It raises questions", ""),
            ("{any: [notes], not: [analyst]}", "An analyst notes it", ""),
            ("{any: [notes], all: [senior]}", "Senior and junior notes", "notes"),
            ("{any: [notes], all: [senior]}", "Junior notes", ""),
            ("{all: [senior, notes]}", "Notes, mostly senior", "senior + notes"),
        ],
    )
    def test_what_fires(self, tmp_path: Path, rule: str, text: str, words: str) -> None:
        fired = rules(tmp_path, f"financing:\n  - {rule}\n").firings(text)
        assert [firing.words for firing in fired] == ([words] if words else [])

    @pytest.mark.parametrize(
        ("text", "fires"),
        [
            ("sell spare capacity", True),
            ("capacity it will sell", True),
            ("sell one two three capacity", False),  # four words on
            ("sell one two capacity", True),
            ("capacity", False),
        ],
    )
    def test_near_counts_words_both_ways(
        self, tmp_path: Path, text: str, fires: bool
    ) -> None:
        near = "{first: [sell*], second: [capacity], within: 3}"
        found = rules(tmp_path, f"compute-supply:\n  - {{near: {near}}}\n")
        assert bool(found.firings(text)) is fires

    def test_the_first_rule_of_a_tag_is_told(self, tmp_path: Path) -> None:
        text = "ipo:\n  - {rule: one, any: [lists]}\n  - {rule: two, any: [lists]}\n"
        found = rules(tmp_path, text)
        assert len(found.firings("It lists")) == 2
        assert str(found.tags("It lists")["ipo"]) == "ipo by rule one (lists)"

    def test_a_list_stands_for_its_phrases(self, tmp_path: Path) -> None:
        found = rules(tmp_path, "lists: {a: [x, y]}\nipo:\n  - {any: [$a]}\n")
        assert [f.words for f in found.firings("y")] == ["y"]

    def test_all_that_is_wrong_at_once(self, tmp_path: Path) -> None:
        text = (
            "macros:\n  - {any: [x]}\n"
            "ipo:\n  - {anny: [x]}\n  - {any: [$none]}\n"
            "  - {near: {first: [x]}}\n  - text\nmacro: x\n"
        )
        with pytest.raises(EventError) as caught:
            rules(tmp_path, text)
        told = str(caught.value)
        for said in (
            "tag_rules.yaml:1: unknown tag 'macros'. Did you mean 'macro'",
            "tag_rules.yaml:4: unknown key 'anny'. Did you mean 'any'",
            "tag_rules.yaml:4: a rule needs any, all or near",
            "tag_rules.yaml:5: no list is named '$none'",
            "tag_rules.yaml:6: near reads",
            "tag_rules.yaml:8: 'macro' should have a list of rules",
            "a rule reads {rule: name, any: [words]}",
        ):
            assert said in told

    def test_a_list_is_no_file_of_rules(self, tmp_path: Path) -> None:
        with pytest.raises(EventError, match="expected one entry per tag"):
            rules(tmp_path, "- x\n")

    def test_ours_know_every_tag_of_news(self) -> None:
        """A date drawn at random has no news, and so no words that could tell it."""
        known = {rule.tag for rule in load_tag_rules().rules}
        assert set(TAGS) - known <= {"placebo"}


def event(name: str, theme: str, headline: str, *tags: str) -> Event:
    moment = pd.Timestamp("2026-07-01 08:00", tz="America/New_York")
    return Event(
        id=name,
        headline=headline,
        earliest=moment,
        latest=moment,
        precision="exact",
        tags=tags,
        file=f"{theme}.yaml",
    )


class TestMeasure:
    """Worked by hand: four headlines, two themes, one rule with two words.

    As written 'bond' fires on 1, 2 and 3: rightly on 1 and 3; 'loan' on 4, rightly.
    So 3 right, 1 wrong of 3 that people gave. Held out: for theme a, b knows 'bond'
    (1 of 1 right) and 'loan', so 1 is right and 2 wrong. For theme b, a knows 'bond'
    (1 of 2 right, which is enough) but no 'loan': 3 is right, 4 missed.
    """

    EVENTS = (
        event("1", "a", "A bond", "financing"),
        event("2", "a", "Bond, the film", "macro"),
        event("3", "b", "Another bond", "financing"),
        event("4", "b", "A loan", "financing"),
    )

    def measured(self, tmp_path: Path) -> dict[str, TagQuality]:
        found = rules(tmp_path, "financing:\n  - {any: [bond, loan]}\n")
        return {row.tag: row for row in measure_tags(self.EVENTS, found)}

    def test_by_hand(self, tmp_path: Path) -> None:
        row = self.measured(tmp_path)["financing"]
        assert (row.events, row.right, row.wrong) == (3, 3, 1)
        assert (row.precision, row.recall) == (3 / 4, 1)
        assert (row.held_out_right, row.held_out_wrong) == (2, 1)
        assert row.held_out_precision == row.held_out_recall == pytest.approx(2 / 3)

    def test_a_tag_without_a_rule_is_missed(self, tmp_path: Path) -> None:
        row = self.measured(tmp_path)["macro"]
        assert (row.events, row.precision, row.recall) == (1, None, 0)

    def test_all_is_the_sum(self, tmp_path: Path) -> None:
        row = self.measured(tmp_path)["all"]
        assert (row.events, row.right, row.wrong) == (4, 3, 1)
        assert (row.held_out_right, row.held_out_wrong) == (2, 1)

    def test_wording_that_is_mostly_wrong_elsewhere_does_not_count(
        self, tmp_path: Path
    ) -> None:
        more = event("5", "a", "Bond again", "macro")
        found = rules(tmp_path, "financing:\n  - {any: [bond, loan]}\n")
        rows = {r.tag: r for r in measure_tags((*self.EVENTS, more), found)}
        assert rows["financing"].held_out_right == 1  # 3 is missed now, 1 stays

    def test_one_theme_cannot_be_held_out(self, tmp_path: Path) -> None:
        found = rules(tmp_path, "financing:\n  - {any: [bond]}\n")
        rows = measure_tags(self.EVENTS[:2], found)
        assert {row.held_out_precision for row in rows} == {None}
        assert {row.held_out_recall for row in rows} == {None}

    def test_themes_are_files(self) -> None:
        assert themes_of(self.EVENTS) == {"a": 2, "b": 2}
