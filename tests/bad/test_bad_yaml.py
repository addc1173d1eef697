"""Wrong configs, events, claims and baskets: one message each, nothing written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bad import expected, making
from tests.bad.asking import refuses

HERE = Path(__file__).parent

CONFIG = """\
title: A config
events: {files: [../data/events/own.yaml]}
prices: {source: {name: sample}}
"""
EVENT = """\
- id: own
  headline: A deal
  published: 2026-07-01T08:00:00-04:00
  tags: [compute-contract]
  exposures:
    - {symbol: META, role: customer, expected: +1, declared: before}
"""
CLAIM = """\
- id: one
  text: META rose on the day.
  source: {name: A page, url: "https://example.com"}
  said_by: a page
  said_at: 2026-07-02
  measure: ar
  event: meta-compute-report-20260701
  symbols: [META]
  window: [0, 0]
  expected: +1
"""
BASKET = """\
mine:
  name: Mine
  rule: What I hold.
  members: [META, {symbol: NVDA, from: 2025-01-01}]
"""
GOOD = {"configs": CONFIG, "events": EVENT, "claims": CLAIM, "baskets": BASKET}
ASKED = {
    "configs": ("check", "backtests/own.yaml"),
    "events": ("events", "check", "data/events/own.yaml"),
    "claims": ("claims", "list", "data/claims/own.yaml"),
    "baskets": ("events", "check", "data/events/own.yaml"),
}
PLACE = {
    "configs": "backtests/own.yaml",
    "events": "data/events/own.yaml",
    "claims": "data/claims/own.yaml",
    "baskets": "data/baskets.yaml",
}
SMALL = [
    (kind, name, code, words)
    for kind in GOOD
    for name, (code, words) in getattr(expected, kind.upper()).items()
]
OWN = {
    "configs": [
        ("nested", making.nested, 2, "nested too deeply"),
        ("bomb", making.bomb, 2, "an alias"),
        ("unreadable", making.unreadable, 2, "cannot be read"),
    ],
    "events": [
        ("nested", making.nested_list, 2, "nested too deeply"),
        ("bomb", making.bomb_list, 2, "an alias"),
        ("unreadable", making.unreadable, 2, "cannot be read"),
    ],
    "claims": [
        ("nested", making.nested_list, 2, "nested too deeply"),
        ("bomb", making.bomb_list, 2, "an alias"),
        ("unreadable", making.unreadable, 2, "cannot be read"),
    ],
    "baskets": [
        ("nested", making.nested, 2, "nested too deeply"),
        ("bomb", making.bomb, 2, "an alias"),
        ("link_out", making.unreadable, 2, "leads out of the workspace"),
    ],
}
# A workspace without baskets of its own is whole: what is not there is no mistake.
NOT_THERE = {"symlink_loop", "dangling_symlink", "a_folder", "a_pipe"}
MADE = [
    (kind, *case)
    for kind in GOOD
    for case in (*making.EVERY, *OWN[kind])
    if not (kind == "baskets" and case[0] in NOT_THERE)
]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A whole workspace with an event file, and other files outside of it."""
    folder = tmp_path / "workspace"
    for name, path in PLACE.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if name in ("configs", "events"):
            (folder / path).write_text(GOOD[name], encoding="utf-8")
    (tmp_path / "outside.yaml").write_text(EVENT, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(("kind", "name", "code", "words"), SMALL)
def test_a_small_file(
    workspace: Path, kind: str, name: str, code: int, words: str
) -> None:
    place = Path(PLACE[kind])
    if kind == "configs":
        Path("data/events/link.yaml").symlink_to("../../../outside.yaml")
        Path("data/events/loop.yaml").symlink_to("loop.yaml")
    if name.endswith(".csv"):
        place = place.with_suffix(".csv")
    shutil.copyfile(HERE / kind / name, place)
    asked = [w if w != PLACE[kind] else str(place) for w in ASKED[kind]]
    refuses(workspace, code, words, *asked)


@pytest.mark.parametrize(("kind", "name", "maker", "code", "words"), MADE)
def test_a_made_file(
    workspace: Path, kind: str, name: str, maker: making.Maker, code: int, words: str
) -> None:
    maker(Path(PLACE[kind]), GOOD[kind])
    refuses(workspace, code, words, *ASKED[kind])


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_the_corpus_is_whole_and_of_use(kind: str) -> None:
    """Every file has its expectation, and there are twenty at least."""
    files = {path.name for path in (HERE / kind).iterdir()}
    assert files == set(getattr(expected, kind.upper()))
    assert len(files) >= 20


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_the_file_they_are_made_of_is_accepted(workspace: Path, kind: str) -> None:
    from tests.bad.asking import ask

    Path(PLACE[kind]).write_text("\ufeff" + GOOD[kind], encoding="utf-8")
    answer = ask(*ASKED[kind])
    assert answer.code == 0, answer.err
