"""Precedents as known at a moment, by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from aftershock.events import Exposure
from aftershock.run.asking import Question, with_roles
from tests.known_events import EVENTS, NOW, PAIR, SESSIONS, event, found, panel


def test_medians_and_ranges_by_hand() -> None:
    """One value a session: the mean of its peers; median and range over sessions."""
    prices, table = panel(), found()
    days = pd.to_datetime(["2026-03-02", "2026-04-01", "2026-06-10"])
    opened = prices.open.loc[days, ["BBB", "CCC"]]
    inside = (prices.close.loc[days, ["BBB", "CCC"]] / opened - 1).mean(axis=1)
    peers = next(row for row in table.by_role() if row["role"] == "peer")
    assert (peers["n_events"], peers["n_sessions"]) == (3, 3)
    assert peers["open_to_close"] == {
        "n": 3,
        "median": pytest.approx(sorted(inside)[1]),
        "low": pytest.approx(min(inside)),
        "high": pytest.approx(max(inside)),
    }
    before = prices.close.shift(1).loc[days, ["BBB", "CCC"]]
    gaps = (opened / before - 1).mean(axis=1)
    assert peers["gap"]["median"] == pytest.approx(sorted(gaps)[1])


def test_abnormal_returns_and_signs_by_least_squares() -> None:
    """The market model by numpy on sessions -250 .. -11; the sign is judged by it."""
    returns = panel().returns()
    hits = 0
    for row in found().rows.itertuples():
        at = SESSIONS.get_loc(row.session)
        rows = slice(at - 250, at - 10)
        own, market = returns[row.symbol], returns["SPY"]
        beta, alpha = np.polyfit(market.iloc[rows], own.iloc[rows], 1)
        ar = own - alpha - beta * market
        assert row.ar == pytest.approx(ar.iloc[at], abs=1e-12)
        hits += ar.iloc[at] * row.expected > 0
        if np.isfinite(row.later):
            assert row.later == pytest.approx(ar.iloc[at + 1 : at + 6].sum(), abs=1e-12)
    told = found().by_role()
    assert sum(row["hits"] for row in told) == hits
    assert sum(row["signed"] for row in told) == 10


def test_only_closed_windows_of_known_events_count() -> None:
    """On Friday 12 June the news of the 10th has two later sessions: not five."""
    table = found()
    assert [e.id for e in table.events.events] == [
        "e-2026-03-02", "e-2026-04-01", "e-2026-05-04", "e-2026-06-10",
    ]  # fmt: skip
    last = table.rows[table.rows["event_id"] == "e-2026-06-10"]
    assert last["ar"].notna().all() and last["later"].isna().all()
    actor = next(row for row in table.by_role() if row["role"] == "actor")
    assert (actor["ar"]["n"], actor["later"]["n"]) == (4, 3)
    lost = table.left_out.set_index("symbol")["reason"].to_dict()
    assert lost["GONE"] == "no_prices"
    assert set(table.left_out["reason"]) == {"no_prices", "precision"}


def test_what_a_gap_left() -> None:
    """Only sessions whose gap had that sign; fewer than six are no rule."""
    prices, table = panel(), found()
    days = table.rows.loc[table.rows["role"] == "actor", ["session", "symbol"]]
    gap, inside = prices.gap(), prices.open_to_close()
    up = [
        inside.loc[d, s] for d, s in days.itertuples(index=False) if gap.loc[d, s] > 0
    ]
    left = table.after_gap("actor", 1)
    assert left["n"] == len(up)
    assert left["median"] == pytest.approx(float(np.median(up)))
    assert not left["enough"]
    assert table.after_gap("customer", 1)["n"] == 0


def test_roles_come_from_the_latest_precedent() -> None:
    lines = tuple(Exposure(s, "", 1) for s in ("CCC", "BBB", "NEW", "AAA"))
    question = Question("H", ("macro",), lines, {}, NOW, "SPY")
    asked, told = with_roles(question, found())
    assert [e.role for e in asked.exposures] == ["actor", "peer", "peer", "actor"]
    assert told["BBB"] == "as in e-2026-06-10"
    assert told["NEW"] == "no precedent names it"


def test_a_second_record_of_the_same_news_counts_once() -> None:
    """Another id, the same headline and day: events, roles and medians stay.

    Its symbol of its own, SPY, is measured all the same, as of the same event.
    """
    own = event("2026-06-10", *PAIR, ("SPY", "peer", 0))
    own = dataclasses.replace(own, id="mine")
    both = dataclasses.replace(EVENTS, events=(*EVENTS.events, own))
    before, after = found(), found(both)
    assert after.repeated == {"mine": "e-2026-06-10"} and not before.repeated
    assert [e.id for e in after.events.events] == [e.id for e in before.events.events]
    assert set(after.rows["event_id"]) - set(before.rows["event_id"]) == {"mine"}
    actor, peer = after.by_role()[:2]
    assert actor == before.by_role()[0]
    assert (peer["role"], peer["n_events"], peer["n_sessions"]) == ("peer", 3, 3)


def test_roles_of_a_symbol_are_counted_by_event() -> None:
    """BBB: a peer in March, April, June (not the one to come), the actor in May."""
    assert list(found().roles_of("BBB").items()) == [("peer", 3), ("actor", 1)]
    assert found().roles_of("NEW") == {}
