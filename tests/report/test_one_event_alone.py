"""Small words of pages: which event is shown alone, plurals, capitals, lists."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock import tables
from aftershock.pages import days_around, what_happened
from aftershock.pages.reaction_rows import FAMILY_P, family_note
from aftershock.pages.telling import told
from aftershock.results import RunResult
from aftershock.view.comparing import flat
from aftershock.view.naming import said


def test_why_an_event_is_shown_alone() -> None:
    """A run that was made before this was known tells both."""
    assert tables.why_this({"focus_named": True}) == "named by report.focus"
    assert tables.why_this({"focus_named": False}) == "the latest that is measured"
    assert tables.why_this({}) == (
        "the latest that is measured, unless report.focus of the config names one"
    )


def test_one_symbol_is_no_plural() -> None:
    one, two = (pd.DataFrame({"symbol": list("AB"[:k])}) for k in (1, 2))
    assert what_happened._n(one) == "n = 1 symbol"
    assert what_happened._n(two) == "n = 2 symbols"


def test_a_mean_over_one_event_is_told_as_such_in_the_title() -> None:
    """Sector funds left their band, in the one event that names them."""
    paths = pd.DataFrame(
        {"symbol": "", "group": ["actor", "sector-fund"], "n": [38, 1], "offset": 3,
         "car": [0.0, -0.16], "band_low": -0.1, "band_high": 0.1}
    )  # fmt: skip
    left = "left the range of ordinary paths after the news"
    said = f"Sector funds (1 event) {left}; 1 role did not"
    roles = ["actor", "sector-fund"]
    assert days_around._title(paths, roles) == said
    assert "(1 event)" not in days_around._title(paths.assign(n=[38, 2]), roles)
    one = paths.assign(event_id="e")  # of one event nobody takes it for a mean
    assert "(1 event)" not in days_around._title(one, roles)
    both = paths.assign(car=-0.16)
    assert days_around._title(both, roles).startswith(
        "Actor and sector funds (sector funds: 1 event) left"
    )


def test_a_role_outside_before_the_news_did_not_leave_with_it() -> None:
    """Band of 10 %: peers leave it on session 0; suppliers are outside all along.

    The actor is outside before alone, customers never: these two did not leave.
    """
    cars = {"actor": (-0.2, 0.0), "customer": (0.0, 0.0), "peer": (0.0, 0.2),
            "supplier": (0.11, 0.2)}  # fmt: skip
    paths = pd.DataFrame(
        [{"symbol": "", "group": role, "n": 2, "offset": k - 1, "car": cars[role][k],
          "band_low": -0.1, "band_high": 0.1} for role in cars for k in (0, 1)]
    )  # fmt: skip
    left = "left the range of ordinary paths after the news"
    still = "outside it before already: suppliers"
    assert days_around._title(paths, list(cars)) == f"Peers {left}; 2 roles did not"
    assert days_around._standfirst(paths)[-1].endswith(
        "Outside already before the news: actor and suppliers."
    )
    alone = paths[paths["group"] != "peer"]
    assert days_around._title(alone, ["actor", "customer", "supplier"]) == (
        f"No role {left.replace('after', 'with')}; {still}"
    )


def test_a_page_that_goes_on_says_so_once_more() -> None:
    """Seven roles take two sheets; what is drawn is explained on the first alone."""
    roles = ["actor", "customer", "peer", "supplier", "target", "investor", "market"]
    paths = pd.DataFrame(
        [{"symbol": "", "group": role, "n": 2, "offset": k, "car": 0.0, "model": "mean",
          "band_low": -0.1, "band_high": 0.1} for role in roles for k in (-1, 0, 1)]
    )  # fmt: skip
    tables = {"paths": paths, "pairs": pd.DataFrame({"role": roles})}
    result = RunResult(tables, {"study": {"model": "mean"}}, {})
    page = days_around.DaysAround()
    first, second = map(told, page._sheets(result, paths, "mean over events", "a4"))
    assert first.kicker == "The days around it  ·  mean over events"
    assert second.kicker == f"{first.kicker}  ·  continued"
    assert len(first.standfirst) == 2
    assert second.standfirst == []


def test_only_the_first_role_of_a_sentence_has_a_capital() -> None:
    assert days_around._named(["upstream-supplier", "sector-fund", "actor"]) == (
        "Upstream suppliers, sector funds and actor"
    )
    assert days_around._on_average("Sector funds left it") == (
        "On average sector funds left it"
    )


def test_lists_are_compared_as_words() -> None:
    """One path, two windows, no tag and a span, as a reader writes them."""
    told = flat(
        {"files": ["a.yaml"], "windows": [[0, 0], [0, 5]], "tags": [], "path": [1, 2]}
    )
    assert {name: said(name, value) for name, value in told.items()} == {
        "files": "a.yaml",
        "windows": "[0, 0], [0, 5]",
        "tags": "none",
        "path": "[1, 2]",
    }


def test_a_symbol_without_a_family_p_has_a_reason_below() -> None:
    """META is watched, NBIS told of with another event; CRWV has its p."""
    rows = pd.DataFrame({
        "symbol": ["CRWV", "META", "NBIS"], "expected": [1, 0, 1],
        "p": [0.3, np.nan, np.nan], "reason": ["", "", "same_session_duplicate"],
    })  # fmt: skip
    told = family_note(rows)
    assert told.startswith(FAMILY_P)
    assert told.endswith(
        "None: META watched only, its sign 0; NBIS counted with another event of its "
        "session."
    )
    assert family_note(rows.iloc[:1]) == FAMILY_P
    assert family_note(rows.iloc[:0]) == ""
