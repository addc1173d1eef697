"""``aftershock events``, as a user types it; expectations are stated by hand."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aftershock.errors import AftershockError, DataUnavailable, EventError
from tests.cli.conftest import run

pytestmark = pytest.mark.usefixtures("elsewhere")

FOUNDING = "meta-compute-report-20260701"
RECORD = """\
- id: own
  headline: A deal
  published: 2026-07-01T08:00:00-04:00
  tags: [compute-contract]
  exposures:
    - {symbol: META, role: customer, expected: +1, declared: before}
    - {symbol: QQQQQ, role: supplier, expected: +1}
"""


def own(text: str) -> str:
    Path("own.yaml").write_text(text, encoding="utf-8")
    return "own.yaml"


class TestList:
    def test_all_of_it_in_order_one_line_each(self):
        lines = run("list").splitlines()
        assert lines[0].split() == ["published", "precision", "id", "tags", "symbols"]
        assert lines[1].split()[:4] == [
            *("2024-10-17", "day", "tsm-q3-2024-20241017", "earnings,")
        ]
        month = next(line for line in lines if " month " in line).split()
        assert month[:3] == ["2025-06", "month", "meta-scale-msl-202506"]
        assert lines[-1].startswith("112 events")
        assert len(lines) == 114

    def test_a_pipe_is_plain_and_whole(self):
        text = run("list", "--since", "2026-07-01")
        assert "\x1b" not in text
        assert all(line == line.rstrip() for line in text.splitlines())
        assert "IREN CIFR semiconductors NVDA AMD MU AMZN ORCL SMH SOXX" in text

    def test_filters(self):
        found = json.loads(
            run(
                *("list", "--tag", "positioning", "--tag", "compute-supply", "--json"),
                *("--since", "2026-07-01", "--until", "2026-07-01"),
            )
        )
        assert [event["id"] for event in found] == [
            FOUNDING,
            "broker-notes-ubs-ms-bernstein-20260701",
        ]
        assert found[0]["latest"] == "2026-07-01T09:29:59-04:00"

    def test_nothing_found(self):
        assert run("list", "--since", "2027-01-01") == "0 events\n"
        assert json.loads(run("list", "--since", "2027-01-01", "--json")) == []

    def test_mistakes_are_named(self):
        with pytest.raises(EventError, match=r"macros.*Did you mean 'macro'"):
            run("list", "--tag", "macros")
        with pytest.raises(AftershockError, match="--since: 'soon' is no date"):
            run("list", "--since", "soon")

    def test_a_workspace_adds_its_own(self):
        Path("data/events").mkdir(parents=True)
        Path("data/events/own.yaml").write_text(RECORD, encoding="utf-8")
        assert "113 events" in run("list")


class TestShow:
    def test_the_founding_event(self):
        """Known by 09:29:59, after the 09:28 cut-off of the open: the close is left."""
        text = run("show", FOUNDING)
        for said in (
            "Wed 2026-07-01 04:00:00 to 09:29:59 New York",
            "at the close of Wed 2026-07-01, 16:00",
            "move: Picked by hand because prices moved",
            "https://www.bloomberg.com/news/articles/2026-07-01/",
            "ADP private payrolls",
        ):
            assert said in text
        rows = [line.split() for line in text.splitlines()]
        assert next(row[:5] for row in rows if row[:1] == ["ASML"]) == [
            "ASML",
            "upstream-supplier",
            "-1",
            "after",
            "2026-07-01",
        ]

    def test_as_json(self):
        facts = json.loads(run("show", FOUNDING, "--json"))
        assert facts["sessions"] == ["2026-07-01"]
        assert facts["first_fill"] == "2026-07-01T16:00:00-04:00"
        assert facts["known_at"] == "2026-07-01T09:29:59-04:00"
        assert len(facts["pairs"]) == 16
        assert {p["via"] for p in facts["pairs"]} == {"", "semiconductors"}

    @pytest.mark.parametrize(
        ("name", "first_fill"),
        [
            ("jefferies-thill-20260701", "2026-07-02T09:30:00-04:00"),  # evening
            ("crwv-meta-21bn-20260409", "2026-04-10T09:30:00-04:00"),  # a day
            ("google-caps-meta-gemini-20260628", "2026-06-29T09:30:00-04:00"),  # Sunday
            ("davidson-luria-20260701", "2026-07-02T09:30:00-04:00"),  # until 15:59:59
        ],
    )
    def test_first_fill(self, name, first_fill):
        assert json.loads(run("show", name, "--json"))["first_fill"] == first_fill

    def test_proxies_are_shown(self):
        assert "for SOX" in run("show", "jefferies-thill-20260701")

    def test_a_month(self):
        text = run("show", "meta-scale-msl-202506")
        assert "June 2025" in text
        assert "META: not studied: only the month is known" in text

    def test_a_window_over_two_sessions(self):
        Path("data/events").mkdir(parents=True)
        window = "earliest: 2026-07-02T13:43:00-04:00\n  latest: 2026-07-02T16:16:00"
        text = RECORD.replace("published: 2026-07-01T08:00:00", window)
        Path("data/events/own.yaml").write_text(text, encoding="utf-8")
        said = run("show", "own")
        assert "Thu 2026-07-02 and Mon 2026-07-06: its window spans both" in said
        assert "at the open of Mon 2026-07-06, 09:30" in said

    def test_an_unknown_id(self):
        with pytest.raises(EventError, match=f"Did you mean '{FOUNDING}'"):
            run("show", "meta-compute-report-2026070")


class TestCheck:
    def test_the_catalogue_holds(self):
        text = run("check")
        assert "112, every id used once" in text
        assert "7 exact, 62 session, 32 day, 10 approximate, 1 month" in text
        assert "112 with an address" in text
        assert "111 as first_us_session states" in text
        assert "Warning" not in text
        assert text.startswith("Checked 5 files in ")
        assert text.endswith("Nothing is wrong.\n")

    def test_files_of_ones_own_are_warned_of(self):
        text = run("check", own(RECORD))
        assert "own.yaml:1: own: no source address" in text
        assert "own.yaml:1: own: the symbol QQQQQ is not in instruments.yaml" in text
        assert text.startswith("Checked own.yaml\n")
        assert text.endswith("in the catalogue each warning is an error.\n")

    def test_as_json(self):
        told = json.loads(run("check", own(RECORD), "--json"))
        assert told["files"] == ["own.yaml"]
        assert len(told["warnings"]) == 2

    def test_what_the_catalogue_must_have(self):
        Path("data/events").mkdir(parents=True)
        Path("data/events/own.yaml").write_text(RECORD, encoding="utf-8")
        with pytest.raises(EventError, match="2 problems") as caught:
            run("check")
        assert "no source address" in str(caught.value)
        assert "QQQQQ is not in instruments.yaml" in str(caught.value)

    def test_all_that_is_wrong_at_once(self):
        late = RECORD + "  scheduled_since: 2026-07-02T08:00:00Z\n"
        beyond = RECORD.replace("id: own", "id: far").replace(
            "2026-07-01", "2031-07-01"
        )
        with pytest.raises(EventError) as caught:
            run("check", own(late + beyond))
        told = str(caught.value)
        assert "own.yaml:1: own: scheduled_since is not earlier" in told
        assert "own.yaml:9: far: 2031-07-01" in told

    @pytest.mark.parametrize(
        ("time", "stated", "leads"),
        [
            ("published: 2026-07-01T08:00:00-04:00", "2026-07-01", ""),
            ("published: 2026-07-01T16:00:00-04:00", "2026-07-01", "2026-07-02"),
            ("published: 2026-07-03T08:00:00-04:00", "2026-07-06", ""),  # a holiday
            ("published: 2026-07", "2026-07-01", "no session"),
        ],
    )
    def test_the_session_that_was_written_down(self, time, stated, leads):
        text = RECORD.replace("published: 2026-07-01T08:00:00-04:00", time)
        path = own(text.replace("  tags:", f"  first_us_session: {stated}\n  tags:"))
        if not leads:
            assert "1 as first_us_session states" in run("check", path)
            assert "first_us_session" not in run("check", own(RECORD))  # none states it
            return
        with pytest.raises(EventError, match=f"but its time leads to {leads}"):
            run("check", path)

    @pytest.mark.parametrize(
        ("year", "said"),
        [
            ("2226", "'2226-07-01T08:00:00-04:00' lies in the year 2226, "
             "allowed: years from 1885 to 2200 (mend the date)"),
            ("1800", "lies in the year 1800, allowed: years from 1885 to 2200"),
            ("2031", "leads outside the exchange calendar, allowed: sessions from "),
        ],
    )  # fmt: skip
    def test_a_date_far_off_is_told_its_limits(self, year, said):
        with pytest.raises(EventError) as caught:
            run("check", own(RECORD.replace("2026-07-01", f"{year}-07-01")))
        assert said in str(caught.value)

    @pytest.mark.parametrize(
        ("recorded", "status", "early"),
        [
            ("2026-06-29", "occurred", True),
            ("2026-06-30T02:00:00Z", "occurred", True),  # 29 June in New York
            ("2026-06-30", "occurred", False),  # a day apart: dates of another zone
            ("2026-07-02", "occurred", False),
            ("2026-06-01", "scheduled", False),
        ],
    )
    def test_what_a_record_cannot_know(self, recorded, status, early):
        """Published on 1 July: a record of 29 June or before cannot know of it."""
        more = f"  recorded_at: {recorded}\n  status: {status}\n"
        path = own(RECORD.replace(", declared: before", "") + more)
        if not early:
            assert "Nothing is wrong" in run("check", path)
            return
        with pytest.raises(EventError) as caught:
            run("check", path)
        said = "own.yaml:1: own: published 2026-07-01, later than its recorded_at"
        assert said in str(caught.value)
        assert "allowed: status scheduled, or a publication" in str(caught.value)

    def test_a_record_within_its_month(self):
        """On 3 July it can have happened in July: its earliest moment counts."""
        text = RECORD.replace("2026-07-01T08:00:00-04:00", "2026-07")
        path = own(text + "  recorded_at: 2026-07-03\n")
        assert "Nothing is wrong" in run("check", path)

    def test_a_session_that_is_no_date(self):
        text = RECORD.replace("  tags:", "  first_us_session: Monday\n  tags:")
        with pytest.raises(EventError, match=r"own.yaml:4: first_us_session: 'Monday'"):
            run("check", own(text))

    def test_an_empty_basket(self):
        text = RECORD.replace("symbol: META", "basket: neoclouds")
        text = text.replace("    - {symbol: QQQQQ, role: supplier, expected: +1}\n", "")
        with pytest.raises(EventError, match="no member on its session"):
            run("check", own(text.replace("2026-07-01", "2024-07-01")))

    def test_what_to_do_names_the_files(self):
        """Read wrongly, or proven wrong: the command to run again is whole."""
        late = "  scheduled_since: 2026-07-02T08:00:00Z\n"
        for text in (RECORD.replace("customer", "rival"), RECORD + late):
            with pytest.raises(EventError) as caught:
                run("check", own(text))
            assert (
                caught.value.do
                == "mend it, then run `aftershock events check own.yaml`"
            )
        Path("my news.yaml").write_text(RECORD.replace("own", "o o"), encoding="utf-8")
        with pytest.raises(EventError, match=r"check 'my news\.yaml' own\.yaml`$"):
            run("check", "own.yaml", "my news.yaml")  # each wrong in its own way

    def test_a_file_that_is_not_there(self):
        with pytest.raises(DataUnavailable, match="absent"):
            run("check", "absent.yaml")


def test_exit_codes_and_no_traceback():
    """The whole command: a wrong file is 2, an absent one 3, and one message each."""
    paths = {own(RECORD.replace("customer", "customr")): 2, "absent.yaml": 3}
    root = Path(__file__).resolve().parents[2]
    for path, code in paths.items():
        done = subprocess.run(
            [sys.executable, "-m", "aftershock", "events", "check", path],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        assert done.returncode == code
        assert "Traceback" not in done.stderr
        assert path in done.stderr
