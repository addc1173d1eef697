"""Corrected p-values against hand calculation and statsmodels."""

from __future__ import annotations

import gc
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from aftershock.significance.multiplicity import CORRECTIONS, corrected_pvalues

UNIT = st.floats(0, 1)


def test_holm_by_hand() -> None:
    """.01, .04, .03, .005: 4 x .005, 3 x .01, 2 x .03, then .04, not below .06."""
    found = corrected_pvalues([0.01, 0.04, 0.03, 0.005])
    np.testing.assert_allclose(found, [0.03, 0.06, 0.06, 0.02], rtol=1e-15)


def test_benjamini_hochberg_by_hand() -> None:
    """.01, .04, .03: 3 x .01, 3/2 x .03 capped by the next, .04."""
    found = corrected_pvalues([0.01, 0.04, 0.03], "fdr_bh")
    np.testing.assert_allclose(found, [0.03, 0.04, 0.04], rtol=1e-15)


def test_what_is_no_test_does_not_count() -> None:
    """Two tests and a gap are a family of two: 2 x .02 and .5."""
    found = corrected_pvalues([0.02, np.nan, 0.5])
    np.testing.assert_array_equal(found, [0.04, np.nan, 0.5])


@pytest.mark.parametrize("method", CORRECTIONS.values())
@given(pvalues=st.lists(UNIT, min_size=1, max_size=30))
def test_as_statsmodels_does(method: str, pvalues: list[float]) -> None:
    """Ties and ones included, to the last bit."""
    with patch("gc.collect"):  # which theirs asks for each time
        expected = multipletests(pvalues, method=method)[1]
    np.testing.assert_array_equal(corrected_pvalues(pvalues, method), expected)


def test_no_garbage_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would cost the caller a second a family where much is held."""

    def collect() -> None:
        raise AssertionError

    monkeypatch.setattr(gc, "collect", collect)
    for method in CORRECTIONS.values():
        corrected_pvalues([0.1, 0.2], method)
