"""`volume` and `volatility` against placebo dates, by loops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aftershock import event_study
from tests.study.reference import Pair

ROWS = list(range(-150, -10))
SYMBOLS = ["A", "B", "C"]
EVENT = 330
PLACES = [*range(70, 320), *range(EVENT + 1, 400)]
"""Sixty estimation rows end eleven before; clear of [-10, 0] around the event."""


def make_frames() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return returns, the market and traded shares, busier at the event."""
    random = np.random.default_rng(29)
    index = pd.bdate_range("2023-01-02", periods=400)
    market = random.normal(0, 0.01, 400)
    noise = random.normal(0, 0.015, (400, 3)) + random.normal(0, 0.01, 400)[:, None]
    noise[EVENT] *= 3
    log = random.normal(0, 0.3, (400, 3)) + random.normal(0, 0.3, 400)[:, None]
    log[EVENT] += 0.5
    shares = 1e6 * np.exp(log)
    return (
        pd.DataFrame(market[:, None] + noise, index, SYMBOLS),
        pd.DataFrame({"mkt": market}, index),
        pd.DataFrame(shares, index, SYMBOLS),
    )


RETURNS, FACTORS, SHARES = make_frames()


def rows_of(
    symbols: list[str],
    sessions: list[int],
    tests: list[str],
    end: int = 0,
    volume: pd.DataFrame | None = SHARES,
    **more: object,
) -> pd.DataFrame:
    """Return the table of tests by name."""
    events = pd.DataFrame(
        [(f"e{p}", s, RETURNS.index[p]) for p in sessions for s in symbols],
        columns=["event_id", "symbol", "session"],
    )
    study = event_study(
        events,
        RETURNS,
        FACTORS,
        estimation=(-150, -11),
        windows=[(0, end)],
        tests=tests,
        volume=volume,
        **more,
    )
    return study.tests.set_index("test")


def rows_at(position: int) -> list[int]:
    """Return the estimation offsets that lie on the calendar."""
    return [o for o in ROWS if position + o >= 0]


def mean_square(position: int, end: int = 0) -> float:
    """Return the mean SAR^2 of the three symbols over the window."""
    market, rows = FACTORS["mkt"].to_numpy(), rows_at(position)
    pairs = [Pair(RETURNS[s].to_numpy(), market, position, rows) for s in SYMBOLS]
    squares = [(p.ar(o) / p.se(o, o)) ** 2 for p in pairs for o in range(end + 1)]
    return float(np.mean(squares))


def busyness(position: int, end: int, symbols: list[str] = SYMBOLS) -> float:
    """Return the mean over symbols of log volume less its mean, summed."""
    found = []
    for symbol in symbols:
        log = np.log(SHARES[symbol].to_numpy())
        usual = np.mean([log[position + o] for o in rows_at(position)])
        found.append(sum(log[position + o] - usual for o in range(end + 1)))
    return float(np.mean(found))


def test_volatility_against_placebo_dates() -> None:
    """Mean SAR^2 at the event and at every other session that is clear of it."""
    row = rows_of(SYMBOLS, [EVENT], ["volatility"]).loc["volatility"]
    observed = mean_square(EVENT)
    others = [mean_square(k) for k in PLACES]
    assert row["statistic"] == pytest.approx(observed, rel=1e-9)
    assert row["estimate"] == pytest.approx(observed, rel=1e-9)
    p = (1 + sum(o >= observed for o in others)) / (len(PLACES) + 1)
    assert row["pvalue"] == pytest.approx(p, abs=1e-12)
    assert row["valid"]


def test_volatility_is_one_sided() -> None:
    """The quietest placebo session, taken as the event, is no evidence."""
    quiet = min(range(240, 320), key=mean_square)
    row = rows_of(SYMBOLS, [quiet], ["volatility"]).loc["volatility"]
    assert row["pvalue"] > 0.9


def test_volatility_of_neighbouring_events_is_not_valid() -> None:
    """Squares of events 59 sessions apart share storms; 60 are far enough."""
    for gap, valid in ((59, False), (60, True)):
        row = rows_of(SYMBOLS, [EVENT - gap, EVENT], ["volatility"]).loc["volatility"]
        assert ("share spells of volatility" in row["reason"]) is not valid


def test_one_pair_is_exactly_f() -> None:
    """One pair, one session: SAR^2 ~ F(1, df), so its p is that of Student's t."""
    row = rows_of(["B"], [EVENT], ["volatility_f"]).loc["volatility_f"]
    pair = Pair(RETURNS["B"].to_numpy(), FACTORS["mkt"].to_numpy(), EVENT, ROWS)
    t = pair.scar(0, 0)
    assert row["statistic"] == pytest.approx(t**2, rel=1e-9)
    assert row["df"] == 138
    assert row["pvalue"] == pytest.approx(2 * stats.t.sf(abs(t), 138), rel=1e-8)
    assert not row["valid"]
    assert "assumes normal returns" in row["reason"]


def test_several_pairs_match_the_mean_of_f() -> None:
    """Three pairs, two sessions: F(6, 414), the mean moved from 138/136 to 414/412."""
    row = rows_of(SYMBOLS, [EVENT], ["volatility_f"], end=1).loc["volatility_f"]
    matched = mean_square(EVENT, 1) * 136 / 138 * 414 / 412
    assert row["statistic"] == pytest.approx(matched, rel=1e-9)
    assert row["pvalue"] == pytest.approx(stats.f.sf(matched, 6, 414), rel=1e-8)
    assert "windows share sessions" in row["reason"]


@pytest.mark.parametrize("end", [0, 2])
def test_volume_against_placebo_dates(end: int) -> None:
    """Log volume less its estimation mean, summed, at every clear session."""
    row = rows_of(SYMBOLS, [EVENT], ["volume"], end=end).loc["volume"]
    observed = busyness(EVENT, end)
    places = [*range(70, 320 - end), *range(EVENT + end + 1, 400 - end)]
    others = np.abs([busyness(k, end) for k in places])
    assert row["estimate"] == pytest.approx(observed, rel=1e-9)
    p = (1 + (others >= abs(observed)).sum()) / (len(places) + 1)
    assert row["pvalue"] == pytest.approx(p, abs=1e-12)
    assert row["n"] == 3


def test_volume_of_several_sessions_is_drawn() -> None:
    """Two sessions: places drawn jointly; the observed mean is that of all pairs."""
    row = rows_of(SYMBOLS, [250, EVENT], ["volume"], placebo={"draws": 99}, seed=2).loc[
        "volume"
    ]
    observed = (busyness(250, 0) + busyness(EVENT, 0)) / 2
    assert row["estimate"] == pytest.approx(observed, rel=1e-9)
    assert row["pvalue"] * 100 == pytest.approx(round(row["pvalue"] * 100), abs=1e-9)
    assert row["warning"].startswith("exploratory: fewer than 6 clusters")


def test_a_pair_without_volume_leaves_the_test() -> None:
    """B did not trade on the event session: the other two remain."""
    shares = SHARES.copy()
    shares.loc[shares.index[EVENT], "B"] = 0.0
    row = rows_of(SYMBOLS, [EVENT], ["volume"], volume=shares).loc["volume"]
    assert row["n"] == 2
    expected = busyness(EVENT, 0, ["A", "C"])
    assert row["estimate"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("volume", "reason"),
    [
        (None, "no volume was given"),
        (SHARES * 0.0, "no pair has volume in the window"),
        (SHARES.iloc[300:], "no pair has volume in the window"),
    ],
)
def test_volume_that_is_missing_is_said(volume, reason) -> None:
    """None given, none traded, or fewer than sixty estimation rows of it."""
    row = rows_of(SYMBOLS, [EVENT], ["volume"], volume=volume).loc["volume"]
    assert (row["valid"], row["reason"]) == (False, reason)
    assert np.isnan(row["pvalue"])
