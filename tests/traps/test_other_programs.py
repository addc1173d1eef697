"""What other programs get wrong: the wrong number and the right one, both computed.

Right numbers come from `frames.Line` (numpy.linalg.lstsq) and scipy, never from the
package. Each test also shows that the wrong reading would have been noticed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.traps.frames import Line, events, frames, row, study

FAR = 1e-3


def lines_of(
    returns: pd.DataFrame, factors: pd.DataFrame, at: dict[str, int]
) -> dict[str, Line]:
    """Return a line for each symbol at its calendar row."""
    x = factors["mkt"].to_numpy()
    return {s: Line(returns[s].to_numpy(), x, t) for s, t in at.items()}


def spread(returns: pd.DataFrame, first: int = 260, step: int = 7) -> dict[str, int]:
    """Give every symbol a session of its own."""
    return {s: first + step * k for k, s in enumerate(returns.columns)}


def given_at(returns: pd.DataFrame, at: dict[str, int]) -> pd.DataFrame:
    """Return one event for each symbol."""
    return events(returns, [(f"e{s}", s, t) for s, t in at.items()])


def test_rank_statistic_of_every_day() -> None:
    """A scalar `ifelse` repeats the first day's rank statistic on every day."""
    returns, factors = frames()
    at = spread(returns)
    windows = [(0, 0), (1, 1), (2, 2)]
    found = study(
        given_at(returns, at), returns, factors, ["corrado_rank"], windows=windows
    )
    lines = lines_of(returns, factors, at).values()
    days = [np.r_[v.residuals, v.ar(0), v.ar(1), v.ar(2)] for v in lines]
    mean = np.mean([stats.rankdata(d) / (len(d) + 1) for d in days], axis=0) - 0.5
    right = mean[-3:] / np.sqrt(np.mean(mean**2))
    own = [row(found, "corrado_rank", w)["statistic"] for w in windows]
    np.testing.assert_allclose(own, right, rtol=1e-9)
    assert np.abs(np.array(own[1:]) - right[0]).min() > FAR


def test_bmp_has_forecast_error() -> None:
    """SCAR over s sqrt(1'C1), not over s sqrt(L); M is 70 and 240."""
    returns, factors = frames()
    at = spread(returns)
    returns.iloc[: at["S0"] - 80, 0] = np.nan
    window = (0, 9)
    found = study(given_at(returns, at), returns, factors, ["bmp"], windows=[window])
    lines = lines_of(returns, factors, at).values()
    right = stats.ttest_1samp([v.car(*window) / v.se(*window) for v in lines], 0)
    wrong = stats.ttest_1samp([v.car(*window) / v.s / np.sqrt(10) for v in lines], 0)
    own = row(found, "bmp", window)["statistic"]
    assert own == pytest.approx(right.statistic, rel=1e-9)
    assert abs(own - wrong.statistic) > FAR


def shared(i: pd.Series, j: pd.Series) -> float:
    """Correlate two residual series on the dates that both have."""
    return float(pd.concat([i, j], axis=1).dropna().corr().iloc[0, 1])


def test_correlation_on_calendar_dates() -> None:
    """Events three sessions apart, window [0, 5]: share 3/6, correlation by date.

    Aligned in event time, date t of one meets date t + 3 of the other: no correlation
    is left, and the test is hardly adjusted at all.
    """
    returns, factors = frames(symbols=2, seed=5)
    at, window = {"S0": 280, "S1": 283}, (0, 5)
    found = study(
        given_at(returns, at), returns, factors, ["adjusted_bmp"], windows=[window]
    )
    lines = list(lines_of(returns, factors, at).values())
    by_date = [pd.Series(v.residuals, v.rows) for v in lines]
    by_offset = [pd.Series(v.residuals, v.rows - v.event) for v in lines]
    scar = [v.car(*window) / v.se(*window) for v in lines]
    t = stats.ttest_1samp(scar, 0).statistic

    def adjusted(r: float) -> float:
        return float(t * np.sqrt((1 - r) / (1 + r)))

    own = row(found, "adjusted_bmp", window)["statistic"]
    assert own == pytest.approx(adjusted(0.5 * shared(*by_date)), rel=1e-9)
    assert abs(own - adjusted(0.5 * shared(*by_offset))) > FAR


def test_correlation_is_a_mean_over_all_pairs() -> None:
    """Two pairs share a session, two do not: r is one correlation over six pairs."""
    returns, factors = frames()
    at = {"S0": 280, "S1": 280, "S2": 290, "S3": 300}
    found = study(given_at(returns, at), returns, factors, ["adjusted_bmp"])
    lines = lines_of(returns, factors, at)
    two = [pd.Series(lines[s].residuals, lines[s].rows) for s in ("S0", "S1")]
    t = stats.ttest_1samp([v.ar() / v.se(0, 0) for v in lines.values()], 0).statistic
    r = shared(*two) / 6
    right = t * np.sqrt((1 - r) / (1 + 3 * r))
    wrong = t * np.sqrt((1 - 6 * r) / (1 + 3 * 6 * r))  # over overlapping pairs only
    own = row(found, "adjusted_bmp")["statistic"]
    assert own == pytest.approx(right, rel=1e-9)
    assert abs(own - wrong) > FAR


def test_patell_has_m_less_two() -> None:
    """s2 = SSR/(M-2), Var(SAR) = (M-2)/(M-4); not M-1 and (M-1)/(M-3).

    With M = 60 the difference is visible.
    """
    returns, factors = frames(sessions=130)
    at = {s: 80 + 10 * k for k, s in enumerate(returns.columns)}
    settings: dict[str, Any] = {"estimation": (-70, -11)}
    found = study(given_at(returns, at), returns, factors, ["patell"], **settings)
    x = factors["mkt"].to_numpy()
    lines = [Line(returns[s].to_numpy(), x, t, start=-70) for s, t in at.items()]
    assert {v.m for v in lines} == {60}
    sar = sum(v.ar() / v.se(0, 0) for v in lines)
    right = sar / np.sqrt(4 * 58 / 56)
    wrong = sar * np.sqrt(59 / 58) / np.sqrt(4 * 59 / 57)
    own = row(found, "patell")["statistic"]
    assert own == pytest.approx(right, rel=1e-9)
    assert abs(own - wrong) > 1e-4


def test_degrees_of_freedom_of_a_pair() -> None:
    """sigma by M - 2; with M - 1 every standard error is too small."""
    returns, factors = frames(sessions=130)
    given = events(returns, [("e", "S0", 80)])
    found = study(given, returns, factors, estimation=(-70, -11))
    x = factors["mkt"].to_numpy()
    line = Line(returns["S0"].to_numpy(), x, 80, start=-70)
    own = found.pairs["sigma"].iloc[0]
    assert own == pytest.approx(line.s, rel=1e-10)
    assert own / (line.s * np.sqrt(58 / 59)) > 1.008


def test_car_error_has_the_covariance_of_its_days() -> None:
    """1'C1, not the trace of C: the estimated line is shared by all days."""
    returns, factors = frames()
    given = events(returns, [("e", "S0", 295)])
    found = study(given, returns, factors, windows=[(0, 20)])
    line = lines_of(returns, factors, {"S0": 295})["S0"]
    own = found.cars["se"].iloc[0]
    without = np.sqrt(sum(line.se(d, d) ** 2 for d in range(21)))
    assert own == pytest.approx(line.se(0, 20), rel=1e-10)
    assert own / without > 1.02
    assert own / (line.s * np.sqrt(21)) > 1.02


def test_car_is_a_sum() -> None:
    """The sum of the window's abnormal returns, not their mean."""
    returns, factors = frames()
    given = events(returns, [("e", "S0", 295)])
    found = study(given, returns, factors, windows=[(0, 4)])
    right = lines_of(returns, factors, {"S0": 295})["S0"].car(0, 4)
    assert found.cars["car"].iloc[0] == pytest.approx(right, rel=1e-9)
    assert found.aar["caar"].iloc[-1] == pytest.approx(right, rel=1e-9)


def test_key_is_the_event_not_the_symbol() -> None:
    """Two events of one symbol, one of another: N = 3; by symbol it would be 2."""
    returns, factors = frames(symbols=2, sessions=400)
    rows = [("a", "S0", 280), ("b", "S0", 330), ("c", "S1", 380)]
    own = row(study(events(returns, rows), returns, factors), "cross_sectional")
    x = factors["mkt"].to_numpy()
    ar = [Line(returns[s].to_numpy(), x, t).ar() for _, s, t in rows]
    right = stats.ttest_1samp(ar, 0)
    wrong = stats.ttest_1samp([(ar[0] + ar[1]) / 2, ar[2]], 0)
    assert own["statistic"] == pytest.approx(right.statistic, rel=1e-9)
    assert (own["n"], own["df"]) == (3, 2)
    assert abs(own["statistic"] - wrong.statistic) > FAR


@pytest.mark.parametrize("start", ["1962-07-02", "2022-10-03", "2031-01-01"])
def test_calendar_has_no_last_year(start: str) -> None:
    """The calendar is the frames' index: the same numbers in any century."""
    returns, factors = frames(start=start)
    base, base_factors = frames()
    at = spread(returns)
    own = study(given_at(returns, at), returns, factors)
    other = study(given_at(base, at), base, base_factors)
    assert own.dropped.empty
    pd.testing.assert_frame_equal(own.tests, other.tests)


def test_no_event_is_lost_in_silence() -> None:
    """22 events, six of them usable: all 22 are listed, 16 with their reason."""
    returns, factors = frames(symbols=22)
    at = {s: 260 + 2 * k for k, s in enumerate(returns.columns)}
    returns.iloc[:, 6:14] = np.nan  # never traded
    absent = returns.iloc[:, 14:].columns
    held = returns.drop(columns=absent)
    found = study(given_at(returns, at), held, factors)
    assert len(found.pairs) == 22
    assert found.pairs["status"].value_counts().to_dict() == {"dropped": 16, "ok": 6}
    assert found.dropped["reason"].value_counts().to_dict() == {
        "insufficient_estimation": 8,
        "no_prices": 8,
    }
    assert row(found, "cross_sectional")["n"] == 6
    assert "16" in str(found)


def test_extreme_market_on_the_event_session() -> None:
    """A market move of ten sd on the event session: leverage above 1, no warning.

    Its forecast variance is 1 + 1/M + 10^2/M s2 about, and that is all it does.
    """
    returns, factors = frames(sessions=130)
    factors.iloc[100, 0] = -0.10
    given = events(returns, [("e", s, 100) for s in returns])
    found = study(given, returns, factors, ["max_sar", "joint"], estimation=(-70, -11))
    x = factors["mkt"].to_numpy()
    for k, s in enumerate(returns):
        line = Line(returns[s].to_numpy(), x, 100, start=-70)
        assert line.se(0, 0) / line.s > np.sqrt(2)
        assert found.cars["se"].iloc[k] == pytest.approx(line.se(0, 0), rel=1e-9)


def test_family_of_a_model_without_estimates() -> None:
    """market_adjusted, and a symbol that gains on the market every session.

    The mean of R - Rm is far from zero, so |R - Rm| can exceed the spread about the
    mean by much: the reference must stay finite, and p between 1/(M+1) and 1.
    """
    returns, factors = frames(symbols=3)
    returns = returns * 0.02 + 0.01
    returns = returns.add(factors["mkt"], axis=0)
    given = events(returns, [("e", s, 300) for s in returns])
    found = study(given, returns, factors, ["max_sar"], model="market_adjusted")
    # R - Rm on an ordinary session is as large as its mean: nothing unusual happened
    assert row(found, "max_sar")["pvalue"] > 0.05
    assert found.cars["pvalue_family"].gt(0.05).all()
