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
from aftershock.store import Store, obtain

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


def test_on_a_narrow_screen_ids_stay_whole(
    prices: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who accepts a defect types its id; neighbours are folded, not cut."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert run("check", str(prices)) == 2
    said = capsys.readouterr().out
    assert "NBIS:2026-07-02:high_below_low" in said
    assert "…" not in said


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


def test_import_takes_own_files_into_the_store(
    prices: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a run would get from the store offline are the rows of the file."""
    store = tmp_path / "store"
    assert run("import", str(prices / "META.csv"), "--store", str(store)) == 0
    assert capsys.readouterr().out.split() == (
        ["symbol", "rows", "first", "last", "META", "2", "2026-07-01", "2026-07-02"]
    )
    (held,) = Store(store).snapshots("META")
    assert (held.source, held.start, held.end) == ("folder", "2026-07-01", "2026-07-02")
    had = obtain(YahooSource(), ["META"], store=Store(store), offline=True)
    assert list(had.bars["META"]["close"]) == [10.0, 10.0]
    assert list(had.bars["META"].index.strftime("%d")) == ["01", "02"]


def test_import_takes_all_or_none(
    prices: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """NBIS has two severe defects: nothing is stored until both are accepted."""
    store = tmp_path / "store"
    told = ["import", str(prices), "--store", str(store)]
    assert run(*told) == 2
    assert "high 8, low 9" in capsys.readouterr().err
    ids = [f"NBIS:2026-07-0{day}:high_below_low" for day in (1, 2)]
    assert run(*told, "--accept", ids[0]) == 2
    assert ids[1] in capsys.readouterr().err
    assert Store(store).symbols() == ()
    assert run(*told, "--accept", ids[0], "--accept", ids[1], "--json") == 0
    taken = json.loads(capsys.readouterr().out)
    assert [(row["symbol"], row["rows"]) for row in taken] == [("META", 2), ("NBIS", 2)]
    assert run("check", "--store", str(store)) == 2
    assert run("import", str(tmp_path / "nowhere"), "--store", str(store)) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [("date,close\n", "no row of prices is there of MSFT"), ("", "the file is empty")],
)
def test_import_leaves_no_file_out_without_a_word(
    prices: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    said: str,
) -> None:
    """META can be read, MSFT has a header alone or nothing: none is stored."""
    (prices / "NBIS.csv").unlink()
    (prices / "MSFT.csv").write_text(text)
    store = tmp_path / "store"
    assert run("import", str(prices), "--store", str(store)) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "MSFT" in told
    assert Store(store).symbols() == ()


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


def test_the_sample_is_looked_at_but_never_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the store it would pass for real prices."""
    monkeypatch.chdir(tmp_path)
    assert run("check", "sample") == 0
    assert "\nSample data: simulated" in capsys.readouterr().out
    assert run("compare", "sample", "sample") == 0
    assert "16 symbols in both, 0 differences" in capsys.readouterr().out
    assert run("import", "sample") == 2
    assert "the sample is simulated" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
