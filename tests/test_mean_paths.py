"""Paths averaged over events: their band, and which events count."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.pages.mean_paths import mean_paths
from aftershock.tables import verdict_sentence


def event(name: str, session: str, cars: list[float], half: float) -> pd.DataFrame:
    """The path of one role of one event, a band of the same half width throughout."""
    return pd.DataFrame(
        {"event_id": name, "event_session": pd.Timestamp(session), "group": "peer",
         "symbol": "", "offset": range(len(cars)), "car": cars, "band_high": half,
         "band_low": -half, "model": "market_no_alpha"}
    )  # fmt: skip


def test_events_apart_narrow_the_band_and_events_together_do_not() -> None:
    """Halves 3 and 4 %: apart sqrt(3^2 + 4^2) / 2 = 2.5 %, together 7 / 2 = 3.5 %."""
    for second, half in (("2026-06-01", 0.025), ("2026-01-06", 0.035)):
        paths = [
            event("one", "2026-01-05", [0.0, 0.02], 0.03),
            event("two", second, [0.02, 0.06], 0.04),
        ]
        found = mean_paths(pd.concat(paths))
        assert found["car"].tolist() == pytest.approx([0.01, 0.04])
        assert found["band_high"].tolist() == pytest.approx([half] * 2)
        assert found["band_low"].tolist() == pytest.approx([-half] * 2)


def test_an_event_without_its_end_is_left_out() -> None:
    paths = [
        event("one", "2026-01-05", [0.0, 0.02], 0.03),
        event("two", "2026-06-01", [0.02, np.nan], 0.04),
        event("three", "2026-03-02", [0.08], 0.04),
    ]
    found = mean_paths(pd.concat(paths))
    assert found["car"].tolist() == pytest.approx([0.0, 0.02])
    assert found["n"].tolist() == [1, 1]


def test_no_whole_path_has_no_mean() -> None:
    assert mean_paths(event("one", "2026-01-05", [np.nan], 0.03)).empty


def test_several_sessions_name_their_tests_and_the_interval() -> None:
    """The estimate of a placebo is standardised: it never gets a percent sign."""
    headline = {"test": "clustered", "verdict": "moved", "valid": True, "pvalue": 0.03,
                "n_sessions": 9, "ci_low": 0.001, "ci_high": 0.04}  # fmt: skip
    assert verdict_sentence({"headline": headline}) == (
        "The leading test, clustered, gives p = 0.030 (95\u2009% interval of the mean "
        "+0.1\u2009% to +4.0\u2009%; the largest of its own p and those of its "
        "checks, sign flip and placebo): moved."
    )
    few = headline | {"test": "placebo", "n_sessions": 3}
    assert verdict_sentence({"headline": few}) == (
        "The leading test, placebo, gives p = 0.030 (placebo sessions alone): moved."
    )
    unsure = few | {"warning": "exploratory: fewer than 6 clusters of sessions"}
    assert verdict_sentence({"headline": unsure}).endswith(
        "(placebo sessions alone): exploratory, too few sessions to decide."
    )
