"""Events before 1990, where the calendar of sessions begins.

1987-10-19 was a Monday, the day of the crash.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aftershock.config import load_config
from aftershock.errors import EventError
from aftershock.events import load_events
from aftershock.precedents import known_at
from aftershock.run.headline import make_headline
from aftershock.run.inputs import obtain_inputs
from aftershock.run.measuring import study_of
from aftershock.run.nearby import other_news
from aftershock.run.planning import plan
from tests.run.test_steps import MORNING, write

CRASH = "1987-10-19T10:00:00-04:00"
WIDE = "1987-10-19T10:00:00-04:00\n  latest: 1987-10-20T15:00:00-04:00"


def workspace(folder: Path, where: str, far: str = CRASH) -> Path:
    """Write a config over an event of 2026 and one of 1987."""
    path = write(
        folder,
        ("now", MORNING, "after"),
        ("crash", far, "after"),
        more=f", where: {{{where}}}" if where else "",
    )
    if far == WIDE:
        file = folder / "events.yaml"
        text = file.read_text().replace(f"published: {WIDE}", f"earliest: {WIDE}")
        first, second = text.split("- id: crash")
        second = second.replace("precision: exact", "precision: approximate")
        file.write_text(f"{first}- id: crash{second}")
    return path


@pytest.mark.parametrize("far", [CRASH, WIDE])
@pytest.mark.parametrize("where", ["ids: [now]", "since: 2020-01-01"])
def test_one_that_is_not_chosen_stops_nothing(
    tmp_path: Path, where: str, far: str
) -> None:
    config = load_config(workspace(tmp_path, where, far))
    assert plan(config)["events"] == ["now"]
    inputs = obtain_inputs(config)
    assert [e.id for e in inputs.catalogue.events] == ["now"]
    assert other_news(inputs) == []


def test_one_of_another_century_stops_nothing(tmp_path: Path) -> None:
    """Sessions are known to the end of next year."""
    far = "2190-07-01T10:00:00-04:00"
    config = load_config(workspace(tmp_path, "ids: [now]", far))
    assert [e.id for e in obtain_inputs(config).catalogue.events] == ["now"]


@pytest.mark.parametrize("where", ["", "ids: [crash]"])
@pytest.mark.parametrize("asked", [plan, obtain_inputs])
def test_one_that_is_chosen_is_refused(tmp_path: Path, where: str, asked) -> None:
    """In the words of the calendar, with its place in the file."""
    with pytest.raises(EventError, match="1987-10-19 leads outside the exc") as caught:
        asked(load_config(workspace(tmp_path, where)))
    assert caught.value.where == f"{tmp_path / 'events.yaml'}:13 (crash)"
    assert caught.value.allowed.startswith("sessions from 1990-01-02 to")


def test_it_is_no_precedent(tmp_path: Path) -> None:
    workspace(tmp_path, "")
    events = load_events([tmp_path / "events.yaml"])
    assert len(events) == 2
    known = known_at(events, pd.Timestamp("2026-07-01", tz="America/New_York"))
    assert [e.id for e in known.events] == ["now"]


def test_a_month_has_no_session_and_stays(tmp_path: Path) -> None:
    workspace(tmp_path, "")
    path = tmp_path / "events.yaml"
    text = path.read_text().replace(CRASH, "1987-10")
    first, second = text.split("- id: crash")
    path.write_text(f"{first}- id: crash{second.replace('exact', 'month')}")
    assert len(load_events([path]).within()) == 2


def test_a_run_of_a_month_alone_says_that_the_day_is_not_known(tmp_path: Path) -> None:
    """Three symbols, no session and so no pair: the headline gives the reason."""
    path = write(tmp_path, ("now", MORNING, "after"))
    events = tmp_path / "events.yaml"
    month = events.read_text().replace(MORNING, "2026-04").replace("exact", "month")
    events.write_text(month)
    inputs = obtain_inputs(load_config(path))
    headline = make_headline(inputs, study_of(inputs), "after")
    assert headline["reason"] == (
        "no pair could be measured: 3 (only the month is known)"
    )
