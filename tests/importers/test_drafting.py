"""From what was read to drafts: complete, named, and compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from aftershock.errors import EventError
from aftershock.events import EventSet, load_catalogue, load_events
from aftershock.importers.base import Background, Draft, EventImporter, Reading
from aftershock.importers.drafting import Drafts, draft_events

SPARE = "Meta is reported to plan a unit that sells spare AI capacity"
WHOLE: dict[str, Any] = {
    "headline": SPARE,
    "published": "2026-07-01T08:00:00-04:00",
    "precision": "exact",
    "tags": ["compute-supply"],
    "exposures": [{"symbol": "META", "role": "actor", "expected": "+1"}],
    "source": {"name": "A page", "url": "https://example.org/1"},
}


@dataclass(frozen=True)
class Given(EventImporter):
    """Gives the drafts that a test wants."""

    name: ClassVar[str] = "given"
    drafts: tuple[Draft, ...] = ()
    source: str = "given"

    def read(self, background: Background) -> Reading:
        return Reading(self.drafts, ("a warning",))


def drafted(
    background: Background,
    *records: dict[str, Any],
    catalogue: EventSet | None = None,
    merge: bool = False,
) -> Drafts:
    importer = Given(tuple(Draft(record) for record in records))
    known = catalogue or EventSet((), background.lexicon)
    return draft_events(importer, background, known, merge=merge)


def test_how_it_came_in_is_written(background: Background) -> None:
    drafts = drafted(background, WHOLE)
    record = drafts.candidates[0].draft.record
    assert record["id"] == "meta-reported-plan-unit-sells-20260701"
    assert record["selected_by"] == "headline"
    assert record["recorded_at"] == "2026-07-10T12:00:00+00:00"
    assert record["exposures"][0]["declared"] == "unknown"
    assert drafts.warnings == ("a warning",)
    assert drafts.candidates[0].missing == ()


def test_what_a_source_states_is_kept(background: Background) -> None:
    stated = {
        "id": "mine",
        "selected_by": "rule",
        "recorded_at": "2026-07-09T00:00:00+00:00",
        "notes": "As it was.",
    }
    draft = Draft(WHOLE | stated, notes=("a guess",))
    known = EventSet((), background.lexicon)
    drafts = draft_events(Given((draft,)), background, known)
    record = drafts.candidates[0].draft.record
    assert {key: record[key] for key in stated} == stated | {
        "notes": "As it was. By machine, a guess."
    }


def test_ids_are_free(background: Background) -> None:
    other = WHOLE | {"published": "2026-07-01T18:00:00-04:00"}
    drafts = drafted(background, WHOLE, other)
    assert [c.event.id for c in drafts.candidates] == [
        "meta-reported-plan-unit-sells-20260701",
        "meta-reported-plan-unit-sells-20260701-2",
    ]
    again = drafted(
        background, WHOLE, catalogue=EventSet((drafts.candidates[0].event,))
    )
    assert again.candidates[0].event.id.endswith("-2")


@pytest.mark.parametrize(
    ("headline", "name"),
    [("Ünïted — of it", "united-20260701"), ("是", "event-20260701")],
)
def test_ids_are_plain(background: Background, headline: str, name: str) -> None:
    drafts = drafted(background, WHOLE | {"headline": headline})
    assert drafts.candidates[0].event.id == name


def test_what_is_missing_is_marked_and_then_passes(
    background: Background, tmp_path: Path
) -> None:
    """A draft with gaps is refused as it stands, and holds once they are filled."""
    record = {"headline": "X: Y", "exposures": [{"symbol": "META"}]}
    drafts = drafted(background, record, {"headline": "Z"})
    first, second = drafts.candidates
    assert first.missing == ("tags", "published", "role of META", "expected of META")
    assert second.missing == ("tags", "exposures", "published")
    path = tmp_path / "drafts.yaml"
    path.write_text(drafts.text, encoding="utf-8")
    with pytest.raises(EventError) as caught:
        load_events([path])
    for told in ("no time is given", "at least one tag", "no role", "no expected sign"):
        assert told in str(caught.value)
    filled = (
        drafts.text.replace("published:", "published: 2026-07-01")
        .replace("tags:", "tags: [macro]")
        .replace("role: ,", "role: actor,")
        .replace("expected: ,", "expected: -1,")
        .replace(
            "exposures:  # missing",
            "exposures: [{symbol: CRWV, role: actor, expected: 0}]  #",
        )
    )
    path.write_text(filled, encoding="utf-8")
    events = load_events([path])
    assert [event.headline for event in events.events] == ["X: Y", "Z"]
    assert {event.precision for event in events.events} == {"day"}


def test_what_is_stated_wrongly_is_refused(background: Background) -> None:
    wrong = WHOLE | {"tags": ["macros"], "published": "2026-07-01T08:00:00"}
    with pytest.raises(EventError) as caught:
        drafted(background, wrong)
    assert "Did you mean 'macro'" in str(caught.value)
    assert "no time zone" in str(caught.value)


def test_what_the_catalogue_has_is_told(background: Background) -> None:
    catalogue = load_catalogue()
    drafts = drafted(background, WHOLE, catalogue=catalogue)
    (twin,) = drafts.candidates[0].twins
    assert twin.id == "meta-compute-report-20260701"
    line = next(ln for ln in drafts.text.splitlines() if "duplicate_of:" in ln)
    assert line.startswith("# possible_duplicate_of: meta-compute-report-20260701 (")


def test_drafts_that_repeat_each_other(background: Background) -> None:
    other = WHOLE | {
        "headline": "A unit to sell spare AI capacity is planned at Meta",
        "source": {"name": "Another", "url": "https://example.org/2"},
    }
    kept = drafted(background, WHOLE, other)
    assert [len(c.twins) for c in kept.candidates] == [0, 1]
    merged = drafted(background, WHOLE, other, merge=True)
    (only,) = merged.candidates
    assert only.draft.record["extra_sources"] == ["https://example.org/2"]
    assert [name for name, _ in merged.merged] == [kept.candidates[1].event.id]
    assert "extra_sources:\n    - https://example.org/2\n" in merged.text


def test_drafts_without_a_time_are_not_compared(background: Background) -> None:
    timeless = {key: WHOLE[key] for key in WHOLE if key not in ("published", "source")}
    drafts = drafted(background, WHOLE, timeless)
    assert [c.twins for c in drafts.candidates] == [(), ()]
