"""For which designs the event-time tests call themselves valid."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from aftershock.significance.adjusted_patell import AdjustedPatell
from aftershock.significance.base import SignificanceTest
from aftershock.significance.corrado_rank import CorradoRank
from aftershock.significance.corrado_zivney_sign import CorradoZivneySign
from aftershock.significance.crude_dependence import CrudeDependence
from aftershock.significance.grank_t import GrankT
from aftershock.significance.grank_z import GrankZ
from aftershock.significance.patell import Patell
from aftershock.significance.ranks import recurrence
from aftershock.significance.shared_errors import distances
from aftershock.significance.trial import Trial
from tests.significance.loops import make_trial, only

GRANK: list[SignificanceTest] = [GrankT(), GrankZ()]


def noisy(sessions: int, symbols: int, days: int = 1, tail: float = 0.0) -> Trial:
    """Pairs of some sessions; with `tail` Student t noise of so many df."""
    random = np.random.default_rng(4)
    n = sessions * symbols

    def draw(width: int) -> list[list[float]]:
        size = (n, width)
        wild = random.standard_t(tail, size) if tail else random.normal(0, 1, size)
        return np.asarray(wild).tolist()

    where = np.repeat(500 + 20 * np.arange(sessions), symbols).tolist()
    return make_trial(draw(60), draw(days), window=(0, days - 1), positions=where)


@pytest.mark.parametrize(
    ("test", "sessions", "symbols", "days", "reason"),
    [
        (CorradoRank(), 1, 19, 1, "one day and fewer than 20 pairs"),
        (CorradoRank(), 1, 20, 1, ""),
        (CorradoRank(), 1, 4, 2, ""),
        (CorradoRank(), 2, 1, 1, ""),
        (CorradoZivneySign(), 1, 50, 1, "all pairs share one day"),
        (CorradoZivneySign(), 1, 5, 2, ""),
        (CorradoZivneySign(), 4, 1, 2, "fewer than 5 pairs"),
        (CorradoZivneySign(), 5, 1, 1, ""),
        (GrankT(), 1, 50, 1, "all pairs share one session"),
        (GrankT(), 11, 4, 1, "fewer than 12 clusters"),
        (GrankT(), 12, 2, 1, ""),
        (GrankT(), 19, 1, 1, "fewer than 20 pairs"),
        (GrankZ(), 19, 1, 1, "fewer than 20 pairs"),
        (GrankZ(), 20, 1, 1, ""),
    ],
)
def test_valid_by_design(
    test: SignificanceTest, sessions: int, symbols: int, days: int, reason: str
) -> None:
    """Sessions, pairs and days decide; the p-value is there all the same."""
    row = only(test, noisy(sessions, symbols, days))
    assert (row.valid, row.reason) == (not reason, reason)
    assert np.isfinite(row.pvalue)


def test_grank_z_assumes_independent_pairs() -> None:
    """Twenty sessions of two symbols each."""
    assert "share sessions" in only(GrankZ(), noisy(20, 2)).reason


def test_heavy_tails_are_a_warning_where_days_are_summed() -> None:
    """Student t(3) against normal noise, on one day and on five."""
    for grank in GRANK:
        assert "heavy tails" in only(grank, noisy(20, 1, 5, tail=3.0)).warning
        assert only(grank, noisy(20, 1, 1, tail=3.0)).warning == ""
        assert only(grank, noisy(20, 1, 5)).warning == ""


def recurring(positions: list[int], names: list[str], days: int = 24) -> Trial:
    """One pair a position, by name."""
    rows = np.random.default_rng(2).normal(0, 1, (len(names), days)).tolist()
    events = [[0.1 * (k + 1)] for k in range(len(names))]
    return make_trial(rows, events, positions=positions, symbols=names)


def test_recurrence_by_hand() -> None:
    """One symbol at 500, 510 and 520, another once, T = 24.

    C(0) = 4, C(10) = 2, C(20) = 1: rho 1/2 and 1/4; c = 1 + 2 (14/24 x 1/4 +
    4/24 x 1/16) = 1 + 2 (.1458333 + .0104167) = 1.3125. Without the other: rho 2/3
    and 1/3, c = 1 + 2 (14/24 x 4/9 + 4/24 x 1/9) = 14/9.
    """
    four = recurring([520, 500, 505, 510], ["A", "A", "B", "A"])
    assert recurrence(four) == (24, pytest.approx(1.3125, rel=1e-14))
    three = recurring([520, 500, 510], ["A", "A", "A"])
    assert recurrence(three) == (24, pytest.approx(14 / 9, rel=1e-14))
    # 24 sessions apart no residual is shared
    assert recurrence(recurring([500, 524], ["A", "A"])) == (24, 1.0)


@pytest.mark.parametrize("once", [False, True])
def test_distances_by_loop(once: bool) -> None:
    """Every pair of events of a symbol looked at; nearer than nine sessions counts."""
    random = np.random.default_rng(8)
    positions = random.integers(700, 760, 90)
    names = [f"S{k}" for k in random.integers(0, 5, 90)]
    events = list(zip(names, positions.tolist(), strict=True))
    events = sorted(set(events)) if once else events
    counts = [0] * 9
    for (one, first), (two, second) in itertools.combinations(events, 2):
        if one == two and abs(first - second) < 9:
            counts[abs(first - second)] += 1
    assert distances(names, positions, 9, once=once).tolist() == counts


def test_recurrence_by_loop() -> None:
    """Every pair of events of a symbol looked at, doubles on one session included."""
    random = np.random.default_rng(6)
    positions = random.integers(500, 620, 60).tolist()
    names = [f"S{k}" for k in random.integers(0, 4, 60)]
    counts: dict[int, int] = {}
    for one, first in zip(positions, names, strict=True):
        for two, second in zip(positions, names, strict=True):
            if first == second and 0 <= two - one < 40:
                counts[two - one] = counts.get(two - one, 0) + 1
    total = sum(
        (1 - a / 40) * (count / counts[0]) ** 2 for a, count in counts.items() if a
    )
    found = recurrence(recurring(positions, names, 40))
    assert found == (40, pytest.approx(1 + 2 * total, rel=1e-12))


@pytest.mark.parametrize(
    ("test", "sessions", "valid"),
    [
        (CorradoRank(), 12, True), (CorradoRank(), 18, False),
        (CorradoZivneySign(), 12, True), (CorradoZivneySign(), 18, False),
        (CrudeDependence(), 12, True), (CrudeDependence(), 18, False),
        (GrankT(), 20, False), (AdjustedPatell(), 18, True), (Patell(), 18, True),
    ],
)  # fmt: skip
def test_symbols_that_recur(test: SignificanceTest, sessions: int, valid: bool) -> None:
    """One symbol on 12 or more sessions, six apart, T = 240: worth 30 days and fewer.

    Without the factor 1 - a/T c is 1 + 2 sum (1 - k/12)^2 = 8.03, so 240/c >= 29.9.
    """
    where = [500 + 6 * k for k in range(sessions)]
    row = only(test, recurring(where, ["A"] * sessions, 240))
    assert row.valid is valid
    assert ("symbols recur" in row.reason) is not valid
    apart = only(test, recurring(where, [f"S{k}" for k in range(sessions)], 240))
    assert apart.valid and apart.reason == ""


def test_sums_of_days_need_more() -> None:
    """The same 12 sessions hold for one day, and not for a window of two."""
    names, where = ["A"] * 12, [500 + 6 * k for k in range(12)]
    rows = np.random.default_rng(2).normal(0, 1, (12, 240)).tolist()
    events = np.random.default_rng(3).normal(0, 1, (12, 2)).tolist()
    for test in (CorradoRank(), CorradoZivneySign(), CrudeDependence()):
        for window, valid in (((0, 0), True), ((0, 1), False)):
            trial = make_trial(
                rows, events, positions=where, symbols=names, window=window
            )
            assert only(test, trial).valid is valid


@pytest.mark.parametrize(("apart", "valid"), [(250, True), (130, True), (60, False)])
def test_signs_of_events_in_each_others_median(apart: int, valid: bool) -> None:
    """Eight events of one symbol, six sessions each, medians over 240 rows.

    Cov(CAR_j, CAR_k) = L^2 (M - d) / M^2 - L inside / M, as a share of L (1 + L / M)
    for each of 8. No row is common to both 250 apart, but the window is inside: seven
    neighbours of -6 6 / 240 = -.15, so 2 7 (-.15) / (8 6.15) = -.043; 130 apart seven
    of 6^2 110 / 240^2 - .15 = -.0813, -.023; 60 apart d = 60, 120, 180, 240 of 7, 6,
    5, 4: -.0375, -.075, -.1125, -.15, so 2 (-1.875) / 49.2 = -.076.
    """
    where = [500 + apart * k for k in range(8)]
    rows = np.random.default_rng(4).normal(0, 1, (8, 240)).tolist()
    events = np.random.default_rng(5).normal(0, 1, (8, 6)).tolist()
    trial = make_trial(rows, events, positions=where, symbols=["A"] * 8, window=(0, 5))
    reasons = only(CorradoZivneySign(), trial).reason
    assert ("each other's estimation" in reasons) is not valid


def test_a_single_pair_has_no_mean() -> None:
    """Nothing averages its tails; its own t says the same with its warnings."""
    for test in (Patell(), AdjustedPatell(), CrudeDependence()):
        row = only(test, recurring([500], ["A"]))
        assert (row.valid, row.reason) == (False, "a single pair")
        assert np.isfinite(row.pvalue)
