"""What a text says: symbols, moves, and whether two headlines tell the same."""

from __future__ import annotations

import dataclasses
import itertools

import pandas as pd
import pytest

from aftershock.events import (
    Event,
    EventSet,
    Exposure,
    Instrument,
    Lexicon,
    load_catalogue,
)
from aftershock.events.records import Source
from aftershock.importers.moves import percent_moves
from aftershock.importers.names import first_mentions, mentions
from aftershock.importers.twins import ALIKE, same_news, similarity, twins_of


class TestNames:
    @pytest.mark.parametrize(
        ("text", "symbols"),
        [
            ("Meta Platforms and Meta", ["META", "META"]),
            ("Facebook, once", ["META"]),
            ("a meta study of apple pie", []),
            ("Metadata, Intelligence and Oracles", []),
            ("CRWV and (NASDAQ: MU), $TSM", ["CRWV", "MU", "TSM"]),
            ("MU is a letter; AMD is not", ["AMD"]),
            ("The S&P 500 and the Nasdaq-100", ["SPX", "NDX"]),
            ("Taiwan\nSemiconductor  Manufacturing", ["TSM"]),
            ("NVIDIA, Nvidia, NV\u0130D\u0130A, Nv\u0131d\u0131a", ["NVDA"] * 4),
        ],
    )
    def test_mentions(self, lexicon: Lexicon, text: str, symbols: list[str]) -> None:
        assert [mention.symbol for mention in mentions(text, lexicon)] == symbols

    def test_a_mention_knows_its_place(self, lexicon: Lexicon) -> None:
        (found,) = mentions("As Nebius said", lexicon)
        assert "As Nebius said"[found.start : found.end] == found.words == "Nebius"

    def test_first_mentions(self, lexicon: Lexicon) -> None:
        found = first_mentions("Nebius, Meta, Nebius Group", lexicon)
        assert [m.symbol for m in found] == ["NBIS", "META"]

    def test_without_instruments(self) -> None:
        assert mentions("Meta", Lexicon()) == []

    def test_a_symbol_is_no_english_word(self) -> None:
        """An instrument without a name bears its symbol as name."""
        only = Lexicon(instruments={"ON": Instrument("ON", "ON")})
        assert mentions("On Monday it went ON", only) == []
        assert [m.symbol for m in mentions("(NASDAQ: ON)", only)] == ["ON"]


class TestMoves:
    @pytest.mark.parametrize(
        ("text", "moves"),
        [
            ("Meta rose 8.8%.", [("META", 8.8)]),
            ("Meta fell 5 percent. CoreWeave +3%", [("META", -5), ("CRWV", 3)]),
            ("CoreWeave lost 11.5% and Nebius 9%", [("CRWV", -11.5), ("NBIS", -9)]),
            ("An 8.8% jump? Nebius closed 9% lower", [("NBIS", -9)]),
            ("It rose 4% at Oracle", [("ORCL", 4)]),
            ("Meta rose 2-5%", [("META", 5)]),
            ("Nebius gained 1,200%, Oracle -3%", [("NBIS", 1200), ("ORCL", -3)]),
        ],
    )
    def test_moves(
        self, lexicon: Lexicon, text: str, moves: list[tuple[str, float]]
    ) -> None:
        found, others = percent_moves(text, lexicon)
        assert [(move.symbol, move.pct) for move in found] == moves
        assert others == []

    def test_without_a_direction_it_is_no_move(self, lexicon: Lexicon) -> None:
        found, others = percent_moves("Meta is 60% of what Nebius sold", lexicon)
        assert found == []
        assert others == ["Meta is 60%"]

    def test_without_a_symbol_it_is_nothing(self, lexicon: Lexicon) -> None:
        assert percent_moves("It rose 8.8%", lexicon) == ([], [])


def event(name: str, headline: str, when: str, symbol: str = "META") -> Event:
    moment = pd.Timestamp(when, tz="America/New_York")
    return Event(
        id=name,
        headline=headline,
        earliest=moment,
        latest=moment,
        precision="exact",
        exposures=(Exposure(symbol, "actor", 0),),
    )


SPARE = "Meta is reported to plan a unit that sells spare AI capacity"


class TestTwins:
    def test_different_news_of_one_session_is_not_alike(self) -> None:
        """The threshold holds on every such pair of the shipped catalogue."""
        catalogue = load_catalogue()
        pairs = [
            (one, other)
            for one, other in itertools.combinations(catalogue.events, 2)
            if one.latest.date() == other.latest.date()
            and catalogue.names_of(one) & catalogue.names_of(other)
        ]
        assert len(pairs) >= 9
        alike = [similarity(one.headline, other.headline) for one, other in pairs]
        assert max(alike) < ALIKE

    @pytest.mark.parametrize(
        "headline",
        [
            SPARE,
            "Spare AI capacity: a unit that sells it is planned at Meta",
            "Meta plans unit to sell spare computing capacity",
        ],
    )
    def test_the_same_in_other_words(self, headline: str) -> None:
        assert similarity(SPARE, headline) >= ALIKE
        assert similarity(headline, SPARE) == pytest.approx(
            similarity(SPARE, headline), abs=0.1
        )

    def test_other_news(self) -> None:
        assert similarity(SPARE, "CoreWeave sells senior notes") < ALIKE

    @pytest.mark.parametrize(
        ("other", "found"),
        [
            (event("o", SPARE, "2026-07-01 15:59"), True),
            (event("o", SPARE, "2026-06-30 17:00"), True),  # the same session
            (event("o", SPARE, "2026-07-01 17:00"), True),  # the same day
            (event("o", SPARE, "2026-07-02 17:00"), False),
            (event("o", SPARE, "2026-07-01 08:00", "AMZN"), False),
            (event("o", "Another thing altogether", "2026-07-01 08:00"), False),
        ],
    )
    def test_what_must_agree(self, other: Event, found: bool) -> None:
        mine = event("mine", SPARE, "2026-07-01 08:00")
        assert bool(twins_of(mine, [other], EventSet(()))) is found

    def test_an_address_or_an_id_is_enough(self) -> None:
        mine = event("a", SPARE, "2026-07-01 08:00")
        mine = dataclasses.replace(mine, source=Source("", "https://example.org/x"))
        far = event("b", "Something else", "2024-11-01 08:00", "AMZN")
        same_page = dataclasses.replace(far, source=mine.source)
        same_id = dataclasses.replace(far, id="a")
        found = twins_of(mine, [far, same_page, same_id], EventSet(()))
        assert {twin.reason for twin in found} == {"the same address", "the same id"}

    def test_a_firm_has_its_results_once_a_day(self) -> None:
        mine = event("a", "Meta Platforms publishes results", "2026-04-29 16:05")
        mine = dataclasses.replace(mine, tags=("earnings",))
        far = dataclasses.replace(mine, id="b", headline="Q1: revenue 56bn, +33%")
        (found,) = twins_of(mine, [far], EventSet(()))
        assert found.reason == "META, results of the same day"
        for other in (
            dataclasses.replace(far, tags=("capex-guidance",)),
            dataclasses.replace(far, exposures=(Exposure("META", "customer", 0),)),
        ):
            assert twins_of(mine, [other], EventSet(())) == []

    def test_news_of_two_records_is_one(self) -> None:
        """Alike, the same day, a symbol in common; an address in common does not do."""
        page = Source("", "https://example.org/x")
        first, again, symbol, day, other = (
            dataclasses.replace(one, source=page)
            for one in (
                event("a", SPARE, "2026-07-01 08:00"),
                event("b", SPARE.upper(), "2026-07-01 15:59"),
                event("c", SPARE, "2026-07-01 08:00", "AMZN"),
                event("d", SPARE, "2026-07-07 08:00"),
                event("e", "Another thing altogether", "2026-07-01 08:00"),
            )
        )
        assert same_news(EventSet((first, again, symbol, day, other))) == {"b": "a"}

    def test_no_shipped_event_tells_the_news_of_another(self) -> None:
        assert same_news(load_catalogue().within()) == {}

    def test_baskets_are_seen_through(self) -> None:
        catalogue = load_catalogue()
        mine = event("a", SPARE, "2026-07-01 08:00", "ASML")
        found = twins_of(mine, catalogue.events, catalogue)
        assert [twin.id for twin in found] == ["meta-compute-report-20260701"]
        assert found[0].reason.startswith("ASML, the same day")
