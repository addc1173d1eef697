"""Reported moves of a workspace: what is read, and what is wrong with a table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aftershock.cli import main
from aftershock.errors import EventError
from aftershock.events import read_reported_moves

HEADER = "symbol,date,pct,close,source_url,note"
GOOD = "META,2026-07-01,8.80,612.5,https://example.org/1,close"


def written(workspace: Path, *lines: str) -> Path:
    (workspace / "data").mkdir()
    path = workspace / "data/reported_moves.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return workspace


def test_a_row_is_read_as_it_is_written(tmp_path: Path) -> None:
    moves = read_reported_moves(written(tmp_path, HEADER, GOOD, "CRWV,,-2,,,CHECK"))
    assert moves.iloc[0].to_dict() == {
        "symbol": "META",
        "date": pd.Timestamp(2026, 7, 1),
        "pct": 8.8,
        "close": 612.5,
        "source_url": "https://example.org/1",
        "note": "close",
        "decimals": 2,
    }
    assert moves[["date", "close"]].isna().to_numpy().tolist() == [
        [False] * 2,
        [True] * 2,
    ]
    assert moves["decimals"].tolist() == [2, 0]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("META,2026-07-01,8.8%,,,", "pct: '8.8%' is no number such as -4.0"),
        ("META,2026-07-01,nan,,,", "pct: 'nan' is no number such as -4.0"),
        ("META,2026-07-01,1,x,,", "close: 'x' is no number such as -4.0"),
        ("META,2026-02-30,1,,,", "date: '2026-02-30' is no date such as 2026-07-01"),
        ("META,7/1/26,1,,,", "date: '7/1/26' is no date such as 2026-07-01"),
        ("META,2026-07-01,1,,,,x", "unknown key '(cells beyond the header)'"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(
    tmp_path: Path, cells: str, told: str
) -> None:
    with pytest.raises(EventError) as caught:
        read_reported_moves(written(tmp_path, HEADER, GOOD, cells))
    assert f"reported_moves.csv:3: {told}" in str(caught.value)


def test_every_wrong_cell_is_told_at_once(tmp_path: Path) -> None:
    wrong = "META,x,y,z,,"
    with pytest.raises(EventError, match="6 problems"):
        read_reported_moves(written(tmp_path, HEADER, wrong, wrong))


def test_a_column_that_lacks_is_named(tmp_path: Path) -> None:
    header = "symbol,date,percent,close,source_url,note,note"
    with pytest.raises(EventError) as caught:
        read_reported_moves(written(tmp_path, header, GOOD))
    assert "missing columns: 'pct'; the header has: symbol, date" in str(caught.value)
    assert "the column 'note' is written twice" in str(caught.value)


def test_the_command_ends_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(written(tmp_path, HEADER, "META,2026-07-01,8.8%,,,"))
    with pytest.raises(SystemExit) as ended:
        main(["events", "verify", "--prices", "sample"])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "reported_moves.csv:2: pct: '8.8%'" in told
    assert "Traceback" not in told
