"""Wrong price files: what is severe is refused in one message, nothing is written."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from aftershock.errors import PriceError
from aftershock.sources.bars import read_bars
from tests.bad import making
from tests.bad.asking import ask, refuses
from tests.bad.expected import PRICES

HERE = Path(__file__).parent / "prices"
HEAD = "date,open,high,low,close,adj_close,volume\n"
ROW = "2026-07-01,102,104,101,103,103,1200\n"
GOOD = HEAD + ROW


def gzip_bomb(path: Path, good: str) -> None:
    """A megabyte that unpacks to more than may be read."""
    packed = path.with_name("META.csv.gz")
    path.unlink(missing_ok=True)
    with gzip.open(packed, "wb", compresslevel=1) as file:
        file.write(good.encode())
        for _ in range(520):
            file.write(b"\n" * 1_000_000)


def many_columns(path: Path, good: str) -> None:
    """A hundred thousand columns, none of them prices."""
    path.write_text(",".join(f"c{n}" for n in range(100_000)) + "\n", encoding="utf-8")


def nul_in_a_price(path: Path, good: str) -> None:
    """A NUL in a number."""
    path.write_text(good.replace("103", "1\0003", 1), encoding="utf-8")


OWN = (
    ("symlink_loop", making.loop, 3, "no such"),
    ("dangling_symlink", making.dangling, 3, "no such"),
    ("a_pipe", making.pipe, 3, "not exist"),
    ("utf16", making.utf16, 2, "cannot be read"),
    ("latin1", making.latin1, 2, "cannot be read"),
    ("nul_in_a_price", nul_in_a_price, 2, "1"),
    ("zeros", making.zeros, 2, "no prices"),
    ("binary", making.binary, 2, "cannot be read"),
    ("gzipped", making.gzipped, 2, "cannot be read"),
    ("line_of_50_mb", making.long_line, 2, "META"),
    ("unreadable", making.unreadable, 2, "cannot be read"),
    ("many_columns", many_columns, 2, "no prices are there"),
)


@pytest.mark.parametrize("name", sorted(PRICES))
def test_a_small_file(tmp_path: Path, name: str) -> None:
    code, words = PRICES[name]
    file = tmp_path / f"META.{name.partition('.')[2]}"
    shutil.copyfile(HERE / name, file)
    refuses(tmp_path, code, words, "prices", "check", str(file))


@pytest.mark.parametrize(("name", "maker", "code", "words"), OWN)
def test_a_made_file(
    tmp_path: Path, name: str, maker: making.Maker, code: int, words: str
) -> None:
    file = tmp_path / "META.csv"
    maker(file, GOOD)
    refuses(tmp_path, code, words, "prices", "check", str(file))


@pytest.mark.parametrize(
    "content", [b"", b"\x80", b"timestamp,open\n1,2,3,4\n1\n", b"\0" * 99, b'"']
)
def test_intraday_bars(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "META_5m.csv"
    file.write_bytes(content)
    with pytest.raises(PriceError, match=r"META_5m\.csv"):
        read_bars(file, "5min")


@pytest.mark.slow
def test_a_bomb_of_gzip(tmp_path: Path) -> None:
    gzip_bomb(tmp_path / "META.csv", GOOD)
    file = str(tmp_path / "META.csv.gz")
    refuses(tmp_path, 2, "when unpacked", "prices", "check", file)


def test_an_empty_folder_is_no_data(tmp_path: Path) -> None:
    refuses(tmp_path, 3, "no prices are there", "prices", "check", str(tmp_path))


def test_the_corpus_is_whole() -> None:
    assert {path.name for path in HERE.iterdir()} == set(PRICES)


def test_what_they_are_made_of_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "META.csv").write_text("\ufeff" + GOOD, encoding="utf-8")
    answer = ask("prices", "check", str(tmp_path))
    assert answer.code == 0 and "1 symbols checked, 0 defects" in answer.out
