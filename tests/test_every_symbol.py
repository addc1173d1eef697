"""The map of abnormal returns: what is averaged, what is unusual, what it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.pages.every_symbol import EverySymbol
from aftershock.pages.usual_range import heat_of, title_of
from aftershock.plots.heat import heat_limit
from aftershock.results import COLUMNS, RunResult, empty

JULY, AUGUST = pd.Timestamp("2026-07-01"), pd.Timestamp("2026-08-03")


def cells(*rows: tuple[str, str, pd.Timestamp, int, float, float]) -> pd.DataFrame:
    names = ["event_id", "symbol", "event_session", "offset", "ar", "sigma"]
    return pd.DataFrame(list(rows), columns=names).assign(role="peer")


def test_one_event_counts_what_leaves_its_usual_range() -> None:
    """1.96 x 0.02 = 0.0392: AA leaves it twice, once with the news; BB never."""
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
        "On the news session 1 of 2 symbols left the usual range, on others 33\u2009%"
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
    assert title_of(heat).startswith("On the news session none of 1 mean by symbol")


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
