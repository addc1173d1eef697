"""The screen of ``aftershock check``: short, and every symbol named once."""

from __future__ import annotations

from typing import Any

import pytest

from aftershock.cli.plan_screen import show_plan

LACKING = [f"Q{k:02d}" for k in range(21)]


def plan_of(n: int = 21, **other: Any) -> dict[str, Any]:
    """A plan of `n` events of three pairs each, one of them without prices."""
    ids = [f"event-{k:02d}" for k in range(n)]
    days = [f"2026-03-{k + 1:02d}" for k in range(n)]
    lost = [
        {"event_id": e, "symbol": LACKING[k % 21], "reason": "no_prices", "detail": ""}
        for k, e in enumerate(ids)
    ]
    rows = [
        {"event_id": e, "sessions": [d], "pairs": 3, "left_out": 1, "pending": False}
        for e, d in zip(ids, days, strict=True)
    ]
    found = {
        "events": ids,
        "by_event": rows,
        "sessions": days,
        "symbols": ["SPY", "META", "NVDA", *LACKING],
        "without_prices": LACKING,
        "pairs": 3 * n,
        "measured": 2 * n,
        "unsigned": 0,
        "repeated": 0,
        "dropped": lost,
        "pending": [],
        "windows": [[0, 0], [0, 5]],
        "windows_from": ["config", "config"],
        "headline": [0, 0],
        "day_only": [],
        "strategies": ["EventDrift"],
        "estimation": {"start": -250, "end": -11, "min_obs": 60, "before": None},
        "claims": [],
        "prices_until": "2026-07-31",
        "warnings": [],
    }
    return found | other


def screen(
    capsys: pytest.CaptureFixture[str], *, n: int = 21, whole: bool = False, **other
) -> str:
    show_plan(plan_of(n, **other), whole=whole)
    return capsys.readouterr().out


def test_twenty_one_events_fit_one_screen(capsys) -> None:
    """It took 75 lines; a terminal has 24."""
    said = screen(capsys)
    assert len(said.splitlines()) <= 24
    assert "event-07" in said and "event-08" not in said
    assert "and 13 more events; --all shows them" in said
    assert "21: Q00, Q01" in said and "Q15 and 5 more" in said


def test_a_few_more_are_shown_whole(capsys) -> None:
    """Three more than 8 events or 4 warnings, a quarter more than 16 symbols."""
    twenty = {"without_prices": LACKING[:20]}
    said = screen(capsys, n=11, warnings=[f"told {k}" for k in range(7)], **twenty)
    assert "event-10" in said and "Q19" in said and "told 6" in said
    assert " more" not in said
    assert "and 4 more events; --all shows them" in screen(capsys, n=12)


def test_all_names_every_event_and_symbol_once(capsys) -> None:
    said = screen(capsys, whole=True)
    assert "more" not in said
    for name in [*(f"event-{k:02d}" for k in range(21)), *LACKING, "NVDA"]:
        assert said.count(name) == 1, name


def test_windows_say_where_they_come_from(capsys) -> None:
    """Written, the default, or added for news of which only the day is known."""
    origins = ["default", "day_only"]
    said = screen(
        capsys, windows=[[0, 0], [0, 1]], windows_from=origins, day_only=["a", "b"]
    )
    assert "[0, 0] (the default, the config names none)" in said
    assert "[0, 1] (added: of 2 events only the day is known" in said
    assert "leading window   [0, 0]" in said


def test_pairs_that_tests_do_not_count_are_explained(capsys) -> None:
    every = {"pairs": 42, "measured": 42}
    assert "pairs            42 of event and symbol\n" in screen(capsys, **every)
    said = screen(capsys, pairs=63, measured=42, unsigned=5, repeated=2)
    assert (
        "63 of event and symbol, of which the run can measure 42; joint tests and "
        "contrasts pass over 5 of expected sign 0, means count them; every test passes "
        "over 2 repeating a symbol in its session"
    ) in said


def test_without_any_prices_nothing_is_said_to_be_left_out(capsys) -> None:
    """The run will fetch them: what it will then lack is not known."""
    said = screen(capsys, prices_until=None, measured=0)
    assert "can measure" not in said
    assert "event-00  2026-03-01  3\n" in said


def test_other_reasons_name_their_events(capsys) -> None:
    crowded = {"event_id": "event-03", "symbol": "META", "reason": "overlap"}
    twice = [crowded, crowded | {"symbol": "NVDA"}]
    told = "left out         2 (it shares sessions with another event): 1: event-03\n"
    assert told in screen(capsys, dropped=twice)


def test_many_warnings_are_cut(capsys) -> None:
    said = screen(capsys, warnings=[f"told {k}" for k in range(8)])
    assert "told 3" in said and "told 4" not in said
    assert "4 more; --all shows them" in said


def test_what_strategies_plan_is_counted_where_they_were_asked(capsys) -> None:
    planned = {"EventDrift": {"plans": 1, "events": 21}}
    both = {"strategies": ["EventDrift", "Mine"], "planned": planned}
    assert "2: EventDrift (1 plan on 21 events), Mine" in screen(capsys, **both)
    planned["EventDrift"] = {"plans": 0, "events": 1}
    assert "EventDrift (0 plans on 1 event), Mine" in screen(capsys, **both)
