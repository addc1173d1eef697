"""What is drawn is what was given."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from aftershock import plots
from aftershock.plots.trades import plot_equity, plot_stems


@pytest.fixture
def ax():
    with mpl.rc_context(rc=plots.style()):
        yield Figure().add_subplot()


def test_reactions_draw_estimate_interval_and_raw(ax):
    numbers = pd.DataFrame(
        {"y": [1.0], "estimate": [0.05], "low": [0.01], "high": [0.09], "raw": [0.04],
         "colour": ["#0072b2"], "strong": [True]}
    )  # fmt: skip
    plots.plot_reactions(numbers, ax)
    line, raw, dot = ax.collections
    assert line.get_segments()[0].tolist() == [[0.01, 1.0], [0.09, 1.0]]
    assert raw.get_offsets().tolist() == [[0.04, 1.0]]
    assert dot.get_offsets().tolist() == [[0.05, 1.0]]


def test_path_draws_mean_thick_and_symbols_thin(ax):
    numbers = pd.DataFrame(
        {"symbol": ["", "", "AA", "AA"], "offset": [0, 1, 0, 1],
         "car": [0.1, 0.2, 0.3, 0.4], "band_low": [-0.1, -0.2, np.nan, np.nan],
         "band_high": [0.1, 0.2, np.nan, np.nan]}
    )  # fmt: skip
    plots.plot_path(numbers, ax, colour="#0072b2")
    widths = {line.get_linewidth(): list(line.get_ydata()) for line in ax.lines[2:]}
    assert widths == {0.8: [0.3, 0.4], 2.2: [0.1, 0.2]}


def test_placebo_counts_every_draw_and_marks_the_event(ax):
    plots.plot_placebo([0.0, 1.0, 2.0, np.nan], 5.0, ax)
    assert sum(patch.get_height() for patch in ax.patches) == 3
    assert list(ax.lines[0].get_xdata()) == [5.0, 5.0]


def test_roles_keep_their_colours_and_never_share_one():
    shades = plots.role_colours(["actor", "subject", "sector-fund", "market"])
    assert shades["actor"].mark == "#0072b2"
    assert shades["subject"].mark != shades["actor"].mark
    assert plots.role_colours(["actor"])["actor"] == shades["actor"]


def test_percent_ticks():
    assert plots._percent_tick(-0.05, 0) == "\u22125\u2009%"
    assert plots._percent_tick(0.0, 0) == "0"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-07-01", "2026-07-31"),
        ("2026-06-22", "2026-07-31"),
        ("2025-09-15", "2025-12-30"),
        ("2024-08-01", "2026-07-31"),
        ("2026-07-30", "2026-07-31"),
        ("2026-07-31", "2026-07-31"),
    ],
)
def test_dates_below_an_account_lie_within_it(ax, first, last):
    """The sessions end in July, or December: no label may speak of what comes after."""
    sessions = pd.Series(pd.bdate_range(first, last))
    path = np.linspace(0.0, 0.1, len(sessions))
    plot_equity(sessions, path, path, ax)
    FigureCanvasAgg(ax.figure).draw()
    low, high = date2num(sessions.to_numpy()[[0, -1]])
    ticks = ax.get_xticks()
    assert len(ticks) and all(low <= tick <= high for tick in ticks)
    said = [label.get_text() for label in ax.get_xticklabels()]
    said.append(ax.xaxis.get_offset_text().get_text())
    after = {"2026-07-31": ("Aug", "08-", "2027"), "2025-12-30": ("Jan", "2026")}
    months = after[last] if first > "2024-08-01" else ("2027",)
    assert [text for text in said if any(word in text for word in months)] == []


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-07-01", "2026-07-31", ["1 Jul 2026", "08", "15", "22"]),
        ("2026-02-02", "2026-09-30", ["Mar 2026", "May", "Jul", "Sep"]),
        ("2025-09-15", "2026-07-31", ["Nov", "2026", "Mar", "May", "Jul"]),
    ],
)
def test_the_year_stands_at_a_tick_and_not_below_the_axis(ax, first, last, said):
    """Among November to July stands January, by its year: nothing is lacking there."""
    sessions = pd.Series(pd.bdate_range(first, last))
    plot_equity(sessions, *[np.zeros(len(sessions))] * 2, ax)
    FigureCanvasAgg(ax.figure).draw()
    assert [label.get_text() for label in ax.get_xticklabels()] == said
    assert ax.xaxis.get_offset_text().get_text() == ""


def test_an_account_without_sessions_has_no_dates(ax):
    nothing = pd.Series([], dtype="datetime64[us]")
    plot_equity(nothing, np.array([]), np.array([]), ax)
    assert len(ax.lines) == 3


def test_a_stem_stands_at_its_entry_on_the_accounts_axis_of_dates(ax):
    """Day 0 is 1970-01-01: the trade of the 3rd is at 2; a refused plan has none."""
    entries = pd.Series(pd.to_datetime(["1970-01-03", None]))
    plot_stems(entries, np.array([-0.05, np.nan]), (0.0, 10.0), ax)
    (stems,) = ax.collections
    assert [s.tolist() for s in stems.get_segments()] == [[[2.0, 0.0], [2.0, -0.05]]]
    assert ax.get_xlim() == (0.0, 10.0)
