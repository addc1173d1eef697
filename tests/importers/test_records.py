"""Records of events in YAML, taken in as drafts."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.errors import EventError
from aftershock.importers.base import Background, Draft
from aftershock.importers.records import RecordsImporter
from tests.importers.conftest import symbols


class TestRecords:
    def read(
        self, tmp_path: Path, background: Background, text: str
    ) -> tuple[Draft, ...]:
        path = tmp_path / "in.yaml"
        path.write_text(text, encoding="utf-8")
        return RecordsImporter(path).read(background).drafts

    def test_all_is_kept(self, tmp_path: Path, background: Background) -> None:
        text = (
            "- id: a\n  headline: ON falls\n  published: 2026-07-01\n"
            "  tags: [macro]\n  confidence: 0.5\n  confounders: [CPI]\n"
            "  exposures:\n    - {symbol: ON, role: actor, expected: -1}\n"
            "  selected_by: rule\n"
        )
        (draft,) = self.read(tmp_path, background, text)
        assert draft.record["confidence"] == "0.5"
        assert list(draft.record["confounders"]) == ["CPI"]
        assert dict(draft.record["exposures"][0]) == {
            "symbol": "ON",
            "role": "actor",
            "expected": "-1",
        }
        assert draft.record["selected_by"] == "rule"
        assert draft.notes == ()

    def test_gaps_are_guessed(self, tmp_path: Path, background: Background) -> None:
        (draft,) = self.read(tmp_path, background, "- headline: Meta lifts capex\n")
        assert draft.record["tags"] == ["capex-guidance"]
        assert symbols(draft) == ["META"]

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("a: b\n", "should be a list"),
            ("- text\n", "should be a mapping"),
            ("- {headlin: x}\n", "Did you mean 'headline'"),
            ("- {headline: x, exposures: [META]}\n", "an exposure reads"),
            ("- {headline: [\n", "not YAML"),
            ("- headline: Late: a site\n", "not YAML: .* into quotes"),
        ],
    )
    def test_mistakes(
        self, tmp_path: Path, background: Background, text: str, told: str
    ) -> None:
        with pytest.raises(EventError, match=told):
            self.read(tmp_path, background, text)
