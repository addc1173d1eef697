"""The screen of `aftershock now`: each caution where it applies, only there."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.cli import now_screen
from aftershock.cli.now_roles import guesses, not_shown, parted

PERCENT = "\u2009%"


def row(**more):
    """Return one symbol of an answer, nothing unusual about it."""
    return {
        "symbol": "AAA", "role": "actor", "role_from": "as typed", "expected": 1,
        "reason": "", "left": {}, "ordinary_sessions": 400, "thin": False,
        "roles_known": {},
    } | more  # fmt: skip


def answer(*rows, **more):
    """Return an answer without precedents."""
    return {
        "market": "SPY", "symbols": rows or (row(),), "precedents": [], "events": [],
        "warnings": [], "written_later": 0, "undated": 0, "left_out": [],
        "repeated": {}, "simulated": None, "price_sources": ["yahoo"],
    } | more  # fmt: skip


def told(*rows, **more) -> dict[str, str]:
    return dict(now_screen._cautions(answer(*rows, **more)))


def test_an_ordinary_answer_says_only_how_noise_is_measured() -> None:
    assert list(told()) == ["noise"]


def test_roles_that_were_guessed_are_named() -> None:
    guessed = row(role="peer", role_from="from the catalogue")
    assert told(guessed, row(symbol="BBB"))["roles"] == "AAA peer (from the catalogue)"


def test_a_guess_is_told_with_the_roles_that_the_symbol_had() -> None:
    """The most frequent other one is offered as it is typed; one role has no count."""
    rows = (
        row(role_from="the first symbol", roles_known={"actor": 4, "customer": 1}),
        row(symbol="BBB", role="rated", role_from="as in e", roles_known={"rated": 1}),
        row(
            symbol="CCC", role="rated", role_from="as in e", expected=-1,
            roles_known={"competitor": 3, "rated": 1},
        ),
        row(symbol="DDD", roles_known={"customer": 2, "actor": 1}),
    )  # fmt: skip
    lines = [said for _, said in guesses(rows)]
    assert lines == [
        "AAA actor (the first symbol); in how many precedents: actor 4, customer 1",
        "BBB rated (as in e)",
        "CCC rated (as in e); in how many precedents: competitor 3, rated 1",
        "to choose another, type it: CCC:-:competitor",
    ]


def test_only_the_roles_of_the_question_are_shown_first_come_first() -> None:
    rows = (row(role="peer"), row(symbol="BBB"), row(symbol="CCC", role="rated"))
    past = [{"role": role} for role in ("customer", "actor", "peer")]
    found = answer(*rows, precedents=past)
    own, others = parted(found)
    assert [[row["role"] for row in part] for part in (own, others)] == [
        ["peer", "actor"], ["customer"],
    ]  # fmt: skip
    assert list(not_shown(found, others)) == [
        ("no precedent", "CCC as rated"),
        ("other roles", "customer: --all shows their precedents"),
    ]
    assert dict(not_shown(found, [])) == {"no precedent": "CCC as rated"}


def test_a_symbol_without_threshold_says_why_and_is_not_called_thin() -> None:
    """Without a threshold there is no noise that could rest on too few sessions."""
    said = told(row(reason="no_prices", thin=True), row(symbol="BBB"))
    assert said["no threshold"] == "AAA: no prices"
    assert "few sessions" not in said


def test_few_ordinary_sessions_are_counted() -> None:
    said = told(row(thin=True, ordinary_sessions=71), row(symbol="BBB"))
    assert said["few sessions"] == "behind the noise of AAA 71: no p below 100"


def test_warnings_are_passed_on() -> None:
    assert told(warnings=["BBB went missing"])["warning"] == "BBB went missing"


def test_a_market_that_was_not_given_is_said_to_be_taken_as_unmoved() -> None:
    still, given = (row(move={"market_given": known}) for known in (False, True))
    assert told(still)["market"] == (
        "taken as unmoved, so that the expected move is alpha alone; else give --move "
        "SPY=PERCENT"
    )
    assert "market" not in told(given)
    for said in (told(still), told(given)):
        assert said["expected"].startswith("alpha + beta × the market's move")
        assert said["rank"].startswith("of 100 ordinary sessions")
        assert "not 1 − rank / 100" in said["p"]


def test_the_column_of_the_expected_move_is_not_called_the_markets() -> None:
    """Where the market has not moved, the fitted alpha alone stands in it."""
    assert now_screen.MOVES[2] == "expected"


@pytest.mark.parametrize(
    ("behind", "source", "said"),
    [
        (0, "sample", ""),
        (2, "yahoo", ": 2 sessions behind, fetch newer ones"),
        (1, "sample", ": 1 session behind, the sample ends there"),
        (3, "folder", ": 3 sessions behind, its folder has none that are newer"),
    ],
)
def test_nobody_is_sent_to_fetch_what_a_source_does_not_have(
    behind: int, source: str, said: str
) -> None:
    found = answer(
        headline="News", tags=["t"], moment=pd.Timestamp("2026-07-01T10:00-04:00"),
        session="2026-07-01", sessions_behind=behind, prices_until="2026-06-30",
        price_sources=[source],
    )  # fmt: skip
    told = dict(now_screen._asked(found))["prices"]
    assert told == f"until 2026-06-30{said}; market SPY"


def past(**declared):
    """Return precedents of one role, by when their signs were declared."""
    return {"role": "actor", "declared": declared}


def test_nothing_is_said_of_precedents_where_there_is_none() -> None:
    assert list(now_screen._about_precedents(answer(written_later=1, undated=1))) == []


def test_precedents_without_signs_or_losses_have_only_their_medians_explained() -> None:
    found = answer(events=["e"], precedents=[past()])
    assert [name for name, _ in now_screen._about_precedents(found)] == ["medians"]


def test_signs_are_summed_over_roles_and_losses_by_reason() -> None:
    """Two after in one role, one in the other: three. AAA is lost twice, told once."""
    lost = [("AAA", "no_prices"), ("BBB", "too_short"), ("AAA", "no_prices")]
    found = answer(
        events=["e", "f"],
        precedents=[past(after=2), past(after=1, before=4)],
        written_later=1,
        left_out=[{"symbol": s, "reason": r} for s, r in lost],
    )
    said = dict(now_screen._about_precedents(found))
    assert said["signs"] == "declared, against their reaction: 3 after, 4 before"
    assert said["left out"] == "no prices: AAA; too short: BBB"
    assert said["signs right"].startswith("of the pairs of event and symbol")
    assert "counted once" not in said


def test_news_of_two_records_is_named() -> None:
    found = answer(events=["e"], repeated={"mine": "e"})
    said = dict(now_screen._about_precedents(found))
    assert said["counted once"] == "mine tells the news of e"


@pytest.mark.parametrize(
    ("later", "undated", "said"),
    [
        (1, 0, "1 of 2 precedents was written down after this moment, by people who"),
        (2, 0, "2 of 2 precedents were written down after this moment, by people who"),
        (0, 1, "1 of 2 precedents has no date of record (recorded_at)"),
        (1, 1, "came of them; 1 of 2 precedents has no date of record (recorded_at)"),
        (0, 2, "2 of 2 precedents have no date of record (recorded_at)"),
        (0, 0, ""),
    ],
)
def test_records_of_later_and_those_without_a_date_are_told_apart(
    later: int, undated: int, said: str
) -> None:
    """At the moment of now nothing can have been written later."""
    found = answer(events=["e", "f"], written_later=later, undated=undated)
    told = dict(now_screen._about_precedents(found)).get("hindsight", "")
    assert said in told
    assert ("after this moment" in told, "no date" in told) == (later > 0, undated > 0)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ({"n": 0}, "no precedent as actor gapped down: nothing to go by"),
        (
            {"n": 3, "median": 0.01, "low": -0.02, "high": 0.03, "enough": False},
            f"after a gap down as actor, from open to close: median +1.0{PERCENT}, "
            f"\u22122.0{PERCENT} to +3.0{PERCENT}, 3 sessions; too few for a rule",
        ),
        (
            {"n": 1, "median": 0.01, "low": 0.01, "high": 0.01, "enough": True},
            f"after a gap down as actor, from open to close: median +1.0{PERCENT}, "
            f"+1.0{PERCENT} to +1.0{PERCENT}, 1 session",
        ),
    ],
)
def test_what_earlier_gaps_left_to_trade(left, said) -> None:
    moved = row(move={"raw": -0.05}, left=left)
    assert list(now_screen._left([moved, row(left=left)])) == [
        ("still to come", f"AAA: {said}")
    ]


def test_screen_without_precedents_has_no_table_of_them(capsys) -> None:
    found = answer(
        headline="News", tags=["t"], moment=pd.Timestamp("2026-07-01T10:00-04:00"),
        session="2026-07-01", sessions_behind=0, prices_until="2026-06-30",
    )  # fmt: skip
    now_screen.show_answer(found)
    shown = capsys.readouterr().out
    assert "none known" in shown
    assert "noise up to" in shown
    assert "lowest" not in shown
