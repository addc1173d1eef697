"""Files of a workspace beside those that are shipped, or in their place."""

import pytest

from aftershock.errors import EventError
from aftershock.events import catalogue_files, load_catalogue, load_events
from tests.events.writing import CSV, GOOD, exposed, record, write


class TestWorkspace:
    def test_its_baskets_and_instruments_add_to_ours(self, tmp_path):
        write(
            tmp_path,
            "chips:\n  rule: mine\n  members: [NVDA, {symbol: ON, to: 2026-06-30}]\n",
            "data/baskets.yaml",
        )
        write(
            tmp_path,
            "SOX: {name: Mine, kind: index, proxy: SMH}\n",
            "data/instruments.yaml",
        )
        lines = exposed(
            "basket: chips, role: supplier, expected: +1",
            "basket: neoclouds, role: customer, expected: 0",
            "symbol: SOX, role: market, expected: 0",
        )
        text = record("published: 2026-07-01T08:00:00-04:00", more=lines)
        path = write(tmp_path, text, "data/events/own.yaml")
        pairs = load_events([path], tmp_path).pairs()
        assert list(pairs["symbol"]) == ["NVDA", "CRWV", "NBIS", "SMH"]

    def test_its_file_takes_the_place_of_ours_of_that_name(self, tmp_path):
        write(tmp_path, GOOD, "data/events/ai_compute.yaml")
        write(tmp_path, CSV.replace("one,", "csv,"), "data/events/own.csv")
        names = [path.name for path in catalogue_files(tmp_path)]
        assert "ai_compute.yaml" in names
        assert "own.csv" in names
        events = load_catalogue(tmp_path)
        assert "A deal is signed" in [event.headline for event in events.events]
        with pytest.raises(EventError, match="No event is named"):
            events["meta-compute-report-20260701"]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("b: {members: [NVDA]}\n", "baskets.yaml:1: the basket 'b' states no memb"),
            ("b: {rule: r}\n", "the basket 'b' has no list of members"),
            ("b: {rule: r, membrs: [A]}\n", "Did you mean 'members'?"),
            (
                "b:\n  rule: r\n  members:\n"
                "    - {symbol: A, from: 2026-02-01, to: 2026-01-01}\n",
                "baskets.yaml:4: a member's 'to' lies before its 'from'",
            ),
            ("b: {rule: r, members: [{symbol: A, from: then}]}\n", "is not a date"),
        ],
    )
    def test_a_wrong_basket(self, tmp_path, text, said):
        write(tmp_path, text, "data/baskets.yaml")
        with pytest.raises(EventError) as caught:
            load_events([write(tmp_path, GOOD)], tmp_path)
        assert said in str(caught.value)
