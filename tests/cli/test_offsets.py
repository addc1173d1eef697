"""A written offset that is an hour off New York's of that day.

New York is four hours behind in summer, five in winter.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.cli.checking import checked_plan
from aftershock.errors import EventError
from aftershock.events import load_events
from aftershock.events.moments import offset_slip
from aftershock.run.inputs import plain_event
from tests.cli.conftest import run

RECORD = """\
- id: own
  headline: A deal
  published: {time}
  tags: [compute-contract]
  source: {{url: "https://example.org/1"}}
  exposures:
    - {{symbol: META, role: customer, expected: +1}}
"""
CSV = (
    "id,headline,published,tags,symbol,role,expected,url\n"
    "own,A deal,{time},compute-contract,META,customer,+1,https://example.org/1\n"
)
SUMMER, WINTER = "2026-07-01T10:15:00-05:00", "2026-01-06T10:15:00-04:00"


def written(text: str, name: str = "own.yaml") -> Path:
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


@pytest.mark.parametrize(
    ("time", "slip"),
    [
        (SUMMER, "-05:00, New York -04:00 on 2026-07-01"),
        (WINTER, "-04:00, New York -05:00 on 2026-01-06"),
        ("2026-01-06T10:15-04", "-04:00, New York -05:00 on 2026-01-06"),
        ("2026-07-01T10:15:00-04:00", ""),
        ("2026-01-06T10:15:00-05:00", ""),
        ("2026-07-01T14:15:00+00:00", ""),
        ("2026-07-01T14:15:00Z", ""),
        ("2026-07-01T16:15:00+02:00", ""),
        ("2026-07-01 09:15 America/Chicago", ""),
        ("2026-07-01", ""),
        ("a quarter past 10:15-05:00", ""),
    ],
)
def test_an_offset_of_the_other_half_of_the_year(time: str, slip: str) -> None:
    told = offset_slip({"published": time, "precision": "exact"})
    assert told.partition(": is it meant?")[0] == (f"published has {slip}" * bool(slip))


@pytest.mark.usefixtures("elsewhere")
class TestCheck:
    def test_one_asks_about_an_offset_in_yaml_and_in_csv(self) -> None:
        """The header of a CSV is its line 1."""
        told = (
            "own: published has -05:00, New York -04:00 on 2026-07-01: is it meant? "
            "If so, name its zone"
        )
        said = run("check", str(written(RECORD.format(time=SUMMER))))
        assert f"Warning: own.yaml:1: {told}" in said
        said = run("check", str(written(CSV.format(time=SUMMER), "own.csv")))
        assert f"Warning: own.csv:2: {told}" in said

    def test_an_end_of_a_window_is_asked_about_by_its_key(self) -> None:
        lines = "2026-01-06T04:00:00-05:00\n  latest: 2026-01-06T09:29:59-04:00"
        text = RECORD.format(time=lines).replace("published", "earliest")
        assert ": own: latest has -04:00, New York" in run("check", str(written(text)))

    def test_a_zone_by_name_is_meant(self) -> None:
        """09:15 in Chicago, at -05:00 in July, is 10:15 in New York."""
        path = written(RECORD.format(time="2026-07-01 09:15 America/Chicago"))
        assert "Warning" not in run("check", str(path))

    def test_in_the_catalogue_it_is_an_error(self) -> None:
        Path("data/events").mkdir(parents=True)
        written(RECORD.format(time=WINTER), "data/events/own.yaml")
        with pytest.raises(EventError, match=r"own\.yaml:1: own: .*New York -05:00 on"):
            run("check")


@pytest.mark.usefixtures("elsewhere")
def test_the_clock_in_which_a_time_is_written_changes_nothing_else() -> None:
    """10:15 at -05:00 and 11:15 at -04:00 are one moment: a run takes them for one."""
    one = load_events([written(RECORD.format(time=SUMMER))])["own"]
    two = load_events([written(RECORD.format(time="2026-07-01T11:15:00-04:00"))])["own"]
    assert one.slip and not two.slip
    assert one == two
    assert plain_event(one) == plain_event(two)


@pytest.mark.usefixtures("elsewhere")
def test_check_of_a_config_asks_about_the_offset_of_its_events() -> None:
    path = written(RECORD.format(time=SUMMER))
    sample = "prices: {source: {name: sample}}\n"
    text = f"title: Own\nevents: {{files: [{path}]}}\n{sample}"
    plan = checked_plan(written(text, "run.yaml"), ())
    told = [line for line in plan["warnings"] if "own.yaml:1: own: " in line]
    assert len(told) == 1
    assert "published has -05:00, New York -04:00 on 2026-07-01" in told[0]
