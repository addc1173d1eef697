"""Awkward samples: what is used, what is dropped, and with which reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import aftershock as af
from tests.traps.frames import Line, events, frames, row, study


def test_recurring_symbols_are_separate_events() -> None:
    """A symbol with three events: three estimates, three residual spreads, n = 3."""
    returns, factors = frames(symbols=2, sessions=500)
    at = [280, 350, 420]
    given = events(returns, [(f"e{t}", "S0", t) for t in at])
    found = study(given, returns, factors)
    y, x = returns["S0"].to_numpy(), factors["mkt"].to_numpy()
    lines = [Line(y, x, t) for t in at]
    np.testing.assert_allclose(found.pairs["sigma"], [v.s for v in lines], rtol=1e-10)
    np.testing.assert_allclose(found.cars["car"], [v.ar() for v in lines], rtol=1e-9)
    own = row(found, "cross_sectional")
    assert (own["n"], own["n_sessions"], own["n_clusters"]) == (3, 3, 3)
    # keyed by symbol there would be one entry, and no test
    assert len(found.pairs) == 3


def test_several_events_in_one_session() -> None:
    """Two events of a session: other symbols add, the same symbol counts once."""
    returns, factors = frames()
    given = events(
        returns,
        [("a", "S0", 290), ("a", "S1", 290), ("b", "S1", 290), ("b", "S2", 290)],
    )
    found = study(given, returns, factors)
    assert row(found, "cross_sectional")["n"] == 3
    assert row(found, "cross_sectional")["n_sessions"] == 1
    table = found.pairs.set_index(["event_id", "symbol"])
    assert table.loc[("b", "S1"), "reason"] == "same_session_duplicate"
    assert list(table["status"]) == ["ok", "ok", "flagged", "ok"]
    assert len(found.cars) == 4  # reported for both events


@pytest.mark.parametrize(("rows", "status"), [(77, "flagged"), (42, "dropped")])
def test_listed_late(rows: int, status: str) -> None:
    """First return `rows` sessions before the estimation ends, at offset -11."""
    returns, factors = frames()
    event = 300
    returns.iloc[: event - 10 - rows, 0] = np.nan
    given = events(returns, [("e", "S0", event), ("e", "S1", event)])
    found = study(given, returns, factors)
    pair = found.pairs.set_index("symbol").loc["S0"]
    assert (pair["m"], pair["status"]) == (rows, status)
    if status == "flagged":
        line = Line(returns["S0"].to_numpy(), factors["mkt"].to_numpy(), event)
        assert line.m == 77
        assert pair["df"] == 75
        own = found.cars.set_index("symbol").loc["S0"]
        assert own["scar"] == pytest.approx(line.ar() / line.se(0, 0), rel=1e-9)
        assert row(found, "cross_sectional")["n"] == 2
        return
    assert pair["reason"] == "insufficient_estimation"
    gone = found.dropped.set_index("symbol").loc["S0"]
    assert gone["reason"] == "insufficient_estimation"
    assert "42" in gone["detail"]
    assert list(found.cars["symbol"]) == ["S1"]


def test_scattered_gaps_leave_rows_out() -> None:
    """Every seventh return is missing: those rows are left out, none is filled."""
    returns, factors = frames()
    event = 300
    returns.iloc[0:290:7, 0] = np.nan
    found = study(events(returns, [("e", "S0", event)]), returns, factors)
    line = Line(returns["S0"].to_numpy(), factors["mkt"].to_numpy(), event)
    pair = found.pairs.iloc[0]
    missing = sum(t % 7 == 0 for t in range(50, 290))
    assert pair["m"] == line.m == 240 - missing
    assert pair["beta"] == pytest.approx(line.b[1], rel=1e-10)
    filled = Line(returns["S0"].fillna(0.0).to_numpy(), line.x, event)
    assert abs(pair["beta"] - filled.b[1]) > 1e-3  # what filling would give


def test_missing_market_day() -> None:
    """A market return that is missing takes the session away, also the event's."""
    returns, factors = frames()
    event = 300
    factors.iloc[[100, 200, event + 1]] = np.nan
    given = events(returns, [("e", "S0", event)])
    found = study(given, returns, factors, windows=[(0, 0), (0, 2)])
    line = Line(returns["S0"].to_numpy(), factors["mkt"].to_numpy(), event)
    assert found.pairs["m"].iloc[0] == line.m == 238
    by_offset = found.abnormal_returns.set_index("offset")["ar"]
    assert np.isnan(by_offset.loc[1])
    assert by_offset.loc[0] == pytest.approx(line.ar(), rel=1e-9)
    assert row(found, "cross_sectional", (0, 2))["n"] == 0


def test_missing_event_day() -> None:
    """S0 lacks offset 1: day tests use who is there, its CAR leaves, never a part."""
    returns, factors = frames()
    at = [260, 270, 280, 290]
    returns.iloc[at[0] + 1, 0] = np.nan
    given = events(returns, [(f"e{k}", f"S{k}", t) for k, t in enumerate(at)])
    windows = [(0, 0), (1, 1), (0, 2)]
    found = study(given, returns, factors, windows=windows)
    counts = [row(found, "cross_sectional", w)["n"] for w in windows]
    assert counts == [4, 3, 3]
    x = factors["mkt"].to_numpy()
    lines = [Line(returns[f"S{k}"].to_numpy(), x, t) for k, t in enumerate(at)]
    cars = [v.car(0, 2) for v in lines[1:]]
    own = row(found, "cross_sectional", (0, 2))
    oracle = stats.ttest_1samp(cars, 0)
    assert own["statistic"] == pytest.approx(oracle.statistic, rel=1e-9)
    partial = [lines[0].ar(0) + lines[0].ar(2), *cars]
    assert abs(own["statistic"] - stats.ttest_1samp(partial, 0).statistic) > 1e-3
    assert found.aar.set_index("offset").loc[1, "n"] == 3


def test_corrado_keeps_a_pair_with_a_missing_event_day() -> None:
    """The rank test uses the pair on the days that it has.

    Ranks by scipy over estimation and the event window [0, 2], missing days left out.
    """
    returns, factors = frames()
    at = [260, 270, 280, 290]
    returns.iloc[at[0] + 1, 0] = np.nan
    given = events(returns, [(f"e{k}", f"S{k}", t) for k, t in enumerate(at)])
    found = study(given, returns, factors, ["corrado_rank"], windows=[(0, 2)])
    x = factors["mkt"].to_numpy()
    ranks = np.full((4, 243), np.nan)
    for k, t in enumerate(at):
        line = Line(returns[f"S{k}"].to_numpy(), x, t)
        days = np.r_[line.residuals, [line.ar(d) for d in range(3)]]
        there = np.isfinite(days)
        ranks[k, there] = stats.rankdata(days[there]) / (1 + there.sum())
    present = np.isfinite(ranks).sum(axis=0)
    mean = np.nanmean(ranks, axis=0)
    s = np.sqrt(np.mean(present / 4 * (mean - 0.5) ** 2))
    expected = np.sqrt(3) * (mean[-3:].mean() - 0.5) / s
    own = row(found, "corrado_rank", (0, 2))
    assert own["statistic"] == pytest.approx(expected, rel=1e-9)
    assert own["n"] == 4


def test_saturday_belongs_to_monday() -> None:
    """A Saturday is read as the next session, not dropped and not Friday."""
    returns, factors = frames()
    monday = next(t for t in range(290, 300) if returns.index[t].day_of_week == 0)
    saturday = returns.index[monday] - pd.Timedelta(days=2)
    given = pd.DataFrame({"event_id": ["e"], "symbol": "S0", "session": [saturday]})
    found = study(given, returns, factors)
    assert found.pairs["session"].iloc[0] == returns.index[monday]
    line = Line(returns["S0"].to_numpy(), factors["mkt"].to_numpy(), monday)
    assert found.cars["car"].iloc[0] == pytest.approx(line.ar(), rel=1e-9)


def test_partly_overlapping_windows() -> None:
    """Events at 280, 283, 290 with [0, 5]: two clusters; with [0, 0]: three.

    280 + 5 = 285 reaches 283; 283 + 5 = 288 does not reach 290.
    """
    returns, factors = frames()
    given = events(returns, [("a", "S0", 280), ("b", "S1", 283), ("c", "S2", 290)])
    found = study(given, returns, factors, windows=[(0, 0), (0, 5)])
    day, window = (row(found, "cross_sectional", w) for w in [(0, 0), (0, 5)])
    assert (day["n_sessions"], day["n_clusters"]) == (3, 3)
    assert day["valid"]
    assert (window["n_sessions"], window["n_clusters"]) == (3, 2)
    assert not window["valid"]
    assert window["reason"]


def test_no_room_at_either_end() -> None:
    """A window that runs off the calendar is dropped, never cut."""
    returns, factors = frames()
    last = len(returns) - 1
    given = events(returns, [("fits", "S0", last - 3), ("late", "S1", last - 2)])
    early = {"event_id": "past", "symbol": "S2", "session": pd.Timestamp("2035-01-03")}
    given = pd.concat([given, pd.DataFrame([early])], ignore_index=True)
    found = study(given, returns, factors, windows=[(0, 3)])
    table = found.pairs.set_index("event_id")
    assert table["status"].to_dict() == {
        "fits": "ok",
        "late": "dropped",
        "past": "dropped",
    }
    assert set(found.dropped["reason"]) == {"no_calendar_room"}
    assert row(found, "cross_sectional", (0, 3))["n"] == 1


def test_estimation_cut_by_the_start_is_no_error() -> None:
    """Event at row 150: only rows 0..139 are left, M = 140, and that is enough."""
    returns, factors = frames()
    found = study(events(returns, [("e", "S0", 150)]), returns, factors)
    assert found.pairs["m"].iloc[0] == 140
    assert found.pairs["status"].iloc[0] == "ok"


def test_zero_variance_symbol() -> None:
    """A price that never moves: dropped with its reason, and nobody else harmed."""
    returns, factors = frames()
    with_it, without = returns.copy(), returns
    with_it["S3"] = 0.0
    rows = [("e", f"S{k}", 300) for k in range(4)]
    found = study(events(with_it, rows), with_it, factors)
    assert found.dropped["reason"].tolist() == ["zero_variance"]
    other = study(events(without, rows[:3]), without, factors)
    pd.testing.assert_frame_equal(found.tests, other.tests)


def test_two_symbols_only() -> None:
    """N = 2: the t has one degree of freedom, and its p is the Cauchy's."""
    returns, factors = frames(symbols=2)
    given = events(returns, [("a", "S0", 290), ("b", "S1", 300)])
    found = study(given, returns, factors, ["cross_sectional"], windows=[(0, 0)])
    own = row(found, "cross_sectional")
    x = factors["mkt"].to_numpy()
    a = Line(returns["S0"].to_numpy(), x, 290).ar()
    b = Line(returns["S1"].to_numpy(), x, 300).ar()
    t = (a + b) / abs(a - b)  # sqrt(2) mean / sd with two values
    assert own["statistic"] == pytest.approx(t, rel=1e-9)
    assert own["pvalue"] == pytest.approx(2 * stats.cauchy.sf(abs(t)), rel=1e-9)


def test_one_event_only() -> None:
    """N = 1: every test gives its rows; a cross-section of one says why it cannot."""
    returns, factors = frames()
    found = study(events(returns, [("e", "S0", 300)]), returns, factors, [])
    assert len(found.cars) == 1
    everything = study_all(returns, factors)
    line = everything.set_index("test").loc["cross_sectional"]
    assert not line["valid"]
    assert line["reason"]
    assert np.isnan(line["pvalue"])
    silent = everything[
        ~everything["valid"].astype(bool) & (everything["reason"] == "")
    ]
    assert silent.empty, f"invalid without a reason: {silent['test'].tolist()}"


def study_all(returns: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of all registered tests for one event of one symbol."""
    given = events(returns, [("e", "S0", 300)])
    return af.event_study(given, returns, factors, tests="all").tests
