"""How often the tests of several sessions reject where there is no news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from aftershock import event_study
from aftershock.significance.base import SignificanceTest
from aftershock.significance.block_bootstrap import BlockBootstrap
from aftershock.significance.calendar_time import CalendarTime
from aftershock.significance.clustered import Clustered
from aftershock.significance.contrast import Contrast
from aftershock.significance.contrast_search import ContrastSearch
from aftershock.significance.jackknife import Jackknife
from aftershock.significance.sign_flip import SignFlip
from aftershock.significance.trial import Trial
from aftershock.study.design import find_model
from aftershock.study.panel import make_panel
from aftershock.windows import EstimationWindow, EventWindow

pytestmark = pytest.mark.slow
LOW, HIGH = 0.035, 0.065
WEIGHTS = {"S0": 1.0, "S1": -0.5, "S2": -0.25, "S3": -0.25}
ROLES = ("subject", "rival", "supplier", "supplier")


def returns_of(count: int, length: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a market and four symbols with residual correlation .5, `count` times."""
    random = np.random.default_rng(seed)
    market = random.normal(0, 0.01, length)
    shared = random.standard_normal((length, count, 1))
    own = random.standard_normal((length, count, 4))
    noise = 0.02 * np.sqrt(0.5) * (shared + own)
    return market, (market[:, None, None] + noise).reshape(length, -1)


def trials(
    count: int, sessions: int, window: tuple[int, int] = (0, 0), seed: int = 0
) -> Iterator[Trial]:
    """Yield replications: every symbol has an event on sessions six apart."""
    positions = 300 + 6 * np.arange(sessions)
    market, returns = returns_of(count, int(positions.max()) + 15, seed)
    index = pd.bdate_range("2000-01-03", periods=len(market))
    panel = make_panel(
        pd.DataFrame(returns, index, [f"s{k}" for k in range(4 * count)]),
        pd.DataFrame({"mkt": market}, index),
        find_model("market"),
        EstimationWindow(),
    )
    for replication in range(count):
        columns = np.tile(np.arange(4) + 4 * replication, sessions)
        tested = EventWindow(*window)
        yield Trial(
            panel.measure(columns, np.repeat(positions, 4), tested),
            panel.model,
            tested,
            tuple(WEIGHTS) * sessions,
            np.ones(4 * sessions, dtype=bool),
            WEIGHTS,
            roles=ROLES * sessions,
            seed=replication,
        )


def rates(tests: list[SignificanceTest], drawn: Iterator[Trial]) -> dict[str, float]:
    """Return how often each row has p <= .05; all rows must be valid."""
    found: dict[str, list[bool]] = defaultdict(list)
    for trial in drawn:
        for test in tests:
            for row in test.evaluate(trial):
                assert row.valid, row.reason
                found[row.test].append(row.pvalue <= 0.05)
    return {name: float(np.mean(values)) for name, values in found.items()}


def within(found: dict[str, float]) -> None:
    """Hold every rate to the band."""
    assert all(LOW <= rate <= HIGH for rate in found.values()), found


@pytest.mark.parametrize("sessions", [12, 25])
def test_clusters(sessions: int) -> None:
    """Four symbols on each of 12 and 25 sessions, 2,000 replications."""
    tests = [Clustered(), Jackknife(), SignFlip(), Contrast()]
    within(rates(tests, trials(2_000, sessions, seed=sessions)))


def test_one_cluster_more_than_needed() -> None:
    """Seven clusters: 128 sign vectors, of which 6 are the largest share below 5 %.

    p is a multiple of 2/128, so p <= .05 has probability 6/128 = 4.7 %.
    """
    found = rates([SignFlip()], trials(2_000, 7, seed=3))["sign_flip"]
    assert abs(found - 6 / 128) < 3 * np.sqrt(6 / 128 * (1 - 6 / 128) / 2_000)


def test_searched_contrast() -> None:
    """One session: the largest contrast of three roles, 2,000 replications."""
    within(rates([ContrastSearch()], trials(2_000, 1, seed=4)))


@pytest.mark.parametrize(("sessions", "window"), [(1, (0, 0)), (12, (0, 2))])
def test_block_bootstrap(sessions: int, window: tuple[int, int]) -> None:
    """The mean on one session; its clustered t on twelve, windows of three."""
    within(rates([BlockBootstrap()], trials(1_500, sessions, window, seed=5)))


def test_calendar_time() -> None:
    """The fewest sessions that are accepted: twelve windows of five."""
    within(rates([CalendarTime()], trials(2_000, 12, (0, 4), seed=6)))


def test_volatility_against_placebo() -> None:
    """Four symbols on one session against the sessions before, 1,000 replications."""
    market, returns = returns_of(1_000, 330, seed=7)
    index = pd.bdate_range("2000-01-03", periods=330)
    factors = pd.DataFrame({"mkt": market}, index)
    events = pd.DataFrame(
        {"event_id": "e", "symbol": list(WEIGHTS), "session": index[310]}
    )
    rejected = []
    for replication in range(1_000):
        four = returns[:, 4 * replication : 4 * replication + 4]
        frame = pd.DataFrame(four, index, list(WEIGHTS))
        study = event_study(events, frame, factors, tests=["volatility"])
        assert study.tests["valid"].all()
        rejected.append(study.tests["pvalue"].iloc[0] <= 0.05)
    within({"volatility": float(np.mean(rejected))})
