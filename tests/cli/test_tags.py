"""``aftershock events tags``: the rules, and how well they do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aftershock.events import TAGS, catalogue_files
from aftershock.events.vocabulary import ROLES
from tests.cli.conftest import run

pytestmark = pytest.mark.usefixtures("elsewhere")


class TestTags:
    def test_all_of_them(self) -> None:
        told = json.loads(run("tags", "--json"))
        assert {row["tag"]: row["means"] for row in told} == TAGS
        assert next(row["rules"] for row in told if row["tag"] == "earnings") > 1
        said = run("tags")
        assert "tag_rules.yaml" in said
        assert all(f"\n{role} " in said for role in ROLES)

    def test_a_headline(self) -> None:
        assert json.loads(run("tags", "Meta lifts capex", "--json")) == [
            {"tag": "capex-guidance", "rule": "capex", "words": "capex"}
        ]
        assert "capex-guidance" in run("tags", "Meta lifts capex")
        assert run("tags", "It rains") == "No rule fires.\n"

    def test_a_workspace_s_own_rules(self) -> None:
        Path("data").mkdir()
        Path("data/tag_rules.yaml").write_text(
            "macro:\n  - {any: [rains]}\n", encoding="utf-8"
        )
        assert "macro" in run("tags", "It rains")

    @pytest.mark.slow
    def test_they_are_measured(self) -> None:
        """Floors well below what was measured: the rules must not rot unseen."""
        told = json.loads(run("tags", "--measure", "--json"))
        whole = next(row for row in told["tags"] if row["tag"] == "all")
        assert whole["events"] == sum(r["events"] for r in told["tags"]) / 2
        assert whole["precision"] > 0.8 and whole["recall"] > 0.7
        said = run("tags", "--measure")
        assert "headlines tagged by hand" in said
        assert "flatter" in said

    def test_themes_are_held_out(self) -> None:
        """Two themes share 'capex'; 'tariff' is in one alone, and so earns nothing."""
        row = (
            "  published: 2026-07-01\n"
            "  exposures: [{symbol: META, role: actor, expected: 0}]\n"
        )
        folder = Path("data/events")
        folder.mkdir(parents=True)
        for shipped in catalogue_files():
            (folder / shipped.name).write_text("[]\n", encoding="utf-8")
        (folder / "one.yaml").write_text(
            f"- id: a\n  headline: Capex\n  tags: [capex-guidance]\n{row}"
            f"- id: b\n  headline: A tariff\n  tags: [macro]\n{row}",
            encoding="utf-8",
        )
        (folder / "other.yaml").write_text(
            f"- id: c\n  headline: More capex\n  tags: [capex-guidance]\n{row}",
            encoding="utf-8",
        )
        told = json.loads(run("tags", "--measure", "--json"))
        assert told["themes"] == {"one": 2, "other": 1}
        tags = {row["tag"]: row for row in told["tags"]}
        assert tags["capex-guidance"]["held_out_recall"] == 1
        assert tags["macro"]["held_out_recall"] == 0
        assert tags["macro"]["recall"] == 1
        assert "Held out" in run("tags", "--measure")
