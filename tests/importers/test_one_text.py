"""One text where a record may hold several: it stays one text on its way to a draft."""

from __future__ import annotations

from pathlib import Path

from aftershock.events import EventSet, load_events
from aftershock.importers.base import Background
from aftershock.importers.drafting import Drafts, draft_events
from aftershock.importers.records import RecordsImporter

TWICE = """\
- id: one
  headline: Meta is reported to plan a unit that sells spare AI capacity
  published: 2026-07-01T08:00:00-04:00
  tags: compute-supply
  exposures: [{symbol: META, role: actor, expected: +1}]
  source: https://example.org/1
  extra_sources: https://example.org/2
  confounders: a Fed meeting
- id: two
  headline: Meta plans a unit that sells spare AI capacity, it is reported
  published: 2026-07-01T09:00:00-04:00
  tags: compute-supply
  exposures: [{symbol: META, role: actor, expected: +1}]
  source: https://example.org/3
"""


def drafted(folder: Path, background: Background, *, merge: bool) -> Drafts:
    path = folder / "mine.yaml"
    path.write_text(TWICE, encoding="utf-8")
    known = EventSet((), background.lexicon)
    return draft_events(RecordsImporter(path), background, known, merge=merge)


def test_what_a_catalogue_may_hold_is_kept_whole(
    tmp_path: Path, background: Background
) -> None:
    drafts = drafted(tmp_path, background, merge=False)
    out = tmp_path / "drafts.yaml"
    out.write_text(drafts.text, encoding="utf-8")
    event = load_events([out])["one"]
    assert event.tags == ("compute-supply",)
    assert event.source.url == "https://example.org/1"
    assert event.extra_sources == ("https://example.org/2",)
    assert event.confounders == ("a Fed meeting",)
    assert "  tags: [compute-supply]\n" in drafts.text


def test_a_merged_draft_leaves_its_address(
    tmp_path: Path, background: Background
) -> None:
    (only,) = drafted(tmp_path, background, merge=True).candidates
    assert only.draft.record["source"] == {"url": "https://example.org/1"}
    assert only.draft.record["extra_sources"] == [
        *("https://example.org/2", "https://example.org/3")
    ]
