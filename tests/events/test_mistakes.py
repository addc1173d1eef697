"""Mistakes in records, each named with its file and line."""

import pytest

from aftershock.errors import EventError
from aftershock.events import load_events
from tests.events.writing import GOOD, at, fault, load, record, write


class TestMistakes:
    @pytest.mark.parametrize(
        ("wrong", "right", "line", "said"),
        [
            ("headlin:", "headline:", 2, "unknown key 'headlin'. Did you mean 'headl"),
            ("tag:", "tags:", 4, "unknown key 'tag'. Did you mean 'tags'?"),
            ("compute-contrat", "compute-contract", 4, "Did you mean 'compute-contra"),
            ("customr", "customer", 6, "unknown role 'customr'. Did you mean 'custom"),
            ("rolle: cust", "role: cust", 6, "unknown key 'rolle'. Did you mean 'role"),
            ("expected: up}", "expected: +1}", 6, "expected: 'up'; allowed: +1, 0 (no"),
            ("expected: 2}", "expected: +1}", 6, "expected: '2'; allowed: +1, 0 (no p"),
            ("befor}", "before}", 7, "unknown declared 'befor'. Did you mean 'before'"),
            ("Facebook", "META", 6, "'Facebook' is not a symbol. Did you mean 'META'?"),
            ("T08:00:00\n", "T08:00:00-04:00\n", 3, "has no time zone"),
            ("2026-13-01T08", "2026-07-01T08", 3, "is not a time"),
            ("id: a b", "id: one", 1, "'a b' is no id"),
        ],
    )
    def test_a_typo_is_named_with_its_line(self, tmp_path, wrong, right, line, said):
        text = GOOD.replace(right, wrong, 1)
        assert text != GOOD
        told = fault(tmp_path, text)
        assert f"mine.yaml:{line}: " in told
        assert said in told

    @pytest.mark.parametrize(
        ("time", "said"),
        [
            ("published: 2026-03-08T02:30:00 America/New_York", "does not exist"),
            ("published: 2026-11-01T01:30:00 America/New_York", "happens twice"),
            ("earliest: 2026-07-01T08:00:00Z", "earliest and latest belong together"),
            (
                "earliest: 2026-07-02T08:00:00Z, latest: 2026-07-01T08:00:00Z",
                "earliest is later than latest",
            ),
            (
                "earliest: 2026-06-29T10:00:00Z, latest: 2026-07-02T08:00:00Z",
                "more than two sessions",
            ),
            ("precision: day", "no time is given"),
            ("published: 2026-07-01, precision: exact", "is no exact time"),
            ("published: 2026-07-01, precision: dai", "Did you mean 'day'?"),
            ("status: occured, published: 2026-07-01", "Did you mean 'occurred'?"),
            ("confidence: 3, published: 2026-07-01", "is not from 0 to 1"),
        ],
    )
    def test_a_time_that_cannot_be(self, tmp_path, time, said):
        told = fault(tmp_path, record(time))
        assert "mine.yaml:1: " in told
        assert said in told

    def test_a_sign_cannot_be_older_than_the_record_that_states_it(self, tmp_path):
        """ON's sign is said to be declared before 08:00; the record is of 08:01."""
        head = "headline: A deal is signed\n"
        for minute, refused in (("00", False), ("01", True)):
            text = GOOD.replace(
                head, f"{head}  recorded_at: 2026-07-01T08:{minute}:00-04:00\n"
            )
            if refused:
                assert "mine.yaml:3: a sign is declared 'before'" in fault(
                    tmp_path, text
                )
            else:
                assert load(tmp_path, text)["one"].recorded_at == at("2026-07-01 08:00")

    def test_a_headline_has_at_most_300_characters(self, tmp_path):
        long = GOOD.replace("A deal is signed", "x" * 301)
        assert "mine.yaml:2: the headline has 301 characters, at most 300" in fault(
            tmp_path, long
        )
        whole = GOOD.replace("A deal is signed", "x" * 300)
        assert len(load(tmp_path, whole)["one"].headline) == 300

    def test_one_id_in_two_places(self, tmp_path):
        first = write(tmp_path, GOOD, "a.yaml")
        second = write(tmp_path, "\n" + GOOD, "b.yaml")
        with pytest.raises(EventError) as caught:
            load_events([first, second])
        assert f"{second}:2: the id 'one' is already used at {first}:1" in str(
            caught.value
        )
        assert "the id 'one' is already used" in fault(tmp_path, GOOD + GOOD)

    def test_one_file_named_twice_is_read_once(self, tmp_path):
        path = write(tmp_path, GOOD)
        assert len(load_events([path, path, path.parent / "." / path.name])) == 1

    def test_a_key_written_twice(self, tmp_path):
        text = GOOD.replace("  tags:", "  headline: Again\n  tags:")
        assert "mine.yaml:4: the key 'headline' is written twice" in fault(
            tmp_path, text
        )

    def test_a_symbol_named_twice(self, tmp_path):
        text = GOOD.replace("symbol: ON", "symbol: META")
        assert "mine.yaml:7: 'META' is named twice" in fault(tmp_path, text)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("a: 1\n", "should be a list of events"),
            ("- one\n", "an event should be a mapping"),
            ("- {id: [\n", "not YAML"),
            (record("published: 2026-07-01", tags="[]"), "at least one tag"),
            (
                record("published: 2026-07-01", more="exposures: []"),
                "needs a list of exposures",
            ),
            (
                record(
                    "published: 2026-07-01",
                    more="exposures: [{basket: neocloud, role: peer, expected: 0}]",
                ),
                "unknown basket 'neocloud'. Did you mean 'neoclouds'?",
            ),
            (
                record("published: 2026-07-01", more="exposures: [{symbol: META}]"),
                "no expected sign",
            ),
        ],
    )
    def test_a_shape_that_is_no_event(self, tmp_path, text, said):
        assert said in fault(tmp_path, text)

    def test_everything_is_said_at_once(self, tmp_path):
        """Two mistakes in one file, one in another: three lines."""
        bad = GOOD.replace("customer", "customr").replace("tags:", "tgs:")
        paths = [write(tmp_path, bad, "a.yaml"), write(tmp_path, "x: 1\n", "b.yaml")]
        with pytest.raises(EventError) as caught:
            load_events(paths)
        told = str(caught.value)
        assert "a.yaml:6: unknown role" in told
        assert "a.yaml:4: unknown key" in told
        assert "b.yaml:1: the file should be a list" in told
