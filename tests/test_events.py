"""Events as written, and as pairs.

Every expectation is stated by hand: times in New York (four hours behind UTC from
March to November, else five), sessions from the exchange's calendar, members from
the membership dates written in each basket.
"""

from pathlib import Path

import pandas as pd
import pytest

from aftershock.errors import DataUnavailable, EventError
from aftershock.events import (
    ROLES,
    TAGS,
    catalogue_files,
    load_catalogue,
    load_events,
    read_reported_moves,
)
from aftershock.registry import shipped

NY = "America/New_York"

GOOD = """\
- id: one
  headline: A deal is signed
  published: 2026-07-01T08:00:00-04:00
  tags: [compute-contract]
  exposures:
    - {symbol: META, role: customer, expected: +1}
    - {symbol: ON, role: supplier, expected: -1, declared: before}
"""
EXPOSURE = "exposures: [{symbol: META, role: actor, expected: +1}]"


@pytest.fixture(scope="module")
def catalogue():
    """The first of the shipped files; the others: tests/test_shipped_events.py."""
    return load_events([shipped("data") / "events" / "ai_compute.yaml"])


@pytest.fixture(scope="module")
def pairs(catalogue):
    return catalogue.pairs()


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz=NY)


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, text: str, name: str = "mine.yaml"):
    return load_events([write(folder, text, name)])


def record(time: str, name: str = "one", tags: str = "[earnings]", more: str = ""):
    exposure = more or EXPOSURE
    return f"- {{id: {name}, headline: H, tags: {tags}, {time}, {exposure}}}\n"


def fault(folder: Path, text: str, name: str = "mine.yaml") -> str:
    with pytest.raises(EventError) as caught:
        load(folder, text, name)
    return str(caught.value)


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


CSV = """\
id,headline,published,precision,tags,symbol,role,expected
one,A deal,2026-07-01T08:00:00-04:00,exact,compute-contract; earnings,META,actor,1
one,A deal,2026-07-01T08:00:00-04:00,exact,compute-contract; earnings,ON,supplier,-1
two,Another,2026-07-02,day,macro,SPY,market,0
"""


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
        assert told == (
            f"{tmp_path / 'mine.csv'}:1: missing columns: 'published or latest', "
            "'tags', 'role'; the header has: id, headline, symbol, expected"
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


def exposed(*lines: str) -> str:
    return "exposures: [" + ", ".join(f"{{{line}}}" for line in lines) + "]"


class TestPairs:
    SEMIS = "basket: semiconductors, role: upstream-supplier, expected: -1"

    def members(self, tmp_path, date):
        text = record(f"published: {date}T08:00:00-05:00", more=exposed(self.SEMIS))
        return list(load(tmp_path, text).pairs()["symbol"])

    def test_members_are_those_of_the_session(self, tmp_path):
        before = ["NVDA", "AMD", "AVGO", "MU", "TSM", "ASML"]
        assert self.members(tmp_path, "2025-02-12") == before
        assert self.members(tmp_path, "2025-02-13") == [*before, "SNDK"]

    def test_after_the_close_the_next_session_counts(self, tmp_path):
        """17:00 on 12 February belongs to the 13th, the first session of SNDK."""
        text = record("published: 2025-02-12T17:00:00-05:00", more=exposed(self.SEMIS))
        assert "SNDK" in set(load(tmp_path, text).pairs()["symbol"])

    def test_a_direct_line_wins_over_a_basket_and_a_proxy(self, tmp_path):
        lines = exposed(
            "symbol: SOX, role: upstream-supplier, expected: -1",
            self.SEMIS,
            "symbol: MU, role: supplier, expected: +1",
            "symbol: SOXX, role: sector-fund, expected: 0",
        )
        time = "published: 2026-07-01T08:00:00-04:00"
        pairs = load(tmp_path, record(time, more=lines)).pairs().set_index("symbol")
        assert pairs.index.is_unique
        mu, nvda, soxx = (pairs.loc[s] for s in ("MU", "NVDA", "SOXX"))
        assert (mu["role"], mu["expected"], mu["via"]) == ("supplier", 1, "")
        assert (nvda["expected"], nvda["via"]) == (-1, "semiconductors")
        assert (soxx["role"], soxx["proxy"]) == ("sector-fund", "")

    @pytest.mark.parametrize(
        ("index", "fund"),
        [("SOX", "SOXX"), ("NDX", "QQQ"), ("SPX", "SPY"), ("RUT", "IWM")],
    )
    def test_an_index_is_traded_through_its_proxy(self, tmp_path, index, fund):
        line = exposed(f"symbol: {index}, role: market, expected: +1")
        time = "published: 2026-07-01T08:00:00-04:00"
        row = load(tmp_path, record(time, more=line)).pairs().iloc[0]
        assert (row["symbol"], row["proxy"], row["flags"]) == (fund, index, "proxy")

    def test_the_same_session_twice(self, tmp_path):
        """Tuesday evening and Wednesday morning share Wednesday; the first is clean."""
        text = (
            record("published: 2026-07-01T08:00:00-04:00", "b")
            + record("published: 2026-07-01T08:00:00-04:00", "a")
            + record("published: 2026-06-30T17:00:00-04:00", "c")
            + record("published: 2026-07-01T17:00:00-04:00", "d")
        )
        pairs = load(tmp_path, text).pairs()
        told = list(zip(pairs["event_id"], pairs["flags"], strict=True))
        twin = "same_session_duplicate"
        assert told == [("c", ""), ("a", twin), ("b", twin), ("d", "")]

    def test_a_window_over_two_sessions_gives_both(self, tmp_path):
        """13:43 to 16:16 on 2 July 2026; the 3rd is a holiday."""
        time = "earliest: 2026-07-02T13:43:00-04:00, latest: 2026-07-02T16:16:00-04:00"
        pairs = load(tmp_path, record(time)).pairs()
        assert [f"{s:%Y-%m-%d}" for s in pairs["session"]] == [
            "2026-07-02",
            "2026-07-06",
        ]
        assert set(pairs["flags"]) == {"two_sessions"}

    @pytest.mark.parametrize(
        ("time", "session", "flags"),
        [
            ("published: 2026-07-01", "2026-07-01", "day_precision"),
            ("published: 2026-07-04", "2026-07-06", "day_precision"),
            # Its part of the day is known: it follows its window.
            (
                "precision: day, earliest: 2026-05-20T16:00:00-04:00, "
                "latest: 2026-05-20T20:00:00-04:00",
                "2026-05-21",
                "day_precision",
            ),
            (
                "precision: approximate, earliest: 2026-07-01T16:00:00-04:00, "
                "latest: 2026-07-01T20:00:00-04:00",
                "2026-07-02",
                "approximate_precision",
            ),
            # A guessed day, whole, is that day and not two sessions.
            (
                "precision: approximate, published: 2026-07-01",
                "2026-07-01",
                "approximate_precision",
            ),
        ],
    )
    def test_vague_times_are_flagged(self, tmp_path, time, session, flags):
        pairs = load(tmp_path, record(time)).pairs()
        assert [f"{s:%Y-%m-%d}" for s in pairs["session"]] == [session]
        assert list(pairs["flags"]) == [flags]

    def test_a_month_gives_no_pair_and_says_why(self, tmp_path):
        events = load(tmp_path, record("published: 2025-06"))
        assert events.pairs().empty
        assert events.without_session().values.tolist() == [
            ["one", "META", "precision", "only the month is known"]
        ]

    def test_policies(self, tmp_path):
        """4 July 2026 is a Saturday, the Friday before it a holiday."""
        events = load(tmp_path, record("published: 2026-07-04T12:00:00-04:00"))
        for policy, session in [("next", "2026-07-06"), ("previous", "2026-07-02")]:
            assert list(events.pairs(policy=policy)["session"]) == [
                pd.Timestamp(session)
            ]
        assert events.pairs(policy="drop").empty
        row = events.without_session(policy="drop").iloc[0]
        assert (row["reason"], row["symbol"]) == ("policy", "META")
        assert "Saturday 2026-07-04" in row["detail"]
        with pytest.raises(EventError, match=r"mine\.yaml:1 \(one\): Saturday"):
            events.pairs(policy="error")

    def test_columns_and_units(self, tmp_path):
        for events in (load(tmp_path, GOOD), load(tmp_path, "")):
            pairs = events.pairs()
            assert str(pairs["session"].dtype) == "datetime64[us]"
            assert str(pairs["published"].dtype) == f"datetime64[us, {NY}]"
            assert str(pairs["expected"].dtype) == "int64"


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
