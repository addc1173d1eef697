"""How often the tests reject without news: their size, and what their rules cite. Slow.

Drawn here and fitted by the market model, apart from the package's own calibration.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from aftershock.abnormal import AbnormalReturns, Sample, measure
from aftershock.models.market import Market
from aftershock.significance.adjusted_patell import AdjustedPatell
from aftershock.significance.base import SignificanceTest
from aftershock.significance.corrado_rank import CorradoRank
from aftershock.significance.corrado_zivney_sign import CorradoZivneySign
from aftershock.significance.crude_dependence import CrudeDependence
from aftershock.significance.generalized_sign import GeneralizedSign
from aftershock.significance.grank_t import GrankT
from aftershock.significance.grank_z import GrankZ
from aftershock.significance.patell import Patell
from aftershock.significance.sign import Sign
from aftershock.significance.skewness import Skewness
from aftershock.significance.trial import Trial
from aftershock.significance.wilcoxon import Wilcoxon
from aftershock.windows import EventWindow

pytestmark = pytest.mark.slow
REPLICATIONS, PAIRS_AT_ONCE = 2000, 4000
OFFSETS = np.arange(-250, 1)
ALL: tuple[SignificanceTest, ...] = (
    AdjustedPatell(), CorradoRank(), CorradoZivneySign(), CrudeDependence(),
    GeneralizedSign(), GrankT(), GrankZ(), Patell(), Sign(), Skewness(), Wilcoxon(),
)  # fmt: skip


@dataclass(frozen=True)
class Design:
    """Symbols on sessions 300 apart; noise has a part that a session shares."""

    sessions: int = 50
    symbols: int = 1
    correlation: float = 0.0
    tail: float = 0.0
    shortest: int = 240
    variance: float = 1.0

    @property
    def n(self) -> int:
        """Pairs of one replication."""
        return self.sessions * self.symbols

    def draw(self, random: np.random.Generator, *size: int) -> NDArray[np.float64]:
        """Noise of unit spread, or Student t."""
        return (
            random.standard_t(self.tail, size)
            if self.tail
            else random.normal(0, 1, size)
        )

    def measured(self, random: np.random.Generator, count: int) -> AbnormalReturns:
        """Fit `count` replications at once."""
        shape = (count, self.sessions, self.symbols, len(OFFSETS))
        shared = self.draw(random, *shape[:2], 1, shape[3])
        noise = np.sqrt(1 - self.correlation) * self.draw(random, *shape)
        noise = noise + np.sqrt(self.correlation) * shared
        noise[..., -1] *= np.sqrt(self.variance)
        market = np.broadcast_to(
            random.normal(0, 0.01, (*shape[:2], 1, shape[3])), shape
        )
        returns = (0.02 * noise + market).reshape(-1, len(OFFSETS))
        listed = -10 - random.integers(self.shortest, 241, len(returns))
        estimation = (OFFSETS <= -11) & (listed[:, None] <= OFFSETS)
        usable = estimation | (OFFSETS > -11)
        where = np.broadcast_to(
            300 * np.arange(1, self.sessions + 1)[None, :, None], shape[:3]
        ).ravel()
        factors = {"mkt": market.reshape(-1, len(OFFSETS))}
        sample = Sample(OFFSETS, where, returns, factors, usable, estimation)
        return measure(sample, Market(), EventWindow(0, 0))


@functools.cache
def rates(design: Design, tests: tuple[SignificanceTest, ...]) -> dict[str, float]:
    """Share of replications in which each test rejects at 5 %."""
    random, hits = np.random.default_rng(20260701), dict.fromkeys(tests, 0)
    at_once = max(1, PAIRS_AT_ONCE // design.n)
    for first in range(0, REPLICATIONS, at_once):
        count = min(at_once, REPLICATIONS - first)
        pairs = design.measured(random, count)
        for k in range(count):
            rows = pairs.take(np.arange(k * design.n, (k + 1) * design.n))
            everyone = np.ones(design.n, dtype=bool)
            symbols = ("S",) * design.n
            trial = Trial(rows, Market(), rows.window, symbols, everyone)
            for test in tests:
                hits[test] += test.evaluate(trial)[0].pvalue < 0.05
    return {test.name: hit / REPLICATIONS for test, hit in hits.items()}


@pytest.mark.parametrize("test", ALL, ids=lambda test: test.name)
def test_size_of_fifty_independent_pairs(test: SignificanceTest) -> None:
    """3.5 to 6.5 %, and 3 standard errors (of .0049) for the draws.

    The sign test of 50 has the attainable size 2 P(w <= 17) = 3.28 %.
    """
    rate = rates(Design(), ALL)[test.name]
    if test.name == "sign":
        assert rate == pytest.approx(0.0328, abs=0.012)
    else:
        assert 0.035 - 0.005 < rate < 0.065 + 0.008


@pytest.mark.parametrize(
    ("test", "percent"), [("patell", 4.7), ("corrado_rank", 4.7), ("grank_t", 5.2)]
)
def test_reference_points(test: str, percent: float) -> None:
    """Rates of independent pairs that others measured; 3 standard errors."""
    found = rates(Design(), ALL)[test]
    assert found == pytest.approx(percent / 100, abs=0.0155)


@pytest.mark.parametrize(
    ("test", "design", "percent"),
    [
        (Patell(), Design(1, 50, 0.3), 62.0),
        (CorradoRank(), Design(1, 50, 0.3), 4.0),
        (AdjustedPatell(), Design(1, 50, 0.3), 5.3),
        (CorradoZivneySign(), Design(1, 50, 0.3), 2.3),
        (CorradoRank(), Design(1, 4, 0.5), 2.6),
        (AdjustedPatell(), Design(1, 4, 0.5), 5.3),
        (CrudeDependence(), Design(1, 4, 0.5), 5.3),
        (GrankT(), Design(1, 4, 0.5), 16.0),
        (GrankT(), Design(5, 4, 0.5), 7.3),
        (GrankT(), Design(12, 4, 0.5), 5.6),
        (CorradoZivneySign(), Design(4), 8.9),
        (CrudeDependence(), Design(shortest=60), 0.1),
        (Skewness(), Design(tail=3.5), 7.5),
        (Patell(), Design(variance=2.0), 16.6),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_rates_that_the_rules_cite(
    test: SignificanceTest, design: Design, percent: float
) -> None:
    """What a `valid` rule says of a design is so, within 4 standard errors.

    Twice the variance: patell rejects where |z| > 1.96/sqrt 2, in 16.6 %.
    """
    p = percent / 100
    found = rates(design, (test,))[test.name]
    assert abs(found - p) < 4 * float(np.sqrt(p * (1 - p) / REPLICATIONS)) + 0.001
