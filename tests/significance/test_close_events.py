"""What events of one symbol share that lie close together, by hand."""

from __future__ import annotations

import pytest

from aftershock.significance.sign_flip import SignFlip
from tests.significance.loops import make_trial, only


@pytest.mark.parametrize(
    ("gap", "told"),
    [(7, "about 14\u2009% above"), (15, ""), (20, "about 17\u2009% below"), (40, "")],
)
def test_events_that_share_estimation_errors_are_warned_of(gap: int, told: str) -> None:
    """L = 6, M = 24 at -34..-11; two events: 2 Cov / (2 x 6 x 1.25).

    Cov = 36 (24 - d) / 576 - 6 x (days of the first window among the rows) / 24:
    d = 7: 1.0625 - 0, .142; 15: .5625 - 1.25, -.092; 20: .25 - 1.5, -.167; 40: 0.
    """
    residuals, days = [[1.0, -1.0] * 12] * 2, [[0.1] * 6] * 2
    at = {"positions": [500, 500 + gap], "symbols": ["A", "A"]}
    trial = make_trial(residuals, days, window=(0, 5), **at)
    said = trial.close_events()
    assert bool(said) == bool(told)
    assert told in said
    assert only(SignFlip(), trial).warning == said


@pytest.mark.parametrize(("gap", "share"), [(37, -0.1), (39, -1 / 30), (40, 0.0)])
def test_the_first_days_of_an_earlier_window_count(gap: int, share: float) -> None:
    """-6 x days / 24 of each covariance: 3 days of the window, 1, and none.

    As a share of both variances: 2 x -.75 / (2 x 6 x 1.25) = -.1.
    """
    residuals, days = [[1.0, -1.0] * 12] * 2, [[0.1] * 6] * 2
    at = {"positions": [500, 500 + gap], "symbols": ["A", "A"]}
    trial = make_trial(residuals, days, window=(0, 5), **at)
    assert trial.shared_errors == pytest.approx(share, rel=1e-12)


def test_events_of_two_symbols_or_of_one_day_share_little() -> None:
    """One session: (60 - 7) / 3600 / (1 + 1 / 60) = .0145, too little to speak of."""
    residuals, days = [[1.0, -1.0] * 12] * 2, [[0.1] * 6] * 2
    apart = make_trial(residuals, days, window=(0, 5), positions=[500, 507])
    assert apart.close_events() == ""
    at = {"positions": [500, 507], "symbols": ["A", "A"]}
    many = [[1.0, -1.0] * 30] * 2
    assert make_trial(many, days, window=(0, 0), **at).close_events() == ""
