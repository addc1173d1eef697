"""The contrast under other models, and with signs that are each session's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from aftershock import event_study
from aftershock.abnormal import Fit, Sample
from aftershock.models.base import (
    ReturnModel,
    fit_of,
    least_squares,
    ones,
    regression_fit,
)
from tests.significance.portfolios import (
    CONTRAST,
    FRAMES,
    ROWS,
    SESSIONS,
    A,
    events_on,
    rows_of,
)


@dataclass(frozen=True)
class OwnFactor(ReturnModel):
    """A regressor that differs by symbol."""

    name: ClassVar[str] = "own_factor"
    factors: ClassVar[tuple[str, ...]] = ("mkt",)
    formula: ClassVar[str] = "E[R] = a + b x"

    def fit(self, sample: Sample) -> Fit:
        """Multiply the market by a number of the symbol's own."""
        several = np.arange(1.0, len(sample.positions) + 1)[:, None]
        own = sample.factors["mkt"] + 0.001 * several * np.cos(sample.offsets)
        return regression_fit(sample, [ones(sample), own], beta_at=1)


def test_regressors_that_differ_are_refused() -> None:
    """A contrast needs one design; the placebo does not."""
    names = [*CONTRAST, "contrast_search", "placebo_contrast"]
    rows = rows_of(events_on([420]), names, model=OwnFactor())
    for name in names[:3]:
        assert rows.loc[name, "reason"] == "the model's regressors differ by symbol"
        assert not rows.loc[name, "valid"]
    assert rows.loc["placebo_contrast", "valid"]


@dataclass(frozen=True)
class Scaled(ReturnModel):
    """Weighted least squares: sessions on odd offsets are twice as wide."""

    name: ClassVar[str] = "scaled"
    factors: ClassVar[tuple[str, ...]] = ("mkt",)
    formula: ClassVar[str] = "E[R] = a + b Rm"

    def fit(self, sample: Sample) -> Fit:
        """Fit in units of the scale."""
        wide = np.where(sample.offsets % 2 == 1, 2.0, 1.0)
        scale = np.broadcast_to(wide, sample.returns.shape)
        x = (ones(sample), sample.factors["mkt"])
        unit = [v / scale for v in x]
        b, gram = least_squares(sample.returns / scale, unit, sample.estimation)
        return replace(fit_of(sample, x, b, gram, 1), scale=scale)


def test_a_scale_for_each_session_is_kept() -> None:
    """statsmodels' WLS of the portfolio: its forecast error, wide sessions and all.

    Window [0, 1]: variance s^2 (1^2 + 2^2) + 1'X* V X*'1.
    """
    row = rows_of(events_on([420]), CONTRAST, end=1, model=Scaled()).loc["contrast"]
    offsets = np.array(ROWS)
    wide = np.where(offsets % 2 == 1, 2.0, 1.0)
    y = FRAMES[0].to_numpy() @ A
    x = sm.add_constant(FRAMES[1]["mkt"].to_numpy())
    fit = sm.WLS(y[420 + offsets], x[420 + offsets], weights=1 / wide**2).fit()
    ahead = x[[420, 421]]
    car = (y[[420, 421]] - ahead @ fit.params).sum()
    spread = fit.scale * 5 + ahead.sum(axis=0) @ fit.cov_params() @ ahead.sum(axis=0)
    assert row["estimate"] == pytest.approx(car, rel=1e-9)
    assert row["statistic"] == pytest.approx(car / np.sqrt(spread), rel=1e-9)


def test_a_contrast_of_returns_less_the_market() -> None:
    """Nothing is estimated: C = 1, and the spread is taken about the mean."""
    position = SESSIONS[0]
    row = rows_of(events_on([position]), ["contrast"], model="market_adjusted")
    excess = FRAMES[0].to_numpy() @ A - A.sum() * FRAMES[1]["mkt"].to_numpy()
    past = excess[position - 250 : position - 10]
    t = excess[position] / past.std(ddof=1)
    assert row.loc["contrast", "estimate"] == pytest.approx(excess[position], rel=1e-12)
    assert row.loc["contrast", "statistic"] == pytest.approx(t, rel=1e-10)
    assert row.loc["contrast", "df"] == 239


def test_every_session_has_the_signs_of_its_own_events() -> None:
    """A against B, then C against D and A, turn by turn; the t over the portfolios.

    The third kind of session expects only B to rise: its portfolio is B alone. Each
    session is a cluster, so that CR1 with G/(G-1) is the t of a mean.
    """
    kinds = [
        {"A": (1, "up"), "B": (-1, "down")},
        {"C": (1, "up"), "D": (-1, "down"), "A": (-1, "other")},
        {"B": (1, "up"), "C": (0, "fund")},
    ]
    shares = [{"A": 1.0, "B": -1.0}, {"C": 1.0, "D": -0.5, "A": -0.5}, {"B": 1.0}]
    rows, cars = [], []
    returns, market = FRAMES[0], FRAMES[1]["mkt"].to_numpy()
    for k, position in enumerate(SESSIONS):
        for symbol, (sign, role) in kinds[k % 3].items():
            rows.append((f"e{k}", symbol, returns.index[position], sign, role))
        path = sum(w * returns[s].to_numpy() for s, w in shares[k % 3].items())
        past = slice(position - 250, position - 10)
        fit = sm.OLS(path[past], sm.add_constant(market[past])).fit()
        cars.append(path[position] - fit.params @ [1.0, market[position]])
    names = ["event_id", "symbol", "session", "expected", "role"]
    events = pd.DataFrame(rows, columns=names)
    row = rows_of(events, ["contrast", "placebo_contrast"], contrast="expected_signs")
    found = row.loc["contrast"]
    t = np.mean(cars) / (np.std(cars, ddof=1) / np.sqrt(len(cars)))
    assert found["estimate"] == pytest.approx(np.mean(cars), rel=1e-10)
    assert found["statistic"] == pytest.approx(t, rel=1e-9)
    assert found["n"] == 3 * 2 + 3 * 3 + 2 * 1
    assert found["n_sessions"] == len(SESSIONS)
    assert np.isfinite(row.loc["placebo_contrast", "pvalue"])
    assert row.loc["placebo_contrast", "n"] == found["n"]


def test_a_sign_that_nobody_knows_has_no_part() -> None:
    """A is to rise, B to fall, and of C nothing was said: A less B, and no more."""
    events = events_on([420], ["A", "B", "C"]).assign(
        expected=[1, -1, np.nan], role=["actor", "rival", "rival"]
    )
    names = [*CONTRAST, "placebo_contrast", "contrast_search"]
    numbers = ["estimate", "statistic", "pvalue"]
    found = rows_of(events, names, contrast="expected_signs")[numbers]
    known = rows_of(events, names, contrast={"A": 1.0, "B": -1.0})[numbers]
    pd.testing.assert_frame_equal(found, known)
    assert np.isfinite(found.to_numpy()).all()


def test_symbols_that_move_as_one_have_no_contrast() -> None:
    """A less its own copy is 0 on every session: there is nothing to divide by."""
    returns = FRAMES[0].assign(B=FRAMES[0]["A"])
    found = event_study(
        events_on([420], ["A", "B"]), returns, FRAMES[1],
        contrast={"A": 1.0, "B": -1.0}, tests=CONTRAST,
    ).tests  # fmt: skip
    assert not found["valid"].any()
    assert found["reason"].str.endswith("its symbols move as one").all()
