"""The designs are what they claim: moments, correlation, spacing, histories."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aftershock.calibration.designs import AFTER, DESIGNS, HISTORY, Drawn, Shift
from aftershock.calibration.shocks import (
    GarchShocks,
    NormalShocks,
    StudentShocks,
    log_volume,
)
from aftershock.study.design import StudyDesign, find_model
from aftershock.windows import EventWindow, clusters

STUDY = StudyDesign(find_model("market"), windows=(EventWindow(0, 0),))


def drawn(name: str, count: int, shift: Shift | None = None, seed: int = 1) -> Drawn:
    random = np.random.default_rng(seed)
    (found,) = DESIGNS[name].draw(random, count, STUDY, shift or Shift())
    return found


def event_returns(found: Drawn) -> np.ndarray:
    """Returns at the event session of each pair, (R, N)."""
    frame = pd.DataFrame(found.panel.returns, found.panel.calendar, found.panel.symbols)
    return np.array(
        [
            [frame.loc[s, k] for s, k in zip(p["session"], p["symbol"], strict=True)]
            for p in found.pairs
        ]
    )


def test_normal_shocks_have_the_correlation_they_claim() -> None:
    """Standard error of a correlation of .3 in 20,000 draws: .91/sqrt(20000)=.0064."""
    shocks, variance = NormalShocks(0.3).draw(np.random.default_rng(2), 20_000, (1, 2))
    x, y = shocks[:, 0].T
    assert abs(np.corrcoef(x, y)[0, 1] - 0.3) < 4 * 0.0064
    assert abs(shocks.std() - 1) < 4 / np.sqrt(2 * 40_000)
    assert abs(shocks.mean()) < 4 / np.sqrt(20_000)
    assert np.isnan(variance).all()


def test_replications_are_independent_of_each_other() -> None:
    """The common part of one session belongs to one replication alone."""
    shocks, _ = NormalShocks(0.9).draw(np.random.default_rng(3), 20_000, (2, 1))
    assert abs(np.corrcoef(shocks[:, 0, 0], shocks[:, 1, 0])[0, 1]) < 4 / np.sqrt(2e4)


def test_student_shocks_are_t_scaled_to_unit_variance() -> None:
    """Against scipy's t(3.5) with scale sqrt(1.5 / 3.5), Kolmogorov-Smirnov."""
    shocks, _ = StudentShocks(3.5).draw(np.random.default_rng(4), 5_000, (2, 2))
    law = stats.t(3.5, scale=np.sqrt(1.5 / 3.5))
    assert law.var() == pytest.approx(1)
    assert stats.kstest(shocks.ravel(), law.cdf).pvalue > 0.001


def test_log_volume_is_autocorrelated() -> None:
    """AR(1): sd .4 about 14, lag-one correlation .5, .5 x .3 across at lag one."""
    found = log_volume(np.random.default_rng(12), 40_000, (1, 2), 0.3)[:, 0]
    assert found.mean() == pytest.approx(14, abs=0.02)
    assert found.std() == pytest.approx(0.4, abs=0.01)
    x, y = (found - 14).T
    assert np.corrcoef(x[1:], x[:-1])[0, 1] == pytest.approx(0.5, abs=0.03)
    assert np.corrcoef(x, y)[0, 1] == pytest.approx(0.3, abs=0.03)
    assert np.corrcoef(x[1:], y[:-1])[0, 1] == pytest.approx(0.15, abs=0.03)


def test_garch_shocks_follow_their_recursion_and_have_unit_variance() -> None:
    """h_t = .02 + .08 e^2 + .90 h, by the lagged values themselves."""
    shocks, h = GarchShocks(correlation=0.5).draw(
        np.random.default_rng(5), 4_000, (25, 4)
    )
    again = 0.02 + 0.08 * shocks[:-1] ** 2 + 0.90 * h[:-1]
    np.testing.assert_allclose(h[1:], again)
    assert abs(shocks.var() - 1) < 0.1
    z = shocks / np.sqrt(h)
    law = stats.t(5, scale=np.sqrt(3 / 5))
    assert stats.kstest(z[:, :, 0].ravel()[::7], law.cdf).pvalue > 0.001
    assert abs(np.corrcoef(z[..., 0].ravel(), z[..., 1].ravel())[0, 1] - 0.5) < 0.03


@pytest.mark.parametrize(
    ("name", "pairs", "sessions"),
    [
        ("iid_normal", 50, 50), ("one_session", 50, 1), ("four_on_1", 4, 1),
        ("four_on_5", 20, 5), ("four_on_12", 48, 12), ("four_on_25", 100, 25),
        ("mixed_history", 50, 50), ("one_pair", 1, 1),
    ],
)  # fmt: skip
def test_designs_have_the_sessions_they_claim(
    name: str, pairs: int, sessions: int
) -> None:
    design = DESIGNS[name]
    assert len(design.positions) == len(design.columns) == pairs
    assert len(np.unique(clusters(design.positions, 6))) == sessions
    assert design.positions.min() == HISTORY
    assert design.one_session == (sessions == 1)
    found = drawn(name, 2)
    assert len(found.panel.calendar) == design.positions.max() + AFTER
    assert [len(p) for p in found.pairs] == [pairs, pairs]
    assert found.pairs[0]["session"].nunique() == sessions


def test_the_event_session_has_twice_the_variance() -> None:
    """F(10000, 10000) of 20,000 against 20,000 draws; .9999 quantile about 1.05."""
    wide = event_returns(drawn("variance_doubled", 200))
    plain = event_returns(drawn("iid_normal", 200))
    found = (wide - wide.mean()).var() / (plain - plain.mean()).var()
    # the market's part, beta of mean 1.083 in square and 1 % a day, stays as it is
    market = 0.01**2 * (1 + 1 / 12)
    wanted = (2 * 0.02**2 + market) / (0.02**2 + market)
    assert found == pytest.approx(wanted, rel=0.05)


def test_histories_are_between_60_and_240() -> None:
    found = drawn("mixed_history", 20)
    panel = found.panel
    every = pd.concat(found.pairs)
    measured = panel.measure(
        panel.column(every["symbol"].tolist()),
        panel.position(every["session"].tolist()),
        EventWindow(0, 5),
    )
    m = measured.fit.m
    assert m.min() >= 60
    assert m.max() <= 240
    assert m.max() > 230
    assert m.min() < 70
    assert abs(m.mean() - 150) < 4 * 180 / np.sqrt(12 * len(m))


def test_a_shift_moves_the_event_session_by_sigmas() -> None:
    """Same seed, so only the shift differs: 2 sigma of 2 % = 4 %."""
    plain, up = (drawn("four_on_1", 3, Shift(e)) for e in (0.0, 2.0))
    signed = drawn("four_on_1", 3, Shift(2.0, signed=True))
    moved = up.panel.returns - plain.panel.returns
    assert np.allclose(moved[HISTORY], 0.04)
    assert np.allclose(np.delete(moved, HISTORY, axis=0), 0)
    signs = np.tile([1.0, -1.0, -1.0, -1.0], 3)
    moved = signed.panel.returns - plain.panel.returns
    assert np.allclose(moved[HISTORY], 0.04 * signs)
    assert (plain.pairs[0]["expected"] == [1, -1, -1, -1]).all()


def test_the_seed_decides() -> None:
    one, two = (drawn("garch", 2, seed=9) for _ in range(2))
    np.testing.assert_array_equal(one.panel.returns, two.panel.returns)
    np.testing.assert_array_equal(one.volatility, two.volatility)
    assert not np.array_equal(one.panel.returns, drawn("garch", 2).panel.returns)


def test_prior_volatility_is_that_of_the_event_session() -> None:
    """One pair: the variance of the recursion at its event."""
    design = DESIGNS["one_pair_garch"]
    length = HISTORY + AFTER
    random = np.random.default_rng(6)
    random.normal(0, 0.01, length)  # the market
    random.uniform(0.5, 1.5, (7, 1))  # beta
    _, variance = design.shocks.draw(random, length, (7, 1))
    found = drawn("one_pair_garch", 7, seed=6)
    np.testing.assert_array_equal(found.volatility, variance[HISTORY, :, 0])
