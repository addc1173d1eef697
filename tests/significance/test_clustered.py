"""`clustered`, `jackknife` and `sign_flip`, against hand, loops and statsmodels."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from aftershock import event_study

NAMES = ["clustered", "jackknife", "sign_flip"]
INDEX = pd.bdate_range("2024-01-02", periods=480)
MARKET = pd.DataFrame({"mkt": np.zeros(480)}, index=INDEX)


def study_of(
    moves: list[tuple[int, str, float]], end: int = 1, seed: int = 0
) -> pd.DataFrame:
    """Test pairs (position, symbol, CAR) whose CARs are exactly as given.

    The market does not move and nothing is estimated, so AR = R: the return of the
    event session is the CAR and what follows is 0.
    """
    random = np.random.default_rng(1)
    names = sorted({symbol for _, symbol, _ in moves})
    noise = 0.02 * random.standard_normal((480, len(names)))
    returns = pd.DataFrame(noise, INDEX, names)
    for position, symbol, _ in moves:
        returns.loc[INDEX[position : position + end + 1], symbol] = 0.0
    for position, symbol, car in moves:
        returns.loc[INDEX[position], symbol] = car
    events = pd.DataFrame(
        [(f"e{p}", s, INDEX[p]) for p, s, _ in moves],
        columns=["event_id", "symbol", "session"],
    )
    study = event_study(
        events,
        returns,
        MARKET,
        model="market_adjusted",
        windows=[(0, end)],
        tests=NAMES,
        seed=seed,
    )
    return study.tests.set_index("test")


def random_moves(sizes: list[int], seed: int) -> list[tuple[int, str, float]]:
    """Return clusters of `sizes` pairs with a shared and an own part each."""
    random = np.random.default_rng(seed)
    return [
        (290 + 5 * g, f"S{k}", shared + own)
        for g, size in enumerate(sizes)
        for shared in [0.02 * random.standard_normal() + 0.005]
        for k, own in enumerate(0.02 * random.standard_normal(size))
    ]


def labelled(moves: list[tuple[int, str, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Return CARs and the position of each, which names its cluster."""
    return np.array([m[2] for m in moves]), np.array([m[0] for m in moves])


def test_by_hand() -> None:
    """Six pairs in three clusters; a window of two sessions, CARs in percent.

    A: two pairs on session 300, CAR 1, 2;     sum  3, n 2
    B: one pair on session 310, CAR 3;         sum  3, n 1
    C: pairs on 320, 320 and 321, CAR -1, 0, 1; sum  0, n 3 (320 and 321 overlap)
    CAAR = 6/6 = 1; u = 3-2, 3-1, 0-3 = 1, 2, -3; sum u^2 = 14.
    CR1: V = 3/2 14/36 = 0.583333, se = 0.763763, t = 1.309307, df 2;
    p = 1 - t/sqrt(2 + t^2) = 1 - 1.309307/1.927248 = 0.320634;
    t(.975, 2) = 4.302653, interval 1 -+ 3.286206 = -2.286206, 4.286206.
    CV3: without A 3/4 = .75, without B 3/5 = .6, without C 6/3 = 2;
    squares .0625 + .16 + 1 = 1.2225; V = 2/3 1.2225 = .815, se = .902774, t = 1.107698;
    p = 1 - 1.107698/sqrt(2 + 1.226994) = 1 - 1.107698/1.796384 = 0.383374.
    Flips: C's sum is 0. A and B together: |t| as observed; apart: sum 0, t = 0.
    Half of the eight vectors have them together: p = 4/8.
    """
    rows = study_of(
        [
            (300, "S0", 0.01),
            (300, "S1", 0.02),
            (310, "S2", 0.03),
            (320, "S3", -0.01),
            (320, "S4", 0.0),
            (321, "S5", 0.01),
        ]
    )
    expected = {
        "clustered": (1.309307, 0.320634),
        "jackknife": (1.107698, 0.383374),
        "sign_flip": (1.309307, 0.5),
    }
    for name, (statistic, pvalue) in expected.items():
        row = rows.loc[name]
        assert row["estimate"] == pytest.approx(0.01, rel=1e-12)
        assert row["statistic"] == pytest.approx(statistic, abs=1e-6)
        assert row["pvalue"] == pytest.approx(pvalue, abs=1e-6)
        assert (row["n"], row["n_sessions"], row["n_clusters"]) == (6, 4, 3)
        assert not row["valid"]
        assert row["reason"] == "fewer than 6 clusters of sessions"
    ends = rows.loc["clustered", ["ci_low", "ci_high"]].tolist()
    assert ends == pytest.approx([-0.02286206, 0.04286206], abs=1e-8)
    assert rows["df"].tolist()[:2] == [2.0, 2.0]
    assert np.isnan(rows.loc["sign_flip", ["df", "ci_low", "ci_high"]].tolist()).all()


@pytest.mark.parametrize("sizes", [[3, 1, 4, 2, 6, 1, 2], [2] * 8, [1] * 6])
def test_clustered_is_that_of_statsmodels(sizes: list[int]) -> None:
    """OLS on a constant with cov_type "cluster" and its t(G-1)."""
    moves = random_moves(sizes, seed=len(sizes))
    row = study_of(moves).loc["clustered"]
    car, group = labelled(moves)
    fit = sm.OLS(car, np.ones(len(car))).fit(
        cov_type="cluster", cov_kwds={"groups": group}, use_t=True
    )
    assert row["estimate"] == pytest.approx(fit.params[0], rel=1e-10)
    assert row["statistic"] == pytest.approx(fit.tvalues[0], rel=1e-10)
    assert row["pvalue"] == pytest.approx(fit.pvalues[0], rel=1e-8)
    ends = row[["ci_low", "ci_high"]].tolist()
    assert ends == pytest.approx(fit.conf_int()[0].tolist(), rel=1e-9)
    assert row["df"] == len(sizes) - 1
    assert row["valid"]


@pytest.mark.parametrize("sizes", [[3, 1, 4, 2, 6, 1, 2], [2] * 8])
def test_jackknife_leaves_clusters_out(sizes: list[int]) -> None:
    """Every cluster is taken away in turn and the mean taken anew."""
    moves = random_moves(sizes, seed=3)
    row = study_of(moves).loc["jackknife"]
    car, group = labelled(moves)
    without = [car[group != g].mean() for g in np.unique(group)]
    count = len(without)
    total = sum((mean - car.mean()) ** 2 for mean in without)
    se = float(np.sqrt((count - 1) / count * total))
    assert row["statistic"] == pytest.approx(car.mean() / se, rel=1e-10)
    p = 2 * stats.t.sf(abs(car.mean() / se), count - 1)
    assert row["pvalue"] == pytest.approx(p, rel=1e-8)
    half = stats.t.ppf(0.975, count - 1) * se
    ends = row[["ci_low", "ci_high"]].tolist()
    assert ends == pytest.approx([car.mean() - half, car.mean() + half], rel=1e-9)


def test_equal_clusters_are_one_sample_of_means() -> None:
    """Four pairs in each of seven clusters: scipy's t of the seven means."""
    moves = random_moves([4] * 7, seed=5)
    rows = study_of(moves)
    means = labelled(moves)[0].reshape(7, 4).mean(axis=1)
    oracle = stats.ttest_1samp(means, 0.0)
    for name in ("clustered", "jackknife"):
        assert rows.loc[name, "statistic"] == pytest.approx(oracle.statistic, rel=1e-9)
        assert rows.loc[name, "pvalue"] == pytest.approx(oracle.pvalue, rel=1e-8)


@pytest.mark.parametrize("sizes", [[3, 1, 4, 2, 6, 1, 2], [1] * 6])
def test_sign_flip_by_enumeration(sizes: list[int]) -> None:
    """Every sign vector applied to the CARs themselves; statsmodels gives each t."""
    moves = random_moves(sizes, seed=8)
    row = study_of(moves).loc["sign_flip"]
    car, group = labelled(moves)
    sessions = np.unique(group)

    def ratio(values: np.ndarray) -> float:
        fit = sm.OLS(values, np.ones(len(values))).fit(
            cov_type="cluster", cov_kwds={"groups": group}
        )
        return abs(float(fit.tvalues[0]))

    observed = ratio(car)
    extreme = 0
    for signs in product([1.0, -1.0], repeat=len(sessions)):
        flipped = car * np.array(signs)[np.searchsorted(sessions, group)]
        extreme += ratio(flipped) >= observed * (1 - 1e-9)
    assert row["pvalue"] == pytest.approx(extreme / 2 ** len(sessions), abs=1e-12)
    assert row["valid"]


def test_equal_clusters_flip_as_scipy_permutes() -> None:
    """One pair in each of nine clusters: scipy's permutation test of paired samples.

    |t| is monotone in |mean| when only signs change, so the ranks are the same.
    """
    moves = random_moves([1] * 9, seed=12)
    car = labelled(moves)[0]
    oracle = stats.permutation_test(
        (car,),
        lambda x, axis: np.abs(np.mean(x, axis=axis)),
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf,
        alternative="greater",
    )
    assert study_of(moves).loc["sign_flip", "pvalue"] == pytest.approx(oracle.pvalue)


def test_drawn_flips_are_near_all_of_them() -> None:
    """Fourteen clusters: 9,999 drawn vectors against all 16,384, four standard errors.

    p = (1 + #) / (B + 1) has B = 9,999; the same seed gives the same p, and neither
    the order of events nor of symbols changes it.
    """
    moves = random_moves([2, 1, 3, 1, 2, 4, 1] * 2, seed=21)
    car, group = labelled(moves)
    sums = np.array([car[group == g].sum() for g in np.unique(group)])
    counts = np.array([(group == g).sum() for g in np.unique(group)]).astype(float)
    every = np.array(list(product([1.0, -1.0], repeat=14)))
    means = every @ sums / counts.sum()
    spread = ((every * sums - means[:, None] * counts) ** 2).sum(axis=1)
    ratios = np.abs(means) / np.sqrt(spread)
    share = float(np.mean(ratios >= ratios[0] * (1 - 1e-12)))
    rows = study_of(moves, seed=4)
    p = rows.loc["sign_flip", "pvalue"]
    assert abs(p - share) < 4 * np.sqrt(share * (1 - share) / 9_999)
    assert p * 10_000 == pytest.approx(round(p * 10_000), abs=1e-9)
    assert study_of(moves[::-1], seed=4).loc["sign_flip", "pvalue"] == p
    assert study_of(moves, seed=5).loc["sign_flip", "pvalue"] != p


def test_order_of_events_changes_nothing() -> None:
    """Shuffled pairs: the same rows."""
    moves = random_moves([3, 1, 4, 2, 6, 1, 2], seed=30)
    shuffled = [moves[k] for k in np.random.default_rng(1).permutation(len(moves))]
    left, right = study_of(moves), study_of(shuffled)
    columns = ["estimate", "statistic", "pvalue", "ci_low", "ci_high"]
    for column in columns:
        np.testing.assert_allclose(
            left[column].astype(float), right[column].astype(float), rtol=1e-10
        )


@pytest.mark.parametrize(
    ("sizes", "reason", "warning"),
    [
        ([3, 1, 2, 4, 6, 1, 2, 1, 3, 5, 1, 2], "", "see sign_flip"),
        ([20, 1, 1, 1, 1, 1], "a few clusters hold most pairs", ""),
        ([2, 1, 2, 1, 2, 2], "", ""),
    ],
)
def test_clusters_that_hold_most_pairs(sizes, reason, warning) -> None:
    """The effective number of clusters G* = (sum n)^2 / sum n^2 as a share of G.

    31^2 / 111 / 12 = .721: a warning. 25^2 / 405 / 6 = .257: not valid.
    10^2 / 18 / 6 = .926: nothing. The flips hold in all.
    """
    rows = study_of(random_moves(sizes, seed=50))
    for name in ("clustered", "jackknife"):
        assert reason in rows.loc[name, "reason"]
        assert rows.loc[name, "valid"] == (not reason)
        assert warning in rows.loc[name, "warning"]
        assert bool(rows.loc[name, "warning"]) == bool(warning)
    assert rows.loc["sign_flip", "valid"]
    assert rows.loc["sign_flip", "warning"] == ""


@pytest.mark.parametrize("count", [1, 2, 5, 6])
def test_validity_begins_at_six_clusters(count: int) -> None:
    """One cluster has no error: NaN. Two to five are computed, and not valid."""
    rows = study_of(random_moves([2] * count, seed=40))
    assert rows["valid"].tolist() == [count >= 6] * 3
    if count < 6:
        assert set(rows["reason"]) == {"fewer than 6 clusters of sessions"}
    known = [count > 1] * 3
    assert np.isfinite(rows["statistic"].astype(float)).tolist() == known
    assert np.isfinite(rows["pvalue"].astype(float)).tolist() == known
    assert np.isfinite(rows["estimate"].astype(float)).all()
    assert np.isfinite(rows["mde"].astype(float)).all()


def test_pairs_without_the_window_leave_it() -> None:
    """No pair with every session: a row each that says so, and nothing else."""
    returns = pd.DataFrame({"S": np.random.default_rng(2).normal(0, 0.01, 480)}, INDEX)
    returns.iloc[401] = np.nan
    event = pd.DataFrame({"event_id": "e", "symbol": "S", "session": [INDEX[400]]})
    rows = event_study(event, returns, MARKET, windows=[(0, 1)], tests=NAMES).tests
    assert not rows["valid"].any()
    assert set(rows["reason"]) == {"no pair has every session of the window"}
