"""What is shipped, restated by hand: the first file of events, moves, tags, roles."""

import pandas as pd
import pytest

from aftershock.errors import EventError
from aftershock.events import ROLES, TAGS, load_events, read_reported_moves
from aftershock.registry import shipped
from tests.events.writing import at


@pytest.fixture(scope="module")
def catalogue():
    """The first of the shipped files; the others: tests/test_shipped_events.py."""
    return load_events([shipped("data") / "events" / "ai_compute.yaml"])


@pytest.fixture(scope="module")
def pairs(catalogue):
    return catalogue.pairs()


class TestChoosing:
    @pytest.mark.parametrize(
        ("where", "found"),
        [
            ({"ids": ["muse-spark-20260408"]}, ["muse-spark-20260408"]),
            (
                {"tags": ["capacity-constraint", "positioning"]},
                [
                    "googl-q1-2026-backlog-20260429",
                    "google-caps-meta-gemini-20260628",
                    "jpm-desk-positioning-20260702",
                ],
            ),
            ({"symbols": ["ORCL"]}, ["meta-compute-report-20260701"]),
            ({"symbols": ["SNDK"]}, ["meta-compute-report-20260701"]),  # by basket
            (
                {"symbols": ["AMZN"], "tags": ["financing"]},
                ["anthropic-aws-100bn-20260420"],
            ),
            (
                {"since": "2026-07-01", "until": "2026-07-01", "symbols": ["SOXX"]},
                [
                    "meta-compute-report-20260701",  # itself
                    "broker-notes-ubs-ms-bernstein-20260701",  # for SOX
                    "jefferies-thill-20260701",
                ],
            ),
            ({"since": "2026-07-02"}, ["jpm-desk-positioning-20260702"]),
            ({"until": "2025-09-29"}, ["meta-scale-msl-202506"]),
            ({"ids": ["muse-spark-20260408"], "tags": ["macro"]}, []),
        ],
    )
    def test_keys_and_values_or(self, catalogue, where, found):
        assert [e.id for e in catalogue.chosen(**where).events] == found

    def test_no_condition_is_all(self, catalogue):
        assert len(catalogue.chosen()) == len(catalogue.chosen(ids=[], tags=[])) == 21

    def test_the_named_shortcuts(self, catalogue):
        assert len(catalogue.tagged("positioning")) == 1
        assert len(catalogue.between("2026-07-02", "2026-07-02")) == 1

    def test_the_unknown_is_named(self, catalogue):
        with pytest.raises(EventError, match="Did you mean 'muse-spark-20260408'"):
            catalogue.chosen(ids=["muse-spark-2026040"])
        with pytest.raises(EventError, match=r"No tag is named 'macros'.*'macro'"):
            catalogue.chosen(tags=["macros"])
        with pytest.raises(EventError, match="No event is named 'x'"):
            catalogue["x"]

    def test_all_that_are_unknown_are_named(self, catalogue):
        with pytest.raises(EventError) as caught:
            catalogue.chosen(ids=["x", "y"], tags=["macros"])
        names = [line.split("'")[1] for line in caught.value.found.splitlines()]
        assert names == ["x", "y", "macros"]


class TestCatalogue:
    """Facts restated by hand from the pages that the records name."""

    def test_the_founding_event_names_whom_it_should(self, pairs):
        rows = pairs[pairs["event_id"] == "meta-compute-report-20260701"]
        told = {r.symbol: (r.role, r.expected, r.via) for r in rows.itertuples()}
        rival, other = ("supplier-competitor", -1, ""), ("competitor", -1, "")
        chip, fund = ("upstream-supplier", -1), ("sector-fund", 0, "")
        assert told == {
            "META": ("actor", 1, ""),
            **dict.fromkeys(("CRWV", "NBIS"), rival),
            **dict.fromkeys(("IREN", "CIFR", "AMZN", "ORCL"), other),
            **dict.fromkeys(("NVDA", "AMD", "MU"), (*chip, "")),
            **dict.fromkeys(("AVGO", "TSM", "ASML", "SNDK"), (*chip, "semiconductors")),
            **dict.fromkeys(("SMH", "SOXX"), fund),
        }
        assert set(rows["session"]) == {pd.Timestamp("2026-07-01")}
        assert set(rows["flags"]) == {""}

    @pytest.mark.parametrize(
        ("name", "earliest", "latest", "precision", "session"),
        [
            (
                "meta-compute-report-20260701",
                "2026-07-01 04:00",
                "2026-07-01 09:29:59",
                "session",
                "2026-07-01",
            ),
            (
                "crwv-meta-142bn-20250930",
                "2025-09-30 04:00",
                "2025-09-30 09:29:59",
                "session",
                "2025-09-30",
            ),
            (
                "zuckerberg-q3call-premium-20251029",
                "2025-10-29 16:00",
                "2025-10-29 20:00",
                "session",
                "2025-10-30",
            ),
            (
                "crwv-meta-21bn-20260409",
                "2026-04-09 00:00",
                "2026-04-09 23:59:59",
                "day",
                "2026-04-09",
            ),
            (
                "spacex-s1-anthropic-price-20260520",
                "2026-05-20 16:00",
                "2026-05-20 20:00",
                "day",
                "2026-05-21",
            ),
            (
                "zuckerberg-agm-cloud-option-20260527",
                "2026-05-27 09:30",
                "2026-05-27 15:59:59",
                "day",
                "2026-05-27",
            ),
            (  # a Sunday
                "google-caps-meta-gemini-20260628",
                "2026-06-28 00:00",
                "2026-06-28 23:59:59",
                "day",
                "2026-06-29",
            ),
            (
                "davidson-luria-20260701",
                "2026-07-01 09:30",
                "2026-07-01 15:59:59",
                "approximate",
                "2026-07-01",
            ),
            (
                "jpm-desk-positioning-20260702",
                "2026-07-02 04:00",
                "2026-07-02 09:29:59",
                "approximate",
                "2026-07-02",
            ),
        ],
    )
    def test_windows(
        self, catalogue, pairs, name, earliest, latest, precision, session
    ):
        event = catalogue[name]
        assert (event.earliest, event.latest) == (at(earliest), at(latest))
        assert event.precision == precision
        sessions = set(pairs.loc[pairs["event_id"] == name, "session"])
        assert sessions == {pd.Timestamp(session)}

    def test_every_record_has_its_sources_and_its_origin(self, catalogue):
        assert len(catalogue) == 21
        for event in catalogue.events:
            assert event.source.name, event.id
            assert event.source.url, event.id
            assert event.confidence is not None, event.id
            assert event.selected_by in {"rule", "headline", "move"}, event.id
            assert event.recorded_at is not None, event.id
            assert event.recorded_at > event.latest, event.id
            declared = {exposure.declared for exposure in event.exposures}
            assert "before" not in declared, event.id

    def test_facts_of_some_records(self, catalogue):
        microsoft = catalogue["msft-fq3-2026-rpo-20260429"]
        assert "company-wide" in microsoft.notes
        assert microsoft.source.url.endswith("0001193125-26-191457.md")
        assert "May 2029" in catalogue["spacex-s1-anthropic-price-20260520"].notes
        assert "annual shareholder meeting" in (
            catalogue["zuckerberg-agm-cloud-option-20260527"].notes
        )
        founding = catalogue["meta-compute-report-20260701"]
        assert len(founding.confounders) == 5
        assert (founding.selected_by, founding.confidence) == ("move", 0.9)
        assert catalogue["jefferies-thill-20260701"].confidence == 0.65

    def test_the_month_is_kept_and_left_out(self, catalogue, pairs):
        assert catalogue["meta-scale-msl-202506"].precision == "month"
        assert "meta-scale-msl-202506" not in set(pairs["event_id"])
        assert list(catalogue.without_session()["event_id"]) == [
            "meta-scale-msl-202506"
        ]

    def test_every_symbol_is_described(self, catalogue):
        for event in catalogue.events:
            for exposure in event.exposures:
                assert exposure.basket or exposure.symbol in catalogue.instruments


class TestReportedMoves:
    def test_what_the_founding_day_was_said_to_be(self):
        moves = read_reported_moves()
        assert len(moves) == 166
        assert str(moves["date"].dtype) == "datetime64[us]"
        meta = moves[(moves["symbol"] == "META") & (moves["date"] == "2026-07-01")]
        assert 8.8 in set(meta["pct"].round(1))
        assert moves["source_url"].str.startswith("http").all()


class TestReadme:
    LINES = (shipped("data") / "README.md").read_text(encoding="utf-8").splitlines()

    @pytest.mark.parametrize(("name", "meaning"), [*TAGS.items(), *ROLES.items()])
    def test_every_tag_and_role_is_explained(self, name, meaning):
        row = next(r for r in self.LINES if r.startswith(f"| `{name}` |"))
        _, said, example = (cell.strip() for cell in row.strip("|").split("|"))
        assert said == meaning
        assert len(example) > 10
