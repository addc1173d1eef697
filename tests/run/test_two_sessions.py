"""What a run and its plan count where an event has two sessions, or waits for none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from aftershock.config import load_config
from aftershock.run.measuring import study_of
from aftershock.run.planning import plan
from tests.run.test_steps import EVENT, MORNING, inputs_of, write

ALONE = "study.windows=[[0, 0]]"


def with_a_wide_event(folder: Path, mode: str) -> Path:
    """Write an event that belongs to 22 or 23 April, and one of the 23rd."""
    wide = EVENT.format(id="wide", published=MORNING, declared="before").replace(
        f"published: {MORNING}\n  precision: exact",
        "earliest: 2026-04-22T15:00:00-04:00\n  latest: 2026-04-22T18:00:00-04:00\n"
        "  precision: approximate",
    )
    later = EVENT.format(
        id="later", published="2026-04-23T08:00:00-04:00", declared="before"
    )
    path = write(folder, ("a", MORNING, "before"), more=f", overlap: {mode}")
    (folder / "events.yaml").write_text(wide + later)
    return path


def test_an_event_loses_one_of_its_sessions(tmp_path: Path) -> None:
    """Three symbols, XYZ without prices; sessions 22 and 23, and the 23rd again: 9.

    Over [0, 0] the two events meet on the 23rd, and drop keeps neither: META and CRWV
    are measured on the 22nd alone. Each pair stands in the table once.
    """
    path = with_a_wide_event(tmp_path, "drop")
    pairs = study_of(inputs_of(path, ALONE)).pairs
    keys = ["event_id", "symbol", "session"]
    assert len(pairs) == len(pairs.drop_duplicates(keys)) == 9
    used = pairs[pairs["status"] != "dropped"]
    assert sorted(used["symbol"]) == ["CRWV", "META"]
    assert set(used["session"]) == {pd.Timestamp("2026-04-22")}
    reasons = pairs[pairs["status"] == "dropped"]["reason"].value_counts()
    assert reasons.to_dict() == {"overlap": 4, "no_prices": 3}
    found = plan(load_config(path, [ALONE]))
    assert (found["pairs"], found["measured"]) == (9, 2)
    assert {key for row in found["dropped"] for key in row} == {
        "event_id", "symbol", "reason", "detail",
    }  # fmt: skip


def test_a_window_before_the_news_waits_for_the_news(tmp_path: Path) -> None:
    """The sample ends on Friday 2026-07-31; Monday's [-5, -3] is over, it is not.

    Both the run and its plan say that the event waits.
    """
    path = write(tmp_path, ("late", "2026-08-03T08:00:00-04:00", "before"))
    early = "study.windows=[[-5, -3]]"
    assert set(study_of(inputs_of(path, early)).pending["event_id"]) == {"late"}
    found = plan(load_config(path, [early]))
    assert found["pending"] == [{"event_id": "late", "session": "2026-08-03"}]
    assert found["measured"] == 0
