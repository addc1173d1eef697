"""Which event page 1 is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.run.manifest import make_manifest
from aftershock.run.measuring import study_of
from tests.run.test_steps import MORNING, inputs_of, write


@pytest.mark.parametrize(
    ("later", "settings", "shown"),
    [
        ("2026-07-29T08:00:00-04:00", [], "a"),  # [0, 3] is not over on the 31st
        ("2026-07-28T08:00:00-04:00", [], "b"),
        ("2026-07-29T08:00:00-04:00", ["report.focus=b"], "b"),
        ("2026-05-01T08:00:00-04:00", ["events.overlap=merge"], "b"),
        ("2026-04-23T08:00:00-04:00", ["events.overlap=merge"], "a"),  # merged into a
    ],
)
def test_page_one_is_about_the_latest_event_that_is_measured(
    tmp_path: Path, later: str, settings: list[str], shown: str
) -> None:
    """The last price is of Friday 2026-07-31; [0, 3] of a Wednesday ends on Monday."""
    path = write(tmp_path, ("a", MORNING, "before"), ("b", later, "before"))
    inputs = inputs_of(path, *settings)
    manifest = make_manifest(inputs, study_of(inputs), None)
    assert manifest["focus"] == shown
    assert manifest["focus_named"] == ("report.focus=b" in settings)
