"""Base R's numbers, from `r/*.R` on the same made-up panel, at 1e-8.

R is not needed here: the scripts stand beside the numbers that they made.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from aftershock.models.base import ReturnModel
from aftershock.registry import family
from tests.published.panel import (
    QUIET,
    SHARED,
    SYMBOLS,
    on_one_session,
    on_own_sessions,
    row,
    stored,
    study,
)

CLOSE = {"rtol": 1e-8, "atol": 1e-12}
MODELS = stored("models")
SESSION = stored("session")
ACROSS = stored("across")


def test_the_panels_are_the_same_doubles() -> None:
    """A digest that would move if a language read one formula otherwise."""
    found = study(on_one_session(), ["cross_sectional"]).pairs
    np.testing.assert_allclose(found["alpha"], MODELS["market"]["alpha"], rtol=1e-10)
    assert "R version" in MODELS["version"]


@pytest.mark.parametrize(
    "model",
    ["market", "mean", "ff3", "carhart", "ff5", "dimson", "scholes_williams"],
)
def test_models_against_lm_and_predict(model: str) -> None:
    """lm() coefficients; predict(se.fit): se = sqrt(se.fit^2 + residual.scale^2)."""
    if model not in family("aftershock.models", ReturnModel):
        pytest.fail(f"not registered: {model}")
    found = study(on_one_session(), ["cross_sectional"], model=model)
    day = found.abnormal_returns.set_index("symbol").loc[SYMBOLS]
    pairs = found.pairs.set_index("symbol").loc[SYMBOLS]
    for name, numbers in MODELS[model].items():
        if name == "half_interval":
            own = stats.t.ppf(0.975, day["df"]) * day["se"]
        else:
            own = day[name] if name in ("ar", "se") else pairs[name]
        np.testing.assert_allclose(own, numbers, err_msg=name, **CLOSE)


def test_window_against_event_dummies() -> None:
    """One dummy for each session of [0, 4]: their sum and vcov() are CAR and se."""
    found = study(on_one_session(), ["cross_sectional"], windows=[(0, 4), (0, 0)])
    cars = found.cars.set_index("symbol").loc[SYMBOLS]
    window, day = cars[cars["end"] == 4], cars[cars["end"] == 0]
    r = MODELS["dummies"]
    for own, numbers in (
        (window["car"], r["car"]),
        (window["se"], r["se"]),
        (window["df"], r["df"]),
        (day["scar"], r["t0"]),
        (day["pvalue"], r["p0"]),
    ):
        np.testing.assert_allclose(own, numbers, **CLOSE)


def compare(found: Any, test: str, numbers: dict[str, float]) -> None:
    """Compare the named numbers of one row."""
    own = row(found, test)
    for name, number in numbers.items():
        np.testing.assert_allclose(own[name], number, err_msg=f"{test} {name}", **CLOSE)


@pytest.mark.parametrize(("kind", "position"), [("loud", SHARED), ("quiet", QUIET)])
@pytest.mark.parametrize("test", ["joint", "joint_ranked", "max_sar", "contrast"])
def test_one_session_against_multivariate_lm(
    kind: str, position: int, test: str
) -> None:
    """anova(mlm) on a session's dummy; rstudent() for the family; lm for a'R."""
    weights = {s: 1.0 if s == "S0" else -1 / 7 for s in SYMBOLS}
    found = study(on_one_session(position), [test], contrast=weights)
    compare(found, test, SESSION[kind][test])


@pytest.mark.parametrize(("kind", "position"), [("loud", SHARED), ("quiet", QUIET)])
def test_family_pvalues_against_rstudent(kind: str, position: int) -> None:
    """Each |SAR| among max_i |rstudent| of the estimation sessions."""
    cars = study(on_one_session(position), ["max_sar"]).cars.set_index("symbol")
    numbers = SESSION[kind]["family"]
    np.testing.assert_allclose(cars.loc[SYMBOLS, "pvalue_family"], numbers, **CLOSE)


def test_across_sessions_pairs() -> None:
    """AR and SAR of eight symbols, each on its own session."""
    cars = study(on_own_sessions(), ["cross_sectional"]).cars.set_index("symbol")
    np.testing.assert_allclose(cars.loc[SYMBOLS, "car"], ACROSS["ar"], **CLOSE)
    np.testing.assert_allclose(cars.loc[SYMBOLS, "scar"], ACROSS["sar"], **CLOSE)


@pytest.mark.parametrize("test", ["cross_sectional", "bmp", "sign"])
def test_across_against_t_test_and_binom_test(test: str) -> None:
    """t.test(AR) with its interval, t.test(SAR), binom.test(w, 8)."""
    names = {"p": "pvalue", "low": "ci_low", "high": "ci_high"}
    numbers = {names.get(n, n): v for n, v in ACROSS[test].items() if n != "w"}
    compare(study(on_own_sessions(), [test]), test, numbers)


def test_generalized_sign_against_prop_test() -> None:
    """prop.test(w, N, p) without correction: chi-squared is z squared."""
    numbers = ACROSS["generalized_sign"]
    found = study(on_own_sessions(), ["generalized_sign"])
    compare(
        found,
        "generalized_sign",
        {"statistic": numbers["z"], "pvalue": numbers["p"]},
    )


def test_wilcoxon_against_wilcox_test() -> None:
    """wilcox.test(exact = FALSE, correct = FALSE): V = 32; (V - 18) over sqrt(51).

    n(n+1)/4 = 18 and n(n+1)(2n+1)/24 = 8*9*17/24 = 51.
    """
    found = study(on_own_sessions(), ["wilcoxon"])
    z = (ACROSS["wilcoxon"]["W"] - 18) / np.sqrt(51)
    compare(found, "wilcoxon", {"statistic": z, "pvalue": ACROSS["wilcoxon"]["p"]})
