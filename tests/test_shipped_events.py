"""The catalogue as it ships: every file, against the records it was made from.

What the records say is read from their own file, where that is at hand; how each
was turned into a window is stated here by hand, from the hours of the exchange.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from aftershock.cli.event_proof import proof_of
from aftershock.events import Event, EventSet, Source, load_catalogue, load_events
from aftershock.registry import shipped

FILES = sorted((shipped("data") / "events").glob("*.yaml"))
OPEN_CLOSE = {
    "pre-market": ("04:00:00", "09:29:59"),
    "regular": ("09:30:00", "15:59:59"),
    "after-hours": ("16:00:00", "20:00:00"),
    "unknown": ("00:00:00", "23:59:59"),
    "weekend": ("00:00:00", "23:59:59"),
}
"""No record falls on a half day, so every session closes at 16:00."""


@pytest.fixture(scope="module")
def catalogue() -> EventSet:
    return load_catalogue()


@pytest.fixture(scope="module")
def records(catalogue: EventSet) -> list[dict[str, Any]]:
    """The records that the catalogue was made from."""
    from tests.conftest import realdata_folder

    path = realdata_folder() / "events.json"
    if not path.is_file():
        pytest.skip(f"the records are not at {path}")
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_stands_alone(path: Path) -> None:
    assert proof_of(load_events([path]), strict=True)["warnings"] == []


def test_themes_and_what_was_there_first(catalogue: EventSet) -> None:
    """21 records of the founding article and 91 more."""
    counts = {path.stem: len(load_events([path])) for path in FILES}
    assert counts == {
        "ai_compute": 21,
        "compute_supply_demand": 25,
        "earnings": 37,
        "financing_deals": 15,
        "policy_macro": 14,
    }
    assert len(catalogue) == sum(counts.values()) == 112


@pytest.mark.parametrize(
    ("tag", "count"),
    [
        ("earnings", 42),
        ("compute-contract", 27),
        ("capex-guidance", 18),
        ("compute-supply", 14),
        ("export-control", 7),
        ("customer-turned-competitor", 5),
    ],
)
def test_events_of_a_tag(catalogue: EventSet, tag: str, count: int) -> None:
    assert len(catalogue.tagged(tag)) == count


def test_how_they_were_chosen(catalogue: EventSet) -> None:
    """Six records are about a move itself; no sign was written before its event."""
    moved = {e.id for e in catalogue.events if e.selected_by == "move"}
    assert moved == {
        "meta-compute-report-20260701",
        "chip-crash-payrolls-20260605",
        "korea-chip-crash-20260623",
        "korea-memory-rout-20260702",
        "crwv-citi-20251218",
        "iran-ceasefire-rally-20260408",
    }
    assert {e.selected_by for e in catalogue.events} == {"move", "headline"}
    declared = {x.declared for e in catalogue.events for x in e.exposures}
    assert declared == {"after", "unknown"}


def test_signs_of_records_that_tell_a_move_are_after(catalogue: EventSet) -> None:
    """A percentage in notes or headline beside a share's symbol is a reaction told."""
    for name in ("crwv-corz-talks-20250626", "nbis-missouri-12gw-20260304"):
        assert {x.declared for x in catalogue[name].exposures} == {"after"}
    quiet = catalogue["nbis-1bn-converts-20250602"]
    assert {x.declared for x in quiet.exposures} == {"unknown"}


def window(record: Mapping[str, Any]) -> tuple[str, str]:
    """Return the first and last second of a record, New York, as text."""
    stamp, day = record["published_at"], record["published_at"][:10]
    if record["precision"] == "exact-time":
        return stamp, stamp
    if "window" in record:
        ends = (record["window"]["not_before"], record["window"]["not_after"])
        return ends[0], ends[1].replace("T09:30:00", "T09:29:59")
    if record["precision"] == "month":
        return "2025-06-01T00:00:00-04:00", "2025-06-30T23:59:59-04:00"
    first, last = OPEN_CLOSE[record["session"]]
    return f"{day}T{first}{stamp[-6:]}", f"{day}T{last}{stamp[-6:]}"


@pytest.mark.realdata
def test_every_time_is_that_of_its_record(
    catalogue: EventSet, records: list[dict[str, Any]]
) -> None:
    assert {r["id"] for r in records} == {e.id for e in catalogue.events}
    for record in records:
        event = catalogue[record["id"]]
        ends = (event.earliest.isoformat(), event.latest.isoformat())
        assert ends == window(record), event.id
        precision = record["precision"].removesuffix("-time")
        assert event.precision == precision, event.id
        session = pd.Timestamp(record["first_us_session"])
        # A month has no session: its record carries the middle of the month.
        assert event.first_us_session == (None if precision == "month" else session)


@pytest.mark.realdata
def test_nothing_else_was_lost(
    catalogue: EventSet, records: list[dict[str, Any]]
) -> None:
    for record in records:
        event = catalogue[record["id"]]
        for key in ("headline", "confidence", "date_verified", "status"):
            assert getattr(event, key) == record[key], event.id
        assert figures(event.notes) >= figures(record["notes"]), event.id
        for key in ("tags", "extra_sources", "confounders"):
            assert list(getattr(event, key)) == record[key], event.id
        if record["source"]["name"] == "seed article":  # the founding article itself
            assert event.source.url.startswith("tradingkey.com, article of 2026-07-02")
            continue
        name = record["source"]["name"].replace("; seed", "; founding article")
        assert event.source == Source(name, record["source"]["url"]), event.id


def figures(text: str) -> set[str]:
    """Return the numbers of a text: notes are reworded, their facts are not."""
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def exposures(event: Event) -> list[tuple[str, str, int]]:
    return [(x.symbol, x.role, x.expected) for x in event.exposures if x.symbol]


@pytest.mark.realdata
def test_every_sign_is_that_of_its_record(
    catalogue: EventSet, records: list[dict[str, Any]]
) -> None:
    """The founding event has SOX as a basket, and two funds that are watched."""
    founding = "meta-compute-report-20260701"
    for record in records:
        told = [
            (e["symbol"], e["role"], e["expected_sign"]) for e in record["entities"]
        ]
        own = exposures(catalogue[record["id"]])
        if record["id"] != founding:
            assert own == told, record["id"]
            continue
        funds = [(symbol, "sector-fund", 0) for symbol in ("SMH", "SOXX")]
        assert own == [row for row in told if row[0] != "SOX"] + funds
        (semis,) = [x for x in catalogue[founding].exposures if x.basket]
        assert (semis.basket, semis.expected) == ("semiconductors", -1)


CENSUS = shipped("data") / "yardsticks" / "earnings_census.yaml"
NINE = {"META", "CRWV", "NBIS", "NVDA", "AMD", "AVGO", "MU", "TSM", "ASML"}


def test_the_census_is_dated_by_the_catalogue(catalogue: EventSet) -> None:
    """One exposure without a sign each, chosen by rule; times are the catalogue's."""
    census = load_events([CENSUS])
    assert proof_of(census, strict=True)["warnings"] == []
    for event in census.events:
        same = catalogue[event.id.removeprefix("census-")]
        assert event.id.startswith("census-")
        assert (event.earliest, event.latest) == (same.earliest, same.latest)
        assert event.precision == same.precision
        assert event.source == same.source
        (exposure,) = event.exposures
        assert exposure.symbol in {e.symbol for e in same.exposures} & NINE
        assert (exposure.expected, event.selected_by) == (0, "rule")


def test_the_census_leaves_no_dated_earnings_out(catalogue: EventSet) -> None:
    """Every event tagged earnings whose actor is one of the nine; once a supplier.

    The record of Nebius's third quarter of 2025 is about its order from Meta.
    """
    dated = {
        (exposure.symbol, event.first_us_session)
        for event in catalogue.tagged("earnings").events
        for exposure in event.exposures
        if exposure.role == "actor"
        and exposure.symbol in NINE
        and event.status == "occurred"
    }
    dated.add(("NBIS", pd.Timestamp("2025-11-11")))
    census = load_events([CENSUS]).events
    found = [(event.exposures[0].symbol, event.first_us_session) for event in census]
    assert len(found) == len(set(found)) == 37
    assert set(found) == dated


def test_placebo_dates_keep_clear_of_the_news(catalogue: EventSet) -> None:
    """No event of the catalogue on the session, on the one before or the one after."""
    from aftershock.calendar import TradingCalendar

    calendar = TradingCalendar.load()
    events = load_events([CENSUS.parent / "placebo_dates.yaml"])
    assert proof_of(events, strict=True)["warnings"] == []
    assert len(events) == 24
    news = set(catalogue.pairs(calendar)["session"])
    for session in events.pairs(calendar)["session"].unique():
        around = {calendar.shift(session, k) for k in (-1, 0, 1)}
        assert not around & news
    assert {e.status for e in events.events} == {"placebo"}
    signs = [x.expected for e in events.events for x in e.exposures]
    assert sorted(set(signs)) == [-1, 1]
