"""Instruments of a workspace: what is written about them, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.events.baskets import load_lexicon
from aftershock.events.nodes import Problems
from aftershock.importers.names import first_mentions


def written(workspace: Path, text: str) -> None:
    (workspace / "data").mkdir()
    path = workspace / "data/instruments.yaml"
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("aliases", ["Zedcorp", "[Zedcorp]", "\n    - Zedcorp"])
def test_one_alias_may_be_written_as_a_text(tmp_path: Path, aliases: str) -> None:
    """Its letters are no names: a sentence with a lone Z names nothing."""
    written(tmp_path, f"ZED:\n  name: Zed Holdings\n  aliases: {aliases}\n")
    problems = Problems()
    lexicon = load_lexicon(tmp_path, problems)
    assert problems.found == []
    assert lexicon.instruments["ZED"].aliases == ("Zedcorp",)
    named = [m.symbol for m in first_mentions("Zedcorp buys Z and e", lexicon)]
    assert named == ["ZED"]
    assert first_mentions("Plan Z and d", lexicon) == []


@pytest.mark.parametrize("aliases", ["{a: b}", "[[a]]", "[{a: b}]"])
def test_aliases_are_texts(tmp_path: Path, aliases: str) -> None:
    written(tmp_path, f"ZED:\n  name: Zed\n  aliases: {aliases}\n")
    problems = Problems()
    assert load_lexicon(tmp_path, problems).instruments["ZED"].aliases == ()
    (told,) = problems.found
    assert told.endswith(".yaml:3: aliases of 'ZED' should be a list of texts")
