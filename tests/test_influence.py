"""The leading test of several sessions without each one of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from aftershock.calendar import TradingCalendar
from aftershock.run.influence import without_one
from aftershock.significance.clustering import cluster_sums
from aftershock.significance.influence import clustered_pvalue, leave_one_out
from aftershock.tables import influence_sentence
from aftershock.windows import EventWindow
from tests.report.reading import PERCENT, run_with

NEWS = EventWindow(0, 0)


def least_squares(values, labels) -> tuple[float, float]:
    """Return mean and p by statsmodels: cluster-robust least squares on a constant."""
    fit = sm.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": labels}, use_t=True
    )
    return float(fit.params[0]), float(fit.pvalues[0])


def test_each_value_is_that_of_statsmodels_without_the_cluster() -> None:
    """Ten clusters of one to four values, one of them large."""
    random = np.random.default_rng(7)
    labels = np.repeat(np.arange(10), [1, 2, 3, 4, 1, 2, 3, 4, 2, 2])
    values = 0.01 + 0.02 * random.standard_normal(len(labels)) + 0.08 * (labels == 3)
    means, pvalues = leave_one_out(*cluster_sums(values, labels))
    for k in range(10):
        left = labels != k
        mean, p = least_squares(values[left], labels[left])
        assert means[k] == pytest.approx(mean, rel=1e-12)
        assert pvalues[k] == pytest.approx(p, rel=1e-9)
    whole = clustered_pvalue(*cluster_sums(values, labels))
    assert whole == pytest.approx(least_squares(values, labels)[1], rel=1e-9)


def test_one_cluster_has_no_p() -> None:
    assert np.isnan(clustered_pvalue(np.array([0.1]), np.array([2.0])))


def study(cars, repeated: int | None = None):
    """Return a study of one pair on each session from 1 July 2026 on."""
    calendar = TradingCalendar.load()
    first = int(calendar.sessions.searchsorted(pd.Timestamp("2026-07-01")))
    rows = pd.DataFrame(
        {
            "event_id": [f"e{k}" for k in range(len(cars))],
            "symbol": "AA",
            "session": calendar.sessions[first : first + len(cars)],
            "status": "ok",
            "reason": "",
        }
    )
    if repeated is not None:
        rows.loc[repeated, "reason"] = "short_estimation; same_session_duplicate"
    table = rows.rename(columns={"session": "event_session"})
    table = table.assign(start=0, end=0, car=cars, scar=cars)
    found = run_with(pairs=rows, cars=table)
    found.pairs, found.cars = rows, table
    return found, calendar


ONE_LARGE = [0.01, 0.012, 0.009, 0.011, 0.008, 0.01, -0.13, 0.011]


def test_the_session_that_hides_a_mean_is_named() -> None:
    """Seven of 0.8 to 1.2 % and one of -13 %: without it their mean is 7.1 / 7 %."""
    found = without_one(*study(ONE_LARGE), NEWS, {"n": 8})
    assert found is not None
    assert found["event_ids"] == ["e6"]
    assert found["first_session"] == found["last_session"] == "2026-07-10"
    assert found["estimate"] == pytest.approx(0.071 / 7)
    assert (found["changed"], found["of"]) == (1, 8)
    assert found["pvalue"] < 0.001 < 0.05 < found["own"]


def test_pairs_that_repeat_another_and_too_few_clusters_are_not_judged() -> None:
    """The repeated pair is left out: seven values; of six, five would be left."""
    whole, calendar = study(ONE_LARGE, repeated=6)
    found = without_one(whole, calendar, NEWS, {"n": 7})
    assert found is not None
    assert found["of"] == 7
    assert found["own"] < 0.001
    assert without_one(whole, calendar, NEWS, {"n": 8}) is None
    assert without_one(*study(ONE_LARGE[:6]), NEWS, {"n": 6}) is None


def test_windows_that_share_a_session_are_left_out_together() -> None:
    """Windows of two sessions on eight in a row are one cluster: nothing is left."""
    whole, calendar = study(ONE_LARGE)
    whole.cars["end"] = 1
    assert without_one(whole, calendar, EventWindow(0, 1), {"n": 8}) is None


FOUND = {
    "pvalue": 0.072, "estimate": 0.016, "event_ids": ["a"], "of": 26, "own": 0.037,
    "first_session": "2025-09-09", "last_session": "2025-09-09", "changed": 3,
}  # fmt: skip
WHICH = f"0.072 and a mean of +1.6{PERCENT} for 2025-09-09 (a)"


@pytest.mark.parametrize(
    ("verdict", "changes", "said"),
    [
        (
            "moved", {},
            "It hangs on 3 of 26 sessions: without any one of them its own p is 0.05 "
            f"or more, up to {WHICH}.",
        ),
        (
            "moved", {"changed": 0, "pvalue": 0.04},
            "It hangs on none of 26 sessions: without any its own p is 0.040 at most.",
        ),
        (
            "undecided", {"own": 0.2, "changed": 1, "pvalue": 0.041},
            "It hangs on 1 of 26 sessions: without that one its own p is below 0.05, "
            f"down to 0.041 and a mean of +1.6{PERCENT} for 2025-09-09 (a), which is "
            "no reason to leave one out.",
        ),
        (
            "undecided", {"own": 0.2, "changed": 0},
            "Without any one of 26 sessions its own p is 0.05 or more, too.",
        ),
        # the verdict is that of a check, not of its own p
        ("undecided", {}, ""),
    ],
)  # fmt: skip
def test_a_verdict_says_on_how_many_sessions_it_hangs(verdict, changes, said) -> None:
    headline = {"verdict": verdict, "without_one": {**FOUND, **changes}}
    told = influence_sentence({"headline": {**headline, "start": 0, "end": 0}})
    assert told == said


def test_clusters_are_named_by_their_ends_and_events() -> None:
    whole = {**FOUND, "last_session": "2025-09-12", "event_ids": ["a", "b", "c"]}
    headline = {"verdict": "moved", "without_one": whole, "start": 0, "end": 5}
    told = influence_sentence({"headline": headline})
    assert "3 of 26 clusters of sessions" in told
    assert told.endswith("for 2025-09-09 to 2025-09-12 (a, b and 1 more).")
    assert influence_sentence({"headline": {"verdict": "moved"}}) == ""
