"""What the local page says has changed between two runs."""

from __future__ import annotations

import json
from pathlib import Path

from aftershock.view.comparing import differences
from aftershock.view.runs import find_runs
from tests.report.test_view import write_small


def test_a_parameter_at_its_default_is_compared_by_its_value(tmp_path: Path) -> None:
    """One config writes hold 5, which is the default that the other run had: nothing
    changed there; its threshold was 0.02 against a default of 0.01."""
    told = {"one": "{name: Mine, hold: 5, threshold: 0.02}", "two": "{name: Mine}"}
    for name, asked in told.items():
        write_small(tmp_path / name)
        (tmp_path / name / "config.yaml").write_text(f"strategies: [{asked}]\n")
        path = tmp_path / name / "run.json"
        given = {"hold": 5, "threshold": 0.02 if name == "one" else 0.01}
        entry = {"label": "Mine", "name": "Mine", "parameters": given}
        path.write_text(
            json.dumps(json.loads(path.read_text()) | {"strategies": [entry]})
        )
    runs = {run.name: run for run in find_runs(tmp_path)}
    (config, *_) = differences(runs["one"], runs["two"])
    assert config.rows == [("strategies.1.threshold", "0.02", "0.01")]


def test_what_changed_is_told_and_nothing_else(tmp_path: Path) -> None:
    """By hand: hold 5 to 10, p of one test 0.0301 to 0.5; -1200.5 is -1200.50."""
    write_small(tmp_path / "one-1")
    write_small(tmp_path / "two 2&a", hold="10", pvalue="0.5", pnl="-1200.50")
    runs = {run.name: run for run in find_runs(tmp_path)}
    found = {d.title: d for d in differences(runs["one-1"], runs["two 2&a"])}
    assert found["Config"].rows == [("strategies.1.hold", "5", "10")]
    assert found["Config"].same == 2
    assert found["Tests"].rows == [
        ("all", "[−1, +1]", "bmp", "pvalue", "0.030", "0.500")
    ]
    assert found["Tests"].same == 5
    for title in ("Data", "Headline", "Strategies", "Moves", "Claims"):
        assert found[title].rows == []
    assert found["Strategies"].same == 2


def test_numbers_that_look_alike_get_more_digits(tmp_path: Path) -> None:
    write_small(tmp_path / "a")
    write_small(tmp_path / "b", pvalue="0.03012", pnl="300", last="2026-08-03")
    one, two = sorted(find_runs(tmp_path), key=lambda run: run.name)
    found = {d.title: d for d in differences(one, two)}
    assert found["Tests"].rows[0][-2:] == ("0.0301", "0.03012")
    assert found["Strategies"].rows == [("Mine", "pnl", "−1,200.50", "300")]
    assert found["Data"].rows == [("prices: last_session", "2026-07-31", "2026-08-03")]


def test_an_event_of_two_sessions_has_a_row_for_each(tmp_path: Path) -> None:
    """It may have come on either day: both moves differ, both are told."""
    head = "event_id,symbol,event_session,start,end,car,pvalue\n"
    for name, moves in (("a", (0.01, 0.02)), ("b", (0.03, 0.04))):
        write_small(tmp_path / name)
        rows = [f"e,META,2026-07-0{i + 1},0,0,{car},\n" for i, car in enumerate(moves)]
        (tmp_path / name / "tables" / "cars.csv").write_text(head + "".join(rows))
    one, two = sorted(find_runs(tmp_path), key=lambda run: run.name)
    (moved,) = [d for d in differences(one, two) if d.title == "Moves"]
    assert moved.heads == ("event_id", "symbol", "session", "window", "what")
    assert [row[:5] for row in moved.rows] == [
        ("e", "META", "2026-07-01", "[0, 0]", "car"),
        ("e", "META", "2026-07-02", "[0, 0]", "car"),
    ]
