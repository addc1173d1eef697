"""``aftershock now`` and ``aftershock ledger`` as a user meets them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from aftershock.cli import app
from aftershock.errors import DataUnavailable, EventError
from aftershock.events import Exposure
from aftershock.events.spoken import check_words
from aftershock.ledger import append, read_ledger
from aftershock.sources.base import FetchFailed

RUNNER = CliRunner()
HEADLINE = "A firm is reported to sell spare capacity"
WORDS = ["now", HEADLINE, "META:+", "CRWV:-:competitor", "SMH:?:peer"]
TAG = ["--tag", "compute-supply"]
SAMPLE = ["--prices", "sample"]
PAST = ["--as-of", "2026-06-30T16:30:00 America/New_York"]
LEDGER = Path("data") / "ledger.yaml"


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> Result:
    return RUNNER.invoke(app, list(words))


def test_the_screen_of_a_headline() -> None:
    """It names the moment, precedents by role, noise, the move, and what it lacks."""
    made = call(*WORDS, *TAG, *SAMPLE, *PAST, "--move", "META=+6", "--move", "SPY=-1")
    assert made.exit_code == 0, made.output
    for said in (
        "Tue 2026-06-30 16:30 New York", "2026-07-01, the first whose close",
        "until 2026-06-30; market SPY", "gap at the open", "noise up to", "+6.0",
        "beyond noise", "hindsight", "META actor (the first symbol)",
    ):  # fmt: skip
        assert said in made.output, said
    assert "taken as unmoved" not in made.output
    last = made.output.splitlines()[-1]
    assert re.fullmatch(
        r"Sample data: simulated; \d+ of \d+ moves of precedents press-reported", last
    )
    assert not LEDGER.exists()


def test_the_symbols_asked_come_before_precedents_and_bring_their_roles() -> None:
    """Precedents of other roles wait for --all; --json has them without it."""
    asked = (*WORDS, *TAG, *SAMPLE, *PAST)
    few, every = call(*asked).output, call(*asked, "--all").output
    assert few.index("noise up to") < few.index("gap at the open")
    roles = [
        row["role"] for row in json.loads(call(*asked, "--json").output)["precedents"]
    ]
    rest = set(roles) - {"actor", "competitor", "peer"}
    assert rest and every.count("gap at the open") == len(roles)
    assert few.count("gap at the open") == len(roles) - len(rest)
    (told,) = re.findall(r"other roles +(.*): --all shows", few)
    assert set(told.split(", ")) == rest
    assert "other roles" not in every


def test_a_copy_of_a_shipped_event_is_one_precedent(workspace: Path) -> None:
    """With its id it takes the place of the shipped one; with another it repeats it."""
    asked = (*WORDS, *TAG, *SAMPLE, "--json")
    shipped = json.loads(call(*asked).output)
    folder = workspace / "data" / "events"
    assert call("events", "copy", "compute-supply", str(folder)).exit_code == 0
    same = json.loads(call(*asked).output)
    (file,) = folder.iterdir()
    text = file.read_text().replace("- id: ", "- id: my-")
    file.write_text(text)
    other = json.loads(call(*asked).output)
    for told in (same, other):
        assert len(told["events"]) == len(shipped["events"])
        assert [row["n_events"] for row in told["precedents"]] == [
            row["n_events"] for row in shipped["precedents"]
        ]
    assert same["repeated"] == {}
    assert len(other["repeated"]) == text.count("- id: ")


def test_tables_fit_a_hundred_columns() -> None:
    """A pipe shows whole lines; those of the tables are short enough for a screen."""
    shown = call(*WORDS, *TAG, *SAMPLE, *PAST, "--move", "META=+6").output
    tables = (
        shown.split("precedents", 1)[1]
        .split("\nstill to come  META")[0]
        .splitlines()[1:]
    )
    assert max(map(len, tables)) <= 100


def test_names_of_lines_are_whole() -> None:
    shown = call(*WORDS, *TAG, *SAMPLE, *PAST, "--move", "META=+6").output
    assert "still to come  META: " in shown
    assert "…" not in shown


def test_without_a_tag_those_that_rules_find_are_named_as_they_are_typed() -> None:
    """They are not taken: what they flag is a guess, and the choice decides."""
    headline = "Meta is reported to plan a unit that sells spare AI capacity"
    error = call("now", headline, "META:+", *SAMPLE).exception
    assert isinstance(error, EventError)
    found = "--tag compute-supply --tag customer-turned-competitor"
    assert error.do == f"the words of the headline suggest {found}: keep what fits"
    none = call("now", "Nothing in particular", "META:+", *SAMPLE).exception
    assert isinstance(none, EventError) and none.do.startswith("name one or more")
    assert "[required]" in re.split("--tag|--move", call("now", "--help").output)[1]


def test_a_proposed_tag_is_quoted_where_a_shell_wants_it() -> None:
    with pytest.raises(EventError, match="--tag 'm&a' --tag macro: keep"):
        check_words("H", [], ["m&a", "macro"])


def test_a_headline_is_recorded_and_shown(workspace: Path) -> None:
    before = pd.Timestamp.now("UTC")
    made = call(*WORDS, *TAG, *SAMPLE, "--record", "--move", "META=+6", "--json")
    told = json.loads(made.output)
    (entry,) = read_ledger(LEDGER)
    assert told["recorded"] == {"number": 1, "sha256": entry.sha256}
    assert before <= entry.recorded_at <= pd.Timestamp.now("UTC")
    assert [(e.symbol, e.role, e.expected) for e in entry.exposures] == [
        ("META", "actor", 1), ("CRWV", "competitor", -1), ("SMH", "peer", 0),
    ]  # fmt: skip
    assert entry.seen == {"META": "+6"}
    shown = call("ledger", "show")
    assert entry.sha256 in shown.output and HEADLINE in shown.output
    assert json.loads(call("ledger", "show", "--json").output)[0]["number"] == 1
    assert (
        "that of entry 1"
        in call("ledger", "show", "--published", entry.sha256[:16]).output
    )
    waits = call("ledger", "score", *SAMPLE)
    assert "known 20" in waits.output and "6 reactions awaited" not in waits.output
    assert "9 reactions awaited" in waits.output
    assert "Sample data: simulated; no recorded move is known; after" in waits.output


def test_a_headline_is_recorded_even_without_prices(workspace: Path) -> None:
    """Its moment does not come back; the store is empty and may not be filled."""
    made = call(*WORDS, *TAG, "--offline", "--record")
    assert isinstance(made.exception, DataUnavailable)
    assert "entry 1 of data/ledger.yaml" in made.output
    assert [e.role for e in read_ledger(LEDGER)[0].exposures] == [
        "actor", "competitor", "peer",
    ]  # fmt: skip


@pytest.mark.parametrize("more", [(), ("--offline",)])
def test_without_prices_the_sample_is_offered(
    more: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the network nor the store has any."""

    def cut(*_: object) -> None:
        raise FetchFailed("no answer", do="check the network")

    monkeypatch.setattr("aftershock.sources.yahoo.YahooSource.fetch", cut)
    error = call(*WORDS, *TAG, *more).exception
    assert isinstance(error, DataUnavailable)
    assert error.do.endswith("; to try it on simulated prices: --prices sample")


def test_offline_the_store_gives_what_it_holds() -> None:
    """META and the market are stored, CRWV and the precedents' others are not."""
    from aftershock.sources.sample import SampleSource
    from aftershock.store import Store

    had = SampleSource().fetch(["SPY", "META"], None, None)
    Store(Path("data") / "prices").save(had, pd.Timestamp("2026-08-01T00:00:00Z"))
    told = json.loads(call(*WORDS, *TAG, *PAST, "--offline", "--json").output)
    reasons = {row["symbol"]: row["reason"] for row in told["symbols"]}
    assert reasons == {"META": "", "CRWV": "no_prices", "SMH": "no_prices"}
    assert told["symbols"][0]["threshold"] > 0
    lost = {row["symbol"] for row in told["left_out"] if row["reason"] == "no_prices"}
    assert "NVDA" in lost


def test_tampering_is_named(workspace: Path) -> None:
    call(*WORDS, *TAG, *SAMPLE, "--record")
    LEDGER.write_text(LEDGER.read_text().replace("'-1'", "'+1'"))
    for words in (("ledger", "show"), ("ledger", "score", *SAMPLE)):
        error = call(*words).exception
        assert isinstance(error, EventError)
        assert "entry 1: the chain is broken: its content" in str(error)


def test_reactions_of_the_past_are_filled_in(workspace: Path) -> None:
    """Two headlines by a clock of spring 2026: signs right once, wrong once.

    META's reported move of 2026-04-30 is -8.55 % and is part of the sample.
    """
    moment = pd.Timestamp("2026-04-30T08:00:00-04:00")
    for sign in (-1, 1):
        lines = (Exposure("META", "actor", sign, declared="before"),)
        append(LEDGER, "H", ("earnings",), lines, "SPY", {}, lambda: moment)
    made = call("ledger", "score", *SAMPLE, "--json")
    told = json.loads(made.output)
    assert {row["status"] for row in told["reactions"]} == {"known"}
    first = [r for r in told["reactions"] if r["horizon"] == 1]
    assert first[0]["car"] == pytest.approx(-0.0855, abs=0.02)
    close = [r for r in told["recorded"] if r["measure"] == "car"]
    assert [(r["hits"], r["n"], r["n_sessions"]) for r in close] == [(1, 2, 1)] * 3
    assert {row["declared"] for row in told["catalogue"]} >= {"after", "unknown"}
    shown = call("ledger", "score", *SAMPLE).output
    assert "recorded, from the first open" in shown and "1 of 2" in shown
    said = "Sample data: simulated; the press reported 1 of 1 recorded moves after 1 "
    assert f"\n{said}session, and " in shown
    assert told["simulated"].startswith(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*WORDS, *SAMPLE), "no tag"),
        ((*WORDS, "--tag", "compute-suply"), "Did you mean 'compute-supply'"),
        (("now", "H", "META", *TAG), "no sign"),
        (("now", "H", "META:over", *TAG), "the sign 'over'"),
        (("now", "H", "meta:+", *TAG), "Did you mean 'META'"),
        (("now", "H", "META:+:acter", *TAG), "Did you mean 'actor'"),
        (("now", "H", "META:+", "META:-", *TAG), "named twice"),
        (("now", " ", "META:+", *TAG), "0 characters"),
        (("now", "A\x85B", "META:+", *TAG), "the character U+0085"),
        (("now", "A\udce9B", "META:+", *TAG), "the character U+DCE9"),
        (("now", "x" * 301, "META:+", *TAG), "301 characters"),
        ((*WORDS, *TAG, "--move", "META:6"), "is no move"),
        ((*WORDS, *TAG, "--move", "META=-100"), "is no move"),
        ((*WORDS, *TAG, "--move", "NVDA=1"), "not among the symbols"),
        ((*WORDS, *TAG, "--as-of", "2026-06-30"), "has no time zone"),
        ((*WORDS, *TAG, "--as-of", "2200-01-01T00:00:00Z"), "lies ahead"),
        ((*WORDS, *TAG, *PAST, "--record"), "--record with --as-of"),
        ((*WORDS, *TAG, "--prices", "nowhere"), "no such file or folder"),
        ((*WORDS, *TAG, *SAMPLE, "--market", "XYZ"), "no usable prices of the market"),
        (("ledger", "show"), "no headline has been recorded"),
        (("ledger", "score", *SAMPLE), "no headline has been recorded"),
    ],
)
def test_mistakes_are_said_once_and_write_nothing(
    words: tuple[str, ...], said: str, workspace: Path
) -> None:
    made = call(*words)
    assert isinstance(made.exception, EventError | DataUnavailable)
    assert said in str(made.exception)
    assert list(workspace.iterdir()) == []
