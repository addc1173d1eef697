"""What all tests of wrong input share."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.events import baskets


@pytest.fixture(autouse=True)
def no_shipped_lexicon(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Read only the lexicon of the workspace: ours takes long, and is right."""
    if "accepted" in request.node.name:  # what is right is asked about as users do
        return
    look_up = baskets.look_up

    def own(folder: str, name: str, workspace: Path | None) -> Path | None:
        there = workspace is not None and (workspace / folder / name).is_file()
        return look_up(folder, name, workspace) if there else None

    monkeypatch.setattr(baskets, "look_up", own)
