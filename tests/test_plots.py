"""What is drawn is what was given."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from aftershock import plots


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
