"""What is ordinary before a session, and which of a test's twins leads, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.models.mean import Mean
from aftershock.study import comparisons, twins
from aftershock.study.ordinary import Ordinary, ordinary
from aftershock.study.panel import make_panel
from aftershock.windows import EstimationWindow, EventWindow

NAN = float("nan")


def test_volatility_as_it_was_known_before_the_session() -> None:
    """1 % up and down: a variance of .0001 each day, and 3 % on the eve of the news.

    .94 x .0001 + .06 x .0009 = .000148. Of the ordinary sessions every |Z| is 1, so
    that nothing but the same 1.2166 % would stand out.
    """
    index = pd.bdate_range("2025-01-01", periods=310)
    moves = np.where(np.arange(310) % 2, 0.01, -0.01)
    moves[299] = 0.03
    returns = pd.DataFrame({"A": moves}, index=index)
    panel = make_panel(returns, None, Mean(), EstimationWindow())
    pairs = panel.measure(np.array([0]), np.array([300]), EventWindow(0, 0))
    found = ordinary(pairs, 60)
    assert found.m.tolist() == [240]
    assert found.sigma_now[0] == pytest.approx(np.sqrt(0.000148), rel=1e-12)
    assert found.threshold[0] == pytest.approx(np.sqrt(0.000148), rel=1e-12)
    assert np.isnan(ordinary(pairs, 241).sigma_now).all()


def test_fewer_than_a_hundred_ordinary_sessions_are_thin() -> None:
    """1 over .5 is beyond all 99, all 100: the rank has 2/101, where there is one."""
    reference = np.ones((2, 100))
    reference[0, 0] = NAN
    none = np.full(2, NAN)
    half = np.full(2, 0.5)
    found = Ordinary(np.full(2, 240), none, none, half, none, reference)
    assert found.thin.tolist() == [True, False]
    z, share, pvalue = found.surprise(np.ones(2))
    assert z.tolist() == [2.0, 2.0]
    assert share.tolist() == [1.0, 1.0]
    assert np.isnan(pvalue[0])
    assert pvalue[1] == pytest.approx(2 / 101)


@pytest.mark.parametrize(
    ("groups", "lonely"),
    [
        ([1, 1, 1, 0, 0], True),
        ([0, 0, 0, 1, 1], True),
        ([1, 1, 0, 0, 1], False),
    ],
)
def test_a_side_of_one_cluster_is_lonely(groups, lonely) -> None:
    """Clusters 0, 1, 2, 3 and 3: the last two pairs are one cluster."""
    labels = np.array([0, 1, 2, 3, 3])
    said = comparisons._lonely(labels, np.array(groups, dtype=float))
    assert said == ("a group has one cluster of sessions" if lonely else "")


@pytest.mark.parametrize(
    ("valid", "led"),
    [
        ({"clustered": True, "sign_flip": True}, True),
        ({"clustered": True, "sign_flip": False}, False),
        ({"clustered": True}, False),
        ({}, False),
    ],
)
def test_what_leads_over_several_sessions(valid, led) -> None:
    """The tests by clusters where both hold, and the placebo in every case."""
    rows = pd.DataFrame({"valid": pd.Series(valid, dtype=bool)})
    names = ("clustered", "sign_flip", "placebo") if led else ("placebo",)
    assert twins.several_sessions(rows) == names


def test_of_twins_the_first_is_shown_and_the_larger_p_counts() -> None:
    rows = pd.DataFrame(
        {
            "estimate": [0.02, 0.03],
            "ci_low": [0.01, NAN],
            "ci_high": [0.03, NAN],
            "statistic": [2.0, 1.0],
            "pvalue": [0.01, 0.3],
            "valid": [True, False],
            "reason": ["", "few_placebo_sessions"],
            "n": [4, 3],
            "n_sessions": [1, 1],
            "warning": ["", "stormy"],
        },
        index=["one", "two"],
    )
    found = twins.larger(rows, ("one", "two"))
    assert (found["estimate"], found["statistic"], found["n"]) == (0.02, 2.0, 4)
    assert (found["pvalue"], found["pvalue_of"]) == (0.3, "two")
    assert (found["valid"], found["reason"]) == (False, "few_placebo_sessions")
    found = twins.larger(rows, ("two", "one"))
    assert (found["estimate"], found["pvalue"], found["pvalue_of"]) == (
        0.03,
        0.3,
        "two",
    )
    assert found["warning"] == "stormy"
