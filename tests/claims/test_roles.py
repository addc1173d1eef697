"""Claims about a role: other symbols in every event, or none at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aftershock.claims import Evidence
from aftershock.events import Exposure
from tests.claims.world import claim_text, evidence_of, noise, several, verdicts

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


def test_sides_change_from_event_to_event(tmp_path: Path) -> None:
    """The actor rises 5 % and the peer falls 5 %; in three of eight events B acts.

    Each session's actor less its peer, less the same over offsets -250 .. -11: about
    10 %. With A as the actor everywhere five events would say 10 % and three -10 %.
    """
    _, dates = several(8, 0.05)
    returns, actors = noise("AB", 0.002), ["A", "B"] * 3 + ["A", "A"]
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
