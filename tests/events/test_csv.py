"""Events in CSV: rows that share an id are one event."""

import pytest

from tests.events.writing import CSV, at, fault, load


class TestCsv:
    def test_rows_that_share_an_id_are_one_event(self, tmp_path):
        events = load(tmp_path, CSV, "mine.csv")
        assert [e.id for e in events.events] == ["one", "two"]
        one = events["one"]
        assert [(e.symbol, e.expected) for e in one.exposures] == [
            ("META", 1),
            ("ON", -1),
        ]
        assert one.tags == ("compute-contract", "earnings")
        assert one.latest == at("2026-07-01 08:00")
        assert events["two"].latest == at("2026-07-02 23:59:59")

    def test_missing_columns_are_one_problem(self, tmp_path):
        text = "id,headline,symbol,expected\none,A,META,1\ntwo,B,META,1\n"
        told = fault(tmp_path, text, "mine.csv")
        path = tmp_path / "mine.csv"
        assert told == (
            f"{path}:1: missing columns: 'published or latest', "
            "'tags', 'role'; the header has: id, headline, symbol, expected\n"
            f"  What to do: mend it, then run `aftershock events check {path}`"
        )

    @pytest.mark.parametrize(
        ("wrong", "right", "said"),
        [
            (",rolle,", ",role,", "missing columns: 'role'"),
            (",precison,", ",precision,", "Did you mean 'precision'?"),
            (",tags,tags,", ",precision,tags,", "'tags' is written twice"),
            ("ON,suplier", "ON,supplier", "mine.csv:3: unknown role 'suplier'. Did"),
            ("one,A feal", "one,A deal", "headline differs from line 2"),
            ("macro,ON", "compute-contract; earnings,ON", "tags differs from line 2"),
            ("SPY,market,0,0", "SPY,market,0", "mine.csv:4: unknown key '(cells bey"),
            ("ON,supplier,up", "ON,supplier,-1", "mine.csv:3: expected: 'up'"),
            ('"SPY,market,0', "SPY,market,0", "not CSV"),
        ],
    )
    def test_mistakes(self, tmp_path, wrong, right, said):
        text = CSV.replace(right, wrong, 1)
        assert text != CSV
        assert said in fault(tmp_path, text, "mine.csv")

    def test_an_empty_file_lacks_its_columns(self, tmp_path):
        assert "missing columns" in fault(tmp_path, "", "mine.csv")
