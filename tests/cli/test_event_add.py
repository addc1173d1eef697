"""``aftershock events add``, as a user types it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aftershock.errors import EventError
from aftershock.events import load_events
from tests.cli.conftest import run

pytestmark = pytest.mark.usefixtures("elsewhere")

ADD = (
    *("add", "--id", "own-1", "--headline", "Meta rents out machines"),
    *("--published", "2026-07-01T08:12:00-04:00", "--precision", "exact"),
    *("--tag", "compute-supply", "--symbol", "META:actor:+1"),
    *("--symbol", "CRWV:supplier-competitor:-1", "--url", "https://example.org/1"),
)


class TestAdd:
    def test_an_event_is_added_and_shown(self) -> None:
        Path("data").mkdir()
        said = run(*ADD)
        assert "Added own-1 at data/events/own.yaml:1." in said
        shown = json.loads(run("show", "own-1", "--json"))
        assert shown["sessions"] == ["2026-07-01"]
        assert {p["symbol"]: p["expected"] for p in shown["pairs"]} == {
            "META": 1,
            "CRWV": -1,
        }
        assert shown["recorded_at"] is not None

    def test_how_the_time_was_read(self) -> None:
        """10:15 at -05:00 is 11:15 in New York's summer: after the open."""
        said = run(*ADD, "--published", "2026-07-01T10:15:00-05:00", "--to", "a.yaml")
        assert "\nRead as Wed 2026-07-01 11:15:00 New York; first session Wed " in said
        assert (
            "2026-07-01; first fill at the close of Wed 2026-07-01, 16:00: it counts "
            "as known from Wed 2026-07-01 11:15:00."
        ) in " ".join(said.split())
        assert (
            "Warning: a.yaml:1: own-1: published has -05:00, New York -04:00 on "
            "2026-07-01: is it meant?"
        ) in " ".join(said.split())
        assert max(map(len, said.splitlines())) <= 80

    def test_a_mistake_is_one_of_the_new_event(self) -> None:
        with pytest.raises(EventError) as caught:
            run(*ADD, "--to", "mine.yaml", "--tag", "macros")
        told = str(caught.value)
        assert told.startswith("the new event, tags: unknown tag 'macros'. Did you")
        assert "nothing was written: repeat the command" in told
        assert "mine.yaml" not in told

    @pytest.mark.parametrize(
        ("more", "lists"),
        [
            (("--symbol", "NBIS:rival:+1"), True),
            (("--tag", "macros"), True),
            (("--symbol", "NBIS:peer:-2"), False),
            (("--published", "2026-07-01T08:12:00"), False),
        ],
    )
    def test_only_an_unknown_word_is_sent_to_the_list_of_words(
        self, more: tuple[str, ...], lists: bool
    ) -> None:
        """A sign of -2 and a missing zone say themselves what is allowed."""
        with pytest.raises(EventError) as caught:
            run(*ADD, "--to", "mine.yaml", *more)
        assert caught.value.do.startswith("nothing was written: repeat the command")
        assert ("events tags" in caught.value.whole()) is lists

    def test_what_the_line_says_is_not_said_again(self) -> None:
        """Of a sign of -2 the line itself says that +1, 0 and -1 are allowed."""
        with pytest.raises(EventError) as caught:
            run(*ADD, "--to", "mine.yaml", "--symbol", "NBIS:peer:-2")
        said = caught.value.whole()
        assert "; allowed: +1, 0" in said.splitlines()[0]
        assert "\n  Allowed: what the line above says\n" in said

    def test_without_a_tag_the_list_of_tags_is_named(self) -> None:
        words = [w for w in ADD if w != "--tag"]
        del words[ADD.index("--tag")]
        with pytest.raises(EventError, match="one tag; 'aftershock events tags' lists"):
            run(*words, "--to", "mine.yaml")
        assert "one at least" in " ".join(run("add", "--help").split())

    def test_what_is_yet_to_come_has_not_occurred(self) -> None:
        later = ("--published", "2099-07-01T08:00:00-04:00", "--to", "mine.yaml")
        with pytest.raises(EventError, match="but its status is 'occurred'") as caught:
            run(*ADD, *later)
        assert "the new event: own-1: published 2099-07-01, later" in str(caught.value)
        assert "nothing was written: repeat the command" in str(caught.value)
        assert not Path("mine.yaml").exists()

    def test_a_basket_and_a_window(self) -> None:
        run(
            *("add", "--id", "b", "--headline", "H", "--tag", "macro"),
            *("--earliest", "2026-07-01T04:00:00-04:00"),
            *("--latest", "2026-07-01T09:29:59-04:00"),
            *("--basket", "neoclouds:peer:-1", "--to", "mine.yaml"),
        )
        event = load_events([Path("mine.yaml")])["b"]
        assert event.precision == "session"
        assert event.exposures[0].basket == "neoclouds"

    def test_a_warning_is_told(self) -> None:
        said = run(*ADD[:-2], "--to", "mine.yaml")
        assert "Warning: mine.yaml:1: own-1: no source address" in said

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            (("--symbol", "NBIS"), "--symbol: 'NBIS' is no exposure"),
            (("--symbol", "NBIS:per:+1"), "Did you mean 'peer'"),
            (("--symbol", "NBIS:rival:+1"), r"'rival'\. Known: acquirer, actor, comp"),
            (
                ("--tag", "pricing"),
                r"'pricing'\. 'aftershock events tags' lists them\.",
            ),
            (("--tag", "macros"), "Did you mean 'macro'"),
            (("--declared", "before"), "a sign is declared 'before'"),
            (("--to", "own.csv"), "to a YAML file only"),
            (("--published", "2026-07-01T08:12:00"), "no time zone"),
        ],
    )
    def test_mistakes_write_nothing(self, more: tuple[str, ...], told: str) -> None:
        with pytest.raises(EventError, match=told):
            run(*ADD, "--to", "mine.yaml", *more)
        assert list(Path.cwd().iterdir()) == []

    def test_an_id_is_used_once(self) -> None:
        Path("data").mkdir()
        run(*ADD)
        before = Path("data/events/own.yaml").read_bytes()
        for more in ((), ("--to", "data/events/other.yaml")):
            with pytest.raises(EventError, match="already used at") as caught:
                run(*ADD, *more)
            assert re.fullmatch(
                r"nothing was written: edit .*data/events/own\.yaml:1, or choose "
                "another id",
                caught.value.do,
            )
        assert Path("data/events/own.yaml").read_bytes() == before
