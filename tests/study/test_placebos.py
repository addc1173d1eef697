"""Which sessions and shifts serve as placebos, counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock import event_study
from tests.study.conftest import EVENT, ROWS, SYMBOLS, pair
from tests.study.reference import Pair


def test_placebo_takes_every_candidate_session(frames, events) -> None:
    """All sessions with 60 rows of their own, clear of gap and event window.

    Session k has k - 11 + 1 estimation rows up to 240; the first return is at 0, so
    k - 10 >= 60 gives k >= 70. The gap starts ten sessions before the event (410),
    the window ends at it: candidates are 70 .. 409 and 421 .. 499.
    """
    study = event_study(events, *frames, tests=["placebo"])
    drawn = study.placebo[study.placebo["test"] == "placebo"]
    where = [*range(70, 410), *range(421, 500)]
    index = frames[0].index
    assert drawn["session"].tolist() == [f"{index[k]:%Y-%m-%d}" for k in where]
    returns, market = frames[0], frames[1]["mkt"].to_numpy()
    k = 300
    scars = [Pair(returns[s].to_numpy(), market, k, ROWS).scar(0, 0) for s in SYMBOLS]
    value = drawn.set_index("session").loc[f"{index[k]:%Y-%m-%d}", "value"]
    assert value == pytest.approx(np.mean(scars), abs=1e-12)
    observed = np.mean([pair(frames, s).scar(0, 0) for s in SYMBOLS])
    above = int((drawn["value"].abs() >= abs(observed)).sum())
    row = study.tests.set_index("test").loc["placebo"]
    assert row["pvalue"] == pytest.approx((1 + above) / (len(where) + 1))


def test_placebo_shifts_move_all_events_together(frames, events) -> None:
    """{"shifts": [...]}: mean SCAR of all pairs, so many sessions earlier."""
    shifts = [30, 60, 90]
    study = event_study(events, *frames, tests=["placebo"], placebo={"shifts": shifts})
    market = frames[1]["mkt"].to_numpy()
    expected = [
        np.mean(
            [
                Pair(frames[0][s].to_numpy(), market, EVENT - h, ROWS).scar(0, 0)
                for s in SYMBOLS
            ]
        )
        for h in shifts
    ]
    drawn = study.placebo[study.placebo["test"] == "placebo"]["value"]
    assert drawn.tolist() == pytest.approx(expected, abs=1e-12)
    row = study.tests.set_index("test").loc["placebo"]
    assert not row["valid"]
    assert row["reason"] == "few_placebo_sessions"


def test_joint_placebos_count_every_place_that_could_serve(frames) -> None:
    """Two events; prices begin at session 200 of 500: fewer places than draws miss it.

    Sessions with 60 rows of their own before -10: from 200 + 70 = 270 on, the return
    of session 200 being the first that is missing: 271. The first event at 400 leaves
    out 390 .. 400, the second at 450 leaves out 440 .. 450: 500 - 271 - 11 = 218 each,
    however many of them are drawn; the least p is 1 / (draws + 1).
    """
    returns, index = frames[0].copy(), frames[0].index
    returns.iloc[:201] = np.nan
    rows = [("a", "UP", index[400]), ("b", "UP", index[450])]
    news = pd.DataFrame(rows, columns=["event_id", "symbol", "session"])
    for draws in (50, 199, 1000):
        asked = {"tests": ["placebo"], "placebo": {"draws": draws}}
        row = event_study(news, returns, frames[1], **asked).tests.iloc[0]
        assert row["valid"]
        assert "218" not in row["warning"]  # 218 windows of one session are enough
        thin = event_study(
            news, returns.iloc[:, :1], frames[1], windows=[(0, 14)], **asked
        )
        warning = thin.tests.iloc[0]["warning"]
        assert f"smallest attainable p {1 / (draws + 1):.3f}" in warning
        # [0, 14]: 500 - 14 last days, and 14 more before each gap
        assert f"exploratory: {500 - 271 - 14 - 11 - 28} reference sessions" in warning


def test_shifts_that_cannot_serve_are_named(frames, events) -> None:
    """[0, 0], a gap of ten: 10 and less touch it; 420 leads off; 400 has no rows."""
    asked = {"placebo": {"shifts": [5, 10, 11, 40, 400, 420]}, "tests": ["placebo"]}
    study = event_study(events, *frames, **asked)
    row = study.tests.iloc[0]
    assert "shifts left out: 5, 10, 400, 420" in row["warning"]
    assert study.placebo["session"].tolist() == [
        f"{h} sessions earlier" for h in (11, 40)
    ]
