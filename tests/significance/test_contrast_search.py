"""The search over sign assignments, against every assignment written out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from aftershock import event_study
from aftershock.significance.contrast_search import largest_contrast
from aftershock.study.design import contrast_weights
from tests.study.reference import Pair

ROWS = list(range(-250, -10))
ROLES = {"A": "subject", "B": "rival", "C": "rival", "D": "supplier", "E": "customer"}
SYMBOLS = list(ROLES)
DECLARED = {"A": 1, "B": -1, "C": -1, "D": 1, "E": -1}
EVENT = 420
NAMES = ["contrast_search", "contrast_search_ewma"]


def make_frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return five symbols of different volatility."""
    random = np.random.default_rng(5)
    index = pd.bdate_range("2023-01-02", periods=450)
    market = random.normal(0, 0.01, 450)
    noise = random.normal(0, [0.01, 0.02, 0.015, 0.03, 0.01], (450, 5))
    noise += random.normal(0, 0.008, 450)[:, None]
    noise[EVENT] = [0.03, -0.02, -0.03, 0.02, 0.01]
    returns = pd.DataFrame(market[:, None] + noise, index=index, columns=SYMBOLS)
    return returns, pd.DataFrame({"mkt": market}, index=index)


FRAMES = make_frames()
EVENTS = pd.DataFrame(
    {
        "event_id": "e",
        "symbol": SYMBOLS,
        "role": [ROLES[s] for s in SYMBOLS],
        "expected": [DECLARED[s] for s in SYMBOLS],
        "session": FRAMES[0].index[EVENT],
    }
)


def study_rows(events: pd.DataFrame = EVENTS, **more: object) -> pd.DataFrame:
    """Return the rows of the search by name."""
    settings = {"contrast": "expected_signs", "tests": NAMES, **more}
    return event_study(events, *FRAMES, **settings).tests.set_index("test")


def every_contrast(roles: dict[str, str]) -> np.ndarray:
    """Return the weights of each assignment of signs to the roles, (2^R, n)."""
    names = sorted(set(roles.values()))
    found = []
    for signs in product([1, -1], repeat=len(names)):
        assigned = dict(zip(names, signs, strict=True))
        frame = pd.DataFrame(
            {
                "session": 0,
                "symbol": list(roles),
                "role": list(roles.values()),
                "expected": [assigned[r] for r in roles.values()],
            }
        )
        weights = contrast_weights("expected_signs", frame)
        found.append([weights[s] for s in roles])
    return np.array(found)


def fitted() -> list[Pair]:
    """Return every symbol at the event, by the second implementation."""
    returns, market = FRAMES[0].to_numpy(), FRAMES[1]["mkt"].to_numpy()
    return [Pair(returns[:, k], market, EVENT, ROWS) for k in range(5)]


def test_the_search_by_enumeration() -> None:
    """Sixteen assignments of four roles at the event and at all 240 sessions.

    u_t = e_t / sqrt(1 - h_t), and AR_0 / sqrt(C_00) at the event.
    """
    pairs, weights = fitted(), every_contrast(ROLES)
    ar = np.array([p.ar(0) for p in pairs])
    c = np.array([p.se(0, 0) / p.s for p in pairs])
    u = np.array([p.residuals / np.sqrt(1 - p.hat) for p in pairs])
    observed = np.abs(weights @ (ar / c)).max()
    reference = np.abs(weights @ u).max(axis=0)
    row = study_rows().loc["contrast_search"]
    assert row["estimate"] == pytest.approx(np.abs(weights @ ar).max(), rel=1e-10)
    ratio = observed / np.median(reference)
    assert row["statistic"] == pytest.approx(ratio, rel=1e-10)
    p = (1 + (reference >= observed).sum()) / 241
    assert row["pvalue"] == pytest.approx(p, abs=1e-12)
    assert 0.004 < p < 1
    assert row["valid"]
    assert row[["n", "n_sessions"]].tolist() == [5, 1]


def test_the_scaled_search_by_enumeration() -> None:
    """The same on Z of each symbol, from the thirty-first session on."""
    weights = every_contrast(ROLES)
    reference, now = [], []
    for pair in fitted():
        series = [*pair.residuals, *[pair.ar(o) for o in range(-10, 1)]]
        v = float(np.mean(np.square(series[:20])))
        z = []
        for value in series:
            z.append(value / np.sqrt(v))
            v = 0.94 * v + 0.06 * value**2
        reference.append(z[30:240])
        now.append(z[-1])
    observed = np.abs(weights @ np.array(now)).max()
    others = np.abs(weights @ np.array(reference)).max(axis=0)
    row = study_rows().loc["contrast_search_ewma"]
    p = (1 + (others >= observed).sum()) / 211
    assert row["pvalue"] == pytest.approx(p, abs=1e-12)
    assert row["statistic"] == pytest.approx(observed / np.median(others), rel=1e-9)


def test_closed_form_by_hand() -> None:
    """Role means 4, 1, -2.

    One up: 4 - (1 - 2)/2 = 4.5; two up: (4 + 1)/2 + 2 = 4.5; all: 3/3 = 1.
    Role means 4, 5, 6: 6 - 4.5 = 1.5, 5.5 - 4 = 1.5, all up 5.
    One role -3: 3.
    """
    assert largest_contrast(np.array([[4.0, 1.0, -2.0]])).tolist() == [4.5]
    assert largest_contrast(np.array([[4.0, 5.0, 6.0]])).tolist() == [5.0]
    assert largest_contrast(np.array([[-3.0], [2.0]])).tolist() == [3.0, 2.0]


@pytest.mark.parametrize("count", [2, 3, 7])
def test_closed_form_is_the_maximum(count: int) -> None:
    """Against all 2^R assignments, on random role means."""
    means = np.random.default_rng(count).standard_normal((40, count))
    weights = every_contrast({f"S{k}": f"r{k}" for k in range(count)})
    expected = np.abs(means @ weights.T).max(axis=1)
    np.testing.assert_allclose(largest_contrast(means), expected, rtol=1e-12)


def test_declared_signs_do_not_matter() -> None:
    """All signs reversed, or one role's: the search finds the same."""
    usual = study_rows()
    for flipped in ({}, {"A"}, {"B", "C"}):
        expected = [
            -DECLARED[s] if s in flipped or not flipped else DECLARED[s]
            for s in SYMBOLS
        ]
        rows = study_rows(EVENTS.assign(expected=expected))
        assert rows["pvalue"].tolist() == usual["pvalue"].tolist()


def test_symbols_without_a_role_are_roles() -> None:
    """No column `role`: the weights' symbols one by one."""
    bare = EVENTS.drop(columns="role")
    rows = study_rows(bare, contrast={"A": 1, "B": -0.5, "C": -0.5})
    weights = every_contrast({"A": "A", "B": "B", "C": "C"})
    ar = np.array([p.ar(0) for p in fitted()[:3]])
    largest = np.abs(weights @ ar).max()
    assert rows.loc["contrast_search", "estimate"] == pytest.approx(largest, rel=1e-10)


def test_never_smaller_than_the_declared_contrast() -> None:
    """The declared assignment is one of those searched: also a role of both signs."""
    mixed = EVENTS.assign(expected=[1, 1, -1, 1, -1])
    names = [*NAMES, "contrast"]
    for events in (EVENTS, mixed):
        rows = study_rows(events, tests=names)
        declared = abs(rows.loc["contrast", "estimate"])
        assert rows.loc["contrast_search", "estimate"] >= declared - 1e-15


def test_refused_where_there_is_no_one_session() -> None:
    """Several sessions, a longer window: a row that says so."""
    later = EVENTS.assign(session=FRAMES[0].index[430], event_id="f")
    rows = study_rows(pd.concat([EVENTS, later]))
    assert rows["reason"].str.contains("these events fall on several").all()
    rows = study_rows(windows=[(0, 1)])
    assert rows["reason"].str.contains("this window has several").all()
    assert not rows["valid"].any()
