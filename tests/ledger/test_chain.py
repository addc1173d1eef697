"""The ledger: its hashes by hand, every way to tamper with it, writers side by side."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from aftershock.errors import DataUnavailable, EventError
from aftershock.events import Exposure
from aftershock.ledger import Entry, append, read_ledger
from aftershock.ledger.chain import holds

EXPOSURES = (
    Exposure("META", "actor", 1, declared="before"),
    Exposure("ON", "peer", 0, declared="before"),
)
START = pd.Timestamp("2026-07-01T11:58:00.000250+00:00")


def clock(minutes: float = 0.0) -> Callable[[], pd.Timestamp]:
    """Return a clock that stands still, in a zone of its own."""
    moment = (START + pd.Timedelta(minutes=minutes)).tz_convert("Asia/Tokyo")
    return lambda: moment


def record(path: Path, headline: str, minutes: float = 0.0) -> Entry:
    tags = ("compute-supply",)
    return append(
        path, headline, tags, EXPOSURES, "SPY", {"META": 0.06}, clock(minutes)
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Four entries."""
    path = tmp_path / "data" / "ledger.yaml"
    for k in range(4):
        record(path, f"Headline {k}: 'quoted' é # no comment", k)
    return path


def test_the_hash_is_that_of_the_content_written_out(tmp_path: Path) -> None:
    """JSON with sorted keys and no spaces, hashed by hashlib."""
    path = tmp_path / "ledger.yaml"
    entry = record(path, "Läuft: yes")
    content = (
        '{"exposures":[{"expected":"+1","role":"actor","symbol":"META"},'
        '{"expected":"0","role":"peer","symbol":"ON"}],"headline":"Läuft: yes",'
        '"market":"SPY","number":"1","previous":"' + "0" * 64 + '",'
        '"recorded_at":"2026-07-01T11:58:00.000250+00:00","seen":{"META":"+6"},'
        '"tags":["compute-supply"]}'
    )
    assert entry.sha256 == hashlib.sha256(content.encode()).hexdigest()
    second = record(path, "Another", 1)
    assert second.previous == entry.sha256


def test_what_was_recorded_is_read_back(ledger: Path) -> None:
    first, *_, last = read_ledger(ledger)
    assert [e.number for e in read_ledger(ledger)] == [1, 2, 3, 4]
    assert first.headline == "Headline 0: 'quoted' é # no comment"
    assert first.exposures == EXPOSURES
    assert first.recorded_at == START
    assert str(first.recorded_at.tzinfo) == "UTC"
    assert last.seen == {"META": "+6"}


def test_no_line_can_be_changed_unseen(ledger: Path) -> None:
    """Each line of each entry is changed in turn; the entry, or the next, is named."""
    lines = ledger.read_text().splitlines()
    owner = 0
    for place, line in enumerate(lines):
        owner += line.startswith("- number")
        if line.startswith("#"):
            continue
        changed = re.sub(r"([A-Za-z0-9])(\W*)$", lambda m: "x" + m[2], line)
        assert changed != line
        text = "\n".join([*lines[:place], changed, *lines[place + 1 :]])
        ledger.write_text(text + "\n")
        with pytest.raises(EventError, match=rf"entry {owner}: the chain is broken"):
            read_ledger(ledger)


def blocks(path: Path) -> tuple[str, list[str]]:
    head, *entries = path.read_text().split("- number")
    return head, ["- number" + entry for entry in entries]


@pytest.mark.parametrize(
    ("order", "named"),
    [([0, 2, 3], 2), ([1, 2, 3], 1), ([0, 2, 1, 3], 2), ([0, 1, 1, 2, 3], 3)],
    ids=["middle", "first", "swapped", "twice"],
)
def test_entries_cannot_be_dropped_moved_or_doubled(
    ledger: Path, order: list[int], named: int
) -> None:
    head, entries = blocks(ledger)
    ledger.write_text(head + "".join(entries[k] for k in order))
    with pytest.raises(EventError, match=f"entry {named}: the chain is broken"):
        read_ledger(ledger)


def test_an_entry_rewritten_with_a_fitting_hash_breaks_the_next(ledger: Path) -> None:
    """The forger hashes entry 2 again; entry 3 still holds the old hash."""
    from aftershock.events.nodes import Problems, read_yaml
    from aftershock.ledger.chain import digest

    old = read_ledger(ledger)[1].sha256
    ledger.write_text(ledger.read_text().replace("Headline 1", "Headline X"))
    forged = read_yaml(ledger, Problems())[1]
    ledger.write_text(
        ledger.read_text().replace(f"sha256: {old}", f"sha256: {digest(forged)}")
    )
    with pytest.raises(EventError, match=r"entry 3: .*`previous` is not the sha256"):
        read_ledger(ledger)


def test_a_key_cannot_be_added(ledger: Path) -> None:
    text = ledger.read_text()
    ledger.write_text(text.replace("  market: SPY\n", "  market: SPY\n  note: x\n", 1))
    with pytest.raises(EventError, match=r"entry 1: .*it was changed"):
        read_ledger(ledger)


def test_a_published_hash_tells_what_the_chain_cannot(ledger: Path) -> None:
    """A ledger cut short still holds together; the published hash is then missing."""
    last = read_ledger(ledger)[-1].sha256
    assert holds(read_ledger(ledger), last[:8]).number == 4
    head, entries = blocks(ledger)
    ledger.write_text(head + "".join(entries[:3]))
    assert len(read_ledger(ledger)) == 3
    with pytest.raises(EventError, match="cut short or written anew"):
        holds(read_ledger(ledger), last)


def test_nothing_is_appended_to_a_broken_chain(ledger: Path) -> None:
    text = ledger.read_text().replace("Headline 2", "Headline 9")
    ledger.write_text(text)
    with pytest.raises(EventError, match="entry 3"):
        record(ledger, "More", 9)
    assert ledger.read_text() == text


def test_a_clock_that_runs_behind_is_refused(ledger: Path) -> None:
    text = ledger.read_text()
    with pytest.raises(EventError, match="the clock shows 2026-07-01 11:58:00"):
        record(ledger, "Too early", 0)
    assert ledger.read_text() == text


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = ledger.read_text()

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        record(ledger, "Lost", 9)
    assert ledger.read_text() == text
    assert {p.name for p in ledger.parent.iterdir()} == {
        "ledger.yaml", ".ledger.yaml.lock",
    }  # fmt: skip


def test_writers_side_by_side_all_get_in(tmp_path: Path) -> None:
    path = tmp_path / "ledger.yaml"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda k: record(path, f"Headline {k}", 1), range(16)))
    entries = read_ledger(path)
    assert {e.headline for e in entries} == {f"Headline {k}" for k in range(16)}
    assert [e.number for e in entries] == list(range(1, 17))


def test_what_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.yaml"
    with pytest.raises(DataUnavailable):
        read_ledger(path)
    path.write_text("a: b\n")
    with pytest.raises(EventError, match="no list of entries"):
        read_ledger(path)
    path.write_text("- just a text\n")
    with pytest.raises(EventError, match=r"entry 1: .*it lacks number"):
        read_ledger(path)
