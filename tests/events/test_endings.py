"""Files of a workspace in ``.yml``: read, or refused beside one in ``.yaml``."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.claims.files import claim_files, load_claims
from aftershock.errors import AftershockError
from aftershock.events.baskets import load_lexicon
from aftershock.events.nodes import Problems
from aftershock.fills.borrow import read_borrow
from aftershock.importers.tagging import load_tag_rules

FILES = {
    "baskets": "mine: {rule: r, members: [NVDA]}\n",
    "instruments": "ZED: {name: Zed Holdings}\n",
    "tag_rules": "earnings: [{rule: zed, any: [zed]}]\n",
    "borrow": "- {symbol: ZED, from: 2026-01-02, rate: 0.5, source: a page}\n",
}


def written(folder: Path, name: str, ending: str) -> Path:
    path = folder / "data" / f"{name}.{ending}"
    path.parent.mkdir(exist_ok=True)
    path.write_text(FILES[name], encoding="utf-8")
    return path


def known(folder: Path, name: str) -> bool:
    """Tell whether what the file of that name says is known."""
    problems = Problems()
    lexicon = load_lexicon(folder, problems)
    assert problems.found == []
    return {
        "baskets": lambda: "mine" in lexicon.baskets,
        "instruments": lambda: "ZED" in lexicon.instruments,
        "tag_rules": lambda: load_tag_rules(folder).file.startswith(str(folder)),
        "borrow": lambda: [row.symbol for row in read_borrow(folder)] == ["ZED"],
    }[name]()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("ending", ["yaml", "yml"])
def test_either_ending_is_read(tmp_path: Path, name: str, ending: str) -> None:
    assert not known(tmp_path, name)
    written(tmp_path, name, ending)
    assert known(tmp_path, name)


@pytest.mark.parametrize("name", FILES)
def test_both_are_refused(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, "yaml")
    written(tmp_path, name, "yml")
    with pytest.raises(AftershockError, match=rf"{name}\.yml stands beside") as caught:
        known(tmp_path, name)
    assert caught.value.where == str(path)
    assert caught.value.do


def test_claims_too(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "claims"
    folder.mkdir(parents=True)
    (folder / "mine.yml").write_text("[]\n", encoding="utf-8")
    found = claim_files(tmp_path)
    assert folder / "mine.yml" in found
    assert load_claims([folder / "mine.yml"], tmp_path) == ()
