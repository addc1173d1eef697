"""What stands on a sheet and how much room it has: nothing cut, crowded or lost."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
import pytest

from aftershock.pages import sample_and_data, sample_sections
from aftershock.pages.events_in_brief import set_events
from aftershock.pages.every_symbol import EverySymbol
from aftershock.pages.lettering import text_width, wrap
from aftershock.pages.listing import Column, set_rows
from aftershock.pages.sheet import PAPERS, Sheet, evenly
from aftershock.pages.telling import told
from aftershock.pages.trades import Trades
from aftershock.pages.what_happened import WhatHappened
from aftershock.plots import LEAD, SMALL, style
from aftershock.results import RunResult
from tests.report.reading import PERCENT, run_with
from tests.report_fixture import write_run

CLEAR = 0.2
"""Inches between a figure and the word after it, below which they read as one."""


@pytest.fixture(autouse=True)
def lettering():
    """Measure in the letters that the report is set in."""
    with mpl.rc_context(style()):
        yield


def spans(figure, text):
    """Return left and right end of each line of a text, in inches."""
    across = figure.get_size_inches()[0]
    for line in figure.texts:
        if line.get_text() == text:
            x, wide = line.get_position()[0] * across, text_width(text, SMALL)
            yield (x - wide, x) if line.get_ha() == "right" else (x, x + wide)


def trade(i: int = 0, **changes):
    """Return a row of the table of trades with the widest values that are usual."""
    return {
        "strategy": "BeneficiaryVsRival", "event_id": f"event-{i:02d}",
        "symbol": "BRK-B", "side": "short", "entry_session": "2026-07-08",
        "entry_price": 12345.67, "exit_session": "2026-07-29",
        "exit_price": 12345.68, "exit_reason": "trailing_stop", "fees": 10000.0,
        "slippage": 2345.0, "borrow": 0.0, "pnl": -1234567.0, "ret": -1.0,
        "entry_auction": "close", "exit_auction": "close",
    } | changes  # fmt: skip


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_the_widest_trade_is_shown_whole_with_room_between(paper: str) -> None:
    """On the narrower paper, too: 12,345.67 ends clear of the session after it."""
    result = run_with({}, trades=pd.DataFrame([trade(), trade(1, side="long")]))
    (figure,) = Trades().draw(result, paper)
    assert not [t for t in figure.texts if t.get_text().endswith("…")]
    (price,) = {right for _, right in spans(figure, "12,345.67")}
    (session,) = {left for left, _ in spans(figure, "2026-07-29 close")}
    (second,) = {right for _, right in spans(figure, "12,345.68")}
    (reason,) = {left for left, _ in spans(figure, "trailing stop")}
    assert session - price >= CLEAR
    assert reason - second >= CLEAR
    for refused in ("after_last_price", "not_shortable"):
        result = run_with({}, trades=pd.DataFrame([trade(exit_reason=refused)]))
        (figure,) = Trades().draw(result, paper)
        assert not [t for t in figure.texts if t.get_text().endswith("…")]


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_trades_of_a_run_of_before_have_no_auctions(paper: str) -> None:
    older = pd.DataFrame([trade()]).drop(columns=["entry_auction", "exit_auction"])
    (figure,) = Trades().draw(run_with({}, trades=older), paper)
    (row,) = told(figure).listings[0].rows
    assert (row[4], row[6]) == ("2026-07-08", "2026-07-29")


def test_forty_trades_are_all_there_and_their_story_is_told_once() -> None:
    result = run_with({}, trades=pd.DataFrame([trade(i) for i in range(40)]))
    figures = Trades().draw(result, "a4")
    assert len(figures) == 2
    events = [row[1] for f in figures for row in told(f).listings[0].rows]
    assert events == [f"event-{i:02d}" for i in range(40)]
    assert [bool(told(f).standfirst) for f in figures] == [True, False]


PAIR = ["event", "BRK-B", "Customers", "+1", "2026-07-01", "flagged", "1,250", "−1.23",
        "12.3 %", "0.45", "overlap"]  # fmt: skip
PRICES = ["BRK-B", "sample", "12,345", "2024-08-01", "2026-07-31", "17592a595df0",
          "2026-11-27 14:05", "note"]  # fmt: skip


@pytest.mark.parametrize("paper", sorted(PAPERS))
@pytest.mark.parametrize(
    ("columns", "row"),
    [(sample_sections.PAIRS, PAIR), (sample_sections.SOURCES, PRICES)],
)
def test_no_figure_of_the_sample_is_cut(columns, row, paper: str) -> None:
    sheet = Sheet({}, paper)
    set_rows(sheet, columns, [row], 1.0, 3.0)
    assert not [t for t in sheet.figure.texts if t.get_text().endswith("…")]


def test_figures_side_by_side_stay_as_near_as_they_were() -> None:
    """Room is kept where a word follows; the two figures share 1 of 3 parts each."""
    sheet = Sheet({})
    columns = [Column("a", 1, right=True), Column("b", 1, right=True), Column("c", 1)]
    set_rows(sheet, columns, [["1", "2", "word"]], 1.0, 3.0, 3.0, left=1.0)
    ends = [next(iter(spans(sheet.figure, t))) for t in ("1", "2", "word")]
    assert ends[0][1] == pytest.approx(2 - 0.12)
    assert ends[1][1] == pytest.approx(3 - 0.26)
    assert ends[2][0] == pytest.approx(3.0)


@pytest.mark.parametrize("told_of", ["p = 0.113", f"−2.1{PERCENT}"])
def test_what_belongs_together_stays_on_one_line(told_of: str) -> None:
    """At every width that holds it a value is not parted from its name or unit."""
    text = f"moved on average ({told_of})"
    least = text_width(f"({told_of})", LEAD)
    for step in range(20):
        lines = wrap(text, least * 1.05 + 0.05 * step, LEAD)
        assert any(told_of in line for line in lines)
        assert " ".join(lines) == text


def many_events():
    """Return a run of three events; the first in size is the second in time."""
    days = pd.to_datetime(["2026-01-05", "2026-02-02", "2026-03-02"])
    cars = pd.DataFrame({
        "event_id": ["a", "b", "c"], "symbol": "AA", "event_session": days,
        "start": 0, "end": 0, "car": [0.01, -0.05, 0.02],
        "ci_low": [0.0, -0.06, None], "ci_high": [0.02, -0.04, None],
    })  # fmt: skip
    pairs = pd.DataFrame({"event_id": ["a", "b", "c"], "symbol": "AA", "session": days,
                          "role": "actor", "status": "ok"})  # fmt: skip
    test = {"test": "clustered", "group": "all", "start": 0, "valid": True,
            "estimate": -0.0067, "ci_low": -0.04, "ci_high": 0.03, "n": 3,
            "n_sessions": 3}  # fmt: skip
    few = {"end": 5, "valid": False, "reason": "a few clusters hold most pairs"}
    tests = pd.DataFrame([test | {"end": 0, "reason": ""}, test | few])
    heads = [{"id": "b", "headline": "The second is the largest"}]
    manifest = {"study": {"headline_window": [0, 0]}, "events": heads}
    return run_with(manifest, cars=cars, pairs=pairs, tests=tests)


def test_room_on_page_1_goes_to_the_mean_and_the_largest_events() -> None:
    """By size: −5 %, +2 % (no interval), +1 %; where the test is not valid, why."""
    sheet = Sheet({})
    set_events(sheet, many_events(), 3.0, 7.0)
    windows, events = sheet.told.listings
    assert windows.rows == [
        ["[0, 0]", f"−0.7{PERCENT}", f"−4.0{PERCENT} to +3.0{PERCENT}", "3", "3"],
        ["[0, +5]", f"−0.7{PERCENT}", "none: a few clusters hold most pairs", "3", "3"],
    ]
    assert [row[1:4] for row in events.rows] == [
        ["The second is the largest", f"−5.0{PERCENT}",
         f"−6.0{PERCENT} to −4.0{PERCENT}"],
        ["c", f"+2.0{PERCENT}", "none"],
        ["a", f"+1.0{PERCENT}", f"0.0{PERCENT} to +2.0{PERCENT}"],
    ]  # fmt: skip


def test_without_room_nothing_is_squeezed_in_and_html_has_it_all_the_same() -> None:
    """Two runs side by side in HTML have the same tables, whatever their paper has."""
    sheet, roomy = Sheet({}), Sheet({})
    set_events(roomy, many_events(), 3.0, 7.0)
    set_events(sheet, many_events(), 6.8, 7.2)
    assert not [t for t in sheet.figure.texts if "event" in t.get_text()]
    assert len(roomy.told.listings) == 2
    assert sheet.told.listings == roomy.told.listings


@pytest.mark.parametrize("room", [0.8, 1.2])
def test_a_long_first_row_does_not_run_into_the_footer(room: float) -> None:
    """Seven lines of words need more than that: they wait for a new sheet."""
    manifest = {"study": {}}
    tables = {n: pd.DataFrame({"status": []}) for n in ("pairs", "dropped", "pending")}
    setter = sample_and_data.Setter(run_with(manifest, **tables), "a4")
    columns = [Column("what", 1, wraps=True)]
    section = sample_sections.Section
    setter.add(section("Before", columns, [["one line"]], "before"))
    setter.sheet.y = setter.sheet.bottom - room
    setter.add(section("After", columns, [["many words " * 120]], "after"))
    first, second = setter.finish()
    assert [table.name for table in told(first).listings] == ["Before"]
    assert [table.name for table in told(second).listings] == ["After"]


def test_a_width_measured_in_other_letters_is_not_kept() -> None:
    """Condensed letters are narrower than those of the default family."""
    with mpl.rc_context({"font.family": ["DejaVu Sans"]}):
        wide = text_width("Kept of another family", SMALL)
    assert text_width("Kept of another family", SMALL) < wide


@pytest.mark.parametrize(
    ("cells", "most", "sizes"),
    [
        (44, 21, [15, 15, 14]),
        (9, 6, [5, 4]),
        (6, 6, [6]),
        (7, 3, [3, 2, 2]),
        (0, 6, []),
    ],
)
def test_as_few_sheets_as_can_be_evenly_filled(cells, most, sizes) -> None:
    """Divided by hand: 44 rows of which 21 fit need three sheets of at most 15."""
    parts = evenly(range(cells), most)
    assert [len(part) for part in parts] == sizes
    assert [cell for part in parts for cell in part] == list(range(cells))


def many_symbols(count: int):
    """Return a run of one event with so many symbols, one of which moved by 20 %."""
    names = [f"S{i:02d}" for i in range(count)]
    keys = {"event_id": "a", "event_session": pd.Timestamp("2026-07-01")}
    paths = pd.DataFrame(
        {"symbol": name, "offset": offset, "ar": -0.2 if name == "S00" else 0.01,
         "model": "market_no_alpha", "group": ""}
        for name in names for offset in range(-10, 21)
    ).assign(**keys)  # fmt: skip
    pairs = pd.DataFrame({"symbol": names, "role": "peer", "sigma": 0.02}).assign(
        event_id="a", session=keys["event_session"]
    )
    manifest = {
        "focus": "a",
        "study": {"headline_window": [0, 0], "model": "market"},
        "events": [],
    }
    return run_with(manifest, paths=paths, pairs=pairs)


def test_no_sheet_of_symbols_holds_one_row_and_all_have_the_same_decimals() -> None:
    """25 rows, one more than a sheet takes, go on two; from 10 % on all is whole."""
    figures = EverySymbol().draw(many_symbols(25), "a4")
    shown = [
        [t.get_text() for t in figure.texts if t.get_text().startswith("S")]
        for figure in figures
    ]
    rows = [sum(len(text) == 3 for text in texts) for texts in shown]
    assert rows == [13, 12]
    cells = [
        {t.get_text() for axes in figure.axes[:1] for t in axes.texts} - {"news"}
        for figure in figures
    ]
    assert cells == [{"\u221220", "1.0"}, {"1.0"}]


@pytest.mark.parametrize("symbols", [4, 7])
def test_rows_give_way_to_the_means_of_all_windows(symbols: int, tmp_path) -> None:
    """At their usual distance seven rows would leave no room for four windows."""
    result = RunResult.load(write_run(tmp_path / "run", symbols=symbols, events=8))
    row = result.tables["tests"].iloc[:1].assign(test="clustered", estimate=0.01)
    windows = pd.concat([row] * 4, ignore_index=True).assign(end=[0, 1, 5, 10])
    result.tables["tests"] = pd.concat([result.tables["tests"], windows])
    figure, *_ = WhatHappened().draw(result, "a4")
    rows, means, *_ = told(figure).listings
    assert len(rows.rows) == symbols
    assert means.name == "The mean over all pairs of event and symbol, by window"
    assert len(means.rows) == 4
