"""Exposures on a command line: `now` and `events add` read both orders, by one rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.errors import EventError
from aftershock.events import load_events
from aftershock.events.spoken import SPOKEN_SIGNS, parts_of, read_exposures
from aftershock.events.vocabulary import ROLES
from tests.cli.conftest import run
from tests.cli.test_event_add import ADD


def test_no_sign_is_a_role() -> None:
    """Otherwise the order would have to tell which is which."""
    assert not SPOKEN_SIGNS.keys() & ROLES.keys()


@pytest.mark.parametrize(
    ("word", "sign"),
    [
        *(("CRWV:-:peer", -1), ("CRWV:peer:-", -1), ("CRWV:peer:-1", -1)),
        *(("CRWV:up:peer", 1), ("CRWV:peer:?", 0), ("CRWV:peer:none", 0)),
        ("CRWV:\u2212:peer", -1),
    ],
)
def test_both_orders_are_one_exposure(word: str, sign: int, elsewhere: None) -> None:
    (typed,) = read_exposures([word])
    assert (typed.symbol, typed.role, typed.expected) == ("CRWV", "peer", sign)
    run(*ADD[: ADD.index("--symbol")], *("--symbol", word, "--to", "mine.yaml"))
    (added,) = load_events([Path("mine.yaml")]).events[0].exposures
    assert (added.symbol, added.role, added.expected) == ("CRWV", "peer", sign)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("META:+", ("META", "+", "")),
        ("META:actor", ("META", "", "actor")),
        ("META:over", ("META", "over", "")),
        ("META:actor:-2", ("META", "-2", "actor")),
        ("META:-2:actor", ("META", "-2", "actor")),
        ("META:per:+1", ("META", "+1", "per")),
        ("META", ("META", "", "")),
    ],
)
def test_what_is_wrong_is_told_as_what_it_was_meant_to_be(
    word: str, parts: tuple[str, str, str]
) -> None:
    assert parts_of(word) == parts


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(EventError, match="'META:\\+:actor:peer' has 4 parts"):
        parts_of("META:+:actor:peer")


@pytest.mark.parametrize(
    ("command", "told"),
    [(["now"], "CRWV:competitor:-"), (["events", "add"], "META:+1:actor")],
)
def test_the_help_shows_the_other_order(command: list[str], told: str) -> None:
    shown = CliRunner().invoke(app, [*command, "--help"]).output
    assert told in " ".join(shown.split())


def test_the_help_of_hindsight_says_what_one_learns() -> None:
    told = " ".join(CliRunner().invoke(app, ["hindsight", "--help"]).output.split())
    assert "It tells how often the listed symbols moved much" in told
    assert "by who knew the outcome, or by skill" in told
