"""Claims about a role: other symbols in every event, or none at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aftershock.claims import Evidence
from aftershock.events import Exposure
from aftershock.models.sector import Sector
from aftershock.study.panel import make_panel
from tests.claims.world import (
    SESSION,
    claim_text,
    evidence_of,
    moved,
    noise,
    one,
    several,
    verdicts,
)

SPREAD = """
measure: spread
role: actor
against: {role: peer}
window: [0, 0]
expected: +1
"""


def with_roles(evidence: Evidence, roles: list[dict[str, str]]) -> Evidence:
    """Return evidence whose events, in order, give symbols these roles."""
    events = tuple(
        replace(event, exposures=tuple(Exposure(s, role, 0) for s, role in of.items()))
        for event, of in zip(evidence.events.events, roles, strict=True)
    )
    return replace(evidence, events=replace(evidence.events, events=events))


def asked(folder: Path, evidence: Evidence, body: str = SPREAD) -> pd.Series:
    """Return the row of a claim about all events of the tag."""
    text = claim_text(body, said_at="2025-01-01", about="tags: [earnings]")
    return verdicts(folder, evidence, text).loc["one"]


@pytest.mark.parametrize("actors", ["ABABABAA", "ABABABAB"])
def test_sides_change_from_event_to_event(tmp_path: Path, actors: str) -> None:
    """The actor rises 5 % and the peer falls 5 %; in 3 or 4 of eight events B acts.

    Each session's actor less its peer, less the same over offsets -250 .. -11: about
    10 %. With A as the actor everywhere the others would say -10 %.
    """
    _, dates = several(8, 0.05)
    returns = noise("AB", 0.002)
    rows = returns.index.get_indexer(pd.DatetimeIndex(dates))
    for k, actor in zip(rows, actors, strict=True):
        returns.iloc[k] = [0.05, -0.05] if actor == "A" else [-0.05, 0.05]
    other = {"A": "B", "B": "A"}
    evidence = with_roles(
        evidence_of(tmp_path, returns, dates),
        [{a: "actor", other[a]: "peer"} for a in actors],
    )
    row = asked(tmp_path, evidence)
    apart = (returns["A"] - returns["B"]).to_numpy()
    wanted = [
        (1 if actor == "A" else -1)
        * (apart[k] - apart[max(k - 250, 0) : k - 10].mean())
        for k, actor in zip(rows, actors, strict=True)
    ]
    assert np.mean(wanted) == pytest.approx(0.10, abs=0.005)
    assert row["value"] == pytest.approx(np.mean(wanted))
    assert (row["n"], row["n_sessions"]) == (16, 8)


ACTS = """
measure: car
role: actor
window: [0, 0]
expected: +1
"""


def test_an_event_without_the_role_is_left_out_and_told(tmp_path: Path) -> None:
    """Of eight events the third names no actor: seven count, and it is said.

    A moves .05 (1 + k/80) in event k = 0 .. 7; without k = 2 the mean k is 26/7, and
    the mean move .05 (1 + 26/560) = .0523. The mean of the estimation is noise of
    .2 % / sqrt(240) and the events before: seven of 240 sessions, at most .16 %.
    """
    returns, dates = several(8, 0.05)
    roles = [{"A": "actor", "B": "peer"}] * 8
    roles[2] = {"A": "subject", "B": "peer"}
    evidence = with_roles(evidence_of(tmp_path, returns, dates), roles)
    row = asked(tmp_path, evidence, ACTS)
    assert (row["verdict"], row["n_sessions"]) == ("supported", 7)
    assert row["value"] == pytest.approx(0.0523, abs=0.0016)
    assert "1 of 8 events: no actor is named" in row["detail"]


def test_a_role_that_no_event_names(tmp_path: Path) -> None:
    returns, dates = several(2, 0.05)
    evidence = with_roles(
        evidence_of(tmp_path, returns, dates), [{"A": "subject"}, {"B": "peer"}]
    )
    row = asked(tmp_path, evidence, ACTS)
    assert row["verdict"] == "not testable"
    assert row["detail"].startswith("no actor is named")


def test_one_side_is_empty_in_one_event(tmp_path: Path) -> None:
    """The second event has an actor alone; the others are compared."""
    returns, dates = several(3, 0.05)
    roles = [{"A": "actor", "B": "peer"}] * 3
    roles[1] = {"A": "actor"}
    evidence = with_roles(evidence_of(tmp_path, returns, dates), roles)
    row = asked(tmp_path, evidence)
    assert (row["n"], row["n_sessions"]) == (4, 2)
    assert "1 of 3 events: no peer is named" in row["detail"]


def test_a_symbol_without_a_return_in_the_window_is_told(tmp_path: Path) -> None:
    """B has none two sessions after the news: A's 10 % stand alone, not (A + B) / 2."""
    returns = moved(0.10)
    returns.iloc[returns.index.get_loc(SESSION) + 2, 1] = np.nan
    body = "measure: mean_ar\nsymbols: [A, B]\nwindow: [0, 3]\nexpected: +1"
    row = one(tmp_path, returns, claim_text(body))
    assert row["n"] == 1
    assert "without B (no return on a session of the window)" in row["detail"]


def test_an_event_that_lost_a_side_is_told(tmp_path: Path) -> None:
    """The peer has no return in the first of three events, so that two are left."""
    returns, dates = several(3, 0.05)
    returns.loc[dates[0], "B"] = np.nan
    evidence = with_roles(
        evidence_of(tmp_path, returns, dates), [{"A": "actor", "B": "peer"}] * 3
    )
    row = asked(tmp_path, evidence)
    assert (row["n"], row["n_sessions"]) == (4, 2)
    assert "without B in 1 of 3 events (no return on a session of" in row["detail"]
    assert "1 of 3 events are left without a side" in row["detail"]


def test_a_group_whose_regressors_differ_is_no_portfolio(tmp_path: Path) -> None:
    """The peers of A are not those of B, so their fits do not add up: one share."""
    evidence = evidence_of(tmp_path, noise("ABCD"))
    market = pd.DataFrame({"mkt": noise("ABCDM")["M"]})
    body = "measure: placebo_rank\nsymbols: {}\nwindow: [0, 0]\nexpected: usual"
    design = replace(evidence.design, model=Sector())
    panel = make_panel(noise("ABCD"), market, design.model, design.estimation)
    evidence = replace(evidence, design=design, panel=panel)
    two, alone = (
        verdicts(
            tmp_path, evidence, claim_text(f"{body.format(names)}\nbound: 0.05")
        ).loc["one"]
        for names in ("[A, B]", "[A]")
    )
    assert two["detail"].count("sessions moved as much") == 1
    assert "not in units of volatility: the model's regressors differ" in two["detail"]
    assert two["test"] == "placebo"
    assert alone["detail"].count("sessions moved as much") == 2
