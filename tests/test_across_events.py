"""Many events on one page: what an interval covers, and what its title may say."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from aftershock.pages.across_events import AcrossEvents, mean_name
from aftershock.pages.event_means import by_event, by_role, pooled, title_of
from aftershock.pages.roles_over_time import role_sheets, role_title
from aftershock.pages.telling import told
from aftershock.plots import Shade
from aftershock.report.pictures import PIXELS_AN_INCH, pictures_of
from aftershock.results import COLUMNS, RunResult, empty

DAYS = pd.to_datetime(
    ["2026-01-05", "2026-02-02", "2026-03-02", "2026-04-06", "2026-05-04", "2026-06-01"]
)


def pairs(cars: list[float], role: str = "peer", days=DAYS) -> pd.DataFrame:
    """One pair a session, each with an interval of 0.01 to either side."""
    car = np.array(cars)
    return pd.DataFrame(
        {"event_id": [f"e{i}" for i in range(len(car))], "symbol": "AA", "role": role,
         "session": days[: len(car)], "car": car, "ci_low": car - 0.01,
         "ci_high": car + 0.01}
    )  # fmt: skip


def test_an_event_is_as_wide_as_its_symbols_together_can_be() -> None:
    """Cars 0.04 and 0.00, ends 0.03, 0.05 and -0.01, 0.01: mean 0.02 in 0.01 .. 0.03.

    Two independent symbols would give 0.01 / sqrt(2) to either side.
    """
    rows = pairs([0.04, 0.0]).assign(event_id="one", session=DAYS[0])
    found = by_event(rows).iloc[0]
    assert [found["effect"], found["low"], found["high"]] == pytest.approx(
        [0.02, 0.01, 0.03]
    )
    assert found["n"] == 2


def test_a_role_has_a_t_interval_over_its_sessions() -> None:
    """Six means 1 .. 6 %: mean 3.5 %, s = 1.870829 %, t(0.975, 5) = 2.570582.

    Half a width: 2.570582 x 1.870829 / sqrt(6) = 1.963314 %.
    """
    found = by_role(pairs([0.01, 0.02, 0.03, 0.04, 0.05, 0.06]), 1).iloc[0]
    assert found["mean"] == pytest.approx(0.035)
    assert found["high"] - found["mean"] == pytest.approx(0.01963314, rel=1e-6)


def test_two_roles_share_the_five_percent() -> None:
    """t(0.9875, 5) = 3.163381 for each of two roles: 2.416090 % to either side."""
    cars = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06]
    both = pd.concat([pairs(cars), pairs(cars, "customer")])
    found = by_role(both, 1)
    halves = (found["high"] - found["mean"]).tolist()
    assert halves == pytest.approx([0.0241609] * 2, rel=1e-5)


def test_five_sessions_have_no_interval() -> None:
    found = by_role(pairs([0.01, 0.02, 0.03, 0.04, 0.05]), 1)
    assert found["low"].isna().all()
    assert role_title(found).startswith("No role has the 6 clusters")


def test_windows_that_share_a_session_are_one_cluster() -> None:
    """Six Mondays to Mondays a week apart are six sessions, one window of ten days."""
    weeks = pd.date_range("2026-01-05", periods=6, freq="7D")
    found = by_role(pairs([0.01] * 6, days=weeks), 10).iloc[0]
    assert found["sessions"] == 6
    assert found["clusters"] == 1


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ({"verdict": "moved", "valid": True, "test": "clustered", "pvalue": 0.03},
         "2 of 3 events rose; the mean of their pairs, +1.0\u2009%, differs from zero "
         "(p = 0.030)"),
        ({"verdict": "undecided", "valid": True, "test": "clustered", "pvalue": 0.3},
         "Undecided: 2 of 3 events rose; the mean of their pairs, +1.0\u2009%, may be "
         "zero (p = 0.300)"),
        ({"verdict": "moved", "valid": True, "test": "placebo", "pvalue": 0.02,
          "warning": "exploratory: fewer than 6 clusters of sessions"},
         "Exploratory: 2 of 3 events rose, their pairs +1.0\u2009% on average, too few "
         "to decide (p = 0.020)"),
        ({"verdict": "not_tested", "valid": False, "test": "clustered", "pvalue": 0.01},
         "Not tested: 2 of 3 events rose, their pairs +1.0\u2009% on average"),
    ],
)  # fmt: skip
def test_the_title_is_no_stronger_than_the_test(headline, text: str) -> None:
    events = by_event(pairs([0.03, 0.02, -0.02]))
    mean = pooled(headline, events)
    assert title_of(headline, events, mean["effect"]) == text


def test_a_mean_of_pairs_is_not_taken_for_the_mean_of_the_events() -> None:
    """Events of +2, +1 and -1.2 % have a mean of +0.6 %, pairs of the third weigh more.

    Ten pairs at -1.2 % and two of the others: (0.03 - 0.12) / 12 = -0.75 %.
    """
    events = by_event(pairs([0.02, 0.01, -0.012])).assign(n=[1, 1, 10])
    mean = pooled({}, events)["effect"]
    headline = {"verdict": "undecided", "valid": True, "test": "clustered"}
    headline["pvalue"] = 0.6
    assert title_of(headline, events.sort_values("n"), mean) == (
        "Undecided: 2 of 3 events rose; the mean of their pairs, \u22120.8\u2009% (of "
        "the events +0.6\u2009%), may be zero (p = 0.600)"
    )


def test_an_invalid_test_lends_no_interval() -> None:
    headline = {"test": "clustered", "valid": False, "estimate": 0.5, "ci_low": 0.4}
    mean = pooled(headline, by_event(pairs([0.03, 0.01])))
    assert mean["effect"] == pytest.approx(0.02)
    assert np.isnan(mean["low"])


def test_the_mean_says_over_which_pairs_it_is() -> None:
    """Of three pairs of two events the test has two; invalid, the mean is of three."""
    events = by_event(pairs([0.03, 0.01, 0.02]).assign(event_id=["a", "a", "b"]))
    headline = {"test": "clustered", "valid": True, "estimate": 0.025, "n": 2}
    mean = pooled(headline, events)
    assert (mean["effect"], mean["n"]) == (0.025, 2)
    assert mean_name(mean, events) == "Mean over 2 of 3 pairs: a symbol once a session"
    whole = pooled(headline | {"valid": False}, events)
    assert whole["effect"] == pytest.approx(0.02)
    assert mean_name(whole, events) == "Mean over all 3 pairs of 2 events"


def test_one_event_has_no_page() -> None:
    manifest = {"study": {"headline_window": [0, 0]}, "focus": "one"}
    result = RunResult({n: empty(n) for n in COLUMNS}, manifest, {})
    assert not AcrossEvents().applies(result)


def roles_drawn(rows: pd.DataFrame):
    """Draw the sheets of roles of some pairs."""
    manifest = {
        "study": {"headline_window": [0, 0], "model": "market"},
        "headline": {"tag": "x"},
    }
    result = RunResult({n: empty(n) for n in COLUMNS}, manifest, {})
    shades = dict.fromkeys(rows["role"], Shade("#0072b2", "#0072b2"))
    return role_sheets(result, rows, by_role(rows, 1), shades, "a4")


def test_a_role_of_one_session_is_a_row_and_no_panel() -> None:
    """Two pairs of +2 % and +4 %, each ± 1 %, mean +3 % in +2 % to +4 %."""
    many = pairs([0.01, 0.02, 0.03])
    lone = pairs([0.02, 0.04], "customer").assign(session=DAYS[1])
    (figure,) = roles_drawn(pd.concat([many, lone]))
    assert len(figure.axes) == 1
    (listing,) = told(figure).listings
    assert listing.rows == [
        ["Customers", "2026-02-02", "+3.0\u2009%", "+2.0\u2009% to +4.0\u2009%", "2"]
    ]


@pytest.mark.parametrize(("several", "lone"), [(1, 3), (4, 2), (5, 1), (5, 15)])
def test_every_role_is_drawn_or_listed_or_counted(several: int, lone: int) -> None:
    """Of fifteen in the list eight have a row, seven are counted; all on the paper."""
    many = [pairs([0.01, 0.02], f"many-{k}") for k in range(several)]
    once = [pairs([0.02], f"once-{k:02d}") for k in range(lone)]
    (figure,) = roles_drawn(pd.concat([*many, *once]))
    assert len(figure.axes) == several
    (listing,) = told(figure).listings
    assert len(listing.rows) == min(lone, 9)
    assert listing.rows[-1][0] == (
        "7 more: tables/cars.csv" if lone > 8 else f"Once {lone - 1:02d}"
    )
    assert all(ax.get_position().height > 0.03 for ax in figure.axes)
    assert all(line.get_position()[1] > 0 for line in figure.texts)


def test_where_every_role_has_one_session_there_is_no_sheet() -> None:
    """The lines of the events show them already."""
    lone = pairs([0.02], "customer").assign(session=DAYS[1])
    assert roles_drawn(pd.concat([pairs([0.01]), lone])) == []


@pytest.mark.parametrize(("roles", "sheets"), [(6, 1), (7, 2), (12, 2)])
def test_roles_share_sheets_evenly(roles: int, sheets: int) -> None:
    """Six panels a sheet: seven are four and three."""
    rows = [pairs([0.01, 0.02], f"role-{k}") for k in range(roles)]
    counts = [len(figure.axes) for figure in roles_drawn(pd.concat(rows))]
    assert len(counts) == sheets
    assert sum(counts) == roles
    assert max(counts) - min(counts) <= 1


def test_each_role_is_a_picture_of_its_own_in_html() -> None:
    """Two of half a sheet, less than 5.2 inches, the third of a whole one, over ten."""
    rows = [pairs([0.01, 0.02], f"role-{k}") for k in range(3)]
    (figure,) = roles_drawn(pd.concat(rows))
    svg, panels = io.StringIO(), told(figure).panels
    figure.savefig(svg, format="svg")
    found = pictures_of(svg.getvalue(), figure, "s", ("Title", "Said."), panels)
    inches = [picture.width / PIXELS_AN_INCH for picture in found]
    assert panels == ["Role 0", "Role 1", "Role 2"]
    assert max(inches[:2]) < 5.2
    assert inches[2] > 10
    assert all(picture.panel for picture in found)


def test_a_mean_that_differs_is_told_as_a_sentence() -> None:
    """Six sessions of +1 % to +6 %: 3.5 % ± 1.96 %; a name within it is small."""
    found = by_role(pairs([0.01, 0.02, 0.03, 0.04, 0.05, 0.06], "customer"), 1)
    assert role_title(found) == "The mean of customers (+3.5\u2009%) differs from zero"
