"""Screens of commands in the cases that a usual run does not have."""

from __future__ import annotations

import json
from importlib import import_module
from types import SimpleNamespace

import pandas as pd
import pytest

from aftershock.cli import (
    calibrating,
    event_drafts,
    ledger,
    prices,
    schemas,
    verifying,
)
from aftershock.errors import AftershockError
from aftershock.sources.base import Fetched

# as a module: the package has a command of this name
scan = import_module("aftershock.cli.scan")
DAY = pd.Timestamp("2026-07-01")


def test_refused_prices_are_told_with_the_id_that_accepts_them(capsys) -> None:
    """What is minor keeps nobody from using a symbol: it needs no id."""
    defects = [
        SimpleNamespace(severity=how, detail=f"AAA {how}", id=f"AAA:file:{how}")
        for how in ("minor", "severe")
    ]
    fetched = SimpleNamespace(missing={"AAA": "price_defect"}, defects=defects)
    prices._print_refused(fetched)
    assert capsys.readouterr().out.splitlines() == [
        "AAA: price_defect",
        "  AAA severe; accept it as AAA:file:severe",
    ]


def test_warnings_of_a_fetch_are_printed(capsys, monkeypatch, tmp_path) -> None:
    from aftershock import store

    bars = pd.DataFrame({"close": [1.0]}, index=[DAY])
    got = Fetched({"AAA": bars}, {}, warnings=("AAA has one session",))
    monkeypatch.setattr(store, "obtain", lambda *_: got)
    prices.fetch(["AAA"], store=tmp_path)
    assert "Warning: AAA has one session" in capsys.readouterr().out


def found_by_a_scan(*symbols, dropped=(), simulated="", chosen="news"):
    """Return a scan in which nobody is named, at a floor of 1 in 200."""
    rows = [WORDS | NUMBERS | {"symbol": s} for s in symbols]
    table = pd.DataFrame(rows, columns=[*WORDS, *NUMBERS])
    lost = pd.DataFrame(dropped, columns=["symbol", "reason"])
    least = 3 if symbols else 0
    study = SimpleNamespace(market="SPY")
    return SimpleNamespace(
        simulated=simulated,
        scan=SimpleNamespace(table=table, dropped=lost, least=least),
        event=SimpleNamespace(id="e", headline="News", selected_by=chosen),
        inputs=SimpleNamespace(
            config=SimpleNamespace(study=study),
        ),
    )


NUMBERS = {
    "expected": 0, "start": 0, "end": 0, "car": 0.01, "sar": 0.5, "sar_ewma": 0.4,
    "pvalue_larger": 0.5, "pvalue_floor": 0.01, "pvalue_bh": 0.5, "pvalue_by": 0.9,
    "pvalue_family": 0.7,
}  # fmt: skip
WORDS = {
    "symbol": "", "role": "", "session": DAY, "named": False, "moved": False,
    "finding": "", "other_news": "",
}  # fmt: skip


def test_a_scan_without_symbols_has_no_table_and_no_floor(capsys) -> None:
    lost = [("AAA", "no_prices"), ("CCC", "too_short"), ("BBB", "no_prices")]
    scan._show(found_by_a_scan(dropped=lost))
    shown = capsys.readouterr().out
    assert "no prices: AAA, BBB; too short: CCC" in shown
    assert "abnormal against" not in shown
    assert "floor" not in shown


def test_a_scan_says_where_its_p_ends_and_what_its_prices_are(capsys) -> None:
    scan._show(found_by_a_scan("AAA", "BBB", simulated="Sample data", chosen="move"))
    shown = capsys.readouterr().out
    assert "window [0, 0], abnormal against SPY, 2 symbols:" in shown
    assert "none is missing" in shown
    assert "among 2 symbols fewer than 3" in " ".join(shown.split())
    assert "because prices moved" in shown
    assert shown.endswith("Sample data\n")


def test_a_narrow_scan_leaves_the_roles_out(capsys, monkeypatch) -> None:
    heads = {}
    for width in (60, 200):
        monkeypatch.setattr("aftershock.cli.listing.screen_width", lambda w=width: w)
        scan._show(found_by_a_scan("AAA"))
        lines = capsys.readouterr().out.splitlines()
        heads[width] = next(line for line in lines if line.startswith("symbol"))
    assert "role" in heads[200]
    assert "role" not in heads[60]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"status": "no_prices"}, "no prices"),
        ({"status": "pending", "known_on": DAY}, "known 2026-07-01"),
        (
            {"status": "known", "car": 0.02, "from_open": -0.01},
            "+2.0\u2009% (\u22121.0\u2009%)",
        ),
    ],
)
def test_what_became_of_a_recorded_sign(row, said) -> None:
    assert ledger._reaction(row) == said


def test_rates_of_nothing_are_no_table_but_say_what_is_awaited(capsys) -> None:
    reactions = [{"status": "pending"}, {"status": "known"}]
    found = {
        "recorded": [], "catalogue": [], "reactions": reactions,
        "prices_until": "2026-06-30", "simulated": "Sample data",
    }  # fmt: skip
    ledger._say_rates(found)
    shown = capsys.readouterr().out
    assert "until 2026-06-30; 1 reactions awaited" in shown
    assert "95 % interval" not in shown
    assert shown.endswith("Sample data\n")
    ledger._say_rates(found | {"simulated": ""})
    assert "Sample data" not in capsys.readouterr().out


def test_figures_without_data_are_counted_by_reason(capsys) -> None:
    verifying._print_absent(
        [SimpleNamespace(why="no bar", symbol=s) for s in ("AAA", "AAA", "BBB")]
    )
    assert capsys.readouterr().out == "no data, no bar: 3 of AAA, BBB\n\n"
    verifying._print_absent([])
    verifying._print_rows("differ", [])
    assert capsys.readouterr().out == ""


def test_only_designs_that_are_there_are_calibrated() -> None:
    calibrating._check_designs(["mine"], extra=["mine"])
    with pytest.raises(AftershockError, match="mine"):
        calibrating._check_designs(["mine"])


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("09:00:00", "09:00:00", "Wed 2026-07-01 09:00 New York, session"),
        ("00:00:00", "23:59:59", "Wed 2026-07-01, session"),
        (
            "04:00:00",
            "09:29:59",
            "Wed 2026-07-01 04:00 to 2026-07-01 09:29 New York, session",
        ),
    ],
)
def test_when_a_draft_says_it_was(start, end, said) -> None:
    first, last = (
        pd.Timestamp(f"2026-07-01T{clock}", tz="America/New_York")
        for clock in (start, end)
    )
    event = SimpleNamespace(earliest=first, latest=last, precision="session")
    assert event_drafts._when(event) == said


def test_drafts_that_were_merged_are_named(capsys) -> None:
    twin = SimpleNamespace(id="old-event", reason="same day")
    drafts = SimpleNamespace(candidates=[], merged=[("new", twin)], warnings=[])
    importer = SimpleNamespace(source="a.html", name="article")
    event_drafts._print_drafts(drafts, importer, [])
    assert capsys.readouterr().out.splitlines() == [
        "0 drafts from a.html, read as article",
        "Merged: new into old-event (same day)",
        "",
        "Nothing is written.",
    ]


def test_words_of_a_schema_have_meanings_where_there_are_any() -> None:
    assert schemas._words(["a", "b"]) == {"enum": ["a", "b"]}
    assert schemas._words({"a": "first"}) == {
        "oneOf": [{"const": "a", "description": "first"}]
    }


def test_hindsight_on_a_screen_explains_its_columns(capsys, monkeypatch) -> None:
    from aftershock.cli import looking_back

    share = SimpleNamespace(
        part="all_events", pairs=3, sessions=2, large=0.5, base=0.04, signed=2,
        hits=1.0, chance=None, pvalue=0.25,
    )  # fmt: skip
    found = SimpleNamespace(shares=[share], as_dict=lambda: {"pairs": 3})
    monkeypatch.setattr(looking_back, "_explained", lambda found: ["what", "is not"])
    monkeypatch.setattr("aftershock.events.load_events", lambda *_: [1, 2])
    monkeypatch.setattr("aftershock.hindsight.hindsight", lambda *_, **__: found)
    held = SimpleNamespace(simulated=None)
    monkeypatch.setattr("aftershock.cli.prices.held_prices", lambda path: held)
    monkeypatch.setattr("aftershock.sources.base.panel_from", lambda held: None)
    looking_back.hindsight(["mine.yaml"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 events of mine.yaml"
    row = next(line for line in lines if line.startswith("all events"))
    assert " ".join(row.split()) == "all events 3 2 50 % 4 % 2 100 % – 0.2500"
    assert lines[-2:] == ["what", "is not"]
    looking_back.hindsight(["mine.yaml"], json_=True)
    told = json.loads(capsys.readouterr().out)
    assert told == {"files": ["mine.yaml"], "pairs": 3}
