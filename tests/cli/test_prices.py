"""The commands of the price store."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from aftershock.cli import main
from aftershock.errors import DataUnavailable
from aftershock.sources.folder import FolderSource
from aftershock.sources.yahoo import YahooSource
from aftershock.store import Store

HEAD = "date,open,high,low,close,adj_close,volume\n"
GOOD = "2026-07-01,10,11,9,10,10,5\n2026-07-02,10,11,9,10,10,5\n"
NOW = pd.Timestamp("2026-07-03 12:00", tz="UTC")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["prices", *arguments])
    return int(stopped.value.code or 0)


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "META.csv").write_text(HEAD + GOOD)
    (folder / "NBIS.csv").write_text(HEAD + GOOD.replace("11,9", "8,9"))
    return folder


def test_check_lists_defects_and_exits_2(
    prices: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", str(prices), "--json") == 2
    found = json.loads(capsys.readouterr().out)
    assert [(d["symbol"], d["session"], d["rule"], d["severity"]) for d in found] == [
        ("NBIS", "2026-07-01", "high_below_low", "severe"),
        ("NBIS", "2026-07-02", "high_below_low", "severe"),
    ]
    assert found[0]["value"] == "high 8, low 9"
    assert run("check", str(prices)) == 2
    assert "NBIS:2026-07-01:high_below_low" in capsys.readouterr().out


def test_check_of_sound_prices_exits_0(
    prices: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", str(prices / "META.csv")) == 0
    assert "1 symbols checked, 0 defects" in capsys.readouterr().out
    assert run("check", str(prices / "nowhere")) == 3


def test_status_and_check_of_a_store(
    prices: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(tmp_path / "store")
    assert run("status", "--store", store) == 0
    assert "is empty" in capsys.readouterr().out
    Store(Path(store)).save(FolderSource(prices).fetch(["META"]), NOW)
    assert run("status", "--store", store, "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["symbol"], row["rows"], row["last"]) == ("META", 2, "2026-07-02")
    assert row["fetched_at"] == "2026-07-03T12:00:00+00:00"
    assert run("status", "--store", store) == 0
    assert "META" in capsys.readouterr().out
    assert run("check", "--store", store) == 0


def test_fetch_fills_the_store(
    prices: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    local = FolderSource(prices)
    monkeypatch.setattr(YahooSource, "clock", lambda _: NOW)
    monkeypatch.setattr(YahooSource, "fetch", lambda _, s, a, b: local.fetch(s, a, b))
    store = str(tmp_path / "store")
    assert run("fetch", "META", "NOPE", "--start", "2026-07-01", "--store", store) == 0
    said = capsys.readouterr().out
    assert "2026-07-02" in said and "NOPE: no_prices" in said
    assert run("fetch", "NOPE", "--store", store) == 3
    assert run("fetch", "META", "--start", "soon", "--store", store) == 2
    assert "--start: 'soon' is no date" in capsys.readouterr().err


def test_fetch_without_a_network_exits_3(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def unreachable(*_: object) -> None:
        raise DataUnavailable("no prices could be fetched for META (unreachable)")

    monkeypatch.setattr(YahooSource, "fetch", unreachable)
    assert run("fetch", "META", "--store", str(tmp_path)) == 3
    assert "META" in capsys.readouterr().err
