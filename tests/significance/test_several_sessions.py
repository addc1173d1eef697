"""Tests over pairs of several sessions, against loops and scipy."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aftershock import event_study
from aftershock.significance import correlation
from aftershock.significance.base import thin_reference, upper_rank_pvalue
from aftershock.windows import clusters
from tests.study.reference import Pair

ROWS = list(range(-250, -10))
SYMBOLS = [f"S{k}" for k in range(6)]
SESSIONS = [300, 302, 340, 341, 420]


@pytest.fixture(scope="module")
def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Six correlated symbols."""
    random = np.random.default_rng(3)
    index = pd.bdate_range("2024-01-02", periods=480)
    market = random.normal(0, 0.01, 480)
    shared = random.normal(0, 0.01, 480)[:, None]
    noise = random.normal(0, 0.02, (480, 6)) + shared
    returns = pd.DataFrame(market[:, None] + noise, index=index, columns=SYMBOLS)
    return returns, pd.DataFrame({"mkt": market}, index=index)


@pytest.fixture(scope="module")
def events(frames: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """Five sessions, some closer than a window, three symbols on each."""
    rows = [
        (f"e{k}", SYMBOLS[(k + j) % 6], frames[0].index[position])
        for k, position in enumerate(SESSIONS)
        for j in range(3)
    ]
    return pd.DataFrame(rows, columns=["event_id", "symbol", "session"])


def pairs_of(frames, events) -> list[tuple[int, Pair]]:
    """Every pair with its calendar position, by the second implementation."""
    returns, factors = frames
    where = [returns.index.get_loc(s) for s in events["session"]]
    market = factors["mkt"].to_numpy()
    return [
        (w, Pair(returns[s].to_numpy(), market, w, ROWS))
        for w, s in zip(where, events["symbol"], strict=True)
    ]


def correlation_by_loop(found: list[tuple[int, Pair]], start: int, end: int) -> float:
    """Mean over all pairs of share times Pearson on common calendar dates."""
    total, length = 0.0, end - start + 1
    for i, (w, first) in enumerate(found):
        for v, second in found[i + 1 :]:
            shared = length - abs(w - v)
            if shared <= 0:
                continue
            one = {w + o: e for o, e in zip(ROWS, first.residuals, strict=True)}
            two = {v + o: e for o, e in zip(ROWS, second.residuals, strict=True)}
            dates = sorted(set(one) & set(two))
            corr = stats.pearsonr([one[d] for d in dates], [two[d] for d in dates])[0]
            total += shared / length * corr
    return total / (len(found) * (len(found) - 1) / 2)


@pytest.mark.parametrize("window", [(0, 0), (-1, 1), (0, 4)])
def test_cross_sectional_and_bmp(frames, events, window) -> None:
    """Means and deviations written out; scipy's one-sample t as oracle."""
    found = pairs_of(frames, events)
    study = event_study(events, *frames, windows=[window], tests="all")
    rows = study.tests.set_index("test")
    car = [p.car(*window) for _, p in found]
    scar = [p.scar(*window) for _, p in found]
    for name, values in (("cross_sectional", car), ("bmp", scar)):
        oracle = stats.ttest_1samp(values, 0.0)
        assert rows.loc[name, "statistic"] == pytest.approx(oracle.statistic, rel=1e-9)
        assert rows.loc[name, "pvalue"] == pytest.approx(oracle.pvalue, rel=1e-8)
    low, high = stats.ttest_1samp(car, 0.0).confidence_interval(0.95)
    ends = rows.loc["cross_sectional", ["ci_low", "ci_high"]].tolist()
    assert ends == pytest.approx([low, high], abs=1e-12)
    r = correlation_by_loop(found, *window)
    n = len(found)
    adjusted = rows.loc["bmp", "statistic"] * np.sqrt((1 - r) / (1 + (n - 1) * r))
    assert rows.loc["adjusted_bmp", "statistic"] == pytest.approx(adjusted, rel=1e-9)


def test_column_sums_agree_with_enumeration(frames, events, monkeypatch) -> None:
    """With all rows present and one window for all, both give the same r.

    On one session residuals share all dates and have mean zero, so the scalar
    product of normalised residuals is their Pearson correlation.
    """
    one = events.assign(session=frames[0].index[340]).drop_duplicates("symbol")
    exact = event_study(one, *frames, tests=["adjusted_bmp"]).tests.iloc[0]
    monkeypatch.setattr(correlation, "MOST_PAIRS", 0)
    summed = event_study(one, *frames, tests=["adjusted_bmp"]).tests.iloc[0]
    assert summed["statistic"] == pytest.approx(exact["statistic"], rel=1e-9)
    assert "approximate_r" in summed["reason"]


def test_column_sums_by_loop(frames, events, monkeypatch) -> None:
    """r of pairs on several sessions: share times e_i e_j over both norms, by date.

    The norm is that of a pair's own rows, all of them; the windows of 300 and 302, and
    of 340 and 341, share three and four sessions of five.
    """
    monkeypatch.setattr(correlation, "MOST_PAIRS", 0)
    found, length = pairs_of(frames, events), 5
    study = event_study(
        events, *frames, windows=[(0, 4)], tests=["bmp", "adjusted_bmp"]
    )
    rows = study.tests.set_index("test")["statistic"]
    total, n = 0.0, len(found)
    for (v, one), (w, two) in itertools.combinations(found, 2):
        left = {v + o: e for o, e in zip(ROWS, one.residuals, strict=True)}
        right = {w + o: e for o, e in zip(ROWS, two.residuals, strict=True)}
        product = sum(left[d] * right[d] for d in left.keys() & right.keys())
        norms = np.linalg.norm(one.residuals) * np.linalg.norm(two.residuals)
        total += max(length - abs(w - v), 0) / length * product / norms
    r = total / (n * (n - 1) / 2)
    adjusted = rows["bmp"] * np.sqrt((1 - r) / (1 + (n - 1) * r))
    assert rows["adjusted_bmp"] == pytest.approx(adjusted, rel=1e-9)


def test_validity_follows_the_design(frames, events) -> None:
    """15 pairs on 5 sessions: the independent tests are shown, not valid.

    Sessions 300, 302 and 340, 341 share sessions over [0, 4]: three components.
    """
    study = event_study(events, *frames, windows=[(0, 0), (0, 4)], tests="all")
    rows = study.tests.set_index(["test", "end"])
    for name in ("cross_sectional", "bmp"):
        assert not rows.loc[(name, 0), "valid"]
        assert "share sessions" in rows.loc[(name, 0), "reason"]
        assert np.isfinite(rows.loc[(name, 0), "pvalue"])
    assert rows.loc[("adjusted_bmp", 0), "valid"]
    assert rows.loc[("bmp", 0), ["n", "n_sessions", "n_clusters"]].tolist() == [
        15,
        5,
        5,
    ]
    assert rows.loc[("bmp", 4), ["n", "n_sessions", "n_clusters"]].tolist() == [
        15,
        5,
        3,
    ]
    few = event_study(events.head(6), *frames, tests=["adjusted_bmp"]).tests.iloc[0]
    assert not few["valid"]
    assert few["reason"] == "fewer than 10 pairs"


def test_all_names_are_there_at_every_size(frames, events) -> None:
    """`all` gives the same rows for one pair as for fifteen."""
    one = event_study(events.head(1), *frames, tests="all").tests
    many = event_study(events, *frames, tests="all").tests
    assert set(one["test"]) == set(many["test"])
    alone = one.set_index("test")
    assert not alone.loc["bmp", "valid"]
    assert alone.loc["bmp", "reason"] == "needs two pairs"
    assert np.isfinite(alone.loc["sample_quantile", "pvalue"])


def test_groups(frames, events) -> None:
    """`by` tests every value of a column beside all pairs."""
    named = events.assign(role=["a", "b", "b"] * 5)
    study = event_study(named, *frames, tests=["bmp"], by="role")
    counts = study.tests.set_index("group")["n"].to_dict()
    assert counts == {"all": 15, "a": 5, "b": 10, "a - b": 15}


def test_clusters_by_hand() -> None:
    """Sessions 10, 12, 20, 21, 30, windows of 2: 20 and 21 touch, 10 and 12 not."""
    assert clusters([21, 10, 30, 20, 12], 2).tolist() == [2, 0, 3, 2, 1]
    assert clusters([21, 10, 30, 20, 12], 3).tolist() == [1, 0, 2, 1, 0]


def test_thin_references_are_called_so() -> None:
    """99 sessions are too few; 189 over eleven sessions are seventeen windows."""
    assert thin_reference(99, 1)[:2] == (False, "few_placebo_sessions")
    valid, _, note = thin_reference(189, 11)
    assert valid
    assert "17 separate windows" in note
    assert thin_reference(230, 11)[2] == ""


def test_joint_placebo_draws_are_seeded(frames, events) -> None:
    """The same seed gives the same draws, another seed others."""

    def values(seed: int) -> list[float]:
        study = event_study(
            events, *frames, tests=["placebo"], placebo={"draws": 200}, seed=seed
        )
        return study.placebo["value"].tolist()

    assert len(values(1)) == 200
    assert values(1) == values(1)
    assert values(1) != values(2)


def test_overlapping_windows_move_as_one(frames) -> None:
    """Two events one session apart keep their distance at every placebo.

    Each draw is the mean of two SCARs at k and k + 1 for some k; written out for all
    k, every value that was drawn must be among them.
    """
    returns, factors = frames
    index, market = returns.index, factors["mkt"].to_numpy()
    events = pd.DataFrame(
        {"event_id": ["a", "b"], "symbol": "S0", "session": [index[400], index[401]]}
    )
    study = event_study(
        events, *frames, windows=[(0, 2)], tests=["placebo"], placebo={"draws": 40}
    )
    column = returns["S0"].to_numpy()

    def scar(position: int) -> float:
        rows = [o for o in ROWS if position + o >= 0]
        return Pair(column, market, position, rows).scar(0, 2)

    possible = [
        (scar(k) + scar(k + 1)) / 2 for k in [*range(70, 388), *range(404, 477)]
    ]
    for value in study.placebo["value"]:
        assert np.isclose(possible, value, rtol=1e-9).any()
    row = study.tests.iloc[0]
    assert row["warning"].startswith("exploratory: fewer than 6 clusters")


def test_windows_longer_than_the_estimation_share_no_residual(frames) -> None:
    """Events 35 sessions apart, windows of 41, estimations of 30: no date in common.

    So r = 0, and the adjusted statistic is the plain one.
    """
    rows = [("e0", "S0", frames[0].index[300]), ("e1", "S1", frames[0].index[335])]
    events = pd.DataFrame(rows, columns=["event_id", "symbol", "session"])
    settings = {"estimation": (-40, -11), "min_obs": 20, "windows": [(0, 40)]}
    tests = ["bmp", "adjusted_bmp"]
    found = event_study(events, *frames, tests=tests, **settings).tests
    plain, adjusted = found.set_index("test").loc[tests, "statistic"]
    assert np.isfinite(plain)
    assert adjusted == pytest.approx(plain)


def test_a_rank_of_nothing() -> None:
    """One of two references reaches 2: p (1 + 1) / 3; what is missing has none."""
    reference = np.array([1.0, 2.0])
    assert upper_rank_pvalue(reference, 2.0) == pytest.approx(2 / 3)
    assert np.isnan(upper_rank_pvalue(reference, np.nan))


def test_the_least_p_of_two_tails_is_twice_as_large() -> None:
    """p = 2 (1 + k) / (B + 1) with k = 0: 2 / 142 = 0.0141 of 141 sessions."""
    assert "p 0.014" in thin_reference(141, 15, sides=2)[2]
    assert "p 0.007" in thin_reference(141, 15)[2]
