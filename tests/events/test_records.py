"""Records as written: every key, and what each way to state a time means.

Times are New York's: four hours behind UTC from March to November, else five.
"""

from pathlib import Path

import pytest

from aftershock.errors import DataUnavailable
from aftershock.events import load_events
from tests.events.writing import GOOD, NY, at, load, record


class TestYaml:
    def test_a_record_is_read_as_written(self, tmp_path):
        event = load(tmp_path, GOOD)["one"]
        assert (event.headline, event.precision) == ("A deal is signed", "exact")
        assert event.earliest == event.latest == event.published
        assert event.latest == at("2026-07-01 08:00")
        assert (str(event.latest.tz), event.latest.unit) == (NY, "us")
        assert event.tags == ("compute-contract",)
        signs = [(e.symbol, e.role, e.expected, e.declared) for e in event.exposures]
        assert signs == [
            ("META", "customer", 1, "unknown"),
            ("ON", "supplier", -1, "before"),
        ]
        assert (event.line, Path(event.file).name) == (1, "mine.yaml")

    def test_on_is_a_symbol_and_never_true(self, tmp_path):
        pairs = load(tmp_path, GOOD).pairs()
        assert list(pairs["symbol"]) == ["META", "ON"]

    @pytest.mark.parametrize(
        ("time", "earliest", "latest", "precision"),
        [
            (
                "published: 2026-07-01T16:00:00Z",
                "2026-07-01 12:00",
                "2026-07-01 12:00",
                "exact",
            ),
            (
                "published: 2026-01-05T08:00:00 America/New_York",
                "2026-01-05 08:00",
                "2026-01-05 08:00",
                "exact",
            ),
            ("published: 2026-07-01", "2026-07-01", "2026-07-01 23:59:59", "day"),
            (
                "published: 2026-07-01T12:00:00-04:00, precision: day",
                "2026-07-01",
                "2026-07-01 23:59:59",
                "day",
            ),
            ("published: 2026-02", "2026-02-01", "2026-02-28 23:59:59", "month"),
            # A placeholder time stands for its part of the trading day.
            (
                "published: 2026-07-01T08:00:00-04:00, precision: session",
                "2026-07-01 04:00",
                "2026-07-01 09:29:59",
                "session",
            ),
            (
                "published: 2026-07-01T12:00:00-04:00, precision: session",
                "2026-07-01 09:30",
                "2026-07-01 15:59:59",
                "session",
            ),
            (
                "published: 2025-11-28T12:00:00-05:00, precision: session",
                "2025-11-28 09:30",
                "2025-11-28 12:59:59",  # a half day
                "session",
            ),
            (
                "published: 2026-07-01T16:30:00-04:00, precision: approximate",
                "2026-07-01 16:00",
                "2026-07-01 20:00",
                "approximate",
            ),
            (
                "published: 2026-07-01T22:00:00-04:00, precision: session",
                "2026-07-01 20:00:01",
                "2026-07-01 23:59:59",
                "session",
            ),
            # A window wins over a placeholder.
            (
                "published: 2026-07-01T08:00:00-04:00, precision: session, "
                "earliest: 2026-07-01T09:02:00-04:00, "
                "latest: 2026-07-01T09:29:59-04:00",
                "2026-07-01 09:02",
                "2026-07-01 09:29:59",
                "session",
            ),
        ],
    )
    def test_times(self, tmp_path, time, earliest, latest, precision):
        event = load(tmp_path, record(time))["one"]
        assert (event.earliest, event.latest) == (at(earliest), at(latest))
        assert event.precision == precision

    def test_all_that_a_record_can_say(self, tmp_path):
        text = GOOD + (
            "  source: {name: A page, url: 'https://example.com/a'}\n"
            "  extra_sources: ['https://example.com/b']\n"
            "  confounders: [payrolls the same day]\n"
            "  notes: 'Seen twice: both copies agree.'\n"
            "  confidence: 0.9\n  date_verified: true\n  status: scheduled\n"
            "  selected_by: rule\n  recorded_at: 2026-06-30T09:00:00Z\n"
        )
        event = load(tmp_path, text)["one"]
        assert (event.source.name, event.source.url) == (
            "A page",
            "https://example.com/a",
        )
        assert event.extra_sources == ("https://example.com/b",)
        assert event.confounders == ("payrolls the same day",)
        assert event.notes == "Seen twice: both copies agree."
        assert (event.confidence, event.date_verified) == (0.9, True)
        assert (event.status, event.selected_by) == ("scheduled", "rule")
        assert event.recorded_at == at("2026-06-30 05:00")

    def test_events_are_in_order_of_time_then_id(self, tmp_path):
        text = (
            record("published: 2026-07-02T08:00:00Z", "b")
            + record("published: 2026-07-02T08:00:00Z", "a")
            + record("published: 2026-07-01T08:00:00Z", "c")
        )
        assert [e.id for e in load(tmp_path, text).events] == ["c", "a", "b"]

    def test_an_empty_file_is_an_empty_set(self, tmp_path):
        assert len(load(tmp_path, "")) == 0
        assert load(tmp_path, "").pairs().empty

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(DataUnavailable, match=r"absent\.yaml"):
            load_events([tmp_path / "absent.yaml"])
