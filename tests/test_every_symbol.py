"""The map of abnormal returns: what is averaged, what is unusual, what it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from aftershock.pages import every_symbol
from aftershock.pages.every_symbol import EverySymbol
from aftershock.pages.sheet import Sheet
from aftershock.pages.usual_range import Heat, heat_of, standfirst, title_of
from aftershock.plots import role_colours
from aftershock.plots.heat import cell_words, heat_limit, plot_heat_bar
from aftershock.results import COLUMNS, RunResult, empty
from tests.report.reading import run_with

JULY, AUGUST = pd.Timestamp("2026-07-01"), pd.Timestamp("2026-08-03")


def cells(*rows: tuple[str, str, pd.Timestamp, int, float, float]) -> pd.DataFrame:
    names = ["event_id", "symbol", "event_session", "offset", "ar", "sigma"]
    return pd.DataFrame(list(rows), columns=names).assign(role="peer")


def test_one_event_counts_what_leaves_its_usual_range() -> None:
    """1.96 x 0.02 = 0.0392: AA leaves it twice, once with the news; BB never.

    One of three values of other sessions lies outside: of two symbols 0.7.
    """
    heat = heat_of(
        cells(
            ("one", "AA", JULY, -1, 0.05, 0.02),
            ("one", "AA", JULY, 0, -0.04, 0.02),
            ("one", "BB", JULY, -1, 0.01, 0.02),
            ("one", "BB", JULY, 0, 0.0391, 0.02),
            ("one", "BB", JULY, 1, 0.0, 0.02),
            ("two", "AA", AUGUST, 0, 0.9, 0.02),
        ),
        "one",
    )
    assert heat.rows["symbol"].tolist() == ["AA", "BB"]
    assert heat.rows["usual"].tolist() == pytest.approx([0.0392, 0.0392])
    assert title_of(heat) == (
        "1 of 2 symbols left the usual range with the news, 0.7 on other sessions"
    )


def test_a_mean_counts_a_session_once_and_narrows_with_its_sessions() -> None:
    """1 July (named by two events) and 3 August: (0.06 - 0.02) / 2 = 0.02.

    Usual range of the mean of two: 1.96 sqrt(0.03^2 + 0.04^2) / 2 = 1.96 x 0.025.
    """
    heat = heat_of(
        cells(
            ("one", "AA", JULY, 0, 0.06, 0.03),
            ("two", "AA", JULY, 0, 0.06, 0.03),
            ("three", "AA", AUGUST, 0, -0.02, 0.04),
        ),
        "",
    )
    assert heat.values.tolist() == [pytest.approx([0.02])]
    assert heat.rows["n"].tolist() == [2]
    assert heat.rows["usual"].tolist() == pytest.approx([0.049])
    assert title_of(heat) == (
        "None of 1 mean by symbol left the usual range with the news"
    )


@pytest.mark.parametrize(
    ("beyond", "said"), [(0, "none on other sessions"), (1, "0.03 on other sessions")]
)
def test_a_count_of_almost_none_is_not_none(beyond: int, said: str) -> None:
    """One of the 30 values of other sessions is 1 / 30 of one symbol a session."""
    others = [0.05 if k < beyond else 0.0 for k in range(30)]
    rows = [("one", "AA", JULY, k + 1, ar, 0.02) for k, ar in enumerate(others)]
    heat = heat_of(cells(("one", "AA", JULY, 0, 0.01, 0.02), *rows), "one")
    assert title_of(heat).endswith(said)


def test_without_a_sigma_nothing_is_called_unusual() -> None:
    heat = heat_of(cells(("one", "AA", JULY, 0, 0.9, np.nan)), "one")
    assert not heat.unusual.any()
    assert title_of(heat) == "No usual range is known for the session of the news"


def test_an_empty_table_has_no_page() -> None:
    result = RunResult({n: empty(n) for n in COLUMNS}, {"focus": "one"}, {})
    assert not EverySymbol().applies(result)


def test_the_shades_end_at_a_round_percentage() -> None:
    """Of 1 .. 100 per mille the 98th percentile lies just above 9.8 %: 10 %."""
    assert heat_limit(np.arange(1, 101) / 1000) == 0.1
    assert heat_limit(np.array([np.nan])) == 0.01


def test_a_role_that_goes_on_says_so_on_the_next_sheet() -> None:
    """Three peers on two sheets: the second names the role of the row before it."""
    names = ("AA", "BB", "CC")
    heat = heat_of(cells(*(("one", s, JULY, 0, 0.01, 0.02) for s in names)), "one")
    assert heat.part(0, 2).follows == ""
    assert heat.part(2, 3).follows == "peer"
    for first, said in ((0, "Peers"), (2, "Peers, continued")):
        assert said in names_set(heat.part(first, 3))


def names_set(heat: Heat) -> list[str]:
    """Return what is written beside the cells of a sheet."""
    sheet, tops = Sheet({}, "a4"), [1.0 + i for i in range(len(heat.rows))]
    every_symbol._names(sheet, heat, role_colours(["peer"]), tops, 0.2)
    return [text.get_text() for text in sheet.figure.texts]


@pytest.mark.parametrize(
    ("drawn", "studied", "kept"),
    [
        ("market_no_alpha", "market", True),
        ("market_no_alpha", "market_no_alpha", False),
        ("fama_french_3", "fama_french_3", False),
    ],
)
def test_figures_that_differ_from_page_1_say_why(drawn, studied, kept) -> None:
    paths = pd.DataFrame({"model": [drawn, None]})
    result = run_with({"study": {"model": studied}}, paths=paths)
    assert every_symbol._alpha_kept(result) == kept
    heat = heat_of(cells(("one", "AA", JULY, 0, 0.01, 0.02)), "one")
    for apart in (True, False):
        said = " ".join(standfirst(heat, 1, alpha_kept=apart))
        assert ("A fitted alpha is kept here" in said) == apart


def test_few_rows_are_tall_and_the_scale_stands_right_below_them() -> None:
    """Two rows of one role end 1.6 + 1.0 + 0.5 units of 0.36 inches below the start.

    Below them is room for the names of sessions, 0.63 inches less the bar's own 0.16.
    """
    heat = heat_of(cells(*(("one", s, JULY, 0, 0.01, 0.02) for s in ("AA", "BB"))), "")
    paths = pd.DataFrame({"group": ["peer"], "model": ["mean"]})
    tables = {"paths": paths, "pairs": pd.DataFrame({"role": ["peer"]})}
    result = RunResult(tables, {"study": {"model": "mean"}}, {})
    (figure,) = every_symbol._sheets(result, heat, "a4")
    inches = float(figure.get_size_inches()[1])
    shades, scale = (axes.get_position() for axes in figure.axes)
    assert shades.height * inches == pytest.approx(0.36 * 3.1)
    assert (shades.y0 - scale.y1) * inches == pytest.approx(0.63 - 0.16)


def test_the_shades_of_the_scale_overlap_by_a_pixel() -> None:
    """A pixel at 80 an inch is 72 / 80 = 0.9 points: less leaves white hairlines."""
    drawn = plot_heat_bar(Figure().add_subplot(), limit=0.1).collections[0]
    assert drawn.get_linewidth() >= 0.9


@pytest.mark.parametrize(
    ("value", "said"),
    [(-0.0926, "\u22129.3"), (0.109, "11"), (0.0996, "10"), (-0.168, "\u221217"),
     (-0.0004, "0.0"), (np.nan, "–")],
)  # fmt: skip
def test_one_large_value_takes_no_decimal_off_the_others(value: float, said) -> None:
    """Two digits tell a value: 10.9 would not fit where 9.3 does."""
    assert cell_words(value, 1) == said
    wide = every_symbol.text_width("\u22129.3", every_symbol.SMALL, "semibold") + 0.05
    assert every_symbol._digits(np.array([value, -0.0926]), wide) == 1
