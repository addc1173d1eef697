"""Claims files: what is read, and every mistake at once with its line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aftershock.claims import EXPECTATIONS, MEASURES, claim_files, load_claims
from aftershock.claims.files import claim_files as files_of
from aftershock.errors import DataUnavailable, EventError
from aftershock.events import load_events
from tests.claims.world import claim_text, evidence_of, turns, verdicts
from tests.conftest import ROOT

SHIPPED = ROOT / "data" / "claims" / "meta_compute.yaml"
GOOD = "measure: ar\nsymbols: [A]\nwindow: [0, 0]\nexpected: +1"


def mistakes(folder: Path, *texts: str) -> list[str]:
    """Return the mistakes of a file, without its name: ``line: message``."""
    path = folder / "mine.yaml"
    path.write_text("".join(texts))
    with pytest.raises(EventError) as caught:
        load_claims([path])
    lines = caught.value.found.splitlines()
    return [x.strip().removeprefix(f"{path}:") for x in lines if f"{path}:" in x]


def test_a_claim_as_written(tmp_path: Path) -> None:
    """A bare date was said by the end of its New York day."""
    path = tmp_path / "mine.yaml"
    path.write_text(claim_text(GOOD, said_at="2026-07-02"))
    (claim,) = load_claims([path])
    assert claim.id == "one"
    assert claim.said_at == pd.Timestamp("2026-07-02T23:59:59-04:00")
    assert claim.group.symbols == ("A",)
    assert (claim.window, claim.expected) == ((0, 0), "+1")
    assert claim.events == ("news",)
    assert "file" not in claim.plain()


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    """Six in three claims; lines counted from the leading empty one."""
    found = mistakes(
        tmp_path,
        claim_text(GOOD + "\nexpcted: +1\nwindw: [0, 0]"),
        claim_text("measure: arr\nsymbols: [A]\nwindow: [0, x]", "two", "yesterday"),
        claim_text(GOOD + "\nrival: tow", "one"),
    )
    assert found[0] == "12: unknown key 'expcted'. Did you mean 'expected'?"
    assert found[1] == "13: unknown key 'windw'. Did you mean 'window'?"
    assert any("unknown measure 'arr'. Did you mean 'ar'?" in line for line in found)
    assert any("said_at: 'yesterday'" in line for line in found)
    assert any("window should be two whole numbers" in line for line in found)
    assert any("rival 'tow' is no other claim. Did you mean 'two'?" in x for x in found)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("symbols: [A]\nwindow: [0, 0]\nexpected: +1", "no measure; known: ar"),
        (GOOD.replace("expected: +1", "expected: up"), "allowed: +1, -1, 0"),
        (GOOD.replace("+1", "0"), "expected 0 needs a bound"),
        (GOOD + "\nbound: 0.02", "a bound goes with 0, 0 or below"),
        (GOOD.replace("+1", "0") + "\nbound: -1", "bound '-1' is not above 0"),
        (GOOD.replace("[0, 0]", "[0, 1]"), "ar has a window of one session"),
        (GOOD.replace("ar\n", "car\n").replace("[0, 0]", "[2, 1]"), "ends before"),
        (GOOD.replace("ar\n", "mean_ar\n"), "mean_ar needs two symbols"),
        (GOOD.replace("ar\n", "spread\n"), "spread needs the key against"),
        (GOOD.replace("ar\n", "slope\n"), "slope needs either field or runup"),
        (GOOD.replace("ar\n", "slope\n") + "\nrunup: -3", "is no number of sessions"),
        (GOOD.replace("ar\n", "reversal\n"), "reversal needs the key first"),
        (
            GOOD.replace("ar\n", "reversal\n") + "\nfirst: [0, 0]\nrunup: 60",
            "first ends before window begins",
        ),
        (GOOD.replace("symbols: [A]", "basket: chips"), "unknown basket 'chips'"),
        (GOOD.replace("symbols: [A]", "role: boss"), "unknown role 'boss'"),
        (GOOD.replace("symbols: [A]", "symbols: [Meta]"), "Did you mean 'META'"),
        (GOOD + "\nbasket: neoclouds", "name one of symbols, basket, role"),
        (GOOD + "\nfield: {A: 1}", "unknown key 'field'"),
        (
            "measure: reported_move\nsymbols: [A]\nwindow: [0, 0]\nreported: lots\n"
            "tolerance: 0.1",
            "reported 'lots' is not a number",
        ),
        (
            "measure: placebo_rank\nsymbols: [A]\nwindow: [0, 0]\nexpected: +1\n"
            "bound: 0.05",
            "allowed: usual, unusual",
        ),
        (
            "measure: placebo_rank\nsymbols: [A]\nwindow: [0, 0]\nexpected: usual\n"
            "bound: 0.05\namong: {symbol: A}",
            "among reads {symbol: SOXX, sar_above: 3}",
        ),
    ],
)
def test_each_mistake_says_what_is_wanted(tmp_path: Path, body: str, said: str) -> None:
    found = mistakes(tmp_path, claim_text(body))
    assert any(said in line for line in found), found


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("tags: [earning]", "unknown tag 'earning'. Did you mean 'earnings'"),
        ("notes: nothing", "a claim names its event, or tags"),
        ("event: news\n  tags: [earnings]", "a claim names its event, or tags"),
    ],
)
def test_what_a_claim_is_about(tmp_path: Path, about: str, said: str) -> None:
    assert said in "".join(mistakes(tmp_path, claim_text(GOOD, about=about)))


def test_one_event_for_what_has_one_session(tmp_path: Path) -> None:
    body = (
        "measure: rank_correlation\nsymbols: [A, B]\nfield: {A: 1}\n"
        "window: [0, 0]\nexpected: +1"
    )
    found = mistakes(tmp_path, claim_text(body, about="event: [news, more]"))
    assert "rank_correlation is about one event" in found[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [("- a text\n", "a claim should be a mapping"), ("a: b\n", "a list of claims")],
)
def test_files_that_hold_no_claims(tmp_path: Path, text: str, said: str) -> None:
    assert said in mistakes(tmp_path, text)[0]


def test_an_absent_file_is_missing_data(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable):
        load_claims([tmp_path / "none.yaml"])


def test_an_id_twice_and_an_event_that_is_not_there(tmp_path: Path) -> None:
    assert "the id 'one' is already used at" in mistakes(
        tmp_path, claim_text(GOOD), claim_text(GOOD)
    )[0]  # fmt: skip
    evidence = evidence_of(tmp_path, turns())
    with pytest.raises(
        EventError, match=r"claims.yaml:2: no event is named 'new'\. Did"
    ):
        verdicts(tmp_path, evidence, claim_text(GOOD, about="event: new"))


def test_a_workspace_file_takes_the_place_of_ours(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "claims"
    folder.mkdir(parents=True)
    (folder / "meta_compute.yaml").write_text("[]")
    assert files_of(tmp_path) == [folder / "meta_compute.yaml"]
    assert SHIPPED in claim_files(None)


def test_the_shipped_claims_are_whole() -> None:
    """Measures of the closed set, events that are there, rivals that answer."""
    claims = load_claims([SHIPPED])
    known = {e.id for e in load_events([ROOT / "data/events/ai_compute.yaml"]).events}
    assert {name for claim in claims for name in claim.events} <= known
    assert {claim.measure for claim in claims} <= set(MEASURES)
    assert {claim.expected for claim in claims} <= set(EXPECTATIONS)
    by_id = {claim.id: claim for claim in claims}
    rivals = {c.rival for c in claims if c.rival}
    assert rivals == {"chips-profit-taking", "chips-fewer-orders"}
    assert all(by_id[name].rival for name in rivals)


def test_the_documentation_names_every_measure() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for name, meaning in MEASURES.items():
        assert f"| `{name}` | {meaning} |" in text
