"""``aftershock events add``: news that is there already, symbols nobody knows."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from aftershock.errors import EventError
from aftershock.events import Event, load_events
from aftershock.events.repeats import remarks
from tests.cli.conftest import run
from tests.cli.test_event_add import ADD

pytestmark = pytest.mark.usefixtures("elsewhere", "small")
SECOND = (*ADD, "--id", "own-2")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the workspace's own files of the catalogue: the shipped take their time."""
    monkeypatch.setattr(
        "aftershock.events.writing.catalogue_files",
        lambda workspace: sorted(Path("data/events").glob("*.yaml")),
    )


def test_the_same_news_under_another_id_is_refused() -> None:
    """Case, blanks and a full stop make no other news."""
    run(*ADD, "--to", "mine.yaml")
    before = Path("mine.yaml").read_bytes()
    shouted = ("--headline", "META  rents out machines.")
    for more in ((), shouted):
        with pytest.raises(
            EventError, match=r"'own-1' at mine\.yaml:1 has the"
        ) as told:
            run(*SECOND, *more, "--to", "mine.yaml")
        assert told.value.do.startswith("nothing was written: edit mine.yaml:1, or")
        assert "--again" in told.value.do
    assert Path("mine.yaml").read_bytes() == before


def test_it_is_found_in_another_file_of_the_catalogue() -> None:
    Path("data").mkdir()
    run(*ADD)
    with pytest.raises(EventError, match=r"'own-1' at .*own\.yaml:1 has the same"):
        run(*SECOND, "--to", "data/events/other.yaml")
    assert not Path("data/events/other.yaml").exists()


@pytest.mark.parametrize(
    "more",
    [
        ("--again",),
        ("--headline", "Meta rents out more machines"),
        ("--published", "2026-07-01T08:12:01-04:00"),
    ],
)
def test_other_news_and_what_is_meant_are_added(more: tuple[str, ...]) -> None:
    """A second later is another time."""
    run(*ADD, "--to", "mine.yaml")
    run(*SECOND, *more, "--to", "mine.yaml")
    assert [e.id for e in load_events([Path("mine.yaml")]).events] == ["own-1", "own-2"]


def test_a_day_and_a_moment_of_it_are_one_time() -> None:
    run(*ADD, "--to", "mine.yaml")
    day = ("--published", "2026-07-01", "--precision", "day")
    with pytest.raises(EventError, match="'own-1' at"):
        run(*SECOND, *day, "--to", "mine.yaml")


@pytest.mark.parametrize(
    ("when", "asked"),
    [
        ("2026-07-01T09:12:00-04:00", True),
        ("2026-07-02T08:12:00-04:00", True),
        ("2026-07-02T08:13:00-04:00", False),
    ],
)
def test_the_same_headline_within_a_day_is_asked_about(when: str, asked: bool) -> None:
    """The first is of 08:12: an hour and a whole day later are within a day of it.

    The later one is asked about: `check` names its line.
    """
    run(*ADD, "--published", "2026-07-01T08:12:00-04:00", "--to", "mine.yaml")
    told = "own-2: the same headline within a day: 'own-1' at mine.yaml:1."
    said = run(*SECOND, "--published", when, "--to", "mine.yaml")
    assert (told in " ".join(said.split())) == asked
    assert (told in run("check", "mine.yaml")) == asked


def test_two_of_one_headline_that_are_meant_are_not_asked_about_when_added() -> None:
    run(*ADD, "--to", "mine.yaml")
    assert "within a day" not in run(*SECOND, "--again", "--to", "mine.yaml")


def test_a_plan_passes_on_what_events_check_asks() -> None:
    """Four offsets an hour off; of three of one headline the later two repeat: six.

    Two are written out, four are left to `events check`.
    """
    day = pd.Timestamp("2026-07-01 10:00", tz="America/New_York")
    odd = [
        Event(
            f"e{n}",
            f"News {min(n, 1)}",
            *[day + pd.Timedelta(minutes=n)] * 2,
            "exact",
            slip="published has",
            file="own.yaml",
            line=n,
        )
        for n in range(4)
    ]
    lines = remarks(odd)
    assert lines == [
        "own.yaml:0: e0: published has",
        "own.yaml:1: e1: published has",
        "4 more to ask about events' times: `aftershock events check own.yaml` tells "
        "them",
    ]
    assert remarks([replace(odd[0], slip=""), replace(odd[1], slip="")]) == []
    assert remarks([replace(e, slip="", status="placebo") for e in odd]) == []


@pytest.mark.parametrize(
    ("symbol", "hint"),
    [
        ("CRVW", " Did you mean 'CRWV'? Prices are asked for by this name; if it is"),
        ("NEBIUS", " Did you mean 'NBIS'? Prices"),
        ("NEOCLOUDS", " A basket has this name: write {basket: neoclouds}"),
        ("XYZZY", " Prices are asked for by this name; if it is right, name it in"),
    ],
)
def test_a_symbol_that_nobody_knows(symbol: str, hint: str) -> None:
    said = run(*ADD, "--symbol", f"{symbol}:peer:0", "--to", "mine.yaml")
    told = (
        f"Warning: mine.yaml:1: own-1: the symbol {symbol} is not in instruments.yaml."
    )
    assert told + hint in " ".join(said.split())
    assert max(map(len, said.splitlines())) <= 80


def test_what_is_known_is_no_warning() -> None:
    assert not re.search("Warning", run(*ADD, "--to", "mine.yaml"))
