"""`block_bootstrap`, `calendar_time` and sign vectors, by loops over calendar dates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aftershock import event_study
from aftershock.significance import block_bootstrap, calendar_time
from aftershock.significance.block_bootstrap import circular_dates
from aftershock.significance.clustering import (
    clustered_error,
    flipped_ratios,
    sign_vectors,
)
from aftershock.significance.sign_flip import flip_pvalue
from tests.significance.loops import make_trial, only
from tests.study.reference import Pair

ROWS = list(range(-250, -10))
SYMBOLS = ["A", "B", "C"]
MORE = [(300, "A"), (320, "B"), (320, "C"), (321, "A"), (350, "C"), (380, "B")]
SIX = [*MORE, (400, "A"), (420, "C"), (421, "C")]


def make_frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return three correlated symbols and a market."""
    random = np.random.default_rng(23)
    index = pd.bdate_range("2023-01-02", periods=480)
    market = random.normal(0, 0.01, 480)
    noise = random.normal(0, 0.015, (480, 3)) + random.normal(0, 0.01, 480)[:, None]
    returns = pd.DataFrame(market[:, None] + noise, index=index, columns=SYMBOLS)
    return returns, pd.DataFrame({"mkt": market}, index=index)


FRAMES = make_frames()


def events_of(pairs: list[tuple[int, str]]) -> pd.DataFrame:
    """Return events at calendar positions."""
    rows = [(f"e{p}", s, FRAMES[0].index[p]) for p, s in pairs]
    return pd.DataFrame(rows, columns=["event_id", "symbol", "session"])


def pair_of(position: int, symbol: str) -> Pair:
    """Fit one pair by the second implementation."""
    returns, factors = FRAMES
    market = factors["mkt"].to_numpy()
    return Pair(returns[symbol].to_numpy(), market, position, ROWS)


def row_of(pairs: list[tuple[int, str]], name: str, end: int, **more: object):
    """Return the row of one test."""
    settings = {"windows": [(0, end)], "tests": [name], **more}
    return event_study(events_of(pairs), *FRAMES, **settings).tests.iloc[0]


def clusters_of(pairs: list[tuple[int, str]], end: int) -> list[list[tuple[int, str]]]:
    """Put pairs whose windows share a session together, in order of date."""
    found: list[list[tuple[int, str]]] = []
    for pair in sorted(pairs):
        if found and pair[0] - found[-1][-1][0] <= end:
            found[-1].append(pair)
        else:
            found.append([pair])
    return found


def statistic(sums: list[float], sizes: list[int]) -> float:
    """Return the mean below six clusters, else its clustered t."""
    mean = sum(sums) / sum(sizes)
    if len(sums) < 6:
        return mean
    squares = sum((s - n * mean) ** 2 for s, n in zip(sums, sizes, strict=True))
    factor = len(sums) / (len(sums) - 1)
    return float(mean / (np.sqrt(factor * squares) / sum(sizes)))


@pytest.mark.parametrize(("pairs", "end"), [(MORE, 2), (SIX, 2), ([(320, "B")], 0)])
def test_block_bootstrap_by_calendar_date(pairs, end, monkeypatch) -> None:
    """Residuals looked up by date, pair by pair, on the dates that were drawn.

    A pair whose event is k sessions after the first of its cluster reads the dates
    k .. k + end of the path that its whole cluster reads.
    """
    monkeypatch.setattr(block_bootstrap, "DRAWS", 30)
    random, length = np.random.default_rng(11), end + 1
    groups = clusters_of(pairs, end)
    drawn: list[list[float]] = [[] for _ in range(30)]
    for group in groups:
        by_date = []
        for position, symbol in group:
            pair = pair_of(position, symbol)
            u = pair.residuals / np.sqrt(1 - pair.hat)
            left = np.sqrt((pair.residuals @ pair.residuals - u**2) / (pair.df - 1))
            dates = [position + o for o in ROWS]
            by_date.append(dict(zip(dates, u / left, strict=True)))
        shared = sorted(set.intersection(*(set(d) for d in by_date)))
        span = group[-1][0] - group[0][0] + length
        paths = circular_dates(random, len(shared), span, 30)
        for draw, path in enumerate(paths):
            total = 0.0
            for (position, _), lookup in zip(group, by_date, strict=True):
                lag = position - group[0][0]
                total += sum(lookup[shared[k]] for k in path[lag : lag + length])
            drawn[draw].append(total / np.sqrt(length))
    sizes = [len(group) for group in groups]
    reference = np.array([statistic(sums, sizes) for sums in drawn])
    scar = [sum(pair_of(*p).scar(0, end) for p in group) for group in groups]
    observed = statistic(scar, sizes)
    row = row_of(pairs, "block_bootstrap", end, seed=11)
    assert row["statistic"] == pytest.approx(observed, rel=1e-9)
    extreme = int((np.abs(reference) >= abs(observed)).sum())
    assert row["pvalue"] == pytest.approx((1 + extreme) / 31, abs=1e-12)
    cars = [pair_of(*p).car(0, end) for p in pairs]
    assert row["estimate"] == pytest.approx(np.mean(cars), rel=1e-10)
    assert row["n_clusters"] == len(groups)


def test_circular_blocks() -> None:
    """240 dates: blocks of 6, each a run of dates modulo 240; every date comes up.

    60 dates: the cube root is 4, at least 5; 2,000: 13, at most 10.
    """
    dates = circular_dates(np.random.default_rng(0), 240, 20, 3_000)
    assert dates.shape == (3_000, 20)
    for start in (0, 6, 12):
        steps = np.diff(dates[:, start : start + 6], axis=1) % 240
        assert (steps == 1).all()
    assert (np.diff(dates[:, 5:7], axis=1) % 240 != 1).any()
    assert set(dates[:, 5]) == set(range(240))
    for count, block in ((60, 5), (2_000, 10)):
        steps = np.diff(circular_dates(np.random.default_rng(1), count, 40, 50)) % count
        assert (steps[:, block - 1] != 1).any()
        assert (np.delete(steps, np.arange(block - 1, 39, block), axis=1) == 1).all()


def test_block_bootstrap_says_when_it_does_not_hold() -> None:
    """90 dates are too few; a cluster as long as its dates is too long."""
    few = row_of([(320, "B")], "block_bootstrap", 0, estimation=(-100, -11))
    assert (few["valid"], few["reason"]) == (False, "few_placebo_sessions")
    chain = [(300 + 3 * k, "A") for k in range(30)]
    long = row_of(chain, "block_bootstrap", 5)
    assert (long["valid"], long["n_clusters"]) == (False, 1)
    assert long["reason"] == "a cluster is too long for its dates"
    far = [(260 + 5 * k, "A") for k in range(43)]
    apart = row_of(far, "block_bootstrap", 5, estimation=(-250, -60))
    assert apart["reason"] == "a cluster's pairs share no residual date"


@pytest.mark.parametrize(("clusters", "told"), [(5, True), (6, False)])
def test_block_bootstrap_warns_of_storms_where_it_is_a_mean(clusters, told) -> None:
    """Thirty sessions of 5 after ninety of 1: s^2 = (90 + 750)/120 = 7; v is 25 less
    24 x .94^30 = 21. Three times the usual is too much. From six clusters on the
    statistic is over an error of its own.
    """
    signs = np.random.default_rng(2).choice([-1.0, 1.0], (clusters, 120))
    storm = signs * np.where(np.arange(120) < 90, 1.0, 5.0)
    moves = [[2.0 + k] for k in range(clusters)]
    trial = make_trial(storm.tolist(), moves, sigma=7**0.5, df=120)
    row = only(block_bootstrap.BlockBootstrap(), trial)
    assert ("high volatility" in row.warning) is told


def test_block_bootstrap_is_seeded_and_has_no_order() -> None:
    """The same seed, the same p, in any order of events."""
    one = row_of(SIX, "block_bootstrap", 2, seed=3)
    other = row_of(SIX[::-1], "block_bootstrap", 2, seed=3)
    assert one["pvalue"] == other["pvalue"]
    assert one["pvalue"] * 2_000 == pytest.approx(round(one["pvalue"] * 2_000))
    assert row_of(SIX, "block_bootstrap", 2, seed=4)["pvalue"] != one["pvalue"]


HELD = [(300, "A"), (305, "B"), (305, "C"), (350, "A"), (352, "C"), (400, "B")]


def test_calendar_time_by_loops() -> None:
    """The portfolio session by session; Newey and West written out.

    Windows of 18 sessions: 300-322 (23 sessions, of which 305-317 hold three),
    350-369 (20) and 400-417 (18) make T = 61; lags floor(4 (.61)^(2/9)) =
    floor(3.584) = 3; df = min(1.5 61/4, 59) = 22.875.
    """
    returns, factors = FRAMES
    market = factors["mkt"].to_numpy()
    y, x = [], []
    for session in range(480):
        held = [s for p, s in HELD if p <= session <= p + 17]
        if held:
            values = [returns[s].to_numpy()[session] for s in held]
            y.append(float(np.mean(values)))
            x.append([1.0, market[session]])
    design, target = np.array(x), np.array(y)
    assert len(y) == 61
    bread = np.linalg.inv(design.T @ design)
    b = bread @ design.T @ target
    scores = design * (target - design @ b)[:, None]
    meat = scores.T @ scores
    for lag in (1, 2, 3):
        gamma = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / 4) * (gamma + gamma.T)
    se = float(np.sqrt((bread @ meat @ bread)[0, 0] * 61 / 59))
    row = row_of(HELD, "calendar_time", 17)
    assert row["estimate"] == pytest.approx(b[0], rel=1e-9)
    assert row["statistic"] == pytest.approx(b[0] / se, rel=1e-9)
    assert row["df"] == 22.875
    p = 2 * stats.t.sf(abs(b[0] / se), 22.875)
    assert row["pvalue"] == pytest.approx(p, rel=1e-8)
    half = stats.t.ppf(0.975, 22.875) * se
    ends = [row["ci_low"], row["ci_high"]]
    assert ends == pytest.approx([b[0] - half, b[0] + half], rel=1e-8)
    assert row["valid"]
    # the same pairs could show as much, here spread over the sessions of a window
    whole = row_of(HELD, "adjusted_bmp", 17)["mde"]
    assert row["mde"] == pytest.approx(whole / 18, rel=1e-12)


@pytest.mark.parametrize("model", ["mean", "market_adjusted"])
def test_calendar_time_without_slopes(model) -> None:
    """No slope: the mean abnormal return, scipy's plain mean of the sessions."""
    study = event_study(
        events_of(HELD), *FRAMES, model=model, windows=[(0, 17)], tests="all"
    )
    row = study.tests.set_index("test").loc["calendar_time"]
    by_session = study.abnormal_returns.groupby("session")["ar"].mean()
    assert len(by_session) == 61
    assert row["estimate"] == pytest.approx(by_session.mean(), rel=1e-9)


def test_calendar_time_needs_sessions() -> None:
    """59 sessions are refused, 60 are not."""
    pairs = [(300, "A"), (320, "B"), (340, "C"), (360, "A")]
    few = row_of([*pairs[:3], (354, "A")], "calendar_time", 14)
    said = "59 calendar sessions; 60 are needed"
    assert (few["valid"], few["reason"]) == (False, said)
    assert row_of(pairs, "calendar_time", 14)["valid"]
    assert calendar_time.newey_west_lags(100) == 4
    assert calendar_time.newey_west_lags(20) == 2


def test_calendar_time_needs_a_market_that_moves() -> None:
    """A market that stands still in the windows gives no slope."""
    returns, factors = FRAMES
    still = factors.copy()
    still.iloc[300:] = 0.0
    study = event_study(
        events_of([(320, "A"), (360, "B"), (400, "C"), (440, "A")]),
        returns,
        still,
        windows=[(0, 14)],
        tests=["calendar_time"],
    )
    assert "do not vary" in study.tests.iloc[0]["reason"]


def test_many_clusters_stay_small() -> None:
    """3,000 clusters: blocks of vectors that hold at most two million signs."""
    blocks = list(sign_vectors(3_000, np.random.default_rng(0)))
    assert sum(len(block) for block in blocks) == 9_999
    assert max(block.size for block in blocks) <= 2_000_000
    assert set(np.unique(blocks[-1])) == {-1.0, 1.0}
    random = np.random.default_rng(6)
    sums = random.standard_normal(3_000)
    assert 0 < flip_pvalue(sums, np.ones(3_000), seed=1) <= 1


def test_the_identity_is_among_the_flips() -> None:
    """The identity is the first vector, and its ratio the observed one."""
    sums, counts = np.array([3.0, 3.0, 0.0]), np.array([2.0, 1.0, 3.0])
    first = next(sign_vectors(3, np.random.default_rng(0)))
    assert len({tuple(v) for v in first}) == 8
    ratios = flipped_ratios(sums, counts, first)
    assert ratios[0] == pytest.approx(1 / clustered_error(sums, counts), rel=1e-14)


def test_a_draw_whose_clusters_are_alike_counts_as_large() -> None:
    """Six clusters of one pair that all sum to .1: no error, whatever rounding leaves.

    The second draw has 0, .2, 0, .2, 0, .2: mean .1, CR1 error
    sqrt(6/5 sum of .1^2) / 6 = .1 sqrt(7.2) / 6, so that t is 6 / sqrt(7.2).
    """
    drawn = block_bootstrap._Drawn()
    drawn.total, drawn.squares, drawn.cross = np.zeros((3, 2))
    for k in range(6):
        drawn.add(np.array([0.1, 0.2 * (k % 2)]), 1)
    alike, other = drawn.statistic()
    assert alike > 1e6
    assert other == pytest.approx(6 / np.sqrt(7.2), rel=1e-12)
