"""Claims about several events: their sessions are the unit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aftershock.claims import Evidence
from aftershock.events import EventSet, Exposure
from tests.claims.world import (
    RISES,
    SESSION,
    claim_text,
    evidence_of,
    moved,
    one,
    several,
    verdicts,
)


@pytest.mark.parametrize("size", [0.05, -0.05])
def test_several_sessions_are_the_unit(tmp_path: Path, size: float) -> None:
    """Eight moves of one sign: no t of 2^8 sign vectors is larger, p >= 2/256."""
    returns, dates = several(8, size)
    text = claim_text(RISES, said_at="2025-01-01", about="tags: [earnings]")
    row = one(tmp_path, returns, text, dates=dates)
    assert row["verdict"] == ("supported" if size > 0 else "contradicted")
    assert row["n_sessions"] == 8
    assert row["value"] == pytest.approx(size * (1 + 0.1 * 3.5 / 8), abs=0.005)
    assert 2 / 256 <= row["pvalue"] < 0.05


def test_few_sessions_decide_nothing(tmp_path: Path) -> None:
    """Four clusters: the placebo alone, which explores."""
    returns, dates = several(4, 0.05)
    text = claim_text(RISES, said_at="2025-01-01", about="tags: [earnings]")
    row = one(tmp_path, returns, text, dates=dates)
    assert row["verdict"] == "undecided"
    assert row["test"] == "placebo"
    assert row["detail"].startswith("exploratory")


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    "body",
    [
        "measure: slope\nsymbols: [A, B]\nfield: {A: 1, B: 0}",
        "measure: spread\nsymbols: [A]\nagainst: {symbols: [B]}",
    ],
    ids=["slope", "spread"],
)
def test_differences_over_several_sessions(
    tmp_path: Path, body: str, sign: int
) -> None:
    """A moves 5 % on each of eight sessions and B not at all, but for noise of 0.2 %.

    The regression on a dummy is the difference of means, and so is the spread: each
    session's difference less its mean over offsets -250 .. -11.
    """
    returns, dates = several(8, sign * 0.05)
    text = claim_text(
        f"{body}\nwindow: [0, 0]\nexpected: +1", said_at="2025-01-01",
        about="tags: [earnings]",
    )  # fmt: skip
    row = one(tmp_path, returns, text, dates=dates)
    assert row["verdict"] == ("supported" if sign > 0 else "contradicted")
    apart = (returns["A"] - returns["B"]).to_numpy()
    rows = returns.index.get_indexer(pd.DatetimeIndex(dates))
    wanted = [apart[k] - apart[max(k - 250, 0) : k - 10].mean() for k in rows]
    assert row["value"] == pytest.approx(np.mean(wanted))
    assert row["n_sessions"] == 8
    assert row["pvalue"] < 0.05


def events_of_one_session(folder: Path, *actors: str) -> Evidence:
    """Return evidence with one event for each actor, all on the session of the news."""
    evidence = evidence_of(folder, moved(0.10, "ABC"))
    event = evidence.events.events[0]
    several = [
        replace(
            event,
            id=f"{actor}-acts",
            exposures=tuple(
                Exposure(s, "actor" if s == actor else "peer", 0) for s in "ABC"
            ),
        )
        for actor in actors
    ]
    return replace(evidence, events=EventSet(tuple(several)))


def test_events_of_one_session_are_one_group(tmp_path: Path) -> None:
    """A moves 10 %, C as ever by 1 %; A is the actor of one event, C of the other.

    The model is the mean, which is 0, so their mean abnormal return is (.10 + c) / 2.
    """
    evidence = events_of_one_session(tmp_path, "A", "C")
    ours = "measure: ar\nrole: actor\nwindow: [0, 0]\nexpected: +1"
    text = claim_text(ours, about="tags: [earnings]")
    row = verdicts(tmp_path, evidence, text).loc["one"]
    c = moved(0.10, "ABC").loc[SESSION, "C"]
    assert row["value"] == pytest.approx((0.10 + c) / 2)
    assert row["n"] == 2
    apart = f"{ours}\nagainst: {{role: peer}}".replace("measure: ar", "measure: spread")
    row = verdicts(tmp_path, evidence, claim_text(apart, about="tags: [earnings]")).loc[
        "one"
    ]
    assert row["verdict"] == "not testable"
    assert "C, A on both sides" in row["detail"]
