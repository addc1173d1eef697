"""Returns by slot: three sessions worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.errors import StudyError
from aftershock.intraday import bar_returns, bar_slots, bar_volume
from aftershock.prices.bars import Bars

SIZE = pd.Timedelta("195min")  # two bars a session: 09:30 and 12:45


def bars_of(rows: list[tuple[str, float, float]]) -> Bars:
    """Return bars of one symbol X from (New York time, open, close)."""
    times = [pd.Timestamp(t, tz="America/New_York") for t, _, _ in rows]
    frame = pd.DataFrame(
        {
            "open": [o for _, o, _ in rows],
            "high": [max(o, c) for _, o, c in rows],
            "low": [min(o, c) for _, o, c in rows],
            "close": [c for _, _, c in rows],
            "volume": 10.0,
        },
        index=pd.DatetimeIndex(times).tz_convert("UTC").as_unit("us"),
    )
    return Bars({"X": frame}, SIZE)


FULL = [
    ("2025-11-24 09:30", 100.0, 110.0),
    ("2025-11-24 12:45", 111.0, 99.0),
    ("2025-11-25 09:30", 108.9, 98.01),
    ("2025-11-25 12:45", 98.01, 117.612),
    ("2025-11-26 09:30", 117.612, 117.612),
    ("2025-11-26 12:45", 117.0, 123.4926),
]


def returns_of(rows: list[tuple[str, float, float]]) -> np.ndarray:
    """Return the nine returns of three sessions."""
    slots = bar_slots("2025-11-24", "2025-11-26", "195min")
    return bar_returns(bars_of(rows), slots)["X"].to_numpy()


def test_gap_first_bar_and_later_bars() -> None:
    """By hand.

    24th: no close before, NaN; 110/100-1 = .10; 99/110-1 = -.10.
    25th: gap 108.9/99-1 = .10; 98.01/108.9-1 = -.10; 117.612/98.01-1 = .20.
    26th: gap 0; 0; 123.4926/117.612-1 = .05 (the open 117.0 inside the session plays
    no part).
    """
    expected = [np.nan, 0.10, -0.10, 0.10, -0.10, 0.20, 0.0, 0.0, 0.05]
    np.testing.assert_allclose(returns_of(FULL), expected, atol=1e-12)


def test_a_session_compounds_to_close_to_close() -> None:
    """25th: 117.612/99 - 1 = .188 = 1.1 x .9 x 1.2 - 1."""
    whole = np.prod(1 + returns_of(FULL)[3:6]) - 1
    assert whole == pytest.approx(0.188, abs=1e-12)
    assert whole == pytest.approx(117.612 / 99 - 1, abs=1e-12)


def test_a_missing_bar_is_neither_filled_nor_spanned() -> None:
    """Without the last bar of the 25th its return and the gap of the 26th are NaN."""
    rows = [r for r in FULL if r[0] != "2025-11-25 12:45"]
    got = returns_of(rows)
    assert np.flatnonzero(np.isnan(got)).tolist() == [0, 5, 6]
    assert got[7] == 0.0


def test_a_missing_first_bar_takes_the_gap_with_it() -> None:
    """Without the first bar of the 25th: gap, that bar, and the bar after it."""
    rows = [r for r in FULL if r[0] != "2025-11-25 09:30"]
    assert np.flatnonzero(np.isnan(returns_of(rows))).tolist() == [0, 3, 4, 5]


def test_volume_has_no_gap_and_zero_in_a_bar_that_moved_is_a_hole() -> None:
    bars = bars_of(FULL)
    bars.frames["X"].loc[bars.frames["X"].index[[1, 4]], "volume"] = 0.0
    slots = bar_slots("2025-11-24", "2025-11-26", "195min")
    volume = bar_volume(bars, slots)["X"].to_numpy()
    # the bar of the 24th 12:45 moved (111 to 99); that of the 26th 09:30 did not
    np.testing.assert_array_equal(
        volume, [np.nan, 10, np.nan, np.nan, 10, 10, np.nan, 0, 10]
    )


def test_bars_and_slots_of_two_sizes_are_refused() -> None:
    slots = bar_slots("2025-11-24", "2025-11-26", "5min")
    with pytest.raises(StudyError, match="on slots of"):
        bar_returns(bars_of(FULL), slots)
