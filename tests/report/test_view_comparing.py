"""What the local page says has changed between two runs."""

from __future__ import annotations

import json
from pathlib import Path

from aftershock.pages.named_tests import full_name
from aftershock.view.comparing import Difference, differences
from aftershock.view.naming import both_said
from aftershock.view.pages import compare_page
from aftershock.view.runs import Run, find_runs
from tests.report.test_view import write_small


def subjects(one: Run, two: Run) -> dict[str, Difference]:
    """What differs between two runs, by its title."""
    groups = differences(one, two)
    assert [group.title for group in groups] == ["Config", "Events", "Data", "Numbers"]
    return {found.title: found for group in groups for found in group.subjects}


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
    config = subjects(runs["one"], runs["two"])["Config"]
    assert config.rows == [("strategies.Mine.threshold", "0.02", "0.01")]
    assert config.count == "1 of 3 values differ"  # its name and hold are the same


def test_what_changed_is_told_and_nothing_else(tmp_path: Path) -> None:
    """By hand: hold 5 to 10, p of one test 0.0301 to 0.5; -1200.5 is -1200.50."""
    write_small(tmp_path / "one-1")
    write_small(tmp_path / "two 2&a", hold="10", pvalue="0.5", pnl="-1200.50")
    runs = {run.name: run for run in find_runs(tmp_path)}
    found = subjects(runs["one-1"], runs["two 2&a"])
    assert found["Config"].rows == [("strategies.1.hold", "5", "10")]
    assert found["Config"].same == 2
    assert found["Tests"].rows == [
        ("all", "[−1, +1]", "Mean, standardised", "p", "0.030", "0.500")
    ]
    assert found["Tests"].same == 5
    for title in ("Events", "Data", "Headline", "Strategies", "Moves", "Claims"):
        assert found[title].rows == []
    assert found["Strategies"].same == 2


def test_numbers_that_look_alike_get_more_digits(tmp_path: Path) -> None:
    write_small(tmp_path / "a")
    write_small(tmp_path / "b", pvalue="0.03012", pnl="300", last="2026-08-03")
    one, two = sorted(find_runs(tmp_path), key=lambda run: run.name)
    found = subjects(one, two)
    assert found["Tests"].rows[0][-2:] == ("0.0301", "0.03012")
    assert found["Strategies"].rows == [("Mine", "result", "−1,200.50", "300")]
    assert found["Data"].rows == [("prices, last session", "2026-07-31", "2026-08-03")]


def test_a_market_is_a_setting_and_no_datum(tmp_path: Path) -> None:
    """The config has it as study.market; prices say it once more: one row, not two."""
    for name in ("SPY", "QQQ"):
        write_small(tmp_path / name)
        (tmp_path / name / "config.yaml").write_text(f"study: {{market: {name}}}\n")
        path = tmp_path / name / "run.json"
        whole = json.loads(path.read_text())
        whole["prices"]["market"] = name
        path.write_text(json.dumps(whole))
    runs = {run.name: run for run in find_runs(tmp_path)}
    found = subjects(runs["SPY"], runs["QQQ"])
    assert found["Config"].rows == [("study.market", "SPY", "QQQ")]
    assert found["Data"].rows == []


def test_an_event_of_two_sessions_has_a_row_for_each(tmp_path: Path) -> None:
    """It may have come on either day: both moves differ, both are told."""
    head = "event_id,symbol,event_session,start,end,car,pvalue\n"
    for name, moves in (("a", (0.01, 0.02)), ("b", (0.03, 0.04))):
        write_small(tmp_path / name)
        rows = [f"e,META,2026-07-0{i + 1},0,0,{car},\n" for i, car in enumerate(moves)]
        (tmp_path / name / "tables" / "cars.csv").write_text(head + "".join(rows))
    one, two = sorted(find_runs(tmp_path), key=lambda run: run.name)
    moved = subjects(one, two)["Moves"]
    assert moved.heads == ("event", "symbol", "session", "window", "what")
    assert [row[:5] for row in moved.rows] == [
        ("e", "META", "2026-07-01", "[0, 0]", "abnormal return"),
        ("e", "META", "2026-07-02", "[0, 0]", "abnormal return"),
    ]


def write_moves(folder: Path, event: str, symbols: str) -> None:
    """A run of one event, with a move of each symbol, and one pair that is left out."""
    write_small(folder)
    path = folder / "run.json"
    told = {"events": [{"id": event, "headline": f"Of {event}"}]}
    path.write_text(json.dumps(json.loads(path.read_text()) | told))
    head = "event_id,symbol,event_session,start,end,car,pvalue\n"
    moves = [f"{event},{s},2026-07-01,0,0,0.0{ord(s) % 9},0.5\n" for s in symbols]
    (folder / "tables" / "cars.csv").write_text(head + "".join(moves))
    (folder / "tables" / "dropped.csv").write_text(
        f"event_id,symbol,reason,detail\n{event},Z,no_prices,\n"
    )


def test_of_unlike_runs_the_count_is_told_and_nothing_is_held_against_nothing(
    tmp_path: Path,
) -> None:
    """Two events of one move and of three: four numbers with nothing opposite."""
    write_moves(tmp_path / "a", "early", "A")
    write_moves(tmp_path / "b", "late", "ABC")
    one, two = sorted(find_runs(tmp_path), key=lambda run: run.name)
    found = subjects(one, two)
    moves = found["Moves"]
    assert moves.rows == []
    assert moves.count == (
        "none in both; 1 only in the first; 3 only in the second, see tables/cars.csv"
    )
    assert found["Events"].rows == [
        ("early", "Of early", "–"),
        ("late", "–", "Of late"),
    ]
    assert (
        found["Events"].count
        == "none in both; 1 only in the first; 1 only in the second"
    )
    assert found["Left out"].rows[0] == ("early", "Z", "reason", "no prices", "–")
    assert found["Claims"].count == "neither has any"
    assert found["Tests"].count == "all 6 values are the same"


def test_long_lists_are_folded_and_short_ones_are_not(tmp_path: Path) -> None:
    """Thirteen moves of one event, all other than in the second run; one setting."""
    many = "ABCDEFGHIJKLM"
    write_moves(tmp_path / "a", "e", many)
    write_moves(tmp_path / "b", "e", many)
    cars = tmp_path / "b" / "tables" / "cars.csv"
    cars.write_text(cars.read_text().replace(",0.5\n", ",0.25\n"))
    (tmp_path / "b" / "config.yaml").write_text("title: other\n")
    one, two = sorted(find_runs(tmp_path), key=lambda run: run.name)
    page = compare_page(one, two)
    assert "<details>\n<summary>Moves: 13 of 26 values differ</summary>" in page
    assert "<details open>\n<summary>3 of 3 values differ</summary>" in page


def test_a_strategy_that_one_run_plays_is_one_setting(tmp_path: Path) -> None:
    """It stands second in one config; nothing is held against the other's second."""
    for name, asked in (
        ("a", "{name: Mine}, {name: Own, hold: 2}"),
        ("b", "{name: Mine}"),
    ):
        write_small(tmp_path / name)
        (tmp_path / name / "config.yaml").write_text(f"strategies: [{asked}]\n")
    one, two = sorted(find_runs(tmp_path), key=lambda run: run.name)
    assert subjects(one, two)["Config"].rows == [
        ("strategies.Own", "name Own, hold 2", "–")
    ]


def write_placebo(folder: Path, statistic: float, **more: float | str) -> None:
    """A run led by its placebo sessions, whose estimate is their statistic."""
    write_small(folder)
    head = {"verdict": "moved", "test": "placebo", "pvalue": 0.0099, "n_sessions": 5}
    head |= {"estimate": -1.4897, "statistic": statistic} | more
    told = json.loads((folder / "run.json").read_text()) | {"headline": head}
    (folder / "run.json").write_text(json.dumps(told))


def test_an_estimate_that_is_the_statistic_is_told_once(tmp_path: Path) -> None:
    """Of a t-test they are two numbers, and both are told."""
    write_placebo(tmp_path / "a", -1.4897)
    write_placebo(tmp_path / "b", -1.1077, estimate=-1.1077)
    write_placebo(tmp_path / "c", 2.1, estimate=0.01, test="cross_sectional")
    a, b, c = sorted(find_runs(tmp_path), key=lambda run: run.name)
    once = subjects(a, b)["Headline"]
    assert once.rows == [("estimate", "−1.4897", "−1.1077")]
    assert [row[0] for row in subjects(a, c)["Headline"].rows] == [
        "test", "estimate", "statistic",
    ]  # fmt: skip


def test_too_few_sessions_are_exploratory_everywhere(tmp_path: Path) -> None:
    """Five sessions are below six; of one session alone the word decides nothing."""
    few = "exploratory: fewer than 6 clusters of sessions"
    write_placebo(tmp_path / "a", -1.4897, warning=few)
    write_placebo(tmp_path / "b", -1.4897, warning=few, n_sessions=1)
    write_placebo(tmp_path / "c", -1.4897, pvalue=0.00004)
    a, b, c = sorted(find_runs(tmp_path), key=lambda run: run.name)
    assert a.verdict == "exploratory, p = 0.010"
    assert b.verdict == "moved, p = 0.010"
    assert c.verdict == "moved, p <\u20090.001"
    page = compare_page(a, b)
    assert "exploratory, p = 0.010" in page
    assert ("verdict", "exploratory", "moved") in subjects(a, b)["Headline"].rows


def test_names_and_numbers_are_those_of_the_report() -> None:
    """A seed is no 2.026e+07, and two p below 0.001 are told apart, shortly."""
    assert full_name("contrast_ewma") == (
        "Winners minus losers, t … scaled by volatility, ranked"
    )
    assert full_name("bmp") == "Mean, standardised"
    assert both_said("seed", 20260701, 0) == ("20260701", "0")
    assert both_said("cash", 1_000_000.0, 200_000.0) == ("1,000,000", "200,000")
    assert both_said("pvalue", 6.19779032e-14, 1.46430435e-7) == (
        "6.198e−14", "1.464e−07"
    )  # fmt: skip
    assert both_said("test", "joint", "clustered") == (
        "All symbols together, F", "Mean, clustered by session"
    )  # fmt: skip
