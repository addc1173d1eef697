"""``events check``: keys that do not fit each other, beside other mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.cli.checking import checked_plan
from aftershock.errors import AftershockError, EventError
from tests.cli.conftest import run

pytestmark = pytest.mark.usefixtures("elsewhere")

RECORD = """\
- id: {name}
  headline: A deal
  published: 2026-07-01T08:00:00-04:00
  tags: [compute-contract]
  source: {{url: "https://example.org/1"}}
  exposures: [{{symbol: META, role: customer, expected: +1{declared}}}]
"""


def record(name: str, more: str = "", declared: str = "") -> str:
    """Return a record with more keys, each a line."""
    told = f", declared: {declared}" if declared else ""
    lines = "".join(f"  {line}\n" for line in more.split("\n") if line)
    return RECORD.format(name=name, declared=told) + lines


def own(text: str) -> str:
    Path("own.yaml").write_text(text, encoding="utf-8")
    return "own.yaml"


def wrong(text: str) -> list[str]:
    """Return the problems of a file, without its name."""
    with pytest.raises(EventError) as caught:
        run("check", own(text))
    lines = [line.strip() for line in str(caught.value).splitlines()[:-1]]
    told = lines[1:] if lines[0].endswith("problems:") else lines
    return [line.replace("own.yaml:", "", 1) for line in told]


LATE = "recorded_at: 2026-07-05"
SIGN = "a sign is declared 'before', but recorded_at is later than the event"


def test_all_that_is_wrong_is_told_at_once() -> None:
    """By hand: 08:00 on Wednesday 1 July leads to that day; the record came later."""
    text = (
        record("one", f"confidence: 3\n{LATE}\nfirst_us_session: 2026-07-02", "before")
        + record("two", "scheduled_since: 2026-07-03")
        + record(
            "three", "notes: [a]\nrecorded_at: 2026-06-01\nscheduled_since: 2026-08"
        )
        + record("one")
    )
    assert wrong(text) == [
        "1: one: first_us_session is 2026-07-02, but its time leads to 2026-07-01",
        "7: confidence '3' is not from 0 to 1",
        f"8: {SIGN}",
        "10: two: scheduled_since is not earlier than the event",
        "17: three: published 2026-07-01, later than its recorded_at (2026-06-01), but "
        "its status is 'occurred'; allowed: status scheduled, or a publication up to "
        "recorded_at",
        "23: notes should be one text",
        "25: scheduled_since: '2026-08' is not a time",
        "26: the id 'one' is already used at own.yaml:1",
    ]


@pytest.mark.parametrize(
    "time",
    [
        "earliest: 2026-07-02T08:00:00Z\n  latest: 2026-07-01T08:00:00Z",
        "latest: 2026-07-01T08:00:00Z",
        "published: 2026-07-01\n  precision: exact",
        "latest: 2026-07-01T08:00:00Z\n  earliest: 2026-07-01T07:00:00Z\n"
        "  precision: sesion",
    ],
)
def test_a_sign_is_held_against_what_is_known_of_a_wrong_time(time: str) -> None:
    text = record("one", LATE, "before")
    text = text.replace("published: 2026-07-01T08:00:00-04:00", time)
    told = wrong(text)
    assert len(told) == 2
    assert told[1].endswith(SIGN)


@pytest.mark.parametrize(
    ("right", "slip", "told"),
    [
        ("T08:00:00-04:00", "T08:00:00", "has no time zone"),
        ("published:", "publishd:", "unknown key 'publishd'"),
        ("published: 2026-07-01T08:00:00-04:00", "precision: dai", "unknown precision"),
        ("recorded_at: 2026-07-05", "recorded_at: soon", "recorded_at: 'soon'"),
        ("declared: before", "declared: befor", "unknown declared"),
    ],
)
def test_a_check_is_silent_where_a_key_it_needs_is_wrong(
    right: str, slip: str, told: str
) -> None:
    text = record("one", f"{LATE}\nfirst_us_session: 2026-07-01", "before")
    said = wrong(text.replace(right, slip))
    assert told in str(said)
    assert SIGN not in str(said)
    assert "first_us_session" not in str(said)


def test_a_misspelled_status_is_not_the_usual_one() -> None:
    text = record("one", "statuss: scheduled\nrecorded_at: 2026-06-01")
    (told,) = wrong(text)
    assert told == "7: unknown key 'statuss'. Did you mean 'status'?"


def test_in_the_catalogue_what_to_ask_is_told_besides() -> None:
    """A symbol that no list names and no source are wrong there, in any record."""
    Path("data/events").mkdir(parents=True)
    text = record("one", "confidence: 3").replace("META", "QQQQQ")
    text += record("two", "confidence: 3\nsourc: x").replace("  source", "  #")
    text += record("three", "confidence: 3").replace("source", "notes: a #")
    Path("data/events/own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(EventError) as caught:
        run("check")
    lines = [line for line in str(caught.value).splitlines() if "own.yaml:" in line]
    told = [line.partition("own.yaml:")[2] for line in lines]
    assert [line.partition(": ")[0] for line in told] == [
        *("1", "7", "14", "15", "16", "22")
    ]


def test_a_config_hides_no_mistake_of_events_or_claims() -> None:
    """Nor do they hide each other."""
    own(record("one", f"confidence: 3\n{LATE}", "before"))
    Path("claims.yaml").write_text("- id: a b\n", encoding="utf-8")
    config = Path("run.yaml")
    config.write_text(
        "title: T\nsede: 1\nevents: {files: [own.yaml]}\nclaims: [claims.yaml]\n"
        "study: {headline: [0, 3]}\n",
        encoding="utf-8",
    )
    with pytest.raises(AftershockError) as caught:
        checked_plan(config, ())
    for told in (
        "found 'sede'",
        "study.headline",
        "confidence '3'",
        SIGN,
        "'a b' is no",
    ):
        assert told in str(caught.value)
